/** Matches between scripted engines: whoever misbehaves loses its game, and nothing else happens. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RULE_SETS } from '../../engine/rules.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { EngineError, GtpController } from '../../src/match/controller.ts';
import type { EngineSpec } from '../../src/match/engineSpec.ts';
import { readResults, type GameRow } from '../../src/match/results.ts';
import { RESULTS_FILE, runMatch, type RunOptions } from '../../src/match/runner.ts';
import { makeSchedule } from '../../src/match/schedule.ts';
import { parseSgf } from '../../src/sgf/parse.ts';
import { readRecord } from '../../src/sgf/record.ts';

const BAD_ENGINE = join(packageRoot, 'tests', 'match', 'badEngine.ts');
const engine = (how: string, ...args: string[]): EngineSpec => ({
  name: how,
  command: [process.execPath, '--import', 'tsx', BAD_ENGINE, how, ...args],
  init: [],
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterEach(() => rm(folder, { recursive: true }));

const play = async (
  engines: readonly EngineSpec[],
  pairs: number,
  changes: Partial<RunOptions> & { readonly set?: Partial<RunOptions['settings']> } = {},
): Promise<GameRow[]> => {
  const { set, ...rest } = changes;
  const path = join(folder, RESULTS_FILE);
  const known = new Set(readResults(path).map(({ id }) => id));
  await runMatch({
    engines,
    openings: [{ source: 'none', moves: [] }],
    settings: {
      size: 5,
      komi: 0.5,
      rules: RULE_SETS.chinese,
      rulesName: 'chinese',
      time: { kind: 'none' },
      margin: 0.2,
      moveSeconds: 1,
      maxMoves: 60,
      adjudication: undefined,
      scorer: 'referee',
      ...set,
    },
    games: makeSchedule(engines.length, 'match', pairs).filter(({ id }) => !known.has(id)),
    folder,
    concurrency: 1,
    signal: new AbortController().signal,
    kill: new AbortController().signal,
    ...rest,
  });
  return readResults(path);
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a good match: results in order, each game as SGF, both colors', async () => {
  // The second resigns earlier.
  const rows = await play([engine('good'), { ...engine('good', '5'), name: 'weak' }], 2);
  expect(rows.map(({ id, black, result }) => [id, black, result])).toEqual([
    ['0-1-0-a', 'good', 'B+R'],
    ['0-1-0-b', 'weak', 'W+R'],
    ['0-1-1-a', 'good', 'B+R'],
    ['0-1-1-b', 'weak', 'W+R'],
  ]);
  const files = readdirSync(join(folder, 'games'));
  expect(files).toHaveLength(4);
  const record = readRecord(parseSgf(readFileSync(join(folder, 'games', files[0])))[0]);
  expect(record).toMatchObject({ black: 'good', white: 'weak', komi: 0.5, width: 5 });
  expect(record.moves.length).toBe(rows[0].moves.length);
});

describe('an engine that', () => {
  test.each([
    ['crash', /crash: ended \(1\)/],
    ['illegal', /answered "[A-E]\d" as move \d+: occupied/],
    ['nonsense', /answered "Q99 is nice" as move \d+: no vertex/],
    ['hang', /no answer to "genmove [BW]" within \d+ ms/],
    ['wrong-ids', /answered with id "7777"/],
    ['refuses', /"play [BW] [A-E]\d": illegal move/],
  ])('does %s forfeits, and the match goes on', { timeout: 30_000 }, async (how, reason) => {
    const rows = await play([engine('good'), engine(how)], 1, { set: { moveSeconds: 0.1 } });
    expect(rows.map(({ result }) => result)).toEqual(['B+F', 'W+F']);
    for (const row of rows) expect(row.reason).toMatch(reason);
  });

  test('cannot be started forfeits; if neither can, the match stops with what they said', async () => {
    const missing = { name: 'missing', command: [join(folder, 'no such engine')], init: [] };
    const rows = await play([engine('good'), engine('crash-at-start')], 1);
    expect(rows.map(({ result }) => result)).toEqual(['B+F', 'W+F']);
    await rm(join(folder, RESULTS_FILE));
    await expect(play([missing, engine('crash-at-start')], 3)).rejects.toThrow(
      '3 games in a row came to nothing',
    );
    expect(readResults(join(folder, RESULTS_FILE))[0].reason).toMatch(/cannot be started/);
  });

  test('writes garbage to stdout and floods stderr plays on', async () => {
    const rows = await play([engine('garbage'), engine('flood', '4')], 1);
    expect(rows.map(({ result }) => result)).toEqual(['B+R', 'W+R']);
  });

  test('oversteps its time loses on time', { timeout: 30_000 }, async () => {
    const time = { kind: 'absolute', main: 0.5 } as const;
    const rows = await play([engine('good', '30'), engine('slow')], 1, { set: { time, margin: 0.1 } });
    expect(rows.map(({ result }) => result)).toEqual(['B+T', 'W+T']);
  });
});

test(
  'an engine that does not quit is killed with all it started, and closing waits for that',
  { timeout: 20_000 },
  async () => {
    const controller = await GtpController.start(engine('slow-quit'));
    const { pid } = (controller as unknown as { child: { pid: number } }).child;
    expect(isAlive(pid)).toBe(true);
    await controller.close(300);
    expect(isAlive(pid)).toBe(false);
    await expect(controller.send('name')).rejects.toThrow(EngineError);
  },
);

describe('the score', () => {
  const passes = (count: string): EngineSpec => ({ ...engine('passes', '99', count), name: `says ${count}` });

  test('is the referee’s, and a player who counts otherwise is reported', async () => {
    const [row] = await play([passes('W+0.5'), passes('B+9')], 1);
    expect(row.result).toBe('W+0.5');
    expect(row.counts).toEqual(['W+0.5', 'B+9']);
    expect(row.reason).toBe('a player counts B+9');
  });

  test('is the players’ if they agree, and nobody’s if they do not', async () => {
    const rows = await play([passes('B+2.5'), passes('B+2.50')], 1, { set: { scorer: 'players' } });
    expect(rows[0].result).toBe('B+2.5');
    await rm(join(folder, RESULTS_FILE));
    const other = await play([passes('B+2.5'), passes('W+2.5')], 1, { set: { scorer: 'players' } });
    expect(other[0]).toMatchObject({ result: 'Void', reason: 'the players count B+2.5 and W+2.5' });
  });

  test('is a third engine’s if that is asked', async () => {
    const [row] = await play([passes('B+1'), passes('B+1')], 1, { set: { scorer: passes('W+7.5') } });
    expect(row.result).toBe('W+7.5');
  });
});

test('a game is adjudicated when both players have long agreed, and not before', async () => {
  const adjudication = { moves: 4, below: 0.05 };
  const rows = await play([engine('optimist'), engine('pessimist')], 1, { set: { size: 9, adjudication } });
  expect(rows).toMatchObject([
    { result: 'B+R', reason: 'adjudicated: both agree' },
    { result: 'W+R', reason: 'adjudicated: both agree' },
  ]);
  expect(rows.map(({ moves }) => moves.length)).toEqual([4, 4]);
  expect(rows[0].winrates).toEqual([98, 98, 98, 98]);
  await rm(join(folder, RESULTS_FILE));
  const [disputed] = await play([engine('optimist'), { ...engine('optimist'), name: 'other' }], 1, {
    set: { adjudication, maxMoves: 12 },
  });
  expect(disputed.result).toBe('Void');
});

test('a game without end is void', async () => {
  const [row] = await play([engine('good', '99'), engine('good', '99')], 1, {
    set: { size: 9, maxMoves: 10 },
  });
  expect(row).toMatchObject({ result: 'Void', reason: 'no end after 10 moves' });
});

test('what is played is kept: a match that was cut off goes on where it was, and counts nothing twice', async () => {
  const engines = [engine('good'), { ...engine('good', '5'), name: 'weak' }];
  const stop = new AbortController();
  const first = await play(engines, 3, {
    signal: stop.signal,
    onResult: row => {
      if (row.id === '0-1-1-a') stop.abort();
    },
  });
  expect(first).toHaveLength(3);
  // A crash in the middle of writing a line.
  const path = join(folder, RESULTS_FILE);
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"id":"0-1-1-b","pa`);
  const all = await play(engines, 3);
  expect(all.map(({ id }) => id)).toEqual(['0-1-0-a', '0-1-0-b', '0-1-1-a', '0-1-1-b', '0-1-2-a', '0-1-2-b']);
  expect(all.slice(0, 3)).toEqual(first);
});

// Engines that hang have a minute a move, longer than the test has.
test('killing ends the games under way and leaves them uncounted', { timeout: 20_000 }, async () => {
  const kill = new AbortController();
  setTimeout(() => kill.abort(), 1500);
  const rows = await play([engine('hang'), engine('hang')], 2, {
    kill: kill.signal,
    signal: kill.signal,
    set: { moveSeconds: 60 },
  });
  expect(rows).toEqual([]);
  expect(existsSync(join(folder, RESULTS_FILE))).toBe(false);
});

test('several games at a time give the same list of games', { timeout: 30_000 }, async () => {
  const rows = await play([engine('good'), { ...engine('good', '5'), name: 'weak' }], 4, { concurrency: 4 });
  expect(rows.map(({ id }) => id).toSorted()).toEqual(makeSchedule(2, 'match', 4).map(({ id }) => id));
});
