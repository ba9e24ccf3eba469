import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDataset, type BuildOptions } from '../../../src/training/data/build.ts';
import { Dataset, readSummary } from '../../../src/training/data/dataset.ts';
import { SPLITS } from '../../../src/training/data/splits.ts';
import { buildOptions, makeGame, makeLabel, writeTarGz } from './support.ts';

const GAMES = 60;

let folder: string;
let archive: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  archive = join(folder, 'people.tar.gz');
  const files = Object.fromEntries(
    Array.from({ length: GAMES }, (_, i) => [`year/${String(i).padStart(2, '0')}.sgf`, makeGame(i, 40 + i)]),
  );
  await writeTarGz(archive, { ...files, 'year/short.sgf': makeGame(99, 5), 'year/bad.sgf': '(;B[' });
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
/** Builds into a new folder. */
const build = async (changes: Partial<BuildOptions>): Promise<{ out: string; dataset: Dataset }> => {
  const out = join(folder, `set-${count++}`);
  await buildDataset(buildOptions({ out, paths: [archive], ...changes }));
  return { out, dataset: await Dataset.open(out) };
};

const contentOf = async (path: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(path)).map(async name => [name, (await readFile(join(path, name))).toString('base64')]),
    ),
  );

const sourcesOf = (dataset: Dataset, games: Iterable<number>): string[] =>
  Array.from(games, game => dataset.game(game).source);

const pathTo = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

test('games come in the order of the archive, with what was left out and why', async () => {
  const { out, dataset } = await build({});
  expect(dataset.games).toBe(GAMES);
  expect(dataset.game(7)).toMatchObject({ index: 7, source: 'people.tar.gz/year/07.sgf', komi: 6.5 });
  expect(dataset.moveCount(7)).toBe(47);
  expect(await readSummary(out)).toMatchObject({
    games: GAMES,
    positions: 60 * 40 + (59 * 60) / 2,
    labels: 0,
    sources: [{ name: 'people.tar.gz', isHuman: true, read: GAMES + 2, kept: GAMES }],
    filters: { 'min-moves': '30' },
    leftOut: [
      { reason: 'fewer than 30 moves', count: 1, examples: ['people.tar.gz/year/short.sgf'] },
      { reason: 'not SGF, or broken off', count: 1, examples: ['people.tar.gz/year/bad.sgf'] },
    ],
    labelsLeftOut: [],
  });
});

test('folders, zips and single files are read too, and named alike', async () => {
  const path = join(folder, 'mixed');
  await mkdir(join(path, 'deep'), { recursive: true });
  await writeFile(join(path, 'deep', 'a.sgf'), makeGame(1));
  await writeFile(join(path, 'b.zip'), zipSync({ 'c.sgf': Buffer.from(makeGame(2)) }));
  const single = await pathTo('single.sgf', makeGame(3));
  const { dataset } = await build({ paths: [path, single] });
  expect(sourcesOf(dataset, [0, 1, 2])).toEqual(['b.zip/c.sgf', 'mixed/deep/a.sgf', 'single.sgf']);
});

test('the same input gives the same bytes, whatever the number of threads', async () => {
  const [one, three] = await Promise.all([build({ threads: 1 }), build({ threads: 3 })]);
  expect(await contentOf(one.out)).toEqual(await contentOf(three.out));
});

test('records are spread over files of limited size and come back in order', async () => {
  const { out, dataset } = await build({ shardBytes: 1000 });
  const { shards } = await readSummary(out);
  expect(shards.games.length).toBeGreaterThan(5);
  expect(Math.max(...shards.games.map(({ bytes }) => bytes))).toBeLessThanOrEqual(1000);
  const whole = (await build({})).dataset;
  expect(Array.from({ length: GAMES }, (_, i) => dataset.game(i))).toEqual(
    Array.from({ length: GAMES }, (_, i) => whole.game(i)),
  );
});

