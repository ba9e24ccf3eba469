import { memory } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { policyNetwork, residualTower, valueNetwork } from '../../../src/models/goNetworks.ts';
import {
  TF_BACKENDS,
  TfBackendError,
  startTfBackend,
  type TfBackendName,
} from '../../../src/models/tfBackend.ts';
import type { NetworkSpec } from '../../../src/models/spec.ts';
import {
  EngineError,
  LOSSES,
  LOSS_WEIGHTS,
  type StepResult,
  type TrainingEngine,
} from '../../../src/training/engine.ts';
import { checkAgreement } from '../../../src/training/tf/agreement.ts';
import { TfEngine, type TfEngineOptions } from '../../../src/training/tf/tfEngine.ts';
import { OnnxEngine } from '../../../src/training/onnxEngine.ts';
import { distance } from '../../support/networks.ts';
import { randomBatch } from '../../support/randomBatch.ts';

const SMALL = policyNetwork({ layers: 3, filters: 6 });
const RATES = { kernels: 0.01, rest: 0.002 };
const OPTIONS: TfEngineOptions = {
  positions: 4,
  methods: { kernels: 'muon', rest: 'adamw' },
  lossWeights: LOSS_WEIGHTS,
};

const engines: TrainingEngine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

const open = async (
  backend: TfBackendName,
  spec: NetworkSpec = SMALL,
  options: Partial<TfEngineOptions> = {},
): Promise<TfEngine> => {
  const engine = await TfEngine.create(backend, spec, { ...OPTIONS, ...options });
  engines.push(engine);
  return engine;
};

/** What an engine holds, for comparisons. */
const stateOf = async (engine: TrainingEngine): Promise<unknown> => {
  const { steps, parameters, statistics, memories } = await engine.readState();
  return { steps, parameters, statistics, memories };
};

describe('learning', () => {
  test('positions are learned by heart', { timeout: 240_000 }, async () => {
    const engine = await open('wasm', policyNetwork({ layers: 3, filters: 12 }), { positions: 16 });
    const batch = randomBatch(16, 3);
    const first = await engine.step(batch, RATES);
    let last: StepResult = first;
    for (let i = 0; i < 60; i++) last = await engine.step(batch, { kernels: 0.02, rest: 0.01 });
    for (const name of ['policy', 'expert', 'value', 'ownership'] as const)
      expect(last.losses[name]).toBeLessThan(first.losses[name] / 4);
  });

  test('gradients are those of finite differences', { timeout: 120_000 }, async () => {
    const still = { kernels: 0, rest: 0 };
    const engine = await open('wasm', SMALL, { methods: { kernels: 'sgd', rest: 'sgd' } });
    const batch = randomBatch(4, 7);
    await engine.step(batch, still);
    // Momentum after one step is the gradient.
    const { memories, parameters } = await engine.readState();
    const lossAt = async (name: string, at: number, by: number): Promise<number> => {
      const moved = parameters.get(name)!.slice();
      moved[at] += by;
      await engine.writeState({ parameters: new Map([[name, moved]]) });
      const { total } = await engine.step(batch, still);
      await engine.writeState({ parameters: new Map([[name, parameters.get(name)!]]) });
      return total;
    };
    for (const [name, [gradient]] of memories) {
      // The steepest number of each parameter: the others drown in rounding.
      const at = gradient.reduce(
        (best, value, i) => (Math.abs(value) > Math.abs(gradient[best]) ? i : best),
        0,
      );
      const by = Math.min(0.005, 0.0005 / Math.abs(gradient[at]));
      const slope = ((await lossAt(name, at, by)) - (await lossAt(name, at, -by))) / (2 * by);
      expect(Math.abs(slope - gradient[at]), `${name}[${at}]`).toBeLessThan(
        0.05 * Math.abs(gradient[at]) + 1e-4,
      );
    }
  });

  test('what a position lacks, and a head that is not there, teach nothing', async () => {
    const engine = await open('wasm', policyNetwork({ layers: 3, filters: 6, heads: ['expert'] }));
    const batch = randomBatch(4, 5);
    batch.policyWeight.fill(0);
    const { losses, deadUnits, total } = await engine.step(batch, RATES);
    expect(losses).toEqual({
      policy: 0,
      expert: losses.expert,
      reply: 0,
      ownership: 0,
      value: 0,
      lead: 0,
    });
    expect(losses.expert).toBeGreaterThan(3);
    expect(total).toBeCloseTo(0.4 * losses.expert, 5);
    expect(deadUnits).toBe(0);
  });

  test('a residual tower and the value network learn too', { timeout: 120_000 }, async () => {
    const tower = await open('wasm', residualTower({ blocks: 1, filters: 6 }));
    const batch = randomBatch(4, 5);
    const first = await tower.step(batch, RATES);
    expect((await tower.step(batch, RATES)).total).toBeLessThan(first.total);
    const values = await open('wasm', valueNetwork({ layers: 4, filters: 4, units: 16 }));
    const positions = randomBatch(4, 5, 49);
    const before = await values.step(positions, RATES);
    const after = await values.step(positions, RATES);
    expect(after.losses.value).toBeLessThan(before.losses.value);
    expect(after.total).toBeCloseTo(LOSS_WEIGHTS.value * after.losses.value, 5);
  });

  test('units that are 0 for a whole batch are counted', async () => {
    const engine = await open('wasm');
    const bias = new Float32Array(64);
    bias.fill(-1000, 0, 40);
    await engine.writeState({ parameters: new Map([['v1.bias', bias]]) });
    const { deadUnits } = await engine.step(randomBatch(4, 5), RATES);
    expect(deadUnits).toBeGreaterThanOrEqual(40);
    expect(deadUnits).toBeLessThan(64);
  });
});

