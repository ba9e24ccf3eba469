import { mul, sum, tensor, tensor4d, valueAndGrad, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import type { Pair, Window } from '../../../src/models/spec.ts';
import { startTfBackend, type TfBackendName } from '../../../src/models/tfBackend.ts';
import { BoardPool } from '../../../src/models/tfWindows.ts';
import { resolveWindow, type WindowOptions } from '../../../src/models/windows.ts';
import { distance } from '../../support/networks.ts';
import { slowPool } from '../../support/slowPool.ts';
import { hasTensorflow } from '../../support/tensorflow.ts';

const [ROWS, CHANNELS] = [2, 3];

/** [what, board, windows] */
const WINDOWS: readonly [string, Pair, WindowOptions][] = [
  ['nothing put around', [6, 7], { kernel: 2, stride: 2 }],
  ["ResNet's stem on an even board", [8, 8], { kernel: 3, stride: 2, padding: 1 }],
  ["ResNet's stem on an odd board", [7, 9], { kernel: 3, stride: 2, padding: 1 }],
  ["ResNet's stem on an even and an odd side", [7, 8], { kernel: 3, stride: 2, padding: 1 }],
  ["GoogLeNet's last window over the edge", [8, 8], { kernel: 3, stride: 2, ceil: true }],
  ['the last window over the edge by two points', [8, 6], { kernel: 3, stride: [3, 4], ceil: true }],
  ['padding and a last window over the edge', [7, 8], { kernel: 3, stride: 3, padding: 1, ceil: true }],
  ["GoogLeNet's branch", [5, 6], { kernel: 3, padding: 1 }],
  ["TensorFlow's same", [7, 8], { kernel: 3, stride: 2, padding: 'same' }],
  ['an even window, same', [5, 5], { kernel: 2, padding: 'same' }],
  ['above and on the left alone', [6, 6], { kernel: 3, stride: 2, padding: [2, 1, 0, 0] }],
  ['below and on the right alone', [6, 6], { kernel: 3, stride: 1, padding: [0, 0, 1, 2] }],
  ['four sides, an oblong window', [6, 5], { kernel: [3, 2], stride: [2, 1], padding: [2, 0, 1, 1] }],
  ['a padding that no window reaches', [5, 5], { kernel: 3, stride: 4, padding: [0, 0, 1, 1] }],
  ['a window larger than the board', [2, 2], { kernel: 3, stride: 1, padding: 1 }],
];

/** No two are equal, so that every window has one maximum. */
const distinct = (count: number, from: number, to: number): Float32Array => {
  const random = new Random(count);
  const values = Float32Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.5)) / count);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
};

const upstream = (place: number): number => Math.sin(1 + 7 * place);

const pool = (mode: 'max' | 'mean', window: Window): BoardPool =>
  new BoardPool({ name: 'pool', mode, ...window });

const valuesOf = async (from: Tensor): Promise<Float32Array> => (await from.data()) as Float32Array;

describe.each<TfBackendName>(['wasm', 'cpu', ...(hasTensorflow ? (['tfjs-node'] as const) : [])])(
  'on %s, padding never wins and counts in no mean, nor in their gradients:',
  backend => {
    beforeAll(async () => {
      await startTfBackend(backend);
    });

    describe.each(WINDOWS)('%s', (_, board, options) => {
      const window = resolveWindow('pool', board, options);
      const shape = [ROWS, ...board, CHANNELS] as [number, number, number, number];
      const count = shape.reduce((product, dim) => product * dim, 1);

      test.each<['max' | 'mean', string, number, number]>([
        ['max', 'any numbers', -1, 1],
        ['max', 'numbers below 0', -9, -5],
        ['mean', 'any numbers', -1, 1],
        ['mean', 'numbers below 0', -9, -5],
      ])('%s of %s', async (mode, _numbers, from, to) => {
        const numbers = distinct(count, from, to);
        const slow = slowPool(mode, numbers, shape, window, upstream);
        const layer = pool(mode, window);
        const input = tensor4d(numbers, shape);
        const pooled = layer.apply(input) as Tensor;
        expect(pooled.shape).toEqual([ROWS, ...slow.size, CHANNELS]);
        expect(layer.computeOutputShape(shape)).toEqual(pooled.shape);
        expect(distance(await valuesOf(pooled), slow.pooled)).toBeLessThan(1e-5);
        const weights = tensor(
          slow.pooled.map((__, place) => upstream(place)),
          pooled.shape,
        );
        const weigh = valueAndGrad((x: Tensor) => sum(mul(layer.apply(x) as Tensor, weights)));
        expect(distance(await valuesOf(weigh(input).grad), slow.gradient)).toBeLessThan(1e-5);
      });
    });

    test('a batch of no positions, behind a closed gate, stays one', () => {
      const window = resolveWindow('pool', [8, 8], { kernel: 3, stride: 2, padding: 1 });
      for (const mode of ['max', 'mean'] as const) {
        const pooled = pool(mode, window).apply(zeros([0, 8, 8, CHANNELS])) as Tensor;
        expect(pooled.shape).toEqual([0, 4, 4, CHANNELS]);
      }
    });
  },
);
