import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WHITE } from '../../../engine/types.ts';
import { parseSgf } from '../../../src/sgf/parse.ts';
import { readRecord } from '../../../src/sgf/record.ts';
import { sourceOf } from '../../../src/training/data/sources.ts';
import { choosePositions } from '../../../src/training/label/choosePositions.ts';
import type { LabelCounts, LabelOptions } from '../../../src/training/label/labelGames.ts';
import { TIME, expectTrueLabels, makeGames, runLabels, type Run } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeGames();
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 5 }));

const run = (how: string, options: Partial<LabelOptions> = {}): Promise<Run> =>
  runLabels(folder, how, options);

const reasons = ({ problems }: LabelCounts): string[] =>
  problems.map(({ count, reason }) => `${count} x ${reason}`);

test('every game gets its positions, once each, and the labels say what the engine said', TIME, async () => {
  const { counts, labels, warnings } = await run('good');
  expect(counts).toMatchObject({ games: 6, positions: 30, known: 0, restarts: 0, problems: [] });
  expect(labels.count).toBe(30);
  expect(warnings).toEqual([]);
  const keys = Array.from({ length: 30 }, (_, i) => `${labels.game(i)} ${labels.ply(i)}`);
  expect(new Set(keys).size).toBe(30);
  expectTrueLabels(folder, labels);
  expect(Array.from({ length: 30 }, (_, i) => labels.toPlay(i))).toContain(WHITE);
});

test(
  'a query has the moves before the position, the rules, and asks for the history and the view',
  TIME,
  async () => {
    await run('good', { visits: 7 });
    const queries = (await readFile(join(folder, 'log'), 'utf8'))
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
    expectTrueLabels(folder, labels);
  });

  test.each(['black-view', 'white-view'])(
    'reports from the %s all the same is turned round',
    TIME,
    async how => {
      const { labels, warnings } = await run(how);
      expect(warnings[0]).toContain(
        `from the view of ${how.split('-')[0]}, though asked for the side to move`,
      );
      expectTrueLabels(folder, labels);
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
    expectTrueLabels(folder, labels);
  });

  test('never answers one query loses that game only, and is told to forget it', TIME, async () => {
    const { counts, labels } = await run('loses', { timeoutMs: 700 });
    expect(counts).toMatchObject({ games: 5, restarts: 0 });
    expect(reasons(counts)).toEqual(['1 x a query that failed: no answer within 0.7 s, though to others']);
    expect(await readFile(join(folder, 'log'), 'utf8')).toContain('"action":"terminate"');
    expectTrueLabels(folder, labels);
  });

  test('crashes on a game loses that one, whatever else was under way', TIME, async () => {
    const { counts, labels } = await run('crashes');
    expect(counts.games).toBe(5);
    expect(counts.restarts).toBeGreaterThanOrEqual(2);
    expect(reasons(counts)).toEqual(['1 x a query that failed: the engine ended (1)']);
    expectTrueLabels(folder, labels);
  });

  test('hangs on a game is ended and loses that one', TIME, async () => {
    const { counts, labels } = await run('hangs', { timeoutMs: 700 });
    expect(counts.games).toBe(5);
    expect(counts.restarts).toBeGreaterThan(0);
    expect(counts.problems[0].reason).toContain('said nothing for 0.7 s');
    expectTrueLabels(folder, labels);
  });

  test('crashes once loses nothing', TIME, async () => {
    const { counts, labels } = await run('crash-once');
    expect(counts).toMatchObject({ games: 6, positions: 30, restarts: 1, problems: [] });
    expectTrueLabels(folder, labels);
  });

  test.each([
    ['warns', /^6 x a warning$/],
    ['noise', /^7 x output that is no answer$/],
    ['errors', /^7 x an error of no query$/],
  ])('%s is believed, and what it said is counted', TIME, async (how, reason) => {
    const { counts, labels } = await run(how);
    expect(counts.games).toBe(6);
    expect(reasons(counts)).toEqual([expect.stringMatching(reason)]);
    expectTrueLabels(folder, labels);
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

test('a label has the komi that was chosen for its game', TIME, async () => {
  const options = { seed: 1, komiVariation: 30, perGame: 1 };
  const { labels } = await run('good', options);
  expect(labels.count).toBe(6);
  expectTrueLabels(folder, labels);
  const lines = (await readFile(join(folder, 'games.csv'), 'utf8')).trim().split('\n').slice(1);
  for (let i = 0; i < labels.count; i++) {
    const member = lines.find(line => line.startsWith(`${labels.game(i)},`))!.split(',')[2];
    const { moves } = readRecord(parseSgf(await readFile(join(folder, member)))[0]);
    const asked = { setup: [], toPlay: moves[0].color, moves };
    const itsKomi = member === 'game5.sgf' ? 0.5 : 6.5;
    const { turns, komi } = choosePositions(asked, sourceOf(folder, member), itsKomi, options);
    expect([labels.ply(i), labels.komi(i)]).toEqual([turns[0], komi]);
  }
});
