/** The search behind the commands, on scripted evaluators: what goes on until a line comes, what is kept, what is cut short. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ScriptedEvaluator, type Evaluator } from '../../engine/evaluator.ts';
import { BLACK, WHITE } from '../../engine/types.ts';
import { makeLiveDrawing } from '../../src/gtp/liveGraphics.ts';
import { centreEvaluator, createSearchEngine, openSession, talk, type TestSession } from './support.ts';

const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await new Promise(resolve => setTimeout(resolve, 2));
};

/** No limit but what comes from outside. */
const UNLIMITED = { maxVisits: undefined, maxTime: 1e6 };

/** An evaluator that counts what it is asked. */
const countingEvaluator = (): { readonly evaluator: Evaluator; readonly count: () => number } => {
  let asked = 0;
  const inner = centreEvaluator();
  return {
    evaluator: {
      name: inner.name,
      outputs: inner.outputs,
      maxBatch: inner.maxBatch,
      begin: () => {
        asked++;
        return inner.begin();
      },
      close: () => inner.close(),
    },
    count: () => asked,
  };
};

const visitsOf = (line: string): number =>
  [...line.matchAll(/ visits (\d+)/g)].reduce((sum, [, visits]) => sum + Number(visits), 0);

const infoLines = ({ responses }: TestSession): string[] =>
  responses.filter(response => response.startsWith('info '));

test.each(['name', '', '# a comment', 'play w C3'])(
  'an analysis tells more and more at its interval until the line %j ends it',
  async line => {
    const session = openSession(createSearchEngine());
    const { loop, responses } = session;
    loop.receive('boardsize 9');
    loop.receive('7 kata-analyze b 1');
    await until(() => infoLines(session).length >= 3);
    const [first, second, third] = infoLines(session).map(visitsOf);
    expect(first).toBeLessThan(second);
    expect(second).toBeLessThan(third);
    const before = responses.length;
    loop.receive(line);
    await until(() => responses.length > before);
    expect(responses[before]).toBe('\n');
    const count = infoLines(session).length;
    await new Promise(resolve => setTimeout(resolve, 40));
    expect(infoLines(session)).toHaveLength(count);
  },
);

test('an analysis without an interval says what it has once', async () => {
  const session = openSession(createSearchEngine());
  session.loop.receive('boardsize 5');
  session.loop.receive('lz-analyze');
  await until(() => infoLines(session).length > 0);
  await new Promise(resolve => setTimeout(resolve, 40));
  expect(infoLines(session)).toHaveLength(1);
});

test('an analysis with an interval that no timer knows does not speak all the time', async () => {
  const { evaluator, count } = countingEvaluator();
  const session = openSession(createSearchEngine({}, evaluator));
  session.loop.receive('boardsize 9');
  session.loop.receive('kata-analyze 99999999999');
  await until(() => count() > 0);
  await new Promise(resolve => setTimeout(resolve, 60));
  expect(infoLines(session)).toEqual([]);
  session.loop.receive('');
});

test('an analysis whose tree is full goes silent and stays open', async () => {
  const session = openSession(createSearchEngine());
  session.loop.receive('boardsize 5');
  // A tree that is soon full.
  session.loop.receive('kata-set-param maxTreeMb 1');
  session.loop.receive('kata-analyze b 1');
  await until(() => infoLines(session).length > 0);
  let count = -1;
  while (infoLines(session).length !== count) {
    count = infoLines(session).length;
    await new Promise(resolve => setTimeout(resolve, 300));
  }
  expect(session.responses.at(-1)).toMatch(/^info /);
  session.loop.receive('name');
  await until(() => session.responses.at(-1) === '= Test\n\n');
  expect(session.responses.at(-2)).toBe('\n');
});