test('every game is in one split, by its moves and not by its name', async () => {
  const shares = { validation: 0.3, test: 0.3 };
  const { dataset } = await build({ shares });
  const games = SPLITS.map(split => [...dataset.gamesOf(split)]);
  expect(games.map(({ length }) => length > 5)).toEqual([true, true, true]);
  expect(games.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: GAMES }, (_, i) => i));

  const renamed = await pathTo('renamed.sgf', makeGame(games[1][0], 40 + games[1][0], 'KM[0.5]RE[W+1]'));
  expect((await build({ paths: [renamed], shares })).dataset.split(0)).toBe('validation');
});

test('a game that comes twice is kept once', async () => {
  const copy = await pathTo('copy.sgf', makeGame(5, 45, 'KM[0.5]PB[x]'));
  const { out, dataset } = await build({ paths: [archive, copy] });
  expect(dataset.games).toBe(GAMES);
  expect((await readSummary(out)).leftOut).toContainEqual({
    reason: 'the same game as one before',
    count: 1,
    examples: ['copy.sgf'],
  });
});

test('a list makes exactly its games the validation split, also under the name of a copy that was left out', async () => {
  const copy = await pathTo('copy.sgf', makeGame(5, 45));
  const list =
    '# held out\npeople.tar.gz/year/03.sgf\nmy/path/people.tar.gz/year/11.sgf\r\ncopy.sgf\ngone.sgf\n';
  const holdOut = await pathTo('hold-out.txt.gz', gzipSync(list));
  const { out, dataset } = await build({
    paths: [archive, copy],
    holdOut,
    shares: { validation: 0.5, test: 0 },
  });
  expect([...dataset.gamesOf('validation')]).toEqual([3, 5, 11]);
  expect(dataset.gamesOf('test')).toHaveLength(0);
  const summary = await readSummary(out);
  expect(summary.splitBy).toContain('hold-out.txt.gz names the validation games');
  expect(summary.leftOut).toContainEqual({
    reason: 'to be held out, but not among the games',
    count: 1,
    examples: ['gone.sgf'],
  });
});

test('games of machines are marked as such', async () => {
  const machine = await pathTo('machine.sgf', makeGame(200));
  const { out, dataset } = await build({ machinePaths: [machine] });
  expect(dataset.isHuman(0)).toBe(true);
  expect(dataset.isHuman(GAMES)).toBe(false);
  expect(dataset.game(GAMES).isHuman).toBe(false);
  expect((await readSummary(out)).sources.map(({ isHuman }) => isHuman)).toEqual([true, false]);
});

test('labels find their games by archive and member, renumbered and in order', async () => {
  const copy = await pathTo('copy.sgf', makeGame(5, 45));
  const labelGames = await pathTo(
    'games.csv',
    'game,archive,member\n70000,far/away/people.tar.gz,year/02.sgf\n3,people.tar.gz,year/short.sgf\n4,copy.sgf,copy.sgf\n',
  );
  const first = await pathTo(
    'first.bin.gz',
    gzipSync(
      Buffer.concat([
        makeLabel(4, 12, 1, 0.25),
        makeLabel(70000, 42, 1),
        makeLabel(70000, 7, 2, 0.75),
        makeLabel(70000, 43, 2),
        makeLabel(70000, 8, 2),
        makeLabel(3, 0, 1),
        makeLabel(1, 0, 1),
      ]),
    ),
  );
  const second = await pathTo('second.bin', makeLabel(70000, 0, 1));
  const { out, dataset } = await build({ paths: [archive, copy], labels: [first, second], labelGames });
  const { labels } = dataset;
  expect(
    Array.from({ length: labels.count }, (_, k) => [labels.game(k), labels.ply(k), labels.toPlay(k)]),
  ).toEqual([
    [2, 0, 1],
    [2, 7, 2],
    [2, 42, 1],
    [5, 12, 1],
  ]);
  expect(labels.chance(1)).toBeCloseTo(0.75, 4);
  expect([0, 2, 3, 5].map(game => dataset.labelRange(game))).toEqual([
    [0, 0],
    [0, 3],
    [3, 3],
    [3, 4],
  ]);
  const summary = await readSummary(out);
  expect(summary.labels).toBe(4);
  expect(summary.labelsLeftOut).toEqual([
    {
      reason: 'a game that is not in the dataset',
      count: 1,
      examples: ['first.bin.gz label 5: people.tar.gz/year/short.sgf'],
    },
    { reason: 'a game that the list of games lacks', count: 1, examples: ['first.bin.gz label 6: game 1'] },
    {
      reason: 'a position after the end of its game',
      count: 1,
      examples: ['first.bin.gz label 3: people.tar.gz/year/02.sgf'],
    },
    {
      reason: "a position where it is the other player's turn",
      count: 1,
      examples: ['first.bin.gz label 4: people.tar.gz/year/02.sgf'],
    },
  ]);
});

