import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest, WEIGHTS_FOLDER } from '../../src/inference/manifest.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { foldNetwork } from '../../src/models/fold.ts';
import { policyNetwork, residualTower, valueNetwork } from '../../src/models/goNetworks.ts';
import { readOnnxNetwork } from '../../src/models/importOnnx.ts';
import { modelSpec } from '../../src/models/registry.ts';
import { countParameters, type NetworkSpec } from '../../src/models/spec.ts';
import { GraphWriter, ints } from '../../src/onnx/graphWriter.ts';
import { distance, drawInputs, drawWeights, runOnnx, weightDistance } from '../support/networks.ts';

const NETWORKS: readonly [string, NetworkSpec][] = [
  ['a policy network', policyNetwork({ layers: 4, filters: 6 })],
  [
    'a plain policy network',
    policyNetwork({ layers: 3, filters: 4, heads: ['ownership'], batchNorm: false, identity: false }),
  ],
  ['a residual tower', residualTower({ blocks: 2, filters: 6 })],
  ['a value network', valueNetwork({ layers: 5, filters: 4, units: 8, batchNorm: true })],
  ["the library's policy network", modelSpec('alphago-policy-128')],
  ["the library's value network", modelSpec('alphago-value-192')],
];

const byName = (weights: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> =>
  new Map([...weights].toSorted(([a], [b]) => (a < b ? -1 : 1)));

test.each(NETWORKS)('%s comes back from its file as it went there', async (_, spec) => {
  const weights = drawWeights(spec, 2);
  const bytes = exportOnnx({ spec, weights });
  const read = readOnnxNetwork(bytes, 'test');
  expect(weightDistance(byName(read.weights), byName(weights))).toBe(0);
  expect(Object.keys(read.spec.outputs)).toEqual(Object.keys(spec.outputs));
  expect(countParameters(read.spec)).toBe(countParameters(spec));
  const feeds = drawInputs(spec, 2, 3);
  const [before, after] = [await runOnnx(bytes, feeds), await runOnnx(exportOnnx(read), feeds)];
  for (const [name, values] of Object.entries(before))
    expect(distance(after[name], values)).toBeLessThan(1e-5);
});

test('a folded network comes back too', async () => {
  const spec = policyNetwork({ layers: 4, filters: 6 });
  const folded = foldNetwork(spec, drawWeights(spec, 2), ['policy', 'pass', 'value', 'lead', 'ownership']);
  const read = readOnnxNetwork(exportOnnx(folded), 'test');
  expect(read.weights).toEqual(folded.weights);
});

test('the networks that ship are read, and say the same when written anew', async () => {
  for (const { file, parameters } of (await readManifest()).networks) {
    const bytes = await readFile(join(WEIGHTS_FOLDER, file));
    const read = readOnnxNetwork(bytes, file);
    expect(countParameters(read.spec)).toBe(parameters);
    const feeds = drawInputs(read.spec, 2, 3);
    const [before, after] = [await runOnnx(bytes, feeds), await runOnnx(exportOnnx(read), feeds)];
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [name, values] of Object.entries(before))
      expect(distance(after[name], values), name).toBeLessThan(2e-4);
  }
});

const graphOf = (write: (writer: GraphWriter, weights: string) => void): Uint8Array => {
  const writer = new GraphWriter();
  writer.input('planes', ['n', 2, 5, 5]);
  write(writer, writer.floats('conv.weight', new Float32Array(2 * 2 * 9), [2, 2, 3, 3]));
  writer.output('policy', ['n', 50]);
  return writer.finish('test');
};

test.each([
  [
    'an operator it does not know',
    (writer: GraphWriter): unknown => writer.node('LSTM', 'policy', ['planes']),
    'my.onnx is no network of plain layers: operator LSTM ("policy") is not among Add, BatchNormalization,',
  ],
  [
    'a convolution that skips points',
    (writer: GraphWriter, weights: string): unknown =>
      writer.node('Conv', 'policy', ['planes', weights], [ints('strides', [2, 2])]),
    'operator Conv ("policy") is 3x3 by stride 2x2, padded by 0, 0, 0, 0, in 1 group: square ones of odd size, stride 1 and one group are read',
  ],
  [
    'a constant added to no convolution',
    (writer: GraphWriter, weights: string): unknown => writer.node('Add', 'policy', ['planes', weights]),
    'operator Add ("policy") adds constants that are not the bias of each point of a convolution',
  ],
  [
    'a product of data',
    (writer: GraphWriter): unknown => writer.node('Mul', 'policy', ['planes', 'planes']),
    'operator Mul ("policy") takes data where a constant should be',
  ],
  [
    'a tensor that nothing gives',
    (writer: GraphWriter): unknown => writer.node('Relu', 'policy', ['nothing']),
    'nothing gives the tensor "nothing"',
  ],
] as const)('%s is an error that says so', (_, write, message) => {
  expect(() => readOnnxNetwork(graphOf(write), 'my.onnx')).toThrow(message);
});

test.each([
  [
    'resnet18',
    'resnet18.onnx is no network of plain layers: operator Conv ("layer conv1") is 7x7 by stride 2x2, padded by 3, 3, 3, 3, in 1 group: square ones',
  ],
  ['vgg11', 'operator MaxPool ("layer features.2") is not among Add, BatchNormalization, Concat, Conv,'],
  ['resnet20', 'operator Slice ("layer layer2.0.shortcut points") is not along the channels, one by one'],
])('%s, which is not for Go, is refused by its first operator that no Go network has', (name, message) => {
  const spec = modelSpec(name, { width: 1 / 16 });
  const bytes = exportOnnx({ spec, weights: drawWeights(spec, 1) });
  expect(() => readOnnxNetwork(bytes, `${name}.onnx`)).toThrow(message);
});

test('bytes that are no ONNX file are an error', () => {
  expect(() => readOnnxNetwork(Buffer.from('hello'), 'my.onnx')).toThrow('my.onnx is not an ONNX file');
});
