/**
 * `hane analysis` as KaTrain runs it. The client here does what KaTrain's engine.py does with each line, and asks what its game
 * asks: the root at the start, the whole game in the background, the position being looked at, a move tried out, alternatives, a
 * region, pondering, and terminate when the user goes on.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerLine } from '../analysis/support.ts';
import { hane, startHane } from '../support/hane.ts';

const COMMAND = ['analysis', '--backend', 'cpu'];

/** KaTrain's priorities (katrain/core/constants.py). */
const GAME_ANALYSIS = -100;
const DEFAULT = 1000;

interface Query {
  readonly partial: AnswerLine[];
  readonly resolve: (answer: AnswerLine) => void;
}

class KaTrain {
  readonly process: ChildProcessWithoutNullStreams;
  /** Outstanding queries. */
  readonly queries = new Map<string, Query>();
  /** Lines with an error or a warning, and lines that belong to no open query. */
  readonly complaints: AnswerLine[] = [];
  readonly discarded: AnswerLine[] = [];
  stderr = '';
  private counter = 0;
  private buffer = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.buffer + text).split('\n');
      this.buffer = lines.pop()!;
      for (const line of lines) this.read(JSON.parse(line) as AnswerLine);
    });
  }

  /** As `send_query`. @returns resolved as `callback` is with the last result */
  send(fields: object): { readonly id: string; readonly done: Promise<AnswerLine>; readonly query: Query } {
    const id = `QUERY:${++this.counter}`;
    let query!: Query;
    const done = new Promise<AnswerLine>(resolve => {
      query = { partial: [], resolve };
    });
    this.queries.set(id, query);
    this.process.stdin.write(`${JSON.stringify({ ...fields, id })}\n`);
    return { id, done, query };
  }

  terminate(id: string): Promise<AnswerLine> {
    return this.send({ action: 'terminate', terminateId: id }).done;
  }

  /** As `request_analysis`. */
  analyze(moves: readonly (readonly [string, string])[], more: object = {}): ReturnType<KaTrain['send']> {
    const { overrideSettings = {}, ...rest } = more as { overrideSettings?: object };
    return this.send({
      rules: 'japanese',
      priority: DEFAULT,
      analyzeTurns: [moves.length],
      maxVisits: 40,
      komi: 6.5,
      boardXSize: 19,
      boardYSize: 19,
      includeOwnership: true,
      includeMovesOwnership: true,
      includePolicy: true,
      initialStones: [],
      initialPlayer: 'B',
      moves,
      overrideSettings: {
        reportAnalysisWinratesAs: 'BLACK',
        maxTime: 60,
        wideRootNoise: 0.04,
        ...overrideSettings,
      },
      ...rest,
    });
  }

  /** As `_analysis_read_thread`. */
  private read(line: AnswerLine): void {
    const query = this.queries.get(line.id ?? '');
    if (!query) this.discarded.push(line);
    else if (line.error !== undefined) {
      this.complaints.push(line);
      this.queries.delete(line.id!);
      query.resolve(line);
    } else if (line.warning !== undefined) this.complaints.push(line);
    else if (line.isDuringSearch) query.partial.push(line);
    else {
      this.queries.delete(line.id!);
      query.resolve(line);
    }
  }
}

const GAME = [
  ['B', 'Q16'],
  ['W', 'D4'],
  ['B', 'Q4'],
  ['W', 'D16'],
  ['B', 'R14'],
  ['W', 'pass'],
] as const;

/** What KaTrain's set_analysis and candidate_moves do with a result; they raise where a key is missing. */
const expectUsable = ({ moveInfos, rootInfo, ownership, policy }: AnswerLine): void => {
  expect(moveInfos!.filter(({ order }) => order === 0)).toHaveLength(1);
  for (const info of moveInfos!) {
    for (const key of ['visits', 'winrate', 'scoreLead', 'prior', 'lcb', 'utility', 'scoreStdev'] as const)
      expect(info).toHaveProperty(key, expect.any(Number));
    expect(info.move).toMatch(/^([A-HJ-T]\d+|pass)$/);
    expect(info.pv[0]).toBe(info.move);
    expect(info.ownership).toHaveLength(361);
  }
  for (const key of ['visits', 'winrate', 'scoreLead'] as const)
    expect(rootInfo).toHaveProperty(key, expect.any(Number));
  expect(ownership).toHaveLength(361);
  expect(policy).toHaveLength(362);
};

