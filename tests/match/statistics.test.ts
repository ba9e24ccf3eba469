import { describe, expect, test } from 'vitest';
import { eloOf, measureStrength, normalCdf, rate, runSprt, scoreOfElo } from '../../src/match/statistics.ts';

test('Elo and scores belong together as in the definition', () => {
  // 400 log10(3) for three points of four.
  expect(eloOf(0.75)).toBeCloseTo(190.8485, 3);
  expect(eloOf(0.5)).toBe(0);
  expect(eloOf(1)).toBe(Infinity);
  expect(eloOf(0)).toBe(-Infinity);
  for (const elo of [-300, -1, 0, 35, 400]) expect(eloOf(scoreOfElo(elo))).toBeCloseTo(elo, 6);
  expect(scoreOfElo(400)).toBeCloseTo(10 / 11, 12);
});

test('the normal distribution has its tabled values', () => {
  expect(normalCdf(0)).toBeCloseTo(0.5, 6);
  expect(normalCdf(1)).toBeCloseTo(0.8413447, 6);
  expect(normalCdf(1.959964)).toBeCloseTo(0.975, 6);
  expect(normalCdf(-2.5)).toBeCloseTo(0.0062097, 6);
});

describe('a match of pairs', () => {
  test('is measured as worked out by hand', () => {
    // 10 pairs: 1 with 0 points, 4 with 1, 5 with 2. Mean (0 + 4 * 0.5 + 5) / 10 = 0.7.
    // Variance (1 * 0.49 + 4 * 0.04 + 5 * 0.09) / 10 = 0.11; error sqrt(0.011) = 0.104881.
    const strength = measureStrength([1, 0, 4, 0, 5]);
    expect(strength.score).toBeCloseTo(0.7, 12);
    expect(strength.elo).toBeCloseTo(147.19, 2);
    expect(strength.interval[0]).toBeCloseTo(eloOf(0.7 - 1.959964 * 0.1048809), 3);
    expect(strength.interval[1]).toBeCloseTo(eloOf(0.7 + 1.959964 * 0.1048809), 3);
    expect(strength.los).toBeCloseTo(normalCdf(0.2 / 0.1048809), 6);
    // (0.7 - 0.5) / sqrt(2 * 0.11) * 800 / ln 10
    expect(strength.normalizedElo).toBeCloseTo(148.147, 2);
  });

  test('has a wider interval if the games of a pair go together, a narrower one if they cancel', () => {
    const together = measureStrength([10, 0, 0, 0, 10]);
    const cancel = measureStrength([0, 0, 20, 0, 0]);
    expect(together.elo).toBeCloseTo(cancel.elo, 9);
    expect(together.interval[1]).toBeGreaterThan(100);
    expect(cancel.interval[1]).toBeLessThan(50);
  });

  test('that was all won is no certainty: half a pair at each end stands for what was not seen', () => {
    // 10 pairs won and half a pair at each end: mean 10.5 / 11, variance 10.5 * 0.5 / 121.
    const { elo, interval, los } = measureStrength([0, 0, 0, 0, 10]);
    const error = Math.sqrt((10.5 * 0.5) / 121 / 11);
    expect(elo).toBe(Infinity);
    expect(interval[0]).toBeCloseTo(eloOf(10.5 / 11 - 1.959964 * error), 3);
    expect(interval[0]).toBeGreaterThan(200);
    expect(interval[1]).toBe(Infinity);
    expect(los).toBeLessThan(1);
    expect(measureStrength([0, 0, 0, 0, 1]).interval[0]).toBeLessThan(0);
  });

  test('without a game says nothing', () => {
    expect(measureStrength([0, 0, 0, 0, 0])).toMatchObject({
      pairs: 0,
      los: 0.5,
      interval: [-Infinity, Infinity],
    });
  });
});

describe('the sequential test', () => {
  const settings = { elo0: 0, elo1: 50, alpha: 0.05, beta: 0.05 };

  test('has Wald’s bounds', () => {
    const { lower, upper } = runSprt([0, 0, 0, 0, 0], settings);
    expect(upper).toBeCloseTo(Math.log(19), 12);
    expect(lower).toBeCloseTo(-Math.log(19), 12);
  });

  test('has the likelihood ratio worked out by hand', () => {
    // No empty cell: counts 10, 20, 40, 20, 10 have mean 0.5 and variance (20 * 0.25 + 40 * 0.0625) / 100 = 0.075.
    const s1 = 1 / (1 + 10 ** (-50 / 400));
    const expected = (100 * (s1 - 0.5) * (2 * 0.5 - 0.5 - s1)) / (2 * 0.075);
    expect(runSprt([10, 20, 40, 20, 10], settings).llr).toBeCloseTo(expected, 10);
  });

  test('accepts what is true when there is enough of it, and not before', () => {
    expect(runSprt([0, 1, 1, 1, 1], settings).verdict).toBeUndefined();
    expect(runSprt([20, 60, 140, 120, 100], settings).verdict).toBe('H1');
    expect(runSprt([100, 120, 140, 60, 20], settings).verdict).toBe('H0');
  });
});

describe('ratings', () => {
  test('of two engines are their Elo difference, up to the one draw that is added', () => {
    const [a, b] = rate(
      ['a', 'b'],
      [
        [0, 750],
        [250, 0],
      ],
    );
    expect(a.elo - b.elo).toBeCloseTo(eloOf(750.5 / 1001), 6);
    expect(a.elo + b.elo).toBeCloseTo(0, 6);
    // Of a difference of logits the error is 1 / sqrt(n p (1 - p)); each rating has half of it.
    const p = 750.5 / 1001;
    const error = (400 / Math.log(10) / Math.sqrt(1001 * p * (1 - p)) / 2) * 1.959964;
    expect(a.error).toBeCloseTo(error, 3);
    expect(b.error).toBeCloseTo(error, 3);
  });

  test('are found again from the scores they predict', () => {
    const truth = [150, 40, -60, -130];
    const points = truth.map((a, i) => truth.map((b, j) => (i === j ? 0 : 10_000 * scoreOfElo(a - b))));
    const names = ['a', 'b', 'c', 'd'];
    for (const [i, { name, elo, games }] of rate(names, points).entries()) {
      expect(name).toBe(names[i]);
      expect(games).toBeCloseTo(30_000, 3);
      expect(Math.abs(elo - truth[i])).toBeLessThan(0.5);
    }
  });

  test('stay finite where everything was won, and grow with the number of games', () => {
    const few = rate(
      ['a', 'b'],
      [
        [0, 5],
        [0, 0],
      ],
    );
    const many = rate(
      ['a', 'b'],
      [
        [0, 500],
        [0, 0],
      ],
    );
    expect(Number.isFinite(few[0].elo)).toBe(true);
    expect(many[0].elo).toBeGreaterThan(few[0].elo);
    expect(few[0].error).toBeGreaterThan(100);
  });
});