describe('state', () => {
  test('an engine goes on from another one as that would have', { timeout: 120_000 }, async () => {
    const [unbroken, first] = [await open('wasm'), await open('wasm')];
    for (let i = 0; i < 2; i++) {
      await unbroken.step(randomBatch(4, i), RATES);
      await first.step(randomBatch(4, i), RATES);
    }
    const second = await open('wasm');
    await second.writeState(await first.readState());
    expect(await stateOf(second)).toEqual(await stateOf(unbroken));
    const losses = await Promise.all([
      unbroken.step(randomBatch(4, 9), RATES),
      second.step(randomBatch(4, 9), RATES),
    ]);
    expect(losses[1]).toEqual(losses[0]);
    expect(await stateOf(second)).toEqual(await stateOf(unbroken));
  });

  test('the weights are those of the state', async () => {
    const engine = await open('wasm');
    await engine.step(randomBatch(4, 1), RATES);
    const { parameters, statistics } = await engine.readState();
    expect(await engine.readWeights()).toEqual({ parameters, statistics });
  });

  test('the running statistics follow a batch by a fiftieth', async () => {
    const engine = await open('wasm');
    const at = async (): Promise<number> =>
      (await engine.readState()).statistics.get('blocks.0.bn.running_mean')![2];
    const still = { kernels: 0, rest: 0 };
    await engine.step(randomBatch(4, 1), still);
    const mean = 50 * (await at());
    await engine.step(randomBatch(4, 1), still);
    expect(await at()).toBeCloseTo(mean * (1 - 0.98 ** 2), 6);
  });

  test('a loss that is no number stops the step and leaves everything as it was', async () => {
    const engine = await open('wasm');
    await engine.step(randomBatch(4, 1), RATES);
    const before = await stateOf(engine);
    const damaged = randomBatch(4, 2);
    damaged.planes[77] = Number.NaN;
    const { numTensors } = memory();
    await expect(engine.step(damaged, RATES)).rejects.toMatchObject({
      name: 'NotFiniteError',
      message: 'step 2: the loss is NaN: lower the rates',
    });
    expect(memory().numTensors).toBe(numTensors);
    expect(await stateOf(engine)).toEqual(before);
    await engine.step(randomBatch(4, 2), RATES);
  });

  test('steps leave no tensors behind, and neither does an engine', async () => {
    const before = memory().numTensors;
    const engine = await TfEngine.create('wasm', SMALL, OPTIONS);
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) {
      await engine.step(randomBatch(4, i), RATES);
      await engine.readState();
      await engine.readWeights();
      counts.push(memory().numTensors);
    }
    await engine.close();
    expect(new Set(counts).size).toBe(1);
    expect(memory().numTensors).toBe(before);
  });

  test('numbers of another size are named', async () => {
    const engine = await open('wasm');
    const parameters = new Map([['v2.bias', new Float32Array(4)]]);
    await expect(engine.writeState({ parameters })).rejects.toThrow('"v2.bias" has 4 numbers, not [3]');
    const memories = new Map([['v2.bias', [new Float32Array(3)]]]);
    await expect(engine.writeState({ memories })).rejects.toThrow('"v2.bias" has 1 memories; adamw keeps 2');
    await expect(engine.step(randomBatch(3, 1), RATES)).rejects.toThrow(
      `"planes" has ${3 * 48 * 529} numbers, not 4 x [48, 23, 23]`,
    );
  });
});

