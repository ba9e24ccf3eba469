import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { Random } from '../../engine/random.ts';
import { sizeOf, type Tensor } from '../../src/training/graph.ts';
import { Tape } from '../../src/training/tape.ts';

type Values = Record<string, Float32Array>;

const run = async (
  bytes: Uint8Array,
  dims: Record<string, readonly number[]>,
  values: Values,
): Promise<Record<string, Float32Array>> => {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, new OrtTensor('float32', data, [...dims[name]])]),
  );
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
};

const draw = (dims: readonly number[], seed: number): Float32Array => {
  const random = new Random(seed);
  return Float32Array.from({ length: sizeOf(dims) }, () => 2 * random.float() - 1);
};

/** 1 on a board, 0 in the last rows and columns, which flat boards need between them. */
const between = (tape: Tape, rows: number, stride: number, zeros: number): Tensor =>
  tape.constant(
    Array.from({ length: rows * stride }, (_, i) =>
      i % stride < stride - zeros && i < (rows - zeros) * stride ? 1 : 0,
    ),
    [1, rows * stride],
  );

/** How far the tape's gradients of sum(weights * f(parameters)) are from differences of the loss, relative to what rounding allows. */
const worstError = async (
  shapes: Record<string, readonly number[]>,
  build: (tape: Tape, parameters: Record<string, Tensor>) => Tensor,
): Promise<number> => {
  const tape = new Tape();
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([name, dims]) => [name, tape.parameter(name, dims)]),
  );
  const output = build(tape, parameters);
  const weights = tape.constant(draw(output.dims, 99), output.dims);
  const loss = tape.total(tape.mul(output, weights));
  const names = Object.keys(shapes);
  const gradients = tape.gradients(
    loss,
    names.map(name => parameters[name]),
  );
  const bytes = tape.build({
    loss,
    ...Object.fromEntries(gradients.map((gradient, i) => [`d ${names[i]}`, gradient])),
  });
  const values: Values = Object.fromEntries(names.map((name, i) => [name, draw(shapes[name], i + 1)]));
  const results = await run(bytes, shapes, values);
  const step = 1e-2;
  let worst = 0;
  for (const name of names) {
    const gradient = results[`d ${name}`];
    expect(gradient).toHaveLength(values[name].length);
    for (let i = 0; i < gradient.length; i += Math.ceil(gradient.length / 12)) {
      const at = async (change: number): Promise<number> => {
        const moved = values[name].slice();
        moved[i] += change;
        return (await run(bytes, shapes, { ...values, [name]: moved }))['loss'][0];
      };
      const numeric = ((await at(step)) - (await at(-step))) / (2 * step);
      worst = Math.max(worst, Math.abs(gradient[i] - numeric) / (2e-3 + 0.01 * Math.abs(numeric)));
    }
  }
  return worst;
};

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
      'convolve',
      { a: [2, 20], w: [3, 2, 3, 3] },
      (tape, { a, w }) => {
        const board = between(tape, 5, 4, 1);
        return tape.mul(tape.convolve(tape.mul(a, board), w, 4), board);
      },
    ],
    [
      'convolve with 5x5',
      { a: [2, 30], w: [3, 2, 5, 5] },
      (tape, { a, w }) => {
        const board = between(tape, 6, 5, 2);
        return tape.mul(tape.convolve(tape.mul(a, board), w, 5), board);
      },
    ],
    [
      'two convolutions',
      { a: [2, 12], w: [3, 2, 3, 3], v: [2, 3, 3, 3] },
      (tape, { a, w, v }) => {
        const board = between(tape, 3, 4, 1);
        const first = tape.mul(tape.convolve(tape.mul(a, board), w, 4), board);
        return tape.mul(tape.convolve(tape.tanh(first), v, 4), board);
      },
    ],
    [
      'normalize',
      { a: [2, 6], gain: [2, 1], bias: [2, 1] },
      (tape, { a, gain, bias }) => tape.normalize(a, undefined, 6, gain, bias, 0.01).output,
    ],
    [
      'normalize under a mask',
      { a: [2, 6], gain: [2, 1], bias: [2, 1] },
      (tape, { a, gain, bias }) => {
        const mask = tape.constant([1, 1, 0, 1, 1, 0], [1, 6]);
        return tape.mul(tape.normalize(a, mask, 4, gain, bias, 0.01).output, mask);
      },
    ],
  ])('%s', async (_, shapes, build) => {
    expect(await worstError(shapes, build)).toBeLessThan(1);
  });
});

test('a convolution over flat boards is the one of ONNX Runtime', async () => {
  // Two 3x3 boards of 2 channels, each row and each board with a zero behind it.
  const [width, images, inputs, outputs] = [3, 2, 2, 4];
  const stride = width + 1;
  const length = images * stride * stride;
  const planes = draw([images, inputs, width, width], 1);
  const kernel = draw([outputs, inputs, 3, 3], 2);
  const flat = new Float32Array(inputs * length);
  for (let n = 0; n < images; n++)
    for (let c = 0; c < inputs; c++)
      for (let y = 0; y < width; y++)
        for (let x = 0; x < width; x++)
          flat[c * length + (n * stride + y) * stride + x] =
            planes[((n * inputs + c) * width + y) * width + x];
  const tape = new Tape();
  const result = tape.convolve(
    tape.input('a', [inputs, length]),
    tape.input('w', [outputs, inputs, 3, 3]),
    stride,
  );
  const { out } = await run(
    tape.build({ out: result }),
    { a: [inputs, length], w: [outputs, inputs, 3, 3] },
    { a: flat, w: kernel },
  );
  for (let n = 0; n < images; n++)
    for (let k = 0; k < outputs; k++)
      for (let y = 0; y < width; y++)
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let c = 0; c < inputs; c++)
            for (let dy = -1; dy <= 1; dy++)
              for (let dx = -1; dx <= 1; dx++) {
                if (y + dy < 0 || y + dy >= width || x + dx < 0 || x + dx >= width) continue;
                sum +=
                  planes[((n * inputs + c) * width + y + dy) * width + x + dx] *
                  kernel[((k * inputs + c) * 3 + dy + 1) * 3 + dx + 1];
              }
          expect(out[k * length + (n * stride + y) * stride + x]).toBeCloseTo(sum, 4);
        }
});

test('shapes that do not go together are refused when the graph is built', () => {
  const tape = new Tape();
  const [a, b] = [tape.parameter('a', [2, 3]), tape.parameter('b', [4, 3])];
  expect(() => tape.matmul(a, b)).toThrow('cannot multiply [2, 3] and [4, 3]');
  expect(() => tape.add(a, b)).toThrow('shapes [2, 3] and [4, 3] do not go together');
  expect(() => tape.reshape(a, [7])).toThrow('[2, 3] cannot become [7]');
  const kernel = tape.parameter('kernel', [4, 3, 3, 3]);
  expect(() => tape.convolve(a, kernel, 3)).toThrow(
    'weights [4, 3, 3, 3] for 2 channels, 3 numbers in rows of 3',
  );
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