test('damaged lists and labels are errors that name the place', async () => {
  const csv = await pathTo('bad.csv', 'game,archive,member\n1,a.zip\n');
  await expect(build({ labelGames: csv })).rejects.toThrow(
    /bad\.csv, line 2: "1,a\.zip" is not game,archive,member/,
  );
  const labels = await pathTo('cut.bin', makeLabel(1, 0, 1).subarray(1));
  await expect(build({ labels: [labels] })).rejects.toThrow(
    /cut\.bin: 263 bytes are no whole number of records/,
  );
  const packed = await pathTo('cut.bin.gz', gzipSync(makeLabel(1, 0, 1)).subarray(0, 20));
  await expect(build({ labels: [packed] })).rejects.toThrow(/cannot read .*cut\.bin\.gz/);
  await expect(build({ holdOut: join(folder, 'missing') })).rejects.toThrow(/cannot read .*missing/);
  await expect(build({ holdOut: await pathTo('empty.txt', '# none\n') })).rejects.toThrow(/names no game/);
});

test('what cannot be built leaves nothing behind', async () => {
  const before = await readdir(folder);
  const stop = new AbortController();
  const interrupted = build({ signal: stop.signal, onProgress: () => stop.abort() });
  await expect(interrupted).rejects.toThrow('interrupted: nothing was written');
  await expect(build({ paths: [join(folder, 'missing.zip')] })).rejects.toThrow(/cannot read .*missing\.zip/);
  const damaged = await pathTo('damaged.tar.gz', (await readFile(archive)).subarray(0, 500));
  await expect(build({ paths: [archive, damaged], onProgress: () => {} })).rejects.toThrow(
    `${damaged} is damaged`,
  );
  expect(await readdir(folder)).toEqual([...before, 'damaged.tar.gz'].toSorted());
});

test('a dataset is replaced only when told so, and other folders never', async () => {
  const { out } = await build({});
  const single = await pathTo('single.sgf', makeGame(3));
  const again = buildOptions({ out, paths: [single] });
  await expect(buildDataset(again)).rejects.toThrow(`${out} is there: --force replaces it`);
  await buildDataset({ ...again, force: true });
  expect((await Dataset.open(out)).games).toBe(1);

  const other = join(folder, 'other');
  await mkdir(other);
  await writeFile(join(other, 'thesis.txt'), 'years of work');
  await expect(buildDataset({ ...again, out: other, force: true })).rejects.toThrow('is no dataset');
  await expect(buildDataset({ ...again, out: single, force: true })).rejects.toThrow(
    'is a file, not a folder',
  );
  expect((await readdir(folder)).filter(name => name.startsWith('.'))).toEqual([]);
});

test('progress counts files and games, and knows the total soon', async () => {
  const seen: (number | undefined)[][] = [];
  await build({ onProgress: ({ files, games, kept, total }) => seen.push([files, games, kept, total]) });
  expect(seen.at(-1)?.slice(0, 3)).toEqual([GAMES + 2, GAMES + 2, GAMES]);
  for (const [, , , total] of seen) expect([undefined, GAMES + 2]).toContain(total);
});