describe('backends', () => {
  test.each([
    ['muon', 'adamw', { kernels: 0.005, rest: 0.001 }],
    ['adamw', 'adamw', { kernels: 0.0005, rest: 0.0005 }],
    ['sgd', 'sgd', { kernels: 0.001, rest: 0.001 }],
  ] as const)(
    'WebAssembly and ONNX Runtime lose the same over 20 steps by %s and %s',
    { timeout: 120_000 },
    async (kernels, rest, rates) => {
      const spec = policyNetwork({ layers: 4, filters: 8 });
      const options = { ...OPTIONS, positions: 8, methods: { kernels, rest } };
      const wasm = await open('wasm', spec, options);
      const onnx = await OnnxEngine.create(spec, { ...options, threads: 1 });
      engines.push(onnx);
      for (let i = 0; i < 20; i++) {
        const batch = randomBatch(8, i);
        const expected = await onnx.step(batch, rates);
        const { total, deadUnits } = await wasm.step(batch, rates);
        expect(Math.abs(total / expected.total - 1)).toBeLessThan(1e-4);
        expect(deadUnits).toBe(expected.deadUnits);
      }
      const [ours, theirs] = [await wasm.readState(), await onnx.readState()];
      expect([...ours.parameters.keys()]).toEqual([...theirs.parameters.keys()]);
      for (const [name, values] of theirs.statistics)
        expect(distance(ours.statistics.get(name)!, values) / Math.max(1, ...values), name).toBeLessThan(
          5e-3,
        );
    },
  );

  test('plain JavaScript and WebAssembly lose the same', { timeout: 240_000 }, async () => {
    const spec = policyNetwork({ layers: 3, filters: 4 });
    const [javascript, wasm] = [
      await open('cpu', spec, { positions: 2 }),
      await open('wasm', spec, { positions: 2 }),
    ];
    for (let i = 0; i < 4; i++) {
      const batch = randomBatch(2, i);
      const expected = await javascript.step(batch, RATES);
      const { losses, total } = await wasm.step(batch, RATES);
      expect(Math.abs(total / expected.total - 1)).toBeLessThan(1e-4);
      for (const name of LOSSES) expect(losses[name]).toBeCloseTo(expected.losses[name], 3);
    }
  });

  test('an accelerator that computes something else is found out', async () => {
    const [right, wrong] = [await open('wasm'), await open('wasm')];
    await checkAgreement(right, wrong, SMALL);
    const step = wrong.step.bind(wrong);
    let steps = 0;
    wrong.step = async (batch, rates): Promise<StepResult> => {
      const result = await step(batch, rates);
      return steps++ === 1 ? { ...result, total: 1.002 * result.total } : result;
    };
    await expect(checkAgreement(right, wrong, SMALL)).rejects.toThrow(EngineError);
  });

  test.each(TF_BACKENDS.slice(0, 3))('%s starts, or says what it needs', { timeout: 240_000 }, async name => {
    try {
      await startTfBackend(name);
    } catch (error) {
      expect(error).toBeInstanceOf(TfBackendError);
      await expect(open(name)).rejects.toMatchObject({
        name: 'EngineError',
        message: expect.stringMatching(
          new RegExp(`^TensorFlow.js does not start on ${name} here. It needs the package .*\\. \\(`),
        ) as string,
      });
      return;
    }
    const [tried, wasm] = [await open(name), await open('wasm')];
    for (let i = 0; i < 3; i++) {
      const batch = randomBatch(4, i);
      const { total } = await tried.step(batch, RATES);
      expect(Math.abs(total / (await wasm.step(batch, RATES)).total - 1)).toBeLessThan(1e-4);
    }
  });
});
