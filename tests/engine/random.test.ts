import { expect, test } from 'vitest';
import { Random } from '../../engine/random.ts';

test('a seed gives the same numbers every time, neighbouring seeds different ones', () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 8 }, () => random.uint32());
  };
  expect(draw(7)).toEqual(draw(7));
  const seen = new Set(Array.from({ length: 1000 }, (_, seed) => draw(seed).join()));
  expect(seen.size).toBe(1000);
});

test('numbers below a bound are even: chi-squared of 10 bins under its 99.9 % point', () => {
  const random = new Random(3);
  const bins = Array.from({ length: 10 }, () => 0);
  const draws = 100_000;
  for (let i = 0; i < draws; i++) bins[random.below(10)]++;
  const chiSquared = bins.reduce((sum, bin) => sum + (bin - draws / 10) ** 2 / (draws / 10), 0);
  expect(chiSquared).toBeLessThan(27.9);
});

test('floats lie from 0 up to but not including 1 and have the mean one half', () => {
  const random = new Random(4);
  let sum = 0;
  for (let i = 0; i < 100_000; i++) {
    const value = random.float();
    expect(value >= 0 && value < 1).toBe(true);
    sum += value;
  }
  expect(Math.abs(sum / 100_000 - 0.5)).toBeLessThan(0.005);
});
