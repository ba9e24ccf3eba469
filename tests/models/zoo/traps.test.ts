/** Where TensorFlow.js 4.22 does not do what it is told, or frameworks differ: each of them is handled, and this is the proof. */
import {
  dispose,
  grad,
  memory,
  ones,
  tensor4d,
  tidy,
  variableGrads,
  mean,
  square,
  tensor,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { layers as tfLayers, type LayersModel } from '@tensorflow/tfjs-layers';
import { Tensor as OnnxTensor } from 'onnxruntime-node';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exportOnnx } from '../../../src/models/exportOnnx.ts';
import { seedLayers } from '../../../src/models/layerRandom.ts';
import { modelSpec } from '../../../src/models/registry.ts';
import { SpecBuilder, type NetworkSpec } from '../../../src/models/spec.ts';
import { startTfBackend } from '../../../src/models/tfBackend.ts';
import { Dropout, StochasticAdd } from '../../../src/models/tfChance.ts';
import { buildTfModel, runTfModel } from '../../../src/models/tfModel.ts';
import { LocalResponseNorm } from '../../../src/models/tfUnits.ts';
import { cifarResnet } from '../../../src/models/zoo/resnet.ts';
import { distance, drawWeights, runOnnx } from '../../support/networks.ts';

beforeAll(async () => {
  await startTfBackend('wasm');
});

beforeEach(() => {
  seedLayers(1);
});

const numbers = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1 + 7 * i));

const valuesOf = async (from: Tensor): Promise<Float32Array> => (await from.data()) as Float32Array;

const named = ({ nodes }: NetworkSpec, wanted: string): NetworkSpec['nodes'][number] =>
  nodes.find(({ name }) => name === wanted)!;

describe('a grouped convolution', () => {
  test("sees the channels of its group alone, unlike TensorFlow.js's own, which ignores groups", async () => {
    const net = new SpecBuilder();
    const conv = net.conv('c', net.input('image', [4, 3, 3]), {
      filters: 2,
      size: 3,
      padding: 'valid',
      groups: 2,
    });
    const spec = net.finish({ out: net.flatten('flat', conv) });
    const weights = new Map([['c.weight', numbers(2 * 2 * 9)]]);
    const model = buildTfModel(spec, weights);
    const image = new Float32Array(4 * 9);
    const before = (await runTfModel(model, spec, { image }, 1))['out'];
    image.fill(1, 0, 2 * 9);
    const after = (await runTfModel(model, spec, { image }, 1))['out'];
    expect([...before]).toEqual([0, 0]);
    expect(after[0]).toBeCloseTo(
      weights
        .get('c.weight')!
        .subarray(0, 18)
        .reduce((sum, weight) => sum + weight, 0),
      5,
    );
    expect(after[1]).toBe(0);
    expect(model.getLayer('c').weights[0].shape).toEqual([3, 3, 2, 2]);
    model.dispose();
    const own = tfLayers.conv2d({ filters: 2, kernelSize: 3, inputShape: [3, 3, 4], groups: 2 } as Parameters<
      typeof tfLayers.conv2d
    >[0]);
    own.build([null, 3, 3, 4]);
    expect(own.weights[0].shape).toEqual([3, 3, 4, 2]);
  });
});

