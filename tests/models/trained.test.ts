import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeWeightsFile } from '../../src/models/modelFiles.ts';
import { initialWeights, modelSpec } from '../../src/models/registry.ts';
import {
  SHIPPED,
  describeWeights,
  readDescription,
  readTrained,
  shippedWeights,
  type WeightsDescription,
} from '../../src/models/trained.ts';
import { LENET_INPUT } from '../../src/models/zoo/inputs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-trained-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, maxRetries: 5 });
});

const DESCRIPTION: WeightsDescription = {
  network: 'lenet5-modern',
  options: { activation: 'tanh' },
  classes: ['one', 'two'],
  preprocessing: LENET_INPUT,
  vocabulary: { words: ['it', "'s", '"', 'na\u00efve'], keepsCase: true },
};

test('what weights say of themselves comes back', () => {
  expect(readDescription(describeWeights(DESCRIPTION))).toEqual(DESCRIPTION);
  expect(describeWeights({})).toEqual({});
});

test('weights that come along are of their network and say so', async () => {
  for (const network of SHIPPED) {
    const { name, classes } = await readTrained(shippedWeights(network));
    expect([name, classes?.length]).toEqual([network, 10]);
  }
  expect(() => shippedWeights('vgg16')).toThrow(
    'no weights of vgg16 come with this program: give a file, or one of lenet5',
  );
});

test('what other programs write is no description', () => {
  const others = {
    format: 'pt',
    network: 'resnet',
    classes: '{"0":"a"}',
    options: '[1]',
    preprocessing: '{}',
    vocabulary: '{"words":["a","a"],"keepsCase":false}',
  };
  expect(readDescription(others)).toEqual({});
});

describe('a trained network', () => {
  const write = async (description: WeightsDescription): Promise<string> => {
    const path = join(folder, 'weights.safetensors');
    const options = { activation: 'tanh' } as const;
    const weights = initialWeights('lenet5-modern', options, 3);
    await writeWeightsFile(path, modelSpec('lenet5-modern', options), weights, describeWeights(description));
    return path;
  };

  test('comes with its options; those that are given go before them', async () => {
    const path = await write(DESCRIPTION);
    const { name, options, spec, weights, classes } = await readTrained(path);
    expect([name, options, classes]).toEqual(['lenet5-modern', { activation: 'tanh' }, ['one', 'two']]);
    expect(spec).toEqual(modelSpec('lenet5-modern', { activation: 'tanh' }));
    expect(weights).toEqual(initialWeights('lenet5-modern', options, 3));
    expect((await readTrained(path, 'lenet5-modern', { softmax: true })).options).toEqual({
      activation: 'tanh',
      softmax: true,
    });
  });

  test('is refused as another one, or as one that nobody names', async () => {
    await expect(readTrained(await write(DESCRIPTION), 'lenet5')).rejects.toThrow(
      /weights\.safetensors is of lenet5-modern, not of lenet5/,
    );
    const silent = await write({});
    await expect(readTrained(silent)).rejects.toThrow(/does not say of which network it is/);
    expect((await readTrained(silent, 'lenet5-modern')).options).toEqual({});
  });

  test('with options that it has not is refused', async () => {
    const path = await write({ ...DESCRIPTION, options: { activation: 'sigmoid' as 'tanh' } });
    await expect(readTrained(path)).rejects.toThrow('activation "sigmoid": must be one of relu, tanh');
  });

  test('has a row for every word that it knows', async () => {
    const path = join(folder, 'kim.safetensors');
    const options = { words: 3, size: 2, maps: 1, length: 9 };
    const spec = modelSpec('kim-rand', options);
    const writeKim = (words: readonly string[]): Promise<void> =>
      writeWeightsFile(
        path,
        spec,
        initialWeights('kim-rand', options),
        describeWeights({ network: 'kim-rand', options, vocabulary: { words, keepsCase: false } }),
      );
    await writeKim(['a', 'b']);
    expect((await readTrained(path)).vocabulary?.words).toEqual(['a', 'b']);
    await writeKim(['a', 'b', 'c']);
    await expect(readTrained(path)).rejects.toThrow(/kim\.safetensors has 3 words for a table of 3 rows/);
  });
});
