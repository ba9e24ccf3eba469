import { describe, expect, test } from 'vitest';
import { goNetwork } from '../../src/models/goNetworks.ts';
import { LOSS_WEIGHTS, NotFiniteError, type StepResult } from '../../src/training/engine.ts';
import type { EngineOptions } from '../../src/training/engines.ts';
import { OnnxEngine } from '../../src/training/onnxEngine.ts';
import { firstWeights } from '../../src/models/firstWeights.ts';
import { randomBatch } from '../support/randomBatch.ts';

const SPEC = goNetwork('3x12');
const RATES = { kernels: 0.02, rest: 0.01 };

const optionsFor = (positions: number, changes: Partial<EngineOptions> = {}): EngineOptions => ({
  positions,
  threads: 2,
  methods: { kernels: 'muon', rest: 'adamw' },
  lossWeights: LOSS_WEIGHTS,
  ...changes,
});

const open = (positions: number, changes: Partial<EngineOptions> = {}, spec = SPEC): Promise<OnnxEngine> =>
  OnnxEngine.create(spec, optionsFor(positions, changes));

test('64 positions are learned by heart', { timeout: 120_000 }, async () => {
  const engine = await open(64);
  const batch = randomBatch(64, 3);
  let last: StepResult | undefined;
  const first = await engine.step(batch, RATES);
  for (let step = 0; step < 220; step++) {
    const rate = step < 150 ? 1 : (220 - step) / 70;
    last = await engine.step(batch, { kernels: RATES.kernels * rate, rest: RATES.rest * rate });
  }
  await engine.close();
  expect(first.losses.policy).toBeGreaterThan(5);
  for (const name of ['policy', 'expert', 'value', 'ownership'] as const)
    expect(last!.losses[name]).toBeLessThan(0.05);
});

describe('every kind of network learns:', () => {
  test.each([
    ['policy without normalisation', goNetwork('3x8', { batchNorm: false })],
    ['policy without identity branches', goNetwork('3x8', { identity: false })],
    ['policy alone', goNetwork('3x8', { heads: [] })],
    ['policy and value', goNetwork('3x8', { heads: ['value'] })],
    ['a residual tower', goNetwork('tower-1x8')],
    ['value network', goNetwork('value-6x8')],
  ])('%s', { timeout: 60_000 }, async (_, spec) => {
    const engine = await open(8, { lossWeights: { ...LOSS_WEIGHTS, reply: 0 } }, spec);
    const planes = spec.nodes.find(({ name }) => name === 'planes')!.shape[0];
    const batch = randomBatch(8, 3, planes);
    const results: StepResult[] = [];
    for (let step = 0; step < 25; step++) results.push(await engine.step(batch, RATES));
    await engine.close();
    expect(results.at(-1)!.total).toBeLessThan(0.7 * results[0].total);
    for (const [name, head] of [
      ['policy', 'policy'],
      ['expert', 'expert'],
      ['value', 'value'],
      ['ownership', 'ownership'],
    ] as const)
      expect(results[0].losses[name] > 0).toBe(spec.outputs[head] !== undefined);
  });
});

describe('every optimiser learns:', () => {
  test.each<[string, EngineOptions['methods'], number, number]>([
    ['muon and adamw', { kernels: 'muon', rest: 'adamw' }, 0.02, 0.01],
    ['adamw', { kernels: 'adamw', rest: 'adamw' }, 0.01, 0.01],
    ['sgd', { kernels: 'sgd', rest: 'sgd' }, 0.05, 0.05],
    ['muon and sgd', { kernels: 'muon', rest: 'sgd' }, 0.02, 0.05],
  ])('%s', async (_, methods, kernels, rest) => {
    const engine = await open(8, { methods });
    const batch = randomBatch(8, 3);
    const first = await engine.step(batch, { kernels, rest });
    let last = first;
    for (let step = 0; step < 30; step++) last = await engine.step(batch, { kernels, rest });
    await engine.close();
    expect(last.total).toBeLessThan(0.6 * first.total);
  });
});

test('what a position lacks teaches nothing', { timeout: 60_000 }, async () => {
  const engine = await open(4);
  const before = (await engine.readState()).parameters.get('v2.weight')!.slice();
  const batch = randomBatch(4, 5);
  for (const weight of ['policyWeight', 'chanceWeight', 'leadWeight'] as const) batch[weight].fill(0);
  const { losses } = await engine.step(batch, RATES);
  const after = (await engine.readState()).parameters.get('v2.weight')!;
  await engine.close();
  expect([losses.policy, losses.value, losses.lead]).toEqual([0, 0, 0]);
  expect(losses.expert).toBeGreaterThan(5);
  // Nothing else flows through the value head.
  expect(after).toEqual(before);
});

test('a loss without weight teaches nothing', async () => {
  const engine = await open(4, { lossWeights: { ...LOSS_WEIGHTS, value: 0, lead: 0, policy: 0 } });
  const before = (await engine.readState()).parameters.get('v1.weight')!.slice();
  await engine.step(randomBatch(4, 5), RATES);
  const after = (await engine.readState()).parameters.get('v1.weight')!;
  await engine.close();
  expect(after).toEqual(before);
});

test(
  'the same batches give the same parameters, also when an engine goes on where another stopped',
  {
    timeout: 60_000,
  },
  async () => {
    const whole = await open(8, { threads: 1 });
    for (let i = 0; i < 4; i++) await whole.step(randomBatch(8, i), RATES);
    const first = await open(8, { threads: 1 });
    for (let i = 0; i < 2; i++) await first.step(randomBatch(8, i), RATES);
    const second = await open(8, { threads: 1 });
    await second.writeState(await first.readState());
    for (let i = 2; i < 4; i++) await second.step(randomBatch(8, i), RATES);
    expect(await second.readState()).toEqual(await whole.readState());
    await Promise.all([whole.close(), first.close(), second.close()]);
  },
);

test('a loss that is no number stops the step and leaves everything as it was', async () => {
  const engine = await open(4);
  const batch = randomBatch(4, 5);
  batch.planes[3000] = Number.NaN;
  const before = structuredClone(await engine.readState());
  await expect(engine.step(batch, RATES)).rejects.toThrow(NotFiniteError);
  await expect(engine.step(batch, RATES)).rejects.toThrow('step 1: the loss is NaN: lower the rates');
  expect(await engine.readState()).toEqual(before);
  await engine.close();
});

test('dead units of the value head are counted', async () => {
  const engine = await open(4);
  const weights = firstWeights(SPEC, 1);
  await engine.writeState({ parameters: new Map([['v1.weight', weights.get('v1.weight')!]]) });
  const bias = new Float32Array(64);
  bias.fill(-1000, 0, 5);
  await engine.writeState({ parameters: new Map([['v1.bias', bias]]) });
  const { deadUnits } = await engine.step(randomBatch(4, 5), RATES);
  await engine.close();
  expect(deadUnits).toBeGreaterThanOrEqual(5);
  expect(deadUnits).toBeLessThan(64);
});

test('numbers of another size are refused', async () => {
  const engine = await open(4);
  const wrong = new Map([['v2.bias', new Float32Array(4)]]);
  await expect(engine.writeState({ parameters: wrong })).rejects.toThrow('"v2.bias" has 4 numbers, not 3');
  await expect(
    engine.writeState({ memories: new Map([['v2.bias', [new Float32Array(3)]]]) }),
  ).rejects.toThrow('"v2.bias" has 1 memories of an optimiser, not 2');
  await engine.close();
});