test('the tree of an analysis serves the move after it, and that of a move the next one', async () => {
  const engine = createSearchEngine({ maxVisits: 200 });
  engine.resize({ width: 5, height: 5 });
  const stop = new AbortController();
  const analysis = engine.analyze(BLACK, {
    signal: stop.signal,
    everyMs: 5,
    onReport: ({ visits }) => {
      if (visits > 100) stop.abort();
    },
  });
  expect((await analysis).visits).toBeGreaterThan(100);
  const first = await engine.genmove(BLACK);
  expect(first.effort!.playouts).toBeLessThan(100);
  const second = await engine.genmove(WHITE);
  expect(second.effort!.playouts).toBeLessThan(200);
  expect(second.analysis!.visits).toBeGreaterThanOrEqual(200);
});

test('# interrupt has the best move played at once', async () => {
  const session = openSession(createSearchEngine(UNLIMITED));
  const { loop, responses } = session;
  loop.receive('boardsize 5');
  loop.receive('genmove b');
  loop.receive('# a comment is none');
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(responses).toHaveLength(1);
  loop.receive(' # interrupt ');
  await until(() => responses.length === 2);
  expect(responses[1]).toMatch(/^= [A-E][1-5]\n\n$/);
});

test('a player that is to hurry before it has thought plays what the network likes best', async () => {
  const engine = createSearchEngine(UNLIMITED);
  const { move } = await engine.choose(BLACK, { signal: AbortSignal.abort() });
  const { policy } = await engine.evaluate(BLACK, 0);
  expect(engine.game.board.indexOf[move as number]).toBe(policy.indexOf(Math.max(...policy)));
});

test('quit during a thought ends it with the move found so far, and so does the end of the input', async () => {
  for (const end of ['quit\n', '']) {
    const session = openSession(createSearchEngine(UNLIMITED), { patienceMs: 30 });
    const output = await talk(`boardsize 5\ngenmove b\nkata-genmove_analyze w 1\n${end}`, session);
    expect(output).toMatch(/^= \n\n= [A-E]\d\n\n= \n(info .*\n)+play [A-E]\d\n\n/);
  }
});

test('the end of the input ends an analysis and a search that can be cancelled', async () => {
  const output = await talk(
    'boardsize 5\nkata-search_cancellable b\n\nkata-analyze b 1\n',
    openSession(createSearchEngine(UNLIMITED)),
  );
  expect(output).toBe('= \n\n= cancelled\n\n= \n\n');
});

test('any line cancels a search that can be cancelled, and none one that cannot', async () => {
  const session = openSession(createSearchEngine(UNLIMITED));
  const { loop, responses } = session;
  loop.receive('boardsize 5');
  loop.receive('kata-search_analyze_cancellable b 1');
  await until(() => infoLines(session).length > 1);
  loop.receive('');
  await until(() => responses.at(-1) === '\n');
  expect(responses.at(-2)).toBe('play cancelled\n');
  loop.receive('kata-search b');
  loop.receive('name');
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(responses.at(-1)).toBe('\n');
  loop.receive('# interrupt');
  await until(() => responses.at(-1) === '= Test\n\n');
  expect(responses.at(-2)).toMatch(/^= [A-E]\d\n\n$/);
});

test('pondering goes on silently after a move until any line comes, and what it found serves the next move', async () => {
  const { evaluator, count } = countingEvaluator();
  const session = openSession(createSearchEngine({ maxVisits: 20, pondering: true }, evaluator));
  const { loop, responses, engine } = session;
  loop.receive('boardsize 9');
  loop.receive('genmove b');
  await until(() => responses.length === 2);
  const before = count();
  await until(() => count() > before + 50);
  expect(responses).toHaveLength(2);
  loop.receive('');
  await new Promise(resolve => setTimeout(resolve, 50));
  const after = count();
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(count()).toBe(after);
  const { effort, analysis } = await engine.choose(WHITE);
  expect(effort!.playouts).toBe(0);
  expect(analysis!.visits).toBeGreaterThan(20);
});