describe('KaTrain', () => {
  let kaTrain: KaTrain;
  beforeAll(() => {
    kaTrain = new KaTrain(startHane(COMMAND));
  });
  afterAll(() => {
    kaTrain.process.kill();
  });

  test('analyzes a game, ponders, tries moves and goes on, with queries in flight', async () => {
    // The game is opened: every position in the background, with few visits, and the last one at once.
    const background = GAME.map((_, i) =>
      kaTrain.analyze(GAME.slice(0, i), { priority: GAME_ANALYSIS, maxVisits: 10 }),
    );
    const current = kaTrain.analyze(GAME);
    expectUsable(await current.done);

    // Pondering: a search without end that reports.
    const ponder = kaTrain.analyze(GAME, { maxVisits: 10_000_000, reportDuringSearchEvery: 0.05 });
    // Alternatives to what was found, a move of the user's that may be illegal, the region around the last move.
    const found = (await current.done).moveInfos!.map(({ move }) => move);
    const alternatives = kaTrain.analyze(GAME, {
      avoidMoves: [{ moves: found, player: 'B', untilDepth: 1 }],
    });
    const tried = kaTrain.analyze([...GAME, ['B', 'C14']], {
      includePolicy: false,
      includeOwnership: false,
      includeMovesOwnership: false,
      maxVisits: 5,
    });
    const illegal = kaTrain.analyze([...GAME, ['B', 'Q16']]);
    const others = (await alternatives.done).moveInfos!.map(({ move }) => move);
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter(move => found.includes(move))).toEqual([]);
    const { rootInfo, moveInfos, policy } = await tried.done;
    expect([typeof rootInfo!['scoreLead'], moveInfos!.length > 0, policy]).toEqual([
      'number',
      true,
      undefined,
    ]);
    expect((await illegal.done).error).toBe('Illegal move 6: Q16');

    // Pondering goes on meanwhile, and ends when the user plays a move.
    while (ponder.query.partial.length < 2) await new Promise(resolve => setTimeout(resolve, 20));
    const echoed = await kaTrain.terminate(ponder.id);
    expect(echoed).toMatchObject({ action: 'terminate', terminateId: ponder.id });
    const pondered = await ponder.done;
    expectUsable(pondered);
    const visits = [...ponder.query.partial, pondered].map(line => Number(line.rootInfo!['visits']));
    expect(visits).toEqual(visits.toSorted((a, b) => a - b));

    for (const { done } of background) expectUsable(await done);
    expect(kaTrain.queries.size).toBe(0);
    expect(kaTrain.complaints.filter(({ warning }) => warning !== undefined)).toEqual([]);
    expect(kaTrain.discarded).toEqual([]);
  });

  test('starts a new game: what is open is terminated, and each query still ends once', async () => {
    const open = Array.from({ length: 12 }, (_, i) =>
      kaTrain.analyze(GAME.slice(0, i % 7), { maxVisits: 10_000_000 }),
    );
    for (const { id } of open) void kaTrain.terminate(id);
    const ends = await Promise.all(open.map(({ done }) => done));
    for (const end of ends) expect(end.noResults === true || end.rootInfo !== undefined).toBe(true);
    expect(ends.filter(({ noResults }) => noResults).length).toBeGreaterThan(0);
    expectUsable(await kaTrain.analyze([], { rules: 'chinese', komi: 7.5 }).done);
  });

  test('sees nothing that it takes for a crash, and ends the process with a signal', async () => {
    expect(kaTrain.stderr).toContain('Started, ready to begin handling requests');
    expect(kaTrain.stderr).not.toMatch(/Uncaught exception|what\(\)/);
    const ended = new Promise(resolve => kaTrain.process.on('close', (_, signal) => resolve(signal)));
    kaTrain.process.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
  });
});

describe('the command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hane-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Gives lines to a process and closes its input. */
  const run = async (
    lines: readonly string[],
    args: readonly string[] = [],
  ): Promise<{ code: number | null; out: AnswerLine[]; err: string }> => {
    const { code, out, err } = await hane([...COMMAND, ...args], { input: lines.join('\n') });
    const answers = out.split('\n').filter(line => line !== '');
    return { code, out: answers.map(line => JSON.parse(line) as AnswerLine), err };
  };

  test('answers all that was asked before its input ended, and writes a log', async () => {
    const log = join(folder, 'session.log');
    const game = { rules: 'chinese', boardXSize: 9, boardYSize: 9, moves: [] };
    const lines = [
      JSON.stringify({ id: 'v', action: 'query_version' }),
      JSON.stringify({ id: 'm', action: 'query_models' }),
      'nonsense',
      ...[1, 2, 3].map(i => JSON.stringify({ id: `${i}`, ...game, maxVisits: 10 * i })),
    ];
    const { code, out } = await run(lines, ['--log', log, '--positions', '1', '--report-version', '1.15.3']);
    expect(code).toBe(0);
    expect(out).toHaveLength(6);
    expect(out.find(({ id }) => id === 'v')).toMatchObject({ version: '1.15.3' });
    expect(out.find(({ id }) => id === 'm')).toMatchObject({ models: [{ name: '13x64' }] });
    expect(['1', '2', '3'].map(id => out.find(line => line.id === id)!.rootInfo!['visits'])).toEqual([
      10, 20, 30,
    ]);
    expect((await readFile(log, 'utf8')).split('\n').filter(line => line !== '')).toHaveLength(12);
  });

  test.each([
    [['--winrates-as', 'mine'], 'must be one of BLACK, WHITE, SIDETOMOVE'],
    [['--positions', '0'], 'must be a whole number from 1 to 256'],
    [['--network', 'huge'], 'unknown network "huge"'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run([], args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
