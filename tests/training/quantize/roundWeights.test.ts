import { describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { roundWeights, type Moments } from '../../../src/training/quantize/roundWeights.ts';
import { cholesky, invert } from '../../../src/training/quantize/spd.ts';

const SIZE = 24;
const FILTERS = 3;
const INPUT_SCALE = 2 / 255;

/** Readings of a layer, the last of each being 1, and what a layer with these weights says of them. */
const readings = (
  weight: Float32Array,
  bias: Float32Array,
  count: number,
  isAlike: boolean,
): { read: Float64Array[]; moments: Moments } => {
  const random = new Random(5);
  const read = Array.from({ length: count }, () => {
    const common = random.float();
    return Float64Array.from({ length: SIZE }, (_, i) => {
      if (i === SIZE - 1) return 1;
      return isAlike ? common + 0.1 * random.float() : random.float();
    });
  });
  const inputs = new Float64Array(SIZE * SIZE);
  const outputs = new Float64Array(SIZE * FILTERS);
  for (const x of read)
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++) inputs[i * SIZE + j] += x[i] * x[j];
      for (let f = 0; f < FILTERS; f++) outputs[i * FILTERS + f] += x[i] * say(weight, bias, x, f);
    }
  return { read, moments: { size: SIZE, inputs, outputs } };
};

const say = (weight: ArrayLike<number>, bias: ArrayLike<number>, x: Float64Array, filter: number): number => {
  let sum = bias[filter];
  for (let i = 0; i < SIZE - 1; i++) sum += weight[filter * (SIZE - 1) + i] * x[i];
  return sum;
};

const draw = (length: number, seed: number): Float32Array => {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => 2 * random.float() - 1);
};

/** What a layer says with whole weights, beside what it should. */
const errorOf = (
  read: readonly Float64Array[],
  wanted: { weight: Float32Array; bias: Float32Array },
  got: { weight: ArrayLike<number>; bias: ArrayLike<number> },
): number =>
  read.reduce(
    (sum, x) =>
      sum +
      Array.from(
        { length: FILTERS },
        (_, f) => say(wanted.weight, wanted.bias, x, f) - say(got.weight, got.bias, x, f),
      )
        .map(difference => difference ** 2)
        .reduce((a, b) => a + b),
    0,
  );

describe('whole weights', () => {
  const weight = draw(FILTERS * (SIZE - 1), 1);
  const bias = draw(FILTERS, 2);

  test('say more nearly what the layer said than weights rounded one by one, where inputs go along with each other', () => {
    const { read, moments } = readings(weight, bias, 400, true);
    const { whole, scales, bias: shift } = roundWeights(weight, bias, moments, INPUT_SCALE);
    const fitted = Float32Array.from(whole, (value, i) => value * scales[Math.floor(i / (SIZE - 1))]);
    const nearest = weight.map((value, i) => {
      const filter = Math.floor(i / (SIZE - 1));
      const own = weight.subarray(filter * (SIZE - 1), (filter + 1) * (SIZE - 1));
      const step = Math.max(...own.map(Math.abs)) / 127;
      return Math.round(value / step) * step;
    });
    const error = errorOf(read, { weight, bias }, { weight: fitted, bias: shift });
    expect(error).toBeLessThan(0.25 * errorOf(read, { weight, bias }, { weight: nearest, bias }));
  });

  test('are within a step of the weights, and at most 127', () => {
    const { moments } = readings(weight, bias, 4000, false);
    const { whole, scales } = roundWeights(weight, bias, moments, INPUT_SCALE);
    expect(Math.max(...whole.map(Math.abs))).toBeLessThanOrEqual(127);
    for (const [i, value] of whole.entries()) {
      const scale = scales[Math.floor(i / (SIZE - 1))];
      if (Math.abs(value) < 127) expect(Math.abs(value * scale - weight[i])).toBeLessThan(2 * scale);
    }
  });

  test('are fitted to inputs that are not what they were', () => {
    const { read, moments } = readings(weight, bias, 400, false);
    // All inputs are read at half their size, so the weights have to be twice as large.
    const halved: Moments = {
      size: SIZE,
      inputs: moments.inputs.map((value, at) => {
        const halves = +(at % SIZE < SIZE - 1) + +(Math.floor(at / SIZE) < SIZE - 1);
        return value / 2 ** halves;
      }),
      outputs: moments.outputs.map((value, at) => (at < (SIZE - 1) * FILTERS ? value / 2 : value)),
    };
    const { whole, scales, bias: shift } = roundWeights(weight, bias, halved, INPUT_SCALE);
    const fitted = Float32Array.from(whole, (value, i) => (value * scales[Math.floor(i / (SIZE - 1))]) / 2);
    const error = errorOf(read, { weight, bias }, { weight: fitted, bias: shift });
    const size = errorOf(read, { weight, bias }, { weight: new Float32Array(weight.length), bias });
    expect(error).toBeLessThan(0.02 * size);
  });
});

