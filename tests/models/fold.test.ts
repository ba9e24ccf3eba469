import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OUTPUTS } from '../../engine/evaluator.ts';
import { decodeNetwork, formOf } from '../../src/inference/contract.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { foldNetwork } from '../../src/models/fold.ts';
import { HEADS, policyNetwork, residualTower, valueNetwork } from '../../src/models/goNetworks.ts';
import { decodeSafetensors } from '../../src/models/safetensors.ts';
import type { NetworkSpec } from '../../src/models/spec.ts';
import { distance, drawInputs, drawWeights, runOnnx } from '../support/networks.ts';
import { sharedPath } from '../support/shared.ts';

const SMALL = { layers: 4, filters: 6 } as const;

describe('a folded network gives what the one in training form gives:', () => {
  test.each<[string, NetworkSpec, string[]]>([
    ['policy with every head', policyNetwork(SMALL), ['conv', 'relu']],
    ['policy without normalisation', policyNetwork({ ...SMALL, batchNorm: false }), ['conv', 'relu']],
    ['policy without identity branches', policyNetwork({ ...SMALL, identity: false }), ['conv', 'relu']],
    ['policy alone', policyNetwork({ ...SMALL, heads: [] }), ['conv', 'relu']],
    ['policy and value', policyNetwork({ ...SMALL, heads: ['value'] }), ['conv', 'relu']],
    ['a residual tower', residualTower({ blocks: 2, filters: 6 }), ['add', 'conv', 'relu']],
    ['value network', valueNetwork({ layers: 5, filters: 6, units: 8, batchNorm: true }), ['conv', 'relu']],
  ])('%s', async (_, spec, trunk) => {
    const weights = drawWeights(spec, 7);
    const folded = foldNetwork(spec, weights);
    const feeds = drawInputs(spec, 3, 8);
    const [before, after] = [
      await runOnnx(exportOnnx({ spec, weights }), feeds),
      await runOnnx(exportOnnx(folded), feeds),
    ];
    expect(Object.keys(after)).toEqual(Object.keys(spec.outputs));
    for (const name of Object.keys(after)) {
      expect(distance(before[name], new Float32Array(before[name].length))).toBeGreaterThan(1e-3);
      expect(distance(before[name], after[name])).toBeLessThan(2e-4);
    }
    const types = new Set(
      folded.spec.nodes
        .filter(({ shape, layer }) => shape.length === 3 && layer.type !== 'input')
        .map(n => n.layer.type),
    );
    for (const type of ['slice', 'tanh'] as const) types.delete(type);
    expect([...types].toSorted()).toEqual(trunk);
    expect(folded.spec.nodes.some(({ layer }) => layer.type === 'batchNorm')).toBe(false);
  });
});

test('outputs that are not wanted leave their layers out', async () => {
  const spec = policyNetwork(SMALL);
  const weights = drawWeights(spec, 1);
  const wanted = ['policy', 'ownership'];
  const folded = foldNetwork(spec, weights, wanted);
  expect(folded.weights.get('head.bias')).toHaveLength(2 * 361);
  expect(folded.weights.has('v1.weight')).toBe(false);
  const feeds = drawInputs(spec, 2, 3);
  const [before, after] = [
    await runOnnx(exportOnnx({ spec, weights }), feeds),
    await runOnnx(exportOnnx(folded), feeds),
  ];
  expect(Object.keys(after)).toEqual(wanted);
  for (const name of wanted) expect(distance(before[name], after[name])).toBeLessThan(1e-4);
});

test('two exports are the same bytes, and the runtime knows their form', () => {
  const spec = policyNetwork(SMALL);
  const make = (): Uint8Array => exportOnnx(foldNetwork(spec, drawWeights(spec, 5), OUTPUTS));
  const bytes = make();
  expect(Buffer.compare(bytes, make())).toBe(0);
  expect(formOf(decodeNetwork(bytes, 'x'), 'x')).toEqual({
    planes: 48,
    takesKomi: true,
    outputs: [...OUTPUTS],
  });
});

test('missing numbers are named', () => {
  const spec = policyNetwork(SMALL);
  const weights = drawWeights(spec, 5);
  weights.delete('blocks.1.bn.running_var');
  expect(() => foldNetwork(spec, weights)).toThrow('the weights have no "blocks.1.bn.running_var"');
  weights.set('blocks.1.bn.running_var', new Float32Array(6).fill(1)).set('v2.bias', new Float32Array(4));
  expect(() => exportOnnx(foldNetwork(spec, weights))).toThrow('"v2.bias" has 4 numbers, not [3]');
});

const [unfolded, plain] = ['start-13x64-unfolded.safetensors', 'start-13x64.onnx'].map(file =>
  sharedPath(`weights/${file}`),
);

describe.skipIf(unfolded === undefined)('the starting network', () => {
  test('folds to the file that another program made of it', async () => {
    const { tensors } = decodeSafetensors(readFileSync(unfolded!), unfolded!);
    const spec = policyNetwork({ layers: 13, filters: 64, heads: HEADS });
    const weights = new Map(
      [...tensors].map(([name, { data }]) => [name === 'bias' ? 'head.bias' : name, data]),
    );
    const feeds = drawInputs(spec, 2, 11);
    const ours = await runOnnx(exportOnnx(foldNetwork(spec, weights, OUTPUTS)), feeds);
    const theirs = await runOnnx(readFileSync(plain!), feeds);
    for (const output of OUTPUTS)
      expect(distance(ours[output], theirs[output])).toBeLessThan(output === 'lead' ? 1e-3 : 2e-4);
  });
});
