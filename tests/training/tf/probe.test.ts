/** How an accelerator is checked before a run: here WebAssembly stands in for one. */
import { afterEach, expect, test, vi } from 'vitest';
import { policyNetwork } from '../../../src/models/goNetworks.ts';
import type * as tfBackend from '../../../src/models/tfBackend.ts';
import { LOSS_WEIGHTS, type TrainingEngine } from '../../../src/training/engine.ts';
import { TfEngine } from '../../../src/training/tf/tfEngine.ts';

vi.mock('../../../src/models/tfBackend.ts', async importOriginal => {
  const actual = await importOriginal<typeof tfBackend>();
  return { ...actual, startTfBackend: () => actual.startTfBackend('wasm') };
});

const probed = vi.hoisted((): number[] => []);
vi.mock('../../../src/training/tf/agreement.ts', () => ({
  checkAgreement: async (...engines: readonly TrainingEngine[]): Promise<void> => {
    probed.push(...engines.slice(0, 2).map(({ positions }) => positions));
  },
}));

afterEach(() => {
  probed.length = 0;
});

test.each([
  [3, 3],
  [256, 8],
])('an accelerator for batches of %i is checked with %i positions', async (positions, expected) => {
  const engine = await TfEngine.create('webgpu', policyNetwork({ layers: 2, filters: 2 }), {
    positions,
    methods: { kernels: 'sgd', rest: 'sgd' },
    lossWeights: LOSS_WEIGHTS,
  });
  expect(probed).toEqual([expected, expected]);
  expect(engine.positions).toBe(positions);
  await engine.close();
});
