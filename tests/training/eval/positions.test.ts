import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScriptedEvaluator } from '../../../engine/evaluator.ts';
import { BLACK } from '../../../engine/types.ts';
import type { Dataset } from '../../../src/training/data/dataset.ts';
import { evaluateNetwork } from '../../../src/training/eval/evaluateNetwork.ts';
import type { datasetPositions, PositionSource } from '../../../src/training/eval/positions.ts';
import { readGamesToEval } from '../../../src/training/eval/readGamesToEval.ts';
import { GAMES, LABELLED_PLIES, LABEL_KOMI, makeEvalData, positionsOf } from './support.ts';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  ({ folder, dataset } = await makeEvalData());
}, 30_000);
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

const all = (options: Partial<Parameters<typeof datasetPositions>[1]> = {}): PositionSource =>
  positionsOf(dataset, options);

describe('positions', () => {
  test('are all of the games and labels, in order, with the komi to be told', () => {
    const source = all();
    const list = Array.from(source.positions(), ({ game, number, teacher, next }) => ({
      number,
      ply: game.moveCount,
      komi: game.komi,
      isLabel: teacher !== undefined,
      next,
    }));
    expect(source.total).toBe(GAMES * 50 + GAMES * LABELLED_PLIES.length);
    expect(list).toHaveLength(source.total);
    for (const [i, { number, ply, komi, isLabel, next }] of list.entries()) {
      if (i > 0)
        expect(number * 1000 + ply).toBeGreaterThanOrEqual(list[i - 1].number * 1000 + list[i - 1].ply);
      expect(komi).toBe(isLabel ? LABEL_KOMI : dataset.komi(number));
      if (isLabel) expect(next).toBe(-1);
    }
  });

  test('are drawn evenly, none twice, the same for the same seed', () => {
    const draw = (seed: number): string[] =>
      Array.from(
        all({ positions: 300, labels: 20, seed }).positions(),
        ({ game, number, teacher }) => `${number} ${game.moveCount} ${teacher?.index}`,
      );
    const drawn = draw(3);
    expect(drawn).toHaveLength(320);
    expect(new Set(drawn).size).toBe(320);
    expect(draw(3)).toEqual(drawn);
    expect(draw(4)).not.toEqual(drawn);
    const late = drawn.filter(text => text.endsWith('undefined') && Number(text.split(' ')[1]) >= 25).length;
    expect(late).toBeGreaterThan(110);
    expect(late).toBeLessThan(190);
  });

  test('of a split are of its games only', () => {
    const games = new Set(dataset.gamesOf('validation'));
    expect(games.size).toBeGreaterThan(0);
    for (const { number } of all({ split: 'validation' }).positions()) expect(games.has(number)).toBe(true);
  });

  test('tell who won only of even games', () => {
    for (const { number, teacher, winner, margin } of all().positions()) {
      const isTold = teacher === undefined && dataset.komi(number) === 6.5;
      expect(winner).toBe(isTold ? dataset.winner(number) : undefined);
      expect(margin).toBe(isTold && dataset.winner(number) === BLACK ? 9.5 : undefined);
    }
  });
});

test('games without a dataset are read from a folder, what cannot be used is told', async () => {
  await writeFile(join(folder, 'small.sgf'), '(;GM[1]SZ[9];B[aa])');
  const { dataset: read, leftOut } = await readGamesToEval([folder], 1);
  expect(read.games).toBe(GAMES);
  expect(leftOut.map(({ reason }) => reason)).toEqual(['a board of 9x9, not 19x19']);
  await expect(readGamesToEval([join(folder, 'small.sgf')], 1)).rejects.toThrow('a board of 9x9, not 19x19');
  const uniform = new ScriptedEvaluator(() => ({ policy: new Float32Array(362).fill(1) }));
  const report = await evaluateNetwork(uniform, positionsOf(read, { positions: 100, labels: 100 }));
  expect(report.positions).toBe(100);
});
