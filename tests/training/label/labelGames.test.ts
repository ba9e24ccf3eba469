import { mkdtemp, readFile, rm, truncate, writeFile, appendFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { BLACK, WHITE } from '../../../engine/types.ts';
import { packageRoot } from '../../../src/packageRoot.ts';
import { parseSgf } from '../../../src/sgf/parse.ts';
import { readRecord } from '../../../src/sgf/record.ts';
import { replay, startGame } from '../../../src/sgf/replay.ts';
import { gameToSgf } from '../../../src/sgf/write.ts';
import { buildDataset } from '../../../src/training/data/build.ts';
import { Dataset } from '../../../src/training/data/dataset.ts';
import { DEFAULT_FILTERS } from '../../../src/training/data/filters.ts';
import { labelGames, type LabelCounts, type LabelOptions } from '../../../src/training/label/labelGames.ts';
import { LABEL_BYTES, Labels } from '../../../src/training/labels.ts';
import { playRandomMoves } from '../../support/randomGames.ts';

const ENGINE = join(packageRoot, 'tests', 'training', 'label', 'badAnalysisEngine.ts');
const PLAIN = Int16Array.from({ length: 361 }, (_, i) => i);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  for (let i = 0; i < 6; i++) await writeFile(join(folder, `game${i}.sgf`), makeGame(i));
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 5 }));

/** Game number 0 begins at A1; number 5 has handicap stones. */
const makeGame = (i: number): string => {
  const game = new Game({ komi: i === 5 ? 0.5 : 6.5 });
  if (i === 5) game.placeHandicap([game.board.points[60], game.board.points[300]]);
  game.play(game.board.points[i === 0 ? 18 * 19 : 100 + i]);
  playRandomMoves(game, 60, new Random(i));
  return gameToSgf(game);
};

interface Run {
  readonly counts: LabelCounts;
  readonly labels: Labels;
  readonly warnings: readonly string[];
}

const path = (name: string): string => join(folder, name);

const run = async (how: string, options: Partial<LabelOptions> = {}): Promise<Run> => {
  const warnings: string[] = [];
  const counts = await labelGames({
    paths: [folder],
    command: [process.execPath, '--import', 'tsx', ENGINE, how, path('log')],
    out: path('out.bin'),
    list: path('games.csv'),
    visits: 1,
    perGame: 5,
    seed: 1,
    komiVariation: 0,
    inFlight: 4,
    timeoutMs: 2000,
    startMs: 20_000,
    warn: message => warnings.push(message),
    ...options,
  });
  return { counts, labels: new Labels(await readFile(path('out.bin'))), warnings };
};

const reasons = ({ problems }: LabelCounts): string[] =>
  problems.map(({ count, reason }) => `${count} x ${reason}`);

/** What the engine should have said of each label, by the games' records. */
const expectTrueLabels = (labels: Labels): void => {
  const names = readFileSync(path('games.csv'), 'utf8').trim().split('\n').slice(1);
  for (let i = 0; i < labels.count; i++) {
    const member = names.find(line => line.startsWith(`${labels.game(i)},`))!.split(',')[2];
    const record = readRecord(parseSgf(readFileSync(path(member), 'utf8'))[0]);
    const game = startGame(record);
    expect(replay(game, record, labels.ply(i))).toBeUndefined();
    const stones = Array.from({ length: game.moveCount }, (_, k) => game.moveAt(k)).filter(
      ({ point }) => point !== 1,
    );
    const diff = 2 * stones.filter(({ color }) => color === BLACK).length - stones.length - labels.komi(i);
    const lead = game.toPlay === BLACK ? diff : -diff;
    expect(labels.toPlay(i)).toBe(game.toPlay);
    expect(labels.lead(i)).toBeCloseTo(lead, 5);
    expect(labels.chance(i)).toBeCloseTo(1 / (1 + Math.exp(-lead / 10)), 4);
    const ownership = new Float32Array(361);
    labels.ownership(i, PLAIN, ownership);
    expect(Math.abs(ownership[7] - Math.tanh(lead / 20))).toBeLessThan(0.07);
    const policy = new Float32Array(362);
    labels.policy(i, PLAIN, policy);
    expect(Array.from(policy).filter(share => share > 0)).toHaveLength(3);
    expect(Math.max(...policy)).toBeCloseTo(0.5 / 0.999, 3);
    expect(policy[361]).toBeCloseTo(0.249 / 0.999, 3);
  }
};

const TIME = { timeout: 60_000 };

