import {
  conv2d,
  gather,
  grad,
  grads,
  maxPool,
  randomUniform,
  square,
  sub,
  sum,
  tensor,
  type Rank,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { startTfBackend, type TfBackendName } from '../../src/models/tfBackend.ts';
import { PointBias } from '../../src/models/tfLayers.ts';
import { distance } from '../support/networks.ts';

// The gradients of all operations come with the layers.
void PointBias;

/** Gradients of a convolution for its input and its kernel. */
const gradientsOn = async (
  backend: TfBackendName,
  x: Tensor4D,
  kernel: Tensor4D,
  stride: number,
  pad: 'same' | 'valid' | number,
): Promise<Float32Array[]> => {
  await startTfBackend(backend);
  const loss = (a: Tensor, b: Tensor): Tensor =>
    sum(square(sub(conv2d(a as Tensor4D, b as Tensor4D, stride, pad), 0.3)));
  const gradients = grads(loss)([x, kernel]);
  return Promise.all(gradients.map(async gradient => (await gradient.data()) as Float32Array));
};

test.each([
  [[2, 7, 7, 3], [3, 3, 3, 4], 1, 'same'],
  [[2, 9, 7, 3], [5, 3, 3, 2], 1, 'valid'],
  [[1, 8, 8, 2], [3, 3, 2, 3], 2, 'same'],
  [[2, 9, 9, 2], [3, 3, 2, 3], 2, 'valid'],
  [[1, 10, 8, 2], [4, 4, 2, 3], 3, 'valid'],
  [[1, 7, 7, 2], [5, 5, 2, 3], 1, 2],
  [[3, 5, 5, 4], [1, 1, 4, 2], 1, 'same'],
] as const)(
  'an input %j through a kernel %j by stride %d, padding %s, has the gradients of plain JavaScript',
  async (inputShape, kernelShape, stride, pad) => {
    await startTfBackend('cpu');
    const x = randomUniform<Rank.R4>([...inputShape], -1, 1, 'float32', 1);
    const kernel = randomUniform<Rank.R4>([...kernelShape], -1, 1, 'float32', 2);
    const expected = await gradientsOn('cpu', x, kernel, stride, pad);
    const given = await gradientsOn('wasm', x, kernel, stride, pad);
    for (const [i, gradient] of expected.entries()) {
      const scale = Math.max(...gradient.map(Math.abs));
      expect(distance(given[i], gradient) / scale).toBeLessThan(1e-5);
    }
  },
);

test.each([
  ['one row', [3, 4], [2]],
  ['rows more than once, as padding comes', [5, 6], [0, 4, 0, 0, 2, 4]],
  ['sentences of words', [7, 3], [1, 2, 0, 6, 6, 0]],
] as const)('a table has the gradients of plain JavaScript for %s', async (_, shape, rows) => {
  const gradientOn = async (backend: TfBackendName): Promise<Float32Array> => {
    await startTfBackend(backend);
    const table = randomUniform<Rank.R2>([...shape], -1, 1, 'float32', 1);
    const at = tensor<Rank.R1>([...rows], [rows.length], 'int32');
    const loss = (x: Tensor): Tensor => sum(square(sub(gather(x, at), 0.3)));
    return (await grad(loss)(table).data()) as Float32Array;
  };
  expect(distance(await gradientOn('wasm'), await gradientOn('cpu'))).toBeLessThan(1e-6);
});

test.each([
  [[2, 7, 8, 3], 3, 2, 'same'],
  [[2, 6, 6, 2], 2, 2, 'valid'],
  [[1, 7, 7, 2], 3, 1, 1],
] as const)(
  'a max pool of %j by %d, stride %d, padding %s, has a gradient where nothing is above 0',
  async (shape, size, stride, padding) => {
    await startTfBackend('cpu');
    const x = randomUniform<Rank.R4>([...shape], -3, -1, 'float32', 1);
    const loss = (a: Tensor): Tensor => sum(square(maxPool(a as Tensor4D, size, stride, padding)));
    const gradientOn = async (backend: TfBackendName): Promise<Float32Array> => {
      await startTfBackend(backend);
      return (await grad(loss)(x).data()) as Float32Array;
    };
    const expected = await gradientOn('cpu');
    expect(distance(expected, new Float32Array(expected.length))).toBeGreaterThan(1);
    expect(distance(await gradientOn('wasm'), expected)).toBeLessThan(1e-5);
  },
);
