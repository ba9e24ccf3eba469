import { describe, expect, test } from 'vitest';
import { BoardOps } from '../../src/training/boardOps.ts';
import type { Tensor } from '../../src/training/graph.ts';
import { Tape } from '../../src/training/tape.ts';
import { axisTransform, cookToom } from '../../src/models/winograd.ts';
import { draw, run, worstError, type Values } from './gradients.ts';

test.each([
  [2, [0, 1]],
  [3, [0, 1, -1, 2, -2, 1 / 2]],
  [5, [0, 1, -1, 2, -2, 1 / 2, -1 / 2]],
])('the matrices for %i taps give each output from its own inputs', (taps, points) => {
  const { output, kernel, input } = cookToom(points, taps);
  for (const [i, row] of output.entries())
    for (let tap = 0; tap < taps; tap++)
      for (let at = 0; at <= points.length; at++) {
        const share = row.reduce((sum, value, j) => sum + value * kernel[j][tap] * input[j][at], 0);
        expect(share).toBeCloseTo(at === i + tap ? 1 : 0, 10);
      }
});

test('a kernel without a transform, or larger than the board, is refused', () => {
  expect(() => axisTransform(19, 4, 1)).toThrow('a kernel of size 4: one of 3, 5, 7');
  expect(() => axisTransform(2, 5, 0)).toThrow('a kernel of size 5 does not fit on 2 points');
});

interface Case {
  readonly side: number;
  readonly positions: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly size: number;
  readonly padding: number;
}

const outputSide = ({ side, size, padding }: Case): number => side + 2 * padding - size + 1;

/** Every product of a convolution: which input, weight and output meet. Boards as the network's, [side, side, positions, channels]. */
const visitProducts = (shape: Case, visit: (a: number, w: number, y: number) => void): void => {
  const { side, positions, inputs, outputs, size, padding } = shape;
  const width = outputSide(shape);
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++)
      for (let dy = 0; dy < size; dy++)
        for (let dx = 0; dx < size; dx++) {
          const [fromY, fromX] = [y + dy - padding, x + dx - padding];
          if (fromY < 0 || fromY >= side || fromX < 0 || fromX >= side) continue;
          for (let n = 0; n < positions; n++)
            for (let o = 0; o < outputs; o++)
              for (let c = 0; c < inputs; c++)
                visit(
                  ((fromY * side + fromX) * positions + n) * inputs + c,
                  ((o * inputs + c) * size + dy) * size + dx,
                  ((y * width + x) * positions + n) * outputs + o,
                );
        }
};

/** Largest difference over the largest number. */
const relativeError = (values: Float32Array, expected: Float64Array): number => {
  expect(values).toHaveLength(expected.length);
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(values[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return worst / largest;
};

describe('a convolution and its gradients are those of the definition:', () => {
  test.each<[string, Case]>([
    ['3x3 on 19x19', { side: 19, positions: 2, inputs: 8, outputs: 6, size: 3, padding: 1 }],
    ['5x5 on a padded board', { side: 23, positions: 2, inputs: 6, outputs: 8, size: 5, padding: 0 }],
    ['5x5 on 9x9', { side: 9, positions: 1, inputs: 3, outputs: 4, size: 5, padding: 2 }],
    ['7x7 on 13x13', { side: 13, positions: 1, inputs: 3, outputs: 2, size: 7, padding: 3 }],
    ['3x3 on one point', { side: 1, positions: 3, inputs: 2, outputs: 2, size: 3, padding: 1 }],
    ['1x1', { side: 5, positions: 2, inputs: 3, outputs: 4, size: 1, padding: 0 }],
  ])('%s', async (_, shape) => {
    const { side, positions, inputs, outputs, size, padding } = shape;
    const width = outputSide(shape);
    const dims = {
      a: [side, side, positions, inputs],
      w: [outputs, inputs, size, size],
      upstream: [width, width, positions, outputs],
    };
    const tape = new Tape();
    const [a, w] = [tape.parameter('a', dims.a), tape.parameter('w', dims.w)];
    const y = new BoardOps(tape).convolve(a, w, padding);
    const loss = tape.total(tape.mul(y, tape.input('upstream', dims.upstream)));
    const [forA, forW] = tape.gradients(loss, [a, w]);
    const values: Values = {
      a: draw(dims.a, 1),
      w: draw(dims.w, 2),
      upstream: draw(dims.upstream, 3),
    };
    const results = await run(tape.build({ y, forA, forW }), dims, values);
    const expected = {
      y: new Float64Array(values.upstream.length),
      forA: new Float64Array(values.a.length),
      forW: new Float64Array(values.w.length),
    };
    visitProducts(shape, (i, j, k) => {
      expected.y[k] += values.a[i] * values.w[j];
      expected.forA[i] += values.w[j] * values.upstream[k];
      expected.forW[j] += values.a[i] * values.upstream[k];
    });
    expect(y.dims).toEqual(dims.upstream);
    for (const name of ['y', 'forA', 'forW'] as const)
      expect(relativeError(results[name], expected[name])).toBeLessThan(2e-5);
  });
});

describe('gradients of layers on boards agree with differences:', () => {
  const board = [4, 4, 2, 3];
  type Build = (boards: BoardOps, p: Record<string, Tensor>) => Tensor;
  test.each<[string, Record<string, readonly number[]>, Build]>([
    ['convolve', { a: board, w: [2, 3, 3, 3] }, (boards, { a, w }) => boards.convolve(a, w, 1)],
    [
      'two convolutions',
      { a: board, w: [2, 3, 3, 3], v: [2, 2, 5, 5] },
      (boards, { a, w, v }) => boards.convolve(boards.convolve(a, w, 1), v, 2),
    ],
    ['pointwise', { a: board, w: [2, 3] }, (boards, { a, w }) => boards.pointwise(a, w)],
    ['mean', { a: board }, (boards, { a }) => boards.mean(a)],
    ['maximum', { a: board }, (boards, { a }) => boards.maximum(a)],
    ['points', { a: board }, (boards, { a }) => boards.points(a)],
    ['input', { a: [2, 3, 4, 4] }, (boards, { a }) => boards.input(a)],
  ])('%s', async (_, shapes, build) => {
    expect(
      await worstError(shapes, (tape, parameters) => build(new BoardOps(tape), parameters)),
    ).toBeLessThan(1);
  });
});

test('weights for other boards are refused when the graph is built', () => {
  const tape = new Tape();
  const a = tape.input('a', [5, 5, 2, 3]);
  expect(() => new BoardOps(tape).convolve(a, tape.input('w', [4, 2, 3, 3]), 1)).toThrow(
    'weights [4, 2, 3, 3] for boards [5, 5, 2, 3]',
  );
});