describe('local response normalisation', () => {
  const options = { size: 5, alpha: 1e-4, beta: 0.75, bias: 2 } as const;

  test("is the paper's formula, alpha not divided by the size, in TensorFlow.js and in ONNX", async () => {
    const channels = 7;
    const values = numbers(channels).map(value => 100 * value);
    const expected = values.map((value, i) => {
      const seen = values.filter((_, j) => Math.abs(i - j) <= 2);
      const squares = seen.reduce((sum, neighbour) => sum + neighbour ** 2, 0);
      return value / (2 + 1e-4 * squares) ** 0.75;
    });
    const net = new SpecBuilder();
    const spec = net.finish({
      out: net.localResponseNorm('n', net.input('image', [channels, 1, 1]), options),
    });
    const layer = new LocalResponseNorm({ name: 'n', ...options });
    const given = await valuesOf(layer.apply(tensor4d(values, [1, 1, 1, channels])) as Tensor);
    const feeds = { image: new OnnxTensor('float32', values, [1, channels, 1, 1]) };
    const onnx = (await runOnnx(exportOnnx({ spec, weights: new Map() }), feeds))['out'];
    expect(distance(given, expected)).toBeLessThan(1e-4);
    expect(distance(onnx, expected)).toBeLessThan(1e-4);
  });

  test('comes before the pool as in the paper, or behind it', () => {
    const before = modelSpec('alexnet');
    const behind = modelSpec('alexnet', { lrnBeforePool: false });
    expect([named(before, 'norm1').inputs, named(before, 'pool1').inputs]).toEqual([['relu1'], ['norm1']]);
    expect([named(behind, 'norm1').inputs, named(behind, 'pool1').inputs]).toEqual([['pool1'], ['relu1']]);
  });
});

describe('windows', () => {
  test.each([
    ['resnet50', 'conv1'],
    ['googlenet', 'conv1.conv'],
  ])("the stem of %s is padded by 3 on every side, where 'same' would pad 2 and 3", (name, layer) => {
    expect(named(modelSpec(name), layer).layer).toMatchObject({ pads: [3, 3, 3, 3], stride: [2, 2] });
    const net = new SpecBuilder();
    net.conv('same', net.input('image', [3, 224, 224]), { filters: 1, size: 7, stride: 2, padding: 'same' });
    expect(net.finish({}).nodes[1].layer).toMatchObject({ pads: [2, 2, 3, 3] });
  });

  test.each([
    // [points, ceil, what there is behind the pool]: 3 points by 2.
    [112, true, 56],
    [112, false, 55],
    [113, true, 56],
    [7, true, 3],
    [6, true, 3],
    [6, false, 2],
  ])('a pool of 3 by 2 on %i points, a last one over the edge: %s, gives %i', (points, ceil, expected) => {
    const net = new SpecBuilder();
    const pool = net.maxPool('p', net.input('image', [1, points, points]), { size: 3, stride: 2, ceil });
    expect(net.shapeOf(pool)).toEqual([1, expected, expected]);
  });

  test('a last window that would see padding alone is none', () => {
    const net = new SpecBuilder();
    const pool = net.maxPool('p', net.input('image', [1, 4, 4]), {
      size: 2,
      stride: 3,
      ceil: true,
      padding: 1,
    });
    expect(net.shapeOf(pool)).toEqual([1, 2, 2]);
  });

  test('the greatest of negative numbers beside padding is negative', async () => {
    const net = new SpecBuilder();
    const spec = net.finish({
      out: net.maxPool('p', net.input('image', [1, 2, 2]), { size: 3, stride: 2, padding: 1 }),
    });
    const model = buildTfModel(spec);
    expect([
      ...(await runTfModel(model, spec, { image: Float32Array.of(-4, -3, -2, -1) }, 1))['out'],
    ]).toEqual([-1]);
    model.dispose();
  });

  test("a bottleneck has its stride in its first 1x1 in the paper, in its 3x3 in torchvision's", () => {
    const strides = (version: 'v1' | 'v1.5'): unknown[] =>
      ['conv1', 'conv2'].map(conv => named(modelSpec('resnet50', { version }), `layer2.0.${conv}`).layer);
    expect(strides('v1')).toMatchObject([{ stride: [2, 2] }, { stride: [1, 1] }]);
    expect(strides('v1.5')).toMatchObject([{ stride: [1, 1] }, { stride: [2, 2] }]);
  });
});

