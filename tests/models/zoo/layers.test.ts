import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { exportOnnx } from '../../../src/models/exportOnnx.ts';
import { foldNetwork } from '../../../src/models/fold.ts';
import { SpecBuilder, sizeOf, type Layer, type NetworkSpec } from '../../../src/models/spec.ts';
import { startTfBackend, type TfBackendName } from '../../../src/models/tfBackend.ts';
import { buildTfModel, readTfWeights, runTfModel } from '../../../src/models/tfModel.ts';
import type { Padding } from '../../../src/models/windows.ts';
import { distance, drawWeights, runOnnx } from '../../support/networks.ts';

const ROWS = 2;

/** Inputs in [-1, 1), or numbers of words. */
const drawFeeds = (spec: NetworkSpec): Record<string, Tensor> => {
  const random = new Random(3);
  const inputs = spec.nodes.filter(({ layer }) => layer.type === 'input');
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const draw = (): number => (name === 'tokens' ? random.below(WORDS) : 2 * random.float() - 1);
      const data = Float32Array.from({ length: ROWS * sizeOf(shape) }, draw);
      return [name, new Tensor('float32', data, [ROWS, ...shape])];
    }),
  );
};

const WORDS = 11;

/** A network of one layer behind [4, 9, 8], the board as it comes out. */
const onBoard = (add: (net: SpecBuilder, input: string) => string): NetworkSpec => {
  const net = new SpecBuilder();
  return net.finish({ out: add(net, net.input('image', [4, 9, 8])) });
};

const onUnits = (add: (net: SpecBuilder, input: string) => string): NetworkSpec => {
  const net = new SpecBuilder();
  return net.finish({ out: add(net, net.input('units', [6])) });
};

const conv = (options: Partial<Parameters<SpecBuilder['conv']>[2]>): NetworkSpec =>
  onBoard((net, x) => net.conv('c', x, { filters: 6, size: 3, bias: 'filter', ...options }));

const pool = (type: 'maxPool' | 'meanPool', padding: Padding, ceil = false, stride = 2): NetworkSpec =>
  onBoard((net, x) => net[type]('p', x, { size: 3, stride, padding, ceil }));

const stochastic = (scaling: 'test' | 'train'): NetworkSpec =>
  onBoard((net, x) => {
    const branch = net.batchNorm('bn', net.conv('c', net.gate('g', x, 0.7), { filters: 4, size: 3 }));
    return net.stochasticAdd('add', branch, x, { survival: 0.7, mode: 'batch', scaling });
  });

const KINDS: readonly [string, NetworkSpec][] = [
  ['a convolution', conv({})],
  ['a convolution by stride 2 that pads nothing', conv({ stride: 2, padding: 'valid' })],
  ['a convolution by stride 2, same', conv({ stride: 2, padding: 'same' })],
  ['a convolution padded on every side by 1, stride 2', conv({ stride: 2, padding: 1 })],
  ['a 7x7 stem', conv({ size: 7, stride: 2, padding: 3 })],
  ['a convolution with four paddings', conv({ padding: [2, 0, 1, 3], bias: 'none' })],
  ['an oblong convolution with an oblong stride', conv({ size: [3, 1], stride: [1, 3], padding: 'valid' })],
  ['a convolution in 2 groups', conv({ groups: 2 })],
  ['a convolution in 2 groups by stride 2', conv({ groups: 2, stride: 2, padding: 1, bias: 'none' })],
  ['a convolution with links', conv({ links: [[0], [1, 2], [0, 3], [3], [0, 1, 2, 3], [2]] })],
  ['a bias for each point', conv({ stride: 2, padding: 1, bias: 'point' })],
  ['max pool', pool('maxPool', 'valid')],
  ['max pool with its last window over the edge', pool('maxPool', 'valid', true)],
  ['max pool, same', pool('maxPool', 'same')],
  ['max pool padded by 1', pool('maxPool', 1)],
  ['max pool padded by 1, stride 1', pool('maxPool', 1, false, 1)],
  ['mean pool', pool('meanPool', 'valid')],
  ['mean pool padded by 1', pool('meanPool', 1)],
  ['mean pool with its last window over the edge', pool('meanPool', 'valid', true)],
  ['mean pool of parts', onBoard((net, x) => net.adaptiveMean('m', x, [4, 3]))],
  ['sub-sampling', onBoard((net, x) => net.subsample('s', x, 2))],
  ['global mean', onBoard((net, x) => net.globalMean('m', x))],
  ['global maximum', onBoard((net, x) => net.globalMax('m', x))],
  [
    'local response normalisation',
    onBoard((net, x) => net.localResponseNorm('n', x, { size: 3, alpha: 0.5, beta: 0.75, bias: 2 })),
  ],
  ['batch normalisation', onBoard((net, x) => net.batchNorm('bn', x, 1e-3, 0.1))],
  ['scaled tanh', onBoard((net, x) => net.scaledTanh('t', x, 1.7159, 2 / 3))],
  ['ReLU', onBoard((net, x) => net.relu('r', x))],
  ['dropout', onBoard((net, x) => net.dropout('d', x, 0.5))],
  ['a shortcut with zeros', onBoard((net, x) => net.padShortcut('s', x, { stride: 2, channels: 7 }))],
  ['a shortcut with zeros alone', onBoard((net, x) => net.padShortcut('s', x, { stride: 1, channels: 8 }))],
  ['stochastic depth, scaled in use', stochastic('test')],
  ['stochastic depth, scaled in training', stochastic('train')],
  ['softmax', onUnits((net, x) => net.softmax('s', x))],
  ['dense', onUnits((net, x) => net.dense('d', x, 3))],
  [
    'distances',
    onUnits((net, x) =>
      net.radialBasis('r', x, [
        [1, -1, 1, 1, -1, 1],
        [-1, -1, 1, -1, -1, 1],
      ]),
    ),
  ],
  ...[true, false].map((trainable): [string, NetworkSpec] => {
    const net = new SpecBuilder();
    const tokens = net.input('tokens', [5]);
    const words = net.embedding('e', tokens, { words: WORDS, size: 3, trainable });
    return [`words that are ${trainable ? 'learned' : 'given'}`, net.finish({ out: words })];
  }),
];

