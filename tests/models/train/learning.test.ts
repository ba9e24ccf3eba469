/** Losses, optimisers and constraints against plain arithmetic. */
import { tensor, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTfBackend } from '../../../src/models/tfBackend.ts';
import { constrain } from '../../../src/models/train/constraints.ts';
import { lossOf, type LossOptions } from '../../../src/models/train/losses.ts';
import { update, type OptimizerOptions } from '../../../src/models/train/optimizers.ts';
import { rateAt } from '../../../src/models/train/schedule.ts';
import { averageChances, scoreOf } from '../../../src/models/train/score.ts';
import { spreadOf } from '../../../src/models/train/experiment.ts';

beforeAll(async () => {
  await startTfBackend('wasm');
});

describe('losses', () => {
  const outputs = (): Tensor2D => tensor2d([1, 2, 0.5, 4, 0, 3], [2, 3]);
  const labels = (): Tensor2D => tensor2d([0, 1, 0, 0, 0, 1], [2, 3]);
  const rows = [
    [1, 2, 0.5],
    [4, 0, 3],
  ];
  const right = [2, 3];
  const mean = (of: (row: number[], own: number) => number): number =>
    rows.reduce((sum, row, i) => sum + of(row, right[i]), 0) / rows.length;
  const sumExp = (row: number[], sign: number): number => row.reduce((sum, y) => sum + Math.exp(sign * y), 0);

  test.each<[LossOptions, number]>([
    [{ kind: 'crossEntropy' }, mean((row, own) => Math.log(sumExp(row, 1)) - own)],
    [{ kind: 'nearest' }, mean((_, own) => own)],
    [{ kind: 'map', j: 0.1 }, mean((row, own) => own + Math.log(Math.exp(-0.1) + sumExp(row, -1)))],
  ])('%j is that of its formula', async (options, expected) => {
    const [loss] = await lossOf(options, outputs(), labels()).data();
    expect(loss).toBeCloseTo(expected, 5);
  });

  test('distances far beyond what an exponential can hold stay finite', async () => {
    const far = tensor2d([500, 900, 4000], [1, 3]);
    const [loss] = await lossOf({ kind: 'map', j: 0.1 }, far, tensor2d([1, 0, 0], [1, 3])).data();
    expect(loss).toBeCloseTo(500 - 0.1, 2);
  });
});

describe('optimisers', () => {
  /** Two steps with the gradients 0.5 and -0.2, from 1. */
  const after = async (options: OptimizerOptions, rate: number, decays: boolean): Promise<number> => {
    let parameter: Tensor = tensor([1]);
    let memories: readonly Tensor[] = [tensor([0]), tensor([0])];
    for (const [i, gradient] of [0.5, -0.2].entries()) {
      const next = update(options, parameter, tensor([gradient]), memories, rate, i + 1, decays);
      parameter = next.parameter;
      memories = next.memories;
    }
    return (await parameter.data())[0];
  };

  test('momentum gathers gradients, and decay pulls on weights alone', async () => {
    const sgd: OptimizerOptions = { method: 'sgd', momentum: 0.9, weightDecay: 0.1 };
    expect(await after(sgd, 0.1, false)).toBeCloseTo(1 - 0.05 - 0.1 * (0.9 * 0.5 - 0.2), 6);
    const first = 0.5 + 0.1;
    const between = 1 - 0.1 * first;
    expect(await after(sgd, 0.1, true)).toBeCloseTo(between - 0.1 * (0.9 * first - 0.2 + 0.1 * between), 6);
  });

  test("Adadelta's steps are those of Zeiler's algorithm 1", async () => {
    const [rho, epsilon] = [0.95, 1e-6];
    let [x, squares, changes] = [1, 0, 0];
    for (const gradient of [0.5, -0.2]) {
      squares = rho * squares + (1 - rho) * gradient ** 2;
      const change = (Math.sqrt(changes + epsilon) / Math.sqrt(squares + epsilon)) * gradient;
      changes = rho * changes + (1 - rho) * change ** 2;
      x -= change;
    }
    expect(await after({ method: 'adadelta', decay: rho, epsilon }, 1, false)).toBeCloseTo(x, 6);
  });

  test("Adam's first steps are as large as the rate", async () => {
    const adam: OptimizerOptions = { method: 'adam', betas: [0.9, 0.999], epsilon: 1e-8 };
    const mean = (0.9 * 0.1 * 0.5 - 0.1 * 0.2) / (1 - 0.9 ** 2);
    const spread = Math.sqrt((0.999 * 0.001 * 0.25 + 0.001 * 0.04) / (1 - 0.999 ** 2));
    expect(await after(adam, 0.1, false)).toBeCloseTo(1 - 0.1 - (0.1 * mean) / spread, 4);
  });
});

test('columns that are too long are cut to the limit, and others stay', async () => {
  const weight = tensor2d([3, 0.3, 4, 0.4], [2, 2]);
  const cut = constrain({ kind: 'maxNorm', parameter: 'fc.weight', limit: 3 }, weight);
  const expected = [1.8, 0.3, 2.4, 0.4];
  for (const [i, value] of [...(await cut.data())].entries()) expect(value).toBeCloseTo(expected[i], 5);
});

test('the row of padding goes back to zero', async () => {
  const table = tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const kept = constrain({ kind: 'zeroRow', parameter: 'embedding.weight' }, table);
  expect([...(await kept.data())]).toEqual([0, 0, 3, 4, 5, 6]);
});

test('rates rise over the first epochs and drop between two later ones', () => {
  const schedule = {
    rate: 1,
    drops: [
      [0.5, 0.1],
      [0.75, 0.1],
    ] as const,
    warmupEpochs: 2,
  };
  const rates = [0, 1, 2, 9.99, 10, 14.9, 15].map(epoch => rateAt(schedule, epoch, 20));
  expect(rates[0]).toBeLessThan(0.01);
  expect(rates[1]).toBeCloseTo(0.5, 2);
  for (const [i, rate] of [1, 1, 0.1, 0.1, 0.01].entries()) expect(rates[2 + i]).toBeCloseTo(rate, 9);
});

test('a score counts errors and what they cost, and an ensemble is the mean of its members', () => {
  const first = Float32Array.of(0.6, 0.4, 0.3, 0.7, 0.9, 0.1);
  const second = Float32Array.of(0.2, 0.8, 0.4, 0.6, 0.8, 0.2);
  const score = scoreOf(first, [0, 0, 0], 2);
  expect([score.error, score.examples]).toEqual([1 / 3, 3]);
  expect(score.crossEntropy).toBeCloseTo(-(Math.log(0.6) + Math.log(0.3) + Math.log(0.9)) / 3, 6);
  const mean = averageChances([first, second]);
  expect(mean[0]).toBeCloseTo(0.4, 6);
  expect(scoreOf(mean, [1, 1, 0], 2).error).toBe(0);
  expect(() => scoreOf(first, [0, 0], 2)).toThrow('6 chances for 2 examples of 2 classes');
});

test('several numbers have a mean, a median and a deviation', () => {
  expect(spreadOf([4, 1, 1, 2])).toEqual({
    mean: 2,
    median: 1.5,
    least: 1,
    greatest: 4,
    deviation: Math.SQRT2,
  });
  expect(spreadOf([5])).toMatchObject({ median: 5, deviation: 0 });
});
