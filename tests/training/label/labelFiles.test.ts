/** The files that labelling leaves: gone on with, stopped early, shared, refused, joined. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildDataset } from '../../../src/training/data/build.ts';
import { Dataset } from '../../../src/training/data/dataset.ts';
import { DEFAULT_FILTERS } from '../../../src/training/data/filters.ts';
import type { LabelOptions } from '../../../src/training/label/labelGames.ts';
import { LABEL_BYTES } from '../../../src/training/labels.ts';
import { TIME, expectTrueLabels, makeGame, makeGames, runLabels, type Run } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeGames();
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 5 }));

const run = (how: string, options: Partial<LabelOptions> = {}): Promise<Run> =>
  runLabels(folder, how, options);

const path = (name: string): string => join(folder, name);

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
    expectTrueLabels(folder, second.labels);
    const third = await run('crash-at-start');
    expect(third.counts).toMatchObject({ games: 0, known: 6 });
  });

  test('in a second file by the same list', TIME, async () => {
    const one = await run('good', { paths: [path('game1.sgf')] });
    const other = await run('good', { paths: [path('game2.sgf'), path('game1.sgf')], out: path('b.bin') });
    expect(one.labels.game(0)).toBe(0);
    expect(other.counts.games).toBe(2);
    const games = Array.from({ length: other.labels.count }, (_, i) => other.labels.game(i));
    expect(new Set(games)).toEqual(new Set([1, 0]));
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

test('stopped at once while the engine starts, it does not wait for it', TIME, async () => {
  const stop = new AbortController();
  const kill = new AbortController();
  const ended = run('mute', { startMs: 600_000, stop: stop.signal, kill: kill.signal });
  // The engine has been asked, and says nothing.
  while (!existsSync(path('log'))) await new Promise(resolve => setTimeout(resolve, 10));
  stop.abort();
  kill.abort();
  const { counts, labels } = await ended;
  expect(counts).toMatchObject({ games: 0, positions: 0, restarts: 0 });
  expect(labels.count).toBe(0);
});

test('of two games with one name the first is labelled, the second is told of', TIME, async () => {
  for (const [i, parent] of ['a', 'b'].entries()) {
    await mkdir(path(`${parent}/kgs`), { recursive: true });
    await writeFile(path(`${parent}/kgs/game.sgf`), makeGame(i + 1));
  }
  const paths = [path('a/kgs'), path('b/kgs')];
  const problem = {
    reason: 'the name of a game before it: folders or archives of one name',
    count: 1,
    examples: ['kgs/game.sgf'],
  };
  const first = await run('slow', { paths });
  expect(first.counts).toMatchObject({ games: 1, positions: 5, known: 0, problems: [problem] });
  expect(await readFile(path('games.csv'), 'utf8')).toBe('game,archive,member\n0,kgs,game.sgf\n');
  await writeFile(path('game.sgf'), makeGame(1));
  expectTrueLabels(folder, first.labels);
  const second = await run('good', { paths });
  expect(second.counts).toMatchObject({ games: 0, known: 1, problems: [problem] });
});

test('folders that do not exist are made', TIME, async () => {
  const { counts, labels } = await run('good', {
    paths: [path('game1.sgf')],
    out: path('labels/mine.bin'),
    list: path('lists/of/games.csv'),
  });
  expect(labels.count).toBe(counts.positions);
  expect(existsSync(path('lists/of/games.csv'))).toBe(true);
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