const runTf = async (spec: NetworkSpec, weights: Map<string, Float32Array>): Promise<Float32Array> => {
  const model = buildTfModel(spec, weights);
  const inputs = Object.entries(drawFeeds(spec)).map(([name, { data }]) => [name, data as Float32Array]);
  const { out } = await runTfModel(model, spec, Object.fromEntries(inputs), ROWS);
  expect(await readTfWeights(model, spec)).toEqual(weights);
  model.dispose();
  return out;
};

describe.each<TfBackendName>(['wasm', 'cpu'])('on %s', backend => {
  beforeAll(async () => {
    await startTfBackend(backend);
  });

  test.each(KINDS)(
    '%s says what its ONNX file says, folded or not, and keeps its weights',
    async (_, spec) => {
      const weights = drawWeights(spec, 9);
      const [given, onnx, folded] = [
        await runTf(spec, weights),
        await runOnnx(exportOnnx({ spec, weights }), drawFeeds(spec)),
        await runOnnx(exportOnnx(foldNetwork(spec, weights)), drawFeeds(spec)),
      ];
      const { shape } = spec.nodes.find(({ name }) => name === spec.outputs['out'])!;
      expect(onnx['out']).toHaveLength(ROWS * sizeOf(shape));
      expect(distance(onnx['out'], new Float32Array(onnx['out'].length))).toBeGreaterThan(0.01);
      expect(distance(given, onnx['out'])).toBeLessThan(1e-5);
      expect(distance(folded['out'], onnx['out'])).toBeLessThan(1e-5);
    },
  );
});

test('every kind of layer is among those that are compared, here or with the Go networks', () => {
  const seen = new Set(KINDS.flatMap(([, { nodes }]) => nodes.map(({ layer }) => layer.type)));
  const elsewhere: Layer['type'][] = ['tanh', 'add', 'concat', 'slice', 'scale', 'flatten'];
  expect([...seen, ...elsewhere].toSorted()).toEqual(
    (
      [
        'input',
        'conv',
        'batchNorm',
        'relu',
        'tanh',
        'scaledTanh',
        'softmax',
        'add',
        'concat',
        'slice',
        'scale',
        'globalMean',
        'globalMax',
        'maxPool',
        'meanPool',
        'adaptiveMean',
        'subsample',
        'localResponseNorm',
        'dropout',
        'padShortcut',
        'gate',
        'stochasticAdd',
        'flatten',
        'dense',
        'radialBasis',
        'embedding',
      ] satisfies Layer['type'][]
    ).toSorted(),
  );
});

test('what training adds is gone from a folded network', () => {
  const types = (spec: NetworkSpec): Layer['type'][] =>
    foldNetwork(spec, drawWeights(spec, 1)).spec.nodes.map(({ layer }) => layer.type);
  // A shortcut around a single convolution goes into its kernel.
  expect(types(stochastic('test'))).toEqual(['input', 'conv']);
  expect(types(onBoard((net, x) => net.relu('r', net.dropout('d', x, 0.5))))).toEqual(['input', 'relu']);
  const grouped = onBoard((net, x) =>
    net.batchNorm('bn', net.conv('c', x, { filters: 6, size: 3, stride: 2, padding: 1, groups: 2 })),
  );
  expect(types(grouped)).toEqual(['input', 'conv']);
});
