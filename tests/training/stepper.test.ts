import { expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { PADDING, PLANES } from '../../features/planes.ts';
import {
  inputIndex,
  inputLength,
  parameterSpecs,
  type PolicyNetShape,
} from '../../src/training/policyNet.ts';
import { PolicyNetStepper, makeBatch, type Batch, type Losses } from '../../src/training/stepper.ts';
import { sizeOf } from '../../src/training/graph.ts';
import { playRandomMoves } from '../support/randomGames.ts';

const SHAPE: PolicyNetShape = { layers: 3, filters: 12, planes: PLANES };

/** Positions of random games, with a move, a winner and a lead that have nothing to do with them. */
const randomBatch = (positions: number, seed: number): Batch => {
  const batch = makeBatch(SHAPE, positions);
  const random = new Random(seed);
  const encoded = new Float32Array(PLANES * planeSize(19, 19));
  for (let n = 0; n < positions; n++) {
    const game = new Game();
    playRandomMoves(game, 5 + random.below(150), random);
    encode(game, encoded);
    for (let plane = 0; plane < PLANES; plane++)
      for (let y = 0; y < 19; y++)
        for (let x = 0; x < 19; x++)
          batch.planes[plane * inputLength(positions) + inputIndex(n, x, y)] =
            encoded[plane * planeSize(19, 19) + (y + PADDING) * 23 + x + PADDING];
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

const RATES = { muon: 0.02, adam: 0.01 };

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
  let losses: Losses | undefined;
  const first = await stepper.step(batch, RATES);
  for (let step = 0; step < 220; step++) {
    const rate = step < 150 ? 1 : (220 - step) / 70;
    losses = await stepper.step(batch, { muon: RATES.muon * rate, adam: RATES.adam * rate });
  }
  await stepper.close();
  expect(first.policy).toBeGreaterThan(5);
  expect(losses!.policy).toBeLessThan(0.05);
  expect(losses!.expert).toBeLessThan(0.05);
  expect(losses!.value).toBeLessThan(0.05);
  expect(losses!.ownership).toBeLessThan(0.05);
});

test('what a position lacks teaches nothing', { timeout: 60_000 }, async () => {
  const stepper = await PolicyNetStepper.create(SHAPE, 4);
  const before = stepper.parameters.get('v2.weight')!.slice();
  const batch = randomBatch(4, 5);
  for (const weight of ['policyWeight', 'chanceWeight', 'leadWeight'] as const) batch[weight].fill(0);
  const losses = await stepper.step(batch, RATES);
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
  await expect(stepper.step(batch, RATES)).rejects.toThrow('step 1: the loss is NaN: lower the rates');
  await stepper.close();
  expect(stepper.parameters.get('head.weight')).toEqual(before);
  expect(stepper.steps).toBe(0);
});