describe('dropout', () => {
  test('draws a new mask on every call, the same from the same seed of the stream, and none in use', async () => {
    const layer = new Dropout({ name: 'd', rate: 0.5 });
    const x = ones([1, 200]);
    const draw = async (): Promise<Float32Array> => valuesOf(layer.apply(x, { training: true }) as Tensor);
    const [first, second] = [await draw(), await draw()];
    expect(first).not.toEqual(second);
    seedLayers(1);
    expect(await draw()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([0, 2]));
    expect(first.filter(value => value > 0).length).toBeGreaterThan(60);
    expect(await valuesOf(layer.apply(x) as Tensor)).toEqual(new Float32Array(200).fill(1));
  });
});

const trainingCall = (model: LayersModel, x: Tensor): Tensor => model.apply(x, { training: true }) as Tensor;

describe('stochastic depth', () => {
  const options = { stochasticDepth: { survival: 0.5 }, width: 0.25, inputShape: [3, 8, 8] } as const;

  test('leaves later blocks out more often, the last one at half the time', () => {
    const survivals = cifarResnet(20, { stochasticDepth: {} }).nodes.flatMap(({ layer }) =>
      layer.type === 'stochasticAdd' ? [layer.survival] : [],
    );
    expect(survivals).toHaveLength(9);
    expect(survivals[0]).toBeCloseTo(1 - 0.5 / 9, 12);
    expect(survivals[8]).toBe(0.5);
    // (3 L - 1) / 4 blocks are there on the average.
    expect(survivals.reduce((sum, survival) => sum + survival, 0)).toBeCloseTo((3 * 9 - 1) / 4, 12);
  });

  test('a branch that is left out is not computed and moves no statistics, and its weights have no gradient', async () => {
    // Every block but by a chance of 1e-9 is left out.
    const spec = cifarResnet(8, { ...options, stochasticDepth: { survival: 1e-9 } });
    const model = buildTfModel(spec, drawWeights(spec, 2));
    const x = tensor(numbers(2 * 3 * 64), [2, 3, 8, 8]);
    const before = await valuesOf(model.getLayer('layer3.0.bn2').weights[2].read());
    const { grads, value } = variableGrads(() => mean<Scalar>(square(trainingCall(model, x))));
    expect(Number.isFinite((await valuesOf(value))[0])).toBe(true);
    const learned = Object.keys(grads);
    expect(learned.some(name => name.startsWith('layer3.0.conv1'))).toBe(false);
    expect(learned.some(name => name.startsWith('conv1'))).toBe(true);
    expect(await valuesOf(model.getLayer('layer3.0.bn2').weights[2].read())).toEqual(before);
    dispose([grads, value]);
    model.dispose();
  });

  test('draws once for a batch or once for each row of it', async () => {
    const draw = async (mode: 'batch' | 'row'): Promise<Float32Array> => {
      const add = new StochasticAdd({ name: mode, survival: 0.5, mode, scaling: 'train' });
      const shape = [40, 1, 1, 1];
      return valuesOf(add.apply([ones(shape), ones(shape)], { training: true }) as Tensor);
    };
    expect(new Set(await draw('row'))).toEqual(new Set([1, 3]));
    expect(new Set(await draw('batch'))).toEqual(new Set([3]));
  });

  test.each(['test', 'train'] as const)('in use a branch counts by the scaling "%s"', async scaling => {
    const add = new StochasticAdd({ name: scaling, survival: 0.5, mode: 'row', scaling });
    const parts = [ones([1, 1, 1, 1]), ones([1, 1, 1, 1])];
    expect((await valuesOf(add.apply(parts) as Tensor))[0]).toBe(scaling === 'test' ? 1.5 : 2);
  });
});

test('no call leaves tensors behind', async () => {
  const spec = cifarResnet(8, { stochasticDepth: {}, width: 0.25, inputShape: [3, 8, 8] });
  const model = buildTfModel(spec, drawWeights(spec, 2));
  const x = tensor(numbers(3 * 64), [1, 3, 8, 8]);
  const before = memory().numTensors;
  for (let i = 0; i < 3; i++) tidy(() => void grad((image: Tensor) => trainingCall(model, image))(x));
  expect(memory().numTensors).toBe(before);
  dispose(x);
  model.dispose();
});
