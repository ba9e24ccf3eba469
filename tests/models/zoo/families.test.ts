import { Tensor } from 'onnxruntime-node';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, tensor, type Tensor as TfTensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { exportOnnx } from '../../../src/models/exportOnnx.ts';
import { featureExtractor } from '../../../src/models/featureExtractor.ts';
import { foldNetwork } from '../../../src/models/fold.ts';
import { loadModel, readWeightsFile, saveModel, writeWeightsFile } from '../../../src/models/modelFiles.ts';
import {
  createModel,
  initialWeights,
  listModels,
  modelInfo,
  modelSpec,
  type ModelOptions,
} from '../../../src/models/registry.ts';
import { sizeOf, storedSpecs, type NetworkSpec } from '../../../src/models/spec.ts';
import { startTfBackend } from '../../../src/models/tfBackend.ts';
import { buildTfModel, readTfWeights, runTfModel } from '../../../src/models/tfModel.ts';
import * as builders from '../../../src/models/zoo/builders.ts';
import { distance, drawWeights, runOnnx, weightDistance } from '../../support/networks.ts';

let folder = '';

beforeAll(async () => {
  await startTfBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'hane-models-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Every family in a form small enough to run. */
const SMALL: readonly [string, ModelOptions][] = [
  ['lenet5', {}],
  ['lenet5-modern', { softmax: true }],
  ['lenet5-modern', { activation: 'tanh', pool: 'mean', inputShape: [3, 28, 28] }],
  ['alexnet', { width: 1 / 32, inputShape: [3, 99, 99], numClasses: 7 }],
  ['alexnet', { width: 1 / 32, inputShape: [3, 99, 99], lrnBeforePool: false, numClasses: 0 }],
  ['alexnet-ungrouped', { width: 1 / 32, inputShape: [3, 99, 99], numClasses: 7 }],
  ['alexnet-torchvision', { width: 1 / 32, inputShape: [3, 260, 250], numClasses: 7 }],
  ['vgg11', { width: 1 / 16, inputShape: [3, 32, 40], numClasses: 5 }],
  ['vgg16-bn', { width: 1 / 16, inputShape: [3, 32, 32], includeTop: false }],
  ['googlenet', { width: 1 / 8, inputShape: [3, 90, 98], numClasses: 5 }],
  ['googlenet-bn', { width: 1 / 8, inputShape: [3, 90, 90], numClasses: 5, softmax: true }],
  ['googlenet-torchvision', { width: 1 / 8, inputShape: [3, 96, 96], numClasses: 5 }],
  ['resnet18', { width: 1 / 8, inputShape: [3, 63, 64], numClasses: 5, shortcut: 'C' }],
  ['resnet50', { width: 1 / 16, inputShape: [3, 64, 64], numClasses: 5 }],
  ['resnet50', { width: 1 / 16, inputShape: [3, 65, 64], numClasses: 5, version: 'v1.5', shortcut: 'A' }],
  ['resnet20', { width: 1 / 4, stochasticDepth: {} }],
  ['resnet20', { width: 1 / 4, shortcut: 'B', stochasticDepth: { mode: 'row', scaling: 'train' } }],
  ['kim-rand', { words: 40, size: 10, maps: 6, length: 12 }],
  ['kim-static', { words: 40, size: 10, maps: 6, length: 12 }],
  ['kim-multichannel', { words: 40, size: 10, maps: 6, length: 12, sharedFilters: false, softmax: true }],
  ['kim-multichannel', { words: 40, size: 10, maps: 6, length: 12, numClasses: 6 }],
];

const ROWS = 2;

const drawInput = (
  spec: NetworkSpec,
): { readonly name: string; readonly data: Float32Array; readonly shape: number[] } => {
  const random = new Random(4);
  const { name, shape } = spec.nodes[0];
  const draw = (): number => (name === 'tokens' ? random.below(40) : 2 * random.float() - 1);
  const data = Float32Array.from({ length: ROWS * sizeOf(shape) }, draw);
  return { name, data, shape: [ROWS, ...shape] };
};

describe.each(SMALL)('%s %o', (name, options) => {
  const spec = modelSpec(name, options);
  const weights = drawWeights(spec, 8);
  const input = drawInput(spec);

  test('says in TensorFlow.js what its ONNX file says, folded or not', async () => {
    const feeds = { [input.name]: new Tensor('float32', input.data, input.shape) };
    const model = buildTfModel(spec, weights);
    const given = await runTfModel(model, spec, { [input.name]: input.data }, ROWS);
    model.dispose();
    const onnx = await runOnnx(exportOnnx({ spec, weights }), feeds);
    const folded = await runOnnx(exportOnnx(foldNetwork(spec, weights)), feeds);
    expect(Object.keys(onnx)).toEqual(Object.keys(spec.outputs));
    for (const [output, values] of Object.entries(onnx)) {
      const scale = Math.max(1, ...values.map(Math.abs));
      expect(distance(given[output], values) / scale, output).toBeLessThan(1e-5);
      expect(distance(folded[output], values) / scale, output).toBeLessThan(1e-5);
    }
  });

  test('is the same after it was saved and loaded, and leaves nothing behind', async () => {
    const before = memory().numTensors;
    const model = buildTfModel(spec, weights);
    await saveModel(model, folder);
    const loaded = await loadModel(folder);
    const inputs = { [input.name]: input.data };
    expect(await runTfModel(loaded, spec, inputs, ROWS)).toEqual(await runTfModel(model, spec, inputs, ROWS));
    expect(weightDistance(await readTfWeights(loaded, spec), weights)).toBe(0);
    model.dispose();
    loaded.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test('has its weights from a safetensors file as it gave them', async () => {
    const path = join(folder, 'weights.safetensors');
    await writeWeightsFile(path, spec, weights, { network: name });
    const read = await readWeightsFile(path, spec);
    expect(weightDistance(read.weights, weights)).toBe(0);
    expect(read.metadata).toEqual({ network: name });
  });

  test('begins with values from a seed', () => {
    const begun = initialWeights(name, options, 3);
    expect([...begun.keys()]).toEqual(storedSpecs(spec).map(stored => stored.name));
    for (const { name: stored, dims } of storedSpecs(spec)) {
      const values = begun.get(stored)!;
      expect(values).toHaveLength(sizeOf(dims));
      expect(values.every(Number.isFinite)).toBe(true);
    }
    expect(weightDistance(initialWeights(name, options, 3), begun)).toBe(0);
    expect(weightDistance(initialWeights(name, options, 4), begun)).toBeGreaterThan(0);
  });
});

test.each([
  ['lenet5', 60_000],
  ['resnet20', 269_722],
  ['resnet18', 11_689_512],
  ['alexnet', 60_965_224],
  ['vgg11', 132_863_336],
  ['googlenet', 13_378_280],
  ['kim-multichannel', 5_990_702],
  ['alphago-policy-192', 3_882_793],
])('%s has as many numbers to train in TensorFlow.js as in its table: %i', (name, count) => {
  const model = buildTfModel(modelSpec(name));
  const trained = model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0);
  model.dispose();
  expect(trained).toBe(count);
});

describe('a model', () => {
  test('takes pictures channels last unless channels first are asked for', () => {
    const last = createModel('resnet20');
    const first = createModel('resnet20', { dataFormat: 'channelsFirst' });
    expect([last.inputs[0].shape, first.inputs[0].shape]).toEqual([
      [null, 32, 32, 3],
      [null, 3, 32, 32],
    ]);
    last.dispose();
    first.dispose();
  });

  test('gives boards as it takes them', () => {
    const options = { includeTop: false, inputShape: [3, 32, 64] } as const;
    const last = createModel('vgg11', { ...options, width: 1 / 32 });
    const first = createModel('vgg11', { ...options, width: 1 / 32, dataFormat: 'channelsFirst' });
    expect([last.outputs[0].shape, first.outputs[0].shape]).toEqual([
      [null, 1, 2, 16],
      [null, 16, 1, 2],
    ]);
    last.dispose();
    first.dispose();
  });

  test('has a builder of its own', () => {
    const names = listModels().map(({ name }) =>
      name.replace(/-192$/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    );
    expect(Object.keys(builders).toSorted()).toEqual(names.toSorted());
    const model = builders.lenet5({ numClasses: 0 });
    expect(model.outputs[0].shape).toEqual([null, 84]);
    model.dispose();
  });

  test('gives what its inner layers give', () => {
    const model = createModel('resnet20');
    const extractor = featureExtractor(model, ['layer1.2.relu', 'avgpool']);
    const [board, units] = extractor.predict(
      tensor(new Float32Array(32 * 32 * 3), [1, 32, 32, 3]),
    ) as TfTensor[];
    expect([board.shape, units.shape]).toEqual([
      [1, 32, 32, 16],
      [1, 64],
    ]);
    expect(() => featureExtractor(model, ['layer3.9.relu'])).toThrow(
      'there is no layer "layer3.9.relu": one of layer3.',
    );
    expect(() => featureExtractor(model, [])).toThrow('names of layers: one at least');
    board.dispose();
    units.dispose();
    model.dispose();
  });
});

describe('the registry', () => {
  test('knows every network, what it is and what its paper says', () => {
    expect(listModels('resnet').map(({ name }) => name)).toContain('resnet152');
    expect(
      modelInfo('alexnet').published.find(({ measure }) => /top-5 error, one network/.test(measure)),
    ).toEqual({
      measure: 'ImageNet 2012 validation, top-5 error, one network',
      percent: 18.2,
    });
    expect(modelInfo('resnet50').preprocessing!.shape).toEqual([3, 224, 224]);
    for (const { name, preprocessing } of listModels())
      if (preprocessing) expect([name, modelSpec(name).nodes[0].shape]).toEqual([name, preprocessing.shape]);
  });

  test.each<[string, string, ModelOptions, string]>([
    ['a name', 'resnet51', {}, 'there is no network "resnet51": one of lenet5, lenet5-modern, alexnet'],
    ['a name of every object', 'toString', {}, 'there is no network "toString"'],
    [
      'an option',
      'vgg16',
      { shortcut: 'A' },
      'vgg16 has no option "shortcut": one of numClasses, includeTop',
    ],
    [
      'an option of none',
      'alphago-value-192',
      { width: 1 },
      'alphago-value-192 has no option "width": it has none',
    ],
    [
      'classes',
      'vgg16',
      { numClasses: 1.5 },
      'numClasses 1.5: must be a whole number, or 0 for the features alone',
    ],
    ['classes of LeNet-5', 'lenet5', { numClasses: 26 }, 'numClasses 26: must be 10, as many as codes, or 0'],
    ['a width', 'vgg16', { width: 0 }, 'width 0: must be a number above 0, at most 8'],
    [
      'a shape',
      'vgg16',
      { inputShape: [3, 0, 9] },
      'inputShape [3,0,9]: must be [channels, height, width], whole numbers from 1',
    ],
    [
      'a board too small',
      'vgg16',
      { inputShape: [3, 16, 16] },
      'features.30: a window of 2x2 does not fit on [1, 1]',
    ],
    ['a dropout', 'vgg16', { dropout: 1 }, 'dropout 1: must be a number from 0 to less than 1'],
    ['a shortcut', 'resnet18', { shortcut: 'D' as 'A' }, 'shortcut "D": must be one of A, B, C'],
    ['a version', 'resnet50', { version: 'v2' as 'v1' }, 'version "v2": must be one of v1, v1.5'],
    [
      'a survival',
      'resnet20',
      { stochasticDepth: { survival: 0 } },
      'stochasticDepth.survival 0: must be a number above 0, at most 1',
    ],
    [
      'a mode',
      'resnet20',
      { stochasticDepth: { mode: 'all' as 'row' } },
      'stochasticDepth.mode "all": must be one of batch, row',
    ],
    ['a window', 'kim-rand', { windows: [3, 70] }, 'windows 70: must be at most the length, 64'],
    // What no compiler has seen.
    [
      'a word for yes',
      'alexnet',
      { lrnBeforePool: 'no' as never },
      'lrnBeforePool "no": must be true or false',
    ],
    ['one side', 'vgg16', { inputShape: 224 as never }, 'inputShape 224: must be [channels, height, width]'],
    [
      'a switch',
      'resnet20',
      { stochasticDepth: true as never },
      'stochasticDepth true: must be {} or an object',
    ],
    [
      'a misspelt part',
      'resnet20',
      { stochasticDepth: { surviving: 0.5 } as never },
      'stochasticDepth has no "surviving": one of survival, mode, scaling',
    ],
    [
      'one window',
      'kim-rand',
      { windows: 3 as never },
      'windows 3: must be a list of different whole numbers',
    ],
    [
      'windows that are the same',
      'kim-rand',
      { windows: [3, 3] },
      'windows [3,3]: must be a list of different',
    ],
    [
      'codes that are none',
      'lenet5',
      { codes: 5 as never },
      'codes 5: must be a list of one list of numbers',
    ],
  ])('refuses %s that cannot be', (_, name, options, message) => {
    expect(() => modelSpec(name, options)).toThrow(message);
  });
});

describe('files that do not fit are named:', () => {
  test('no model', async () => {
    await expect(loadModel(join(folder, 'none'))).rejects.toThrow(/cannot read .*none.model\.json: ENOENT/);
    const path = join(folder, 'model.json');
    const before = await readFile(path, 'utf8');
    await writeFile(path, '{');
    await expect(loadModel(folder)).rejects.toThrow(/model\.json is no model/);
    await writeFile(path, before);
  });

  test('weights of another network', async () => {
    const path = join(folder, 'other.safetensors');
    const spec = modelSpec('lenet5-modern');
    await writeWeightsFile(path, spec, initialWeights('lenet5-modern'));
    await expect(readWeightsFile(path, modelSpec('lenet5'))).rejects.toThrow(
      'has no "s2.weight": it is of another network',
    );
    await expect(readWeightsFile(path, modelSpec('lenet5-modern', { numClasses: 5 }))).rejects.toThrow(
      '"output.weight" is [10, 84], not [5, 84]: it is of another network',
    );
    await expect(readWeightsFile(path, modelSpec('lenet5-modern', { numClasses: 0 }))).rejects.toThrow(
      'has "output.weight", which this network has not',
    );
    await expect(writeWeightsFile(path, spec, new Map())).rejects.toThrow(
      '"c1.weight" has no numbers, not [6, 1, 5, 5]',
    );
  });
});
