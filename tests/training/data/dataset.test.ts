import { cp, mkdtemp, readFile, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { BLACK, WHITE } from '../../../engine/types.ts';
import { buildDataset } from '../../../src/training/data/build.ts';
import { Dataset } from '../../../src/training/data/dataset.ts';
import { DatasetError } from '../../../src/training/data/datasetError.ts';
import { describeDataset } from '../../../src/training/data/describe.ts';
import { readSummary } from '../../../src/training/data/dataset.ts';
import { drawOverview } from '../../../src/training/data/overview.ts';
import { parseSgf } from '../../../src/sgf/parse.ts';
import { readRecord } from '../../../src/sgf/record.ts';
import { loadPosition } from '../../../src/sgf/replay.ts';
import { buildOptions, makeGame, makeLabel, randomMoves, writeTarGz } from './support.ts';

const SGFS = [
  makeGame(1, 120, 'KM[7.5]RE[W+2.5]BR[5d]WR[6d]DT[2010]'),
  `(;SZ[19]KM[0.5]HA[2]AB[dp][pd]RE[B+T]${randomMoves(2, 120, 2)})`,
  makeGame(3, 80),
  '(;SZ[19]PL[W];W[dd];W[pp];B[dp])',
  `(;SZ[19]HA[4]AB[dp][pd][dd][pp]${randomMoves(4, 90, 4)})`,
  '(;SZ[19];B[dd];W[];B[])',
];

let folder: string;
let made: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  const archive = join(folder, 'games.tar.gz');
  await writeTarGz(archive, Object.fromEntries(SGFS.map((sgf, i) => [`${i}.sgf`, sgf])));
  const labelGames = join(folder, 'games.csv');
  await writeFile(labelGames, '0,games.tar.gz,0.sgf\n4,games.tar.gz,4.sgf\n');
  const labels = join(folder, 'labels.bin');
  await writeFile(labels, Buffer.concat([makeLabel(4, 1, BLACK), makeLabel(0, 2, BLACK)]));
  made = join(folder, 'set');
  await buildDataset(
    buildOptions({ out: made, paths: [archive], filters: { minMoves: 0 }, labels: [labels], labelGames }),
  );
  dataset = await Dataset.open(made);
});
afterAll(() => rm(folder, { recursive: true }));

/** Everything that the planes are made of. */
const positionOf = ({ board, toPlay, moveCount }: Game): unknown => ({
  stones: [...board.stones],
  ages: board.points.map(point => (board.stones[point] === 0 ? 0 : board.placedAt[point])),
  ko: [board.koPoint, board.koPoint === 0 ? 0 : board.koColor],
  hash: [board.hashLow, board.hashHigh],
  toPlay,
  moveCount,
});

test('replaying into one game again and again gives the positions of the records, in any order', () => {
  const records = SGFS.map(sgf => readRecord(parseSgf(sgf)[0]));
  const random = new Random(1);
  const game = new Game();
  for (let i = 0; i < 300; i++) {
    const index = random.below(records.length);
    const ply = random.below(records[index].moves.length + 1);
    dataset.replayInto(game, index, ply);
    expect(positionOf(game)).toEqual(positionOf(loadPosition(records[index], ply)));
  }
});

test('all moves are replayed by default', () => {
  const game = new Game();
  dataset.replayInto(game, 5);
  expect(game.isOver).toBe(true);
});

test('the facts of a game are there one by one', () => {
  expect([0, 1, 2].map(game => dataset.komi(game))).toEqual([7.5, 0.5, 6.5]);
  expect([0, 1, 2, 5].map(game => dataset.winner(game))).toEqual([WHITE, BLACK, BLACK, undefined]);
  expect([0, 1, 5].map(game => dataset.resultKind(game))).toEqual(['counted', 'time', 'unknown']);
  expect([0, 1, 3, 4].map(game => dataset.isEven(game))).toEqual([true, false, true, false]);
  expect(dataset.moveAt(3, 1)).toEqual(dataset.game(3).moves[1]);
});

test('another thread that is given the memory sees the same games and labels', () => {
  const other = Dataset.from(structuredClone(dataset.memory()));
  expect(other.memory().games).toBeInstanceOf(SharedArrayBuffer);
  expect(other.games).toBe(SGFS.length);
  expect(other.game(1)).toEqual(dataset.game(1));
  expect([other.labels.game(1), other.labelRange(4)]).toEqual([4, [1, 2]]);
});

/** A copy of the dataset to do harm to. */
const copy = async (name: string): Promise<string> => {
  const path = join(folder, name);
  await cp(made, path, { recursive: true });
  return path;
};

test('damage is found, and the error names the file', async () => {
  const path = await copy('damaged');
  for (const file of ['games-0000.bin', 'labels-0000.bin']) {
    const good = await readFile(join(path, file));
    const flipped = Buffer.from(good);
    flipped[40] ^= 1;
    await writeFile(join(path, file), flipped);
    await expect(Dataset.open(path)).rejects.toThrow(`${join(path, file)} is damaged: its SHA-256 is`);
    await writeFile(join(path, file), good.subarray(4));
    await expect(Dataset.open(path)).rejects.toThrow(
      `${join(path, file)} is damaged: ${good.length - 4} bytes, not ${good.length}`,
    );
    await unlink(join(path, file));
    await expect(Dataset.open(path)).rejects.toThrow(`cannot read ${join(path, file)}`);
    await writeFile(join(path, file), good);
  }
});

test('a folder that is no dataset, or one of another version, is refused', async () => {
  await expect(Dataset.open(folder)).rejects.toThrow(`cannot read ${join(folder, 'dataset.json')}`);
  const path = await copy('changed');
  const file = join(path, 'dataset.json');
  const good = await readFile(file, 'utf8');
  for (const [from, to, message] of [
    ['"version": 1', '"version": 2', `${file}: version 2: this program reads version 1`],
    ['"hane-dataset"', '"dataset"', `${file}: its "format" is not "hane-dataset"`],
    ['"games": 6', '"games": -6', `${file}: its "games" is missing or not what it should be`],
    ['"games": 6', '"games": 7', `${path}: game 6 of 7 is no game record`],
    ['"games": 6', '"games": 5', `${path}: more than the 5 games that dataset.json counts`],
    ['games-0000.bin', '../games-0000.bin', `${file}: its "shards" is missing or not what it should be`],
    [good, '{', `${file}: no JSON`],
  ]) {
    await writeFile(file, good.replace(from, to));
    await expect(Dataset.open(path)).rejects.toThrow(message);
  }
});

test('whatever happens to dataset.json, it is read or refused, never worse', async () => {
  const path = await copy('fuzzed');
  const file = join(path, 'dataset.json');
  const good = await readFile(file);
  const random = new Random(7);
  for (let i = 0; i < 300; i++) {
    const bytes = Buffer.from(good);
    for (let k = 0; k < 1 + random.below(3); k++) bytes[random.below(bytes.length)] = 32 + random.below(95);
    await writeFile(file, bytes);
    await Dataset.open(path).catch((error: unknown) => expect(error).toBeInstanceOf(DatasetError));
  }
});

test('a dataset is told in words and drawn', async () => {
  const text = describeDataset(await readSummary(made));
  expect(text).toMatch(/^all +6 +416 +2$/m);
  expect(text).toMatch(/^games\.tar\.gz +6 +6$/m);
  const svg = drawOverview(dataset, 'set <1>');
  expect(svg).toMatch(/^<svg/);
  expect(svg).toContain('set &lt;1&gt;');
  expect(await readdir(made)).toEqual(['dataset.json', 'games-0000.bin', 'labels-0000.bin']);
});