/** A position by its looks: what a search of it depends on. */
const afterwards = (lines: readonly string[]): string =>
  ['boardsize 7', 'komi 0.5', 'play b D4', 'genmove w', ...lines, 'kata-search_analyze b rootInfo true'].join(
    '\n',
  );

test.each([
  { change: 'komi', lines: ['komi 20'] },
  { change: 'the rules', lines: ['kata-set-rules japanese'] },
  { change: 'an empty board', lines: ['clear_board'] },
  { change: 'a move taken back', lines: ['undo'] },
  { change: 'two moves taken back and another played', lines: ['undo', 'undo', 'play b C3', 'play w E5'] },
  { change: 'another board size', lines: ['boardsize 5'] },
  { change: 'a loaded game', lines: ['loadsgf RECORD'] },
  { change: 'a position', lines: ['set_position b C3 w E5'] },
])('what pondering found is not taken for true after $change', async ({ lines }) => {
  // The value depends on all that may change, so that a tree of another position would show.
  const evaluator = (): Evaluator =>
    new ScriptedEvaluator(
      ({ board, toPlay, komi, rules, moveCount }) => {
        const blackValue = Math.sin(
          komi * 3 +
            (rules.scoring === 'area' ? 1 : 2) +
            moveCount * 5 +
            board.hashLow / 2 ** 20 +
            board.area,
        );
        return {
          policy: Float32Array.from({ length: board.area }, (_, i) => 1 + ((i * 7) % 11)),
          value: toPlay === BLACK ? blackValue : -blackValue,
        };
      },
      ['policy', 'value'],
    );
  const folder = mkdtempSync(join(tmpdir(), 'hane-'));
  const record = join(folder, 'game.sgf');
  writeFileSync(record, '(;GM[1]FF[4]SZ[7]KM[3.5];B[cc];W[ee])');
  const told = async (pondering: boolean): Promise<string> => {
    const session = openSession(createSearchEngine({ maxVisits: 60, pondering }, evaluator()));
    const input = afterwards(lines.map(line => line.replace('RECORD', record))).split('\n');
    for (const line of input) {
      session.loop.receive(line);
      await until(() => session.responses.join('').split('\n\n').length > input.indexOf(line) + 1);
      // Long enough to ponder much more than is searched.
      if (pondering && line === 'genmove w') await new Promise(resolve => setTimeout(resolve, 50));
    }
    return session.responses.slice(input.indexOf('genmove w') + 1).join('');
  };
  try {
    expect(await told(true)).toBe(await told(false));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('there is no pondering when the next line is there already, and none after a resignation or a finished game', async () => {
  const { evaluator, count } = countingEvaluator();
  const engine = createSearchEngine({ maxVisits: 4, pondering: true }, evaluator);
  const session = openSession(engine);
  for (const line of ['boardsize 5', 'play b pass', 'play w pass', 'genmove b', 'name'])
    session.loop.receive(line);
  await until(() => session.responses.length === 5);
  const before = count();
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(count()).toBe(before);
});

/** Everything is lost for the color. */
const lostEvaluator = (color: number): Evaluator =>
  new ScriptedEvaluator(
    ({ board, toPlay }) => ({
      policy: new Float32Array(board.area).fill(1),
      value: toPlay === color ? -0.99 : 0.99,
    }),
    ['policy', 'value'],
  );

test('a lost game is resigned after three moves that look lost, later with handicap, never if that is not allowed', async () => {
  const resignsAt = async (commands: string[], resignBelow = 0.03): Promise<number> => {
    const session = openSession(createSearchEngine({ maxVisits: 4, resignBelow }, lostEvaluator(WHITE)));
    const moves = Array.from(
      { length: 12 },
      (_, i) => `play b ${'ABCDEFGHJ'[i % 9]}${1 + Math.floor(i / 9)}\ngenmove w`,
    );
    const output = await talk([...commands, ...moves].join('\n'), session);
    const answers = output.split('\n\n').filter(answer => /^= \S/.test(answer));
    return answers.indexOf('= resign');
  };
  const even = await resignsAt(['boardsize 9']);
  expect(even).toBeGreaterThan(2);
  expect(await resignsAt(['boardsize 9', 'set_free_handicap C8 G8'], 0.006)).toBe(-1);
  expect(await resignsAt(['boardsize 9'], 0.006)).toBe(even);
  expect(await resignsAt(['boardsize 9'], 0)).toBe(-1);
});

test('below the highest strength, with a temperature and by policy only nothing is searched', async () => {
  for (const changes of [{ strength: 9 }, { strength: 3 }, { temperature: 1 }, { policyOnly: true }]) {
    const engine = createSearchEngine(changes);
    expect((await engine.choose(BLACK)).effort).toBeUndefined();
  }
  expect((await createSearchEngine().choose(BLACK)).effort).toBeDefined();
});

test('changed parameters reach the search, and the tree is kept if none has changed', async () => {
  const engine = createSearchEngine({ maxVisits: 30 });
  await engine.choose(BLACK);
  expect((await engine.choose(BLACK)).effort!.playouts).toBe(0);
  const session = openSession(engine);
  await talk('kata-set-param cpuctExploration 2\n', session);
  expect((await engine.choose(BLACK)).effort!.playouts).toBe(30);
});

test("after a move Leela Zero's summary is told, with what the search took", async () => {
  const session = openSession(createSearchEngine());
  await talk('boardsize 5\ngenmove b\n', session);
  const [summary] = session.reports;
  expect(summary).toMatch(
    /^( +[A-E]\d -> +\d+ \(V: \d\d\.\d\d%\) \(LCB: [ \d]\d\.\d\d%\) \(N: [ \d]\d\.\d\d%\) PV:( [A-E]\d)+\n)+40 visits, \d+ nodes, 40 playouts, \d+ n\/s$/,
  );
});

test('without a value from the network playouts value the moves, and lead and ownership are left out or theirs', async () => {
  const evaluator = new ScriptedEvaluator(({ board }) => ({ policy: new Float32Array(board.area).fill(1) }));
  const session = openSession(createSearchEngine({ maxVisits: 8 }, evaluator));
  const output = await talk('boardsize 5\nkata-search_analyze b ownership true rootInfo true\n', session);
  expect(output).toMatch(/ winrate 0\.\d{6} scoreMean -?\d+\.\d{6} /);
  expect(output).not.toMatch(/NaN|ownership/);
});

test('GoGui is drawn to while a move is thought about once it has said that it is GoGui', async () => {
  const session = openSession(createSearchEngine());
  await talk('boardsize 5\ngenmove b\ngogui-version 1.6.0\ngenmove w\n', session);
  expect(session.reports.filter(report => report.startsWith('gogui-gfx:')).at(-1)).toBe('gogui-gfx: CLEAR');
  expect(session.reports.findIndex(report => report.startsWith('gogui-gfx:'))).toBe(1);
});

test.each([
  ['line', /^gogui-gfx:\nVAR w C4( [bw] [A-E]\d)*\nTEXT 40 visits, win rate 45 %, lead -1\.5\n$/],
  ['winrates', /^gogui-gfx:\n(COLOR #[0-9a-f]{6}( [A-E]\d)+\n)+LABEL( [A-E]\d 45)+\nTEXT .*\n$/],
  ['ownership', /^gogui-gfx:\nINFLUENCE( [A-E]\d 0\.25){25}\nTEXT .*\n$/],
] as const)('the drawing of the %s has the form that GoGui reads', async (kind, form) => {
  const engine = createSearchEngine();
  engine.resize({ width: 5, height: 5 });
  await engine.genmove(BLACK);
  const { analysis } = await engine.choose(WHITE);
  expect(makeLiveDrawing(engine.game, WHITE, analysis!, kind)).toMatch(form);
});
