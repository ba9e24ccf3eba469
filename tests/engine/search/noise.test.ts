import { expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { addNoise, drawGamma } from '../../../engine/search/noise.ts';

test.each([0.03, 0.5, 1, 4])(
  'draws from the gamma distribution have its mean and variance, shape %d',
  shape => {
    const random = new Random(1);
    const draws = Array.from({ length: 40_000 }, () => drawGamma(shape, random));
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    expect(mean / shape).toBeCloseTo(1, 0.5);
    expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / draws.length));
    expect(variance / shape).toBeGreaterThan(0.8);
    expect(variance / shape).toBeLessThan(1.25);
  },
);

test('noise keeps the sum of the priors at 1 and its share of each', () => {
  const priors = new Float32Array(300).fill(1 / 300);
  addNoise(priors, 300, 0.25, new Random(2));
  expect(priors.reduce((sum, prior) => sum + prior, 0)).toBeCloseTo(1, 5);
  expect(Math.min(...priors)).toBeGreaterThanOrEqual(0.7499 / 300);
  expect(Math.max(...priors)).toBeGreaterThan(5 / 300);
});
