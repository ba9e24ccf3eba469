import { expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { PLANES } from '../../features/planes.ts';
import type { Batch } from '../../src/training/batch.ts';
import { LOSS_WEIGHTS, NotFiniteError, type StepResult } from '../../src/training/engine.ts';
import { sizeOf } from '../../src/training/graph.ts';
import type { Methods } from '../../src/training/optimizer.ts';
import { parameterSpecs, type PolicyNetShape } from '../../src/training/policyNet.ts';
import { PolicyNetStepper, makeBatch } from '../../src/training/stepper.ts';
import { playRandomMoves } from '../support/randomGames.ts';

const SHAPE: PolicyNetShape = { layers: 3, filters: 12, planes: PLANES };

/** Positions of random games, with a move, a winner and a lead that have nothing to do with them. */
const randomBatch = (positions: number, seed: number): Batch => {
  const batch = makeBatch(SHAPE, positions);
  const random = new Random(seed);
  for (let n = 0; n < positions; n++) {
    const game = new Game();
    playRandomMoves(game, 5 + random.below(150), random);
    encode(game, batch.planes, n * PLANES * planeSize(19, 19));
    const move = random.below(361);
    batch.policy[n * 362 + move] = 1;
    batch.expert[n * 361 + move] = 1;
    batch.reply[n * 361 + random.below(361)] = 1;
    batch.chance[n] = random.below(2);
    batch.lead[n] = 20 * random.float() - 10;
    // Owners are to be seen on the board: the head for them looks no further.
    for (let i = 0; i < 361; i++)
      batch.ownership[n * 361 + i] = game.board.stones[game.board.points[i]] === game.toPlay ? 1 : -1;
  }
  for (const weight of [
    'policyWeight',
    'expertWeight',
    'replyWeight',
    'chanceWeight',
    'leadWeight',
    'ownershipWeight',
  ] as const)
    batch[weight].fill(1);
  return batch;
};

const RATES = { kernels: 0.02, rest: 0.01 };

test('the parameters of the 13x64 network are those of the paper and the heads', () => {
  const specs = parameterSpecs({ layers: 13, filters: 64, planes: 48 });
  const kernels = specs
    .filter(({ kind }) => kind === 'kernel')
    .reduce((sum, { dims }) => sum + sizeOf(dims), 0);
  // 5x5x48x64 and eleven 3x3x64x64; with a bias for each filter (from the normalisation), the 1x1 layer and a bias a point: 483,497.
  expect(kernels).toBe(76_800 + 11 * 36_864);
  expect(kernels + 12 * 64 + 64 + 361).toBe(483_497);
});

test('64 positions are learned by heart', { timeout: 120_000 }, async () => {
  const stepper = await PolicyNetStepper.create(SHAPE, 64, { seed: 1 });
  const batch = randomBatch(64, 3);
  let last: StepResult | undefined;
  const first = await stepper.step(batch, RATES);
  for (let step = 0; step < 220; step++) {
    const rate = step < 150 ? 1 : (220 - step) / 70;
    last = await stepper.step(batch, { kernels: RATES.kernels * rate, rest: RATES.rest * rate });
  }
  await stepper.close();
  expect(first.losses.policy).toBeGreaterThan(5);
  expect(last!.losses.policy).toBeLessThan(0.05);
  expect(last!.losses.expert).toBeLessThan(0.05);
  expect(last!.losses.value).toBeLessThan(0.05);
  expect(last!.losses.ownership).toBeLessThan(0.05);
});

test('what a position lacks teaches nothing', { timeout: 60_000 }, async () => {
  const stepper = await PolicyNetStepper.create(SHAPE, 4);
  const before = stepper.parameters.get('v2.weight')!.slice();
  const batch = randomBatch(4, 5);
  for (const weight of ['policyWeight', 'chanceWeight', 'leadWeight'] as const) batch[weight].fill(0);
  const { losses } = await stepper.step(batch, RATES);
  await stepper.close();
  expect([losses.policy, losses.value, losses.lead]).toEqual([0, 0, 0]);
  expect(losses.expert).toBeGreaterThan(5);
  // Nothing else flows through the value head.
  expect(stepper.parameters.get('v2.weight')).toEqual(before);
});

test('the same seed and batches give the same parameters', { timeout: 60_000 }, async () => {
  const learn = async (seed: number): Promise<Float32Array> => {
    const stepper = await PolicyNetStepper.create(SHAPE, 8, { seed, threads: 1 });
    for (let i = 0; i < 3; i++) await stepper.step(randomBatch(8, i), RATES);
    await stepper.close();
    return stepper.parameters.get('blocks.1.conv.weight')!;
  };
  expect(await learn(1)).toEqual(await learn(1));
  expect(await learn(1)).not.toEqual(await learn(2));
});

test('a loss that is no number stops the step and leaves the parameters as they were', async () => {
  const stepper = await PolicyNetStepper.create(SHAPE, 4);
  const batch = randomBatch(4, 5);
  batch.planes[7] = Number.NaN;
  const before = stepper.parameters.get('head.weight')!.slice();
  await expect(stepper.step(batch, RATES)).rejects.toThrow(
    new NotFiniteError('step 1: the loss is NaN: lower the rates'),
  );
  await stepper.close();
  expect(stepper.parameters.get('head.weight')).toEqual(before);
  expect(stepper.steps).toBe(0);
});

test.each<[string, Methods, number]>([
  ['Muon and AdamW', { kernels: 'muon', rest: 'adamw' }, 0.02],
  ['AdamW', { kernels: 'adamw', rest: 'adamw' }, 0.003],
  ['Nesterov momentum', { kernels: 'sgd', rest: 'sgd' }, 0.02],
])('%s brings the loss down', { timeout: 60_000 }, async (_, methods, rate) => {
  const stepper = await PolicyNetStepper.create(SHAPE, 8, { methods });
  const batch = randomBatch(8, 2);
  const rates = { kernels: rate, rest: methods.rest === 'sgd' ? 0.02 : 0.003 };
  const first = await stepper.step(batch, rates);
  let last = first;
  for (let i = 0; i < 15; i++) last = await stepper.step(batch, rates);
  await stepper.close();
  expect(last.total).toBeLessThan(0.8 * first.total);
});

test('the total is the sum of the losses by the weights that were asked for', async () => {
  const lossWeights = { ...LOSS_WEIGHTS, policy: 0.5, value: 0, lead: 2 };
  const stepper = await PolicyNetStepper.create(SHAPE, 4, { lossWeights });
  const before = stepper.parameters.get('v2.bias')!.slice();
  const { losses, total } = await stepper.step(randomBatch(4, 1), RATES);
  await stepper.close();
  const sum = Object.entries(lossWeights).reduce(
    (known, [name, weight]) => known + weight * losses[name as keyof typeof losses],
    0,
  );
  expect(total).toBeCloseTo(sum, 4);
  // The value alone moves its own bias, and counts nothing here.
  expect(stepper.parameters.get('v2.bias')![0]).toBe(before[0]);
});

test('units of the value head that are 0 in the whole batch are counted', async () => {
  const stepper = await PolicyNetStepper.create(SHAPE, 4);
  const batch = randomBatch(4, 1);
  const none = { kernels: 0, rest: 0 };
  const { deadUnits } = await stepper.step(batch, none);
  expect(deadUnits).toBeLessThan(20);
  stepper.parameters.get('v1.bias')!.fill(-100, 0, 40);
  expect((await stepper.step(batch, none)).deadUnits).toBeGreaterThanOrEqual(40);
  stepper.parameters.get('v1.bias')!.fill(-100);
  expect((await stepper.step(batch, none)).deadUnits).toBe(64);
  await stepper.close();
});
