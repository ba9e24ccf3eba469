import {
  addN,
  dispose,
  mean,
  square,
  tensor,
  variableGrads,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { modelSpec } from '../../../src/models/registry.ts';
import { sizeOf, type NetworkSpec } from '../../../src/models/spec.ts';
import { startTfBackend } from '../../../src/models/tfBackend.ts';
import { buildTfModel } from '../../../src/models/tfModel.ts';
import { distance, drawWeights } from '../../support/networks.ts';

const numbers = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1 + 7 * i));

const valuesOf = async (from: Tensor): Promise<Float32Array> => (await from.data()) as Float32Array;

/** Networks whose every layer has a gradient, small enough for plain JavaScript. */
const TRAINED: readonly [string, NetworkSpec][] = [
  ['lenet5', modelSpec('lenet5')],
  ['alexnet', modelSpec('alexnet', { width: 1 / 32, inputShape: [3, 67, 67], numClasses: 3, dropout: 0 })],
  [
    'googlenet',
    modelSpec('googlenet', {
      width: 1 / 16,
      inputShape: [3, 48, 48],
      numClasses: 3,
      auxiliary: false,
      dropout: 0,
    }),
  ],
  [
    'googlenet-torchvision',
    modelSpec('googlenet-torchvision', {
      width: 1 / 16,
      inputShape: [3, 64, 64],
      numClasses: 3,
      dropout: 0,
      auxiliaryDropout: 0,
    }),
  ],
  [
    'resnet18',
    modelSpec('resnet18', { width: 1 / 16, inputShape: [3, 33, 32], numClasses: 3, shortcut: 'A' }),
  ],
  ['kim-rand', modelSpec('kim-rand', { words: 9, size: 5, maps: 4, length: 8, dropout: 0 })],
];

describe('gradients on wasm, which has no kernel for those of convolutions and tables, are those of plain JavaScript:', () => {
  test.each(TRAINED)('%s', async (_, spec) => {
    const [{ shape }] = spec.nodes;
    const isText = shape.length === 1;
    const feed = numbers(2 * sizeOf(shape)).map(value => (isText ? Math.floor(4 * (value + 1)) : value));
    const gradientsOn = async (backend: 'wasm' | 'cpu'): Promise<Map<string, Float32Array>> => {
      await startTfBackend(backend);
      const model = buildTfModel(spec, drawWeights(spec, 6));
      const input = tensor(feed, [2, ...shape]);
      const { grads, value } = variableGrads(() => {
        const outputs = [model.apply(input, { training: true })].flat() as Tensor[];
        return addN(outputs.map(output => mean<Scalar>(square(output))));
      });
      const found = new Map<string, Float32Array>();
      for (const [i, { name }] of model.trainableWeights.entries()) {
        const variable = model.trainableWeights[i].read() as Variable;
        found.set(`${i} ${name.replace(/_\d+$/, '')}`, await valuesOf(grads[variable.name]));
      }
      dispose([grads, value, input]);
      model.dispose();
      return found;
    };
    const [wasm, cpu] = [await gradientsOn('wasm'), await gradientsOn('cpu')];
    await startTfBackend('wasm');
    expect(wasm.size).toBe(cpu.size);
    for (const [[name, given], expected] of [...wasm].map(
      (entry, i) => [entry, [...cpu.values()][i]] as const,
    )) {
      const scale = Math.max(1e-3, ...expected.map(Math.abs));
      expect(distance(given, expected) / scale, name).toBeLessThan(1e-3);
    }
  });
});
