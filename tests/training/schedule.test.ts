import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { permuted } from '../../src/training/permutation.ts';
import { progressOf, rateFactor } from '../../src/training/schedule.ts';

describe('the rate', () => {
  const schedule = { warmupSteps: 4, decay: 0.5 };

  test.each([
    ['rises over the warm-up', 0, 0, 0.25],
    ['reaches its height', 3, 0.1, 1],
    ['stays until the decay begins', 900, 0.5, 1],
    ['falls in a straight line', 900, 0.75, 0.5],
    ['ends at nothing', 900, 1, 0],
    ['falls even while it rises', 1, 0.75, 0.25],
  ])('%s', (_, steps, progress, factor) => {
    expect(rateFactor(schedule, steps, progress)).toBeCloseTo(factor, 12);
  });

  test('is constant without warm-up and decay', () => {
    expect(rateFactor({ warmupSteps: 0, decay: 0 }, 0, 1)).toBe(1);
  });
});

test('whatever runs out first counts; a run without a budget never comes nearer its end', () => {
  expect(progressOf({ minutes: 10, positions: 100 }, 5, 80)).toBe(0.8);
  expect(progressOf({ minutes: 10 }, 25, 80)).toBe(1);
  expect(progressOf({}, 1e6, 1e9)).toBe(0);
});

test('an order has every item once, and each key its own', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (size, key) => {
      const order = Array.from({ length: size }, (_, i) => permuted(i, size, key));
      expect(new Set(order).size).toBe(size);
      expect(Math.min(...order)).toBe(0);
      expect(Math.max(...order)).toBe(size - 1);
    }),
    { numRuns: 50 },
  );
  const order = (key: number): number[] => Array.from({ length: 1000 }, (_, i) => permuted(i, 1000, key));
  expect(order(1)).not.toEqual(order(2));
  // Shuffled: hardly any item stays beside its neighbour.
  const kept = order(1).filter((item, i, all) => i > 0 && Math.abs(item - all[i - 1]) === 1).length;
  expect(kept).toBeLessThan(10);
});
