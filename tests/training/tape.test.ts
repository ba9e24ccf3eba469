import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../src/training/graph.ts';
import { recordNormalize } from '../../src/training/normalize.ts';
import { Tape } from '../../src/training/tape.ts';
import { run, worstError } from './gradients.ts';

describe('gradients agree with differences:', () => {
  test.each<[string, Record<string, readonly number[]>, (tape: Tape, p: Record<string, Tensor>) => Tensor]>([
    ['add with broadcasting', { a: [3, 4], b: [4] }, (tape, { a, b }) => tape.add(a, b)],
    ['sub with broadcasting', { a: [3, 1], b: [3, 4] }, (tape, { a, b }) => tape.sub(a, b)],
    ['mul with broadcasting', { a: [3, 4], b: [3, 1] }, (tape, { a, b }) => tape.mul(a, b)],
    ['mul with itself', { a: [5] }, (tape, { a }) => tape.mul(a, a)],
    ['matmul', { a: [3, 4], b: [4, 5] }, (tape, { a, b }) => tape.matmul(a, b)],
    [
      'matmul, first transposed',
      { a: [4, 3], b: [4, 5] },
      (tape, { a, b }) => tape.matmul(a, b, { transA: true }),
    ],
    [
      'matmul, second transposed',
      { a: [3, 4], b: [5, 4] },
      (tape, { a, b }) => tape.matmul(a, b, { transB: true }),
    ],
    [
      'matmul, both transposed',
      { a: [4, 3], b: [5, 4] },
      (tape, { a, b }) => tape.matmul(a, b, { transA: true, transB: true }),
    ],
    ['relu', { a: [20] }, (tape, { a }) => tape.relu(a)],
    ['tanh', { a: [20] }, (tape, { a }) => tape.tanh(a)],
    ['softplus', { a: [20] }, (tape, { a }) => tape.softplus(a)],
    ['rsqrt', { a: [6] }, (tape, { a }) => tape.rsqrt(tape.add(tape.mul(a, a), tape.constant([0.5])))],
    ['logSoftmax', { a: [3, 7] }, (tape, { a }) => tape.logSoftmax(a)],
    ['smoothL1', { a: [24] }, (tape, { a }) => tape.smoothL1(a, 0.4)],
    ['sum over axes', { a: [2, 3, 4] }, (tape, { a }) => tape.sum(a, [0, 2])],
    ['max', { a: [3, 8] }, (tape, { a }) => tape.max(a, 1)],
    [
      'reshape and transpose',
      { a: [2, 3, 4] },
      (tape, { a }) => tape.transpose(tape.reshape(a, [4, 3, 2]), [2, 0, 1]),
    ],
    [
      'slice and concat',
      { a: [3, 6], b: [3, 2] },
      (tape, { a, b }) => tape.concat([tape.slice(a, 1, 1, 4), b, a], 1),
    ],
    ['a tensor used twice', { a: [4, 4] }, (tape, { a }) => tape.matmul(tape.relu(a), tape.add(a, a))],
    [
      'normalize',
      { a: [6, 2], gain: [2], bias: [2] },
      (tape, { a, gain, bias }) => recordNormalize(tape, a, gain, bias, 0.01).output,
    ],
    [
      'normalize over a board',
      { a: [2, 2, 3, 2], gain: [2], bias: [2] },
      (tape, { a, gain, bias }) => recordNormalize(tape, a, gain, bias, 0.01).output,
    ],
  ])('%s', async (_, shapes, build) => {
    expect(await worstError(shapes, build)).toBeLessThan(1);
  });
});

test('shapes that do not go together are refused when the graph is built', () => {
  const tape = new Tape();
  const [a, b] = [tape.parameter('a', [2, 3]), tape.parameter('b', [4, 3])];
  expect(() => tape.matmul(a, b)).toThrow('cannot multiply [2, 3] and [4, 3]');
  expect(() => tape.add(a, b)).toThrow('shapes [2, 3] and [4, 3] do not go together');
  expect(() => tape.reshape(a, [7])).toThrow('[2, 3] cannot become [7]');
  expect(() => tape.gradients(a, [b])).toThrow('a loss is one number');
});

test('a parameter that the loss does not depend on has the gradient zero', async () => {
  const tape = new Tape();
  const [a, b] = [tape.parameter('a', [2]), tape.parameter('b', [3])];
  const [gradient] = tape.gradients(tape.total(tape.relu(a)), [b]);
  const { db } = await run(
    tape.build({ db: gradient }),
    { a: [2], b: [3] },
    { a: new Float32Array(2), b: new Float32Array(3) },
  );
  expect(Array.from(db)).toEqual([0, 0, 0]);
});
