import { expect, test } from 'vitest';
import { WeightAverage } from '../../src/training/average.ts';
import { makeBatch } from '../../src/training/batch.ts';
import { LOSSES, type StepResult } from '../../src/training/engine.ts';
import { Window } from '../../src/training/window.ts';

const resultOf = (losses: Partial<StepResult['losses']>, deadUnits = 0): StepResult => ({
  losses: { ...(Object.fromEntries(LOSSES.map(name => [name, 0])) as StepResult['losses']), ...losses },
  total: 2,
  deadUnits,
});

test('losses are means over the positions that have a target', () => {
  const window = new Window();
  const batch = makeBatch(48, 4);
  batch.policyWeight.set([1, 0, 1, 0]);
  // The engine divides by all four positions: 1.5 is 3 for each of the two.
  window.add(batch, resultOf({ policy: 1.5 }, 5));
  window.add(batch, resultOf({ policy: 2.5 }, 3));
  const { steps, positions, total, losses, deadUnits } = window.summary();
  expect({ steps, positions, total, losses, deadUnits }).toEqual({
    steps: 2,
    positions: 8,
    total: 2,
    losses: { policy: 4 },
    deadUnits: 3,
  });
});

test('the best constant answer loses what it must', () => {
  const window = new Window();
  const batch = makeBatch(48, 4);
  for (const weight of ['expertWeight', 'chanceWeight', 'leadWeight', 'ownershipWeight'] as const)
    batch[weight].fill(1);
  // Two moves, 3 : 1.
  for (const [n, move] of [5, 5, 5, 9].entries()) batch.expert[n * 361 + move] = 1;
  batch.chance.set([1, 1, 0, 0.5]);
  batch.lead.set([10, -10, 30, -30]);
  // One point is anybody's, all others always the player's.
  for (let n = 0; n < 4; n++) batch.ownership.fill(1, n * 361, (n + 1) * 361);
  for (const n of [1, 2]) batch.ownership[n * 361] = -1;
  window.add(batch, resultOf({}));
  const { constants } = window.summary();
  expect(constants.expert).toBeCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), 6);
  expect(constants.value).toBeCloseTo(-(0.625 * Math.log(0.625) + 0.375 * Math.log(0.375)), 6);
  // Errors of 0.5 and 1.5 in twenties of points: 0.25 and 1.25 by smooth L1 with beta 0.5.
  expect(constants.lead).toBeCloseTo((0.25 + 1.25) / 2, 6);
  expect(constants.ownership).toBeCloseTo(1 / 361, 6);
  expect(constants.policy).toBeUndefined();
});

test('the mean of the weights is a plain mean at first and fades later', () => {
  const average = new WeightAverage(4);
  const add = (value: number): void =>
    average.add(new Map([['a', Float32Array.of(value)]]), new Map([['b', Float32Array.of(-value)]]));
  for (const value of [1, 2, 6]) add(value);
  expect(average.values.get('a')![0]).toBeCloseTo(3, 5);
  for (const value of [3, 11]) add(value);
  expect(average.values.get('a')![0]).toBeCloseTo(3 + (11 - 3) / 4, 5);
  expect(average.values.get('b')![0]).toBeCloseTo(-5, 5);
  const again = new WeightAverage(4, average.values, average.count);
  again.add(new Map([['a', Float32Array.of(1)]]));
  expect(again.values.get('a')![0]).toBeCloseTo(4, 5);
  expect(average.values.get('a')![0]).toBeCloseTo(5, 5);
});