test('every game gets its positions, once each, and the labels say what the engine said', TIME, async () => {
  const { counts, labels, warnings } = await run('good');
  expect(counts).toMatchObject({ games: 6, positions: 30, known: 0, restarts: 0, problems: [] });
  expect(labels.count).toBe(30);
  expect(warnings).toEqual([]);
  const keys = Array.from({ length: 30 }, (_, i) => `${labels.game(i)} ${labels.ply(i)}`);
  expect(new Set(keys).size).toBe(30);
  expectTrueLabels(labels);
  expect(Array.from({ length: 30 }, (_, i) => labels.toPlay(i))).toContain(WHITE);
});

test(
  'a query has the moves before the position, the rules, and asks for the history and the view',
  TIME,
  async () => {
    await run('good', { visits: 7 });
    const queries = (await readFile(path('log'), 'utf8'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>);
    const query = queries.find(({ initialStones }) => (initialStones as []).length > 0)!;
    const turns = query['analyzeTurns'] as number[];
    expect(query).toMatchObject({
      boardXSize: 19,
      boardYSize: 19,
      komi: 0.5,
      maxVisits: 7,
      includePolicy: true,
      includeOwnership: true,
      initialPlayer: 'W',
      initialStones: [
        ['B', 'D16'],
        ['B', 'Q4'],
      ],
      rules: { ko: 'SIMPLE', scoring: 'AREA', suicide: false, whiteHandicapBonus: '0' },
      overrideSettings: { ignorePreRootHistory: false, reportAnalysisWinratesAs: 'SIDETOMOVE' },
    });
    expect(turns).toHaveLength(5);
    expect(query['moves']).toHaveLength(turns.at(-1)!);
  },
);

describe('an engine that', () => {
  test.each([
    ['late', 'answers late and out of order'],
    ['reports-often', 'reports during the search'],
    ['twice', 'answers twice'],
    ['unasked', 'answers what nobody asked'],
    ['slow', 'is slow'],
  ])('%s: %s gives the same labels', TIME, async how => {
    const { counts, labels } = await run(how);
    expect(counts).toMatchObject({ games: 6, positions: 30, problems: [] });
    expectTrueLabels(labels);
  });

  test.each(['black-view', 'white-view'])(
    'reports from the %s all the same is turned round',
    TIME,
    async how => {
      const { labels, warnings } = await run(how);
      expect(warnings[0]).toContain(
        `from the view of ${how.split('-')[0]}, though asked for the side to move`,
      );
      expectTrueLabels(labels);
    },
  );

  test('leaves its view open is taken at its word, with a warning', TIME, async () => {
    const { warnings, counts } = await run('undecided');
    expect(warnings[0]).toContain('leaves open from whose view');
    expect(counts.games).toBe(6);
  });

  test('refuses a query loses that game only', TIME, async () => {
    const { counts, labels } = await run('refuses');
    expect(counts.games).toBe(5);
    expect(reasons(counts)).toEqual(['1 x a query that failed: Illegal move (moves)']);
    expectTrueLabels(labels);
  });

  test('never answers one query loses that game only, and is told to forget it', TIME, async () => {
    const { counts, labels } = await run('loses', { timeoutMs: 700 });
    expect(counts).toMatchObject({ games: 5, restarts: 0 });
    expect(reasons(counts)).toEqual(['1 x a query that failed: no answer within 0.7 s, though to others']);
    expect(await readFile(path('log'), 'utf8')).toContain('"action":"terminate"');
    expectTrueLabels(labels);
  });

  test('crashes on a game loses that one, whatever else was under way', TIME, async () => {
    const { counts, labels } = await run('crashes');
    expect(counts.games).toBe(5);
    expect(counts.restarts).toBeGreaterThanOrEqual(2);
    expect(reasons(counts)).toEqual(['1 x a query that failed: the engine ended (1)']);
    expectTrueLabels(labels);
  });

  test('hangs on a game is ended and loses that one', TIME, async () => {
    const { counts, labels } = await run('hangs', { timeoutMs: 700 });
    expect(counts.games).toBe(5);
    expect(counts.restarts).toBeGreaterThan(0);
    expect(counts.problems[0].reason).toContain('said nothing for 0.7 s');
    expectTrueLabels(labels);
  });

  test('crashes once loses nothing', TIME, async () => {
    const { counts, labels } = await run('crash-once');
    expect(counts).toMatchObject({ games: 6, positions: 30, restarts: 1, problems: [] });
    expectTrueLabels(labels);
  });

  test.each([
    ['warns', /^6 x a warning$/],
    ['noise', /^7 x output that is no answer$/],
    ['errors', /^7 x an error of no query$/],
  ])('%s is believed, and what it said is counted', TIME, async (how, reason) => {
    const { counts, labels } = await run(how);
    expect(counts.games).toBe(6);
    expect(reasons(counts)).toEqual([expect.stringMatching(reason)]);
    expectTrueLabels(labels);
  });

  test.each([
    ['crash-at-start', 'the engine does not work: the engine ended (3); it said: no network file'],
    ['short-policy', '"policy" has 361 numbers, not 362'],
    ['no-ownership', '"ownership" is missing'],
    ['other-player', 'it took "X" to be to move, not "B"'],
  ])('cannot be used (%s) ends the run with the reason', TIME, async (how, reason) => {
    await expect(run(how)).rejects.toThrow(reason);
  });

  test('ends again and again is given up', TIME, async () => {
    await expect(run('crash-always')).rejects.toThrow('times without an answer between');
  });

  test('does not exist is named', async () => {
    await expect(run('', { command: ['no-such-engine'] })).rejects.toThrow('cannot start no-such-engine');
  });
});

describe('labelling goes on', () => {
  test('where it was stopped, after a record that was cut off, without one game twice', TIME, async () => {
    const stop = new AbortController();
    const first = await run('slow', {
      inFlight: 1,
      stop: stop.signal,
      onProgress: ({ games }) => games === 2 && stop.abort(),
    });
    expect(first.counts.games).toBeGreaterThanOrEqual(2);
    expect(first.counts.games).toBeLessThan(6);
    await truncate(path('out.bin'), first.labels.count * LABEL_BYTES - 100);
    await appendFile(path('games.csv'), '17,half a li');
    const second = await run('good');
    expect(second.warnings[0]).toMatch(/^going on: \d+ labels of \d games are there$/);
    expect(second.counts.known + second.counts.games).toBe(6);
    const games = Array.from({ length: second.labels.count }, (_, i) => second.labels.game(i));
    expect(new Set(games).size).toBe(6);
    expectTrueLabels(second.labels);
    const third = await run('crash-at-start');
    expect(third.counts).toMatchObject({ games: 0, known: 6 });
  });

  test('in a second file by the same list', TIME, async () => {
    const one = await run('good', { paths: [path('game1.sgf')] });
    const other = await run('good', { paths: [path('game2.sgf'), path('game1.sgf')], out: path('b.bin') });
    expect(one.labels.game(0)).toBe(0);
    const labels = new Labels(await readFile(path('b.bin')));
    expect(other.counts.games).toBe(2);
    expect(new Set(Array.from({ length: labels.count }, (_, i) => labels.game(i)))).toEqual(new Set([1, 0]));
  });

  test('never in a file of something else', async () => {
    await writeFile(path('out.bin'), 'notes');
    await expect(run('good')).rejects.toThrow('5 bytes are no labels');
    expect(await readFile(path('out.bin'), 'utf8')).toBe('notes');
    await rm(path('out.bin'));
    await writeFile(path('games.csv'), 'name;rank\n');
    await expect(run('good')).rejects.toThrow('"name;rank" is not game,archive,member');
  });
});

test('stopped at once, it leaves whole labels', TIME, async () => {
  const stop = new AbortController();
  const kill = new AbortController();
  const { counts, labels } = await run('slow', {
    inFlight: 1,
    stop: stop.signal,
    kill: kill.signal,
    onProgress: ({ games }) => {
      if (games !== 1) return;
      stop.abort();
      kill.abort();
    },
  });
  expect(labels.count).toBe(counts.positions);
});

test("komi is the record's, moved in half of the games where that is asked for", TIME, async () => {
  await run('good', { komiVariation: 30, perGame: 1 });
  const labels = new Labels(await readFile(path('out.bin')));
  const komi = Array.from({ length: labels.count }, (_, i) => labels.komi(i));
  expect(komi.filter(points => points !== 6.5 && points !== 0.5).length).toBeGreaterThan(0);
  expect(komi).toContain(6.5);
  expect(komi.every(points => Number.isInteger(2 * points) && Math.abs(points) < 40)).toBe(true);
});

test('the labels and their list make a dataset', TIME, async () => {
  await run('good');
  await buildDataset({
    paths: [folder],
    machinePaths: [],
    out: path('dataset'),
    force: false,
    filters: DEFAULT_FILTERS,
    shares: { validation: 0, test: 0 },
    labels: [path('out.bin')],
    labelGames: path('games.csv'),
    threads: 1,
  });
  const dataset = await Dataset.open(path('dataset'));
  expect(existsSync(path('dataset'))).toBe(true);
  expect([dataset.games, dataset.labels.count]).toEqual([6, 30]);
});
