import { grad, io, memory, sum, tensor4d, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { policyNetwork, residualTower, valueNetwork } from '../../src/models/goNetworks.ts';
import { SpecBuilder, sizeOf, type NetworkSpec } from '../../src/models/spec.ts';
import { startTfBackend } from '../../src/models/tfBackend.ts';
import { BoardMax } from '../../src/models/tfLayers.ts';
import { buildTfModel, readTfNumbers, runTfModel, tfParameters } from '../../src/models/tfModel.ts';
import { distance, drawInputs, drawWeights, runOnnx } from '../support/networks.ts';

beforeAll(async () => {
  await startTfBackend('wasm');
});

/** Layers that no Go network has in this way: a valid 3x3, a flattened board of channels, a bias of each point in the middle. */
const oddNetwork = (): NetworkSpec => {
  const net = new SpecBuilder();
  const planes = net.input('planes', [3, 7, 9]);
  const narrow = net.conv('narrow', planes, { filters: 4, size: 3, padding: 'valid', bias: 'filter' });
  const points = net.conv('points', net.relu('r', narrow), { filters: 2, size: 1, bias: 'point' });
  const doubled = net.concat('both', points, net.tanh('t', points));
  const hidden = net.dense('hidden', net.flatten('flat', doubled), 5, false);
  return net.finish({ hidden, board: net.flatten('board', net.slice('part', doubled, 1, 3)) });
};

const NETWORKS: readonly [string, NetworkSpec][] = [
  ['a policy network', policyNetwork({ layers: 4, filters: 6 })],
  [
    'a plain policy network',
    policyNetwork({ layers: 3, filters: 4, heads: [], batchNorm: false, identity: false }),
  ],
  ['a residual tower', residualTower({ blocks: 2, filters: 6 })],
  ['a value network', valueNetwork({ layers: 5, filters: 4, units: 8, batchNorm: true })],
  ['an odd network', oddNetwork()],
];

describe.each(NETWORKS)('%s', (_, spec) => {
  const weights = drawWeights(spec, 5);

  test('says in TensorFlow.js what its ONNX file says', async () => {
    const feeds = drawInputs(spec, 3, 6);
    const expected = await runOnnx(exportOnnx({ spec, weights }), feeds);
    const model = buildTfModel(spec, weights);
    const inputs = Object.fromEntries(
      Object.entries(feeds).map(([name, { data }]) => [name, data as Float32Array]),
    );
    const given = await runTfModel(model, spec, inputs, 3);
    model.dispose();
    for (const [name, values] of Object.entries(expected)) {
      const scale = Math.max(1, ...values.map(Math.abs));
      expect(distance(given[name], values) / scale, name).toBeLessThan(1e-5);
    }
  });

  test('gives its weights back as it took them', async () => {
    const model = buildTfModel(spec, weights);
    const given = new Map<string, Float32Array>();
    for (const parameter of tfParameters(model, spec))
      given.set(parameter.name, await readTfNumbers(parameter.variable.read(), parameter));
    expect(given).toEqual(weights);
    model.dispose();
  });
});

test('a model that was saved and loaded is the same, and leaves nothing behind', async () => {
  const spec = policyNetwork({ layers: 3, filters: 4 });
  const before = memory().numTensors;
  const model = buildTfModel(spec, drawWeights(spec, 1));
  let saved: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const loaded = await loadLayersModel(io.fromMemory(saved!));
  const feeds = { planes: new Float32Array(48 * 23 * 23).fill(0.5), komi: Float32Array.of(0.75) };
  expect(await runTfModel(loaded, spec, feeds, 1)).toEqual(await runTfModel(model, spec, feeds, 1));
  model.dispose();
  loaded.dispose();
  expect(memory().numTensors).toBe(before);
});

test('weights that are missing or of another size are named', () => {
  const spec = policyNetwork({ layers: 3, filters: 4, heads: [] });
  const weights = drawWeights(spec, 1);
  weights.set('head.weight', new Float32Array(3));
  expect(() => buildTfModel(spec, weights)).toThrow('"head.weight" has 3 numbers, not [1, 4, 1, 1]');
  weights.delete('head.weight');
  expect(() => buildTfModel(spec, weights)).toThrow('the weights have no "head.weight"');
});

test('an input of another size is named', async () => {
  const spec = policyNetwork({ layers: 3, filters: 4 });
  const model = buildTfModel(spec);
  const planes = new Float32Array(sizeOf([48, 23, 23]));
  await expect(runTfModel(model, spec, { planes, komi: new Float32Array(2) }, 1)).rejects.toThrow(
    '"komi" has 2 numbers, not 1 x [1]',
  );
  model.dispose();
});

test('points that share the maximum share its gradient', async () => {
  const board = tensor4d([1, 4, 2, 4, 3, 4, 0, 1], [1, 2, 2, 2]);
  const layer = new BoardMax({ name: 'most' });
  const gradient = grad((x: Tensor) => sum(layer.apply(x) as Tensor))(board);
  const expected = Float32Array.from([0, 1 / 3, 0, 1 / 3, 1, 1 / 3, 0, 0]);
  expect(distance((await gradient.data()) as Float32Array, expected)).toBeLessThan(1e-6);
});