test('a filter that hears nothing keeps its bias, which fits in 32 bits in steps of input times weight', () => {
  const weight = draw(FILTERS * (SIZE - 1), 1).map((value, i) => (i < SIZE - 1 ? 0 : value));
  const bias = draw(FILTERS, 2);
  const { moments } = readings(weight, bias, 400, false);
  const { scales, bias: shift } = roundWeights(weight, bias, moments, INPUT_SCALE);
  expect(shift[0]).toBeCloseTo(bias[0], 4);
  for (const [filter, scale] of scales.entries())
    expect(Math.abs(shift[filter] / (scale * INPUT_SCALE))).toBeLessThan(2 ** 31 - 1);
});

test('where nothing reaches a layer, its weights stay', () => {
  const [weight, bias] = [draw(FILTERS * (SIZE - 1), 1), draw(FILTERS, 2)];
  const inputs = new Float64Array(SIZE * SIZE);
  inputs[SIZE * SIZE - 1] = 400;
  const outputs = new Float64Array(SIZE * FILTERS);
  outputs.set(
    bias.map(value => 400 * value),
    (SIZE - 1) * FILTERS,
  );
  const {
    whole,
    scales,
    bias: shift,
  } = roundWeights(weight, bias, { size: SIZE, inputs, outputs }, INPUT_SCALE);
  for (const [i, value] of whole.entries()) {
    const scale = scales[Math.floor(i / (SIZE - 1))];
    expect(Math.abs(value * scale - weight[i])).toBeLessThan(0.51 * scale);
  }
  for (const [filter, value] of shift.entries()) expect(value).toBeCloseTo(bias[filter], 6);
});

describe('a positive definite matrix', () => {
  const { moments } = readings(draw(FILTERS * (SIZE - 1), 1), draw(FILTERS, 2), 400, true);
  const product = (a: Float64Array, b: (i: number, j: number) => number): number[] =>
    Array.from({ length: SIZE * SIZE }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < SIZE; k++) sum += a[Math.floor(at / SIZE) * SIZE + k] * b(k, at % SIZE);
      return sum;
    });

  test('is the product of its factor with itself turned', () => {
    const factor = cholesky(moments.inputs, SIZE);
    for (const [i, value] of product(factor, (k, j) => factor[j * SIZE + k]).entries())
      expect(value).toBeCloseTo(moments.inputs[i], 8);
  });

  test('times its inverse is the identity', () => {
    const inverse = invert(moments.inputs, SIZE);
    for (const [at, value] of product(moments.inputs, (k, j) => inverse[k * SIZE + j]).entries())
      expect(value).toBeCloseTo(at % (SIZE + 1) === 0 ? 1 : 0, 6);
  });

  test('is told from one that is not', () => {
    expect(() => invert(Float64Array.of(1, 2, 2, 1), 2)).toThrow(
      'the matrix is not positive definite: pivot 1 is -3',
    );
  });
});
