import { describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { BLACK, WHITE } from '../../../engine/types.ts';
import { Calibrator } from '../../../src/training/eval/calibration.ts';
import { ClusteredMean } from '../../../src/training/eval/clusteredMean.ts';
import {
  METRICS,
  metricIndex,
  scorePosition,
  type MetricName,
  type Outputs,
  type Target,
} from '../../../src/training/eval/metrics.ts';
import { movePartName, movePartOf, MOVE_STARTS } from '../../../src/training/eval/accumulator.ts';

const AREA = 25;

/** Shares that add up to 1, some of them 0, some equal. */
const shares = (random: Random, length: number): Float32Array => {
  const weights = Array.from({ length }, () => Math.max(0, random.below(12) - 4));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(weights, weight => weight / sum);
};

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.float();

const randomOutputs = (random: Random): Outputs => ({
  policy: shares(random, AREA + 1),
  expert: shares(random, AREA),
  value: between(random, -1, 1),
  lead: between(random, -30, 30),
  ownership: Float32Array.from({ length: AREA }, () => between(random, -1, 1)),
});

const randomTarget = (random: Random): Target => ({
  toPlay: random.below(2) === 0 ? BLACK : WHITE,
  next: random.below(AREA),
  winner: random.below(2) === 0 ? BLACK : WHITE,
  margin: random.below(40) / 2,
  teacher: {
    policy: shares(random, AREA + 1),
    chance: random.float(),
    lead: between(random, -30, 30),
    ownership: Float32Array.from({ length: AREA }, () => between(random, -1, 1)),
  },
});

/** The same, by sorting and by the definitions. */
const slowScores = (outputs: Outputs, target: Target): Record<MetricName, number> => {
  const order = (priors: Float32Array): number[] =>
    Array.from(priors, (_, i) => i).toSorted((a, b) => priors[b] - priors[a] || a - b);
  const loss = (prior: number): number => -Math.log(Math.max(1e-6, prior));
  const isIn = (list: readonly number[], move: number): number => (list.includes(move) ? 1 : 0);
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const teacher = target.teacher!;
  const result = target.winner === target.toPlay ? 1 : -1;
  const [policy, expert] = [order(outputs.policy), order(outputs.expert!)];
  const best = order(teacher.policy)[0];
  const truth = 2 * teacher.chance - 1;
  return {
    policyTop1: isIn(policy.slice(0, 1), target.next),
    policyTop5: isIn(policy.slice(0, 5), target.next),
    policyLoss: loss(outputs.policy[target.next]),
    expertTop1: isIn(expert.slice(0, 1), target.next),
    expertTop5: isIn(expert.slice(0, 5), target.next),
    expertLoss: loss(outputs.expert![target.next]),
    resultSign: Math.sign(outputs.value!) === result ? 1 : 0,
    resultSquared: (outputs.value! - result) ** 2,
    resultLead: Math.abs(outputs.lead! - result * target.margin!),
    teacherTop1: isIn(policy.slice(0, 1), best),
    teacherTop5: isIn(policy.slice(0, 5), best),
    teacherLoss: Array.from(teacher.policy, (share, i) => share * loss(outputs.policy[i])).reduce(
      (a, b) => a + b,
      0,
    ),
    teacherSign: outputs.value! > 0 === truth > 0 ? 1 : 0,
    teacherSquared: (outputs.value! - truth) ** 2,
    teacherLead: Math.abs(outputs.lead! - teacher.lead),
    teacherOwnership: mean(Array.from(outputs.ownership!, (owner, i) => (owner - teacher.ownership[i]) ** 2)),
  };
};

describe('the scores of a position', () => {
  test('are those of a slow and obvious version', () => {
    const random = new Random(1);
    const out = new Float64Array(METRICS.length);
    for (let i = 0; i < 500; i++) {
      const [outputs, target] = [randomOutputs(random), randomTarget(random)];
      scorePosition(outputs, target, out);
      const slow = slowScores(outputs, target);
      for (const { name } of METRICS) expect(out[metricIndex(name)], name).toBeCloseTo(slow[name], 10);
    }
  });

  test('are none where network or position say nothing, whatever was there before', () => {
    const random = new Random(2);
    const out = new Float64Array(METRICS.length);
    const bare: Outputs = {
      policy: shares(random, AREA + 1),
      expert: undefined,
      value: undefined,
      lead: undefined,
      ownership: undefined,
    };
    const names = (): MetricName[] =>
      METRICS.map(({ name }) => name).filter(name => !Number.isNaN(out[metricIndex(name)]));
    scorePosition(bare, randomTarget(random), out);
    expect(names()).toEqual([
      'policyTop1',
      'policyTop5',
      'policyLoss',
      'teacherTop1',
      'teacherTop5',
      'teacherLoss',
    ]);
    const unknown: Target = { toPlay: BLACK, next: -1, winner: undefined, margin: 3, teacher: undefined };
    scorePosition(randomOutputs(random), unknown, out);
    expect(names()).toEqual([]);
  });

  test('charge a move that a network excludes no infinity', () => {
    const out = new Float64Array(METRICS.length);
    const policy = new Float32Array(AREA + 1);
    policy[3] = 1;
    const target = { ...randomTarget(new Random(3)), next: 4 };
    scorePosition({ ...randomOutputs(new Random(3)), policy }, target, out);
    expect(out[metricIndex('policyLoss')]).toBeCloseTo(-Math.log(1e-6), 10);
  });
});

/** Values of positions of games: each game has a level of its own. */
const clusters = (random: Random, games: number): { game: number; value: number }[] =>
  Array.from({ length: games }, (_, game) => {
    const level = random.float();
    return Array.from({ length: 1 + random.below(9) }, () => ({ game, value: level + 0.2 * random.float() }));
  }).flat();

const byGameOf = (
  values: readonly { readonly game: number; readonly value: number }[],
): (typeof values)[] => {
  const games = new Set(values.map(({ game }) => game));
  return [...games].map(game => values.filter(value => value.game === game));
};

describe('a clustered mean', () => {
  test('and its interval are those of a slow and obvious version', () => {
    const values = clusters(new Random(4), 60);
    const fast = new ClusteredMean();
    for (const { game, value } of values) fast.add(game, value);
    const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length;
    const byGame = byGameOf(values);
    // What each game is off its share of the whole.
    const off = byGame.map(list => list.reduce((sum, { value }) => sum + value - mean, 0));
    const variance = (off.reduce((sum, o) => sum + o * o, 0) * (60 / 59)) / values.length ** 2;
    const figure = fast.figure()!;
    expect([figure.positions, figure.games]).toEqual([values.length, 60]);
    expect(figure.mean).toBeCloseTo(mean, 12);
    expect(figure.high! - mean).toBeCloseTo(1.959964 * Math.sqrt(variance), 10);
    expect(mean - figure.low!).toBeCloseTo(1.959964 * Math.sqrt(variance), 10);
  });

  test('has an interval like that of resampled games', () => {
    const values = clusters(new Random(5), 200);
    const byGame = byGameOf(values);
    const fast = new ClusteredMean();
    for (const { game, value } of values) fast.add(game, value);
    const random = new Random(6);
    const means = Array.from({ length: 1000 }, () => {
      const drawn = byGame.map(() => byGame[random.below(byGame.length)]).flat();
      return drawn.reduce((sum, { value }) => sum + value, 0) / drawn.length;
    }).toSorted((a, b) => a - b);
    const { low, high } = fast.figure()!;
    const width = high! - low!;
    expect(Math.abs(low! - means[25])).toBeLessThan(0.12 * width);
    expect(Math.abs(high! - means[974])).toBeLessThan(0.12 * width);
  });

  test('is wider than if positions were independent, and has no interval for one game', () => {
    const [one, single] = [new ClusteredMean(), new ClusteredMean()];
    for (let i = 0; i < 400; i++) {
      one.add(Math.floor(i / 20), Math.floor(i / 20) % 2);
      single.add(i, Math.floor(i / 20) % 2);
    }
    const width = (mean: ClusteredMean): number => mean.figure()!.high! - mean.figure()!.low!;
    expect(width(one)).toBeGreaterThan(3 * width(single));
    const alone = new ClusteredMean();
    expect(alone.figure()).toBeUndefined();
    alone.add(7, 0.5);
    alone.add(7, 1);
    expect(alone.figure()).toEqual({ mean: 0.75, low: undefined, high: undefined, positions: 2, games: 1 });
  });
});

describe('a calibration', () => {
  test('is that of a slow and obvious version', () => {
    const random = new Random(7);
    const pairs = Array.from({ length: 3000 }, () => {
      const forecast = random.float();
      return { forecast, outcome: random.float() < forecast ** 2 ? 1 : 0 };
    });
    const calibrator = new Calibrator();
    for (const { forecast, outcome } of pairs) calibrator.add(forecast, outcome);
    const { bins, error, positions } = calibrator.calibration()!;
    let slowError = 0;
    for (let i = 0; i < 10; i++) {
      const inBin = pairs.filter(({ forecast }) => forecast >= i / 10 && forecast < (i + 1) / 10);
      const mean = (of: (pair: { forecast: number; outcome: number }) => number): number =>
        inBin.reduce((sum, pair) => sum + of(pair), 0) / inBin.length;
      const [forecast, outcome] = [mean(pair => pair.forecast), mean(pair => pair.outcome)];
      expect(bins[i].count).toBe(inBin.length);
      expect(bins[i].forecast).toBeCloseTo(forecast, 10);
      expect(bins[i].outcome).toBeCloseTo(outcome, 10);
      slowError += (inBin.length / pairs.length) * Math.abs(forecast - outcome);
    }
    expect([error, positions]).toEqual([expect.closeTo(slowError, 10), 3000]);
  });

  test('takes sure forecasts, leaves empty bins out, and is none without forecasts', () => {
    const calibrator = new Calibrator();
    expect(calibrator.calibration()).toBeUndefined();
    calibrator.add(1, 1);
    calibrator.add(0, 0);
    const { bins, error } = calibrator.calibration()!;
    expect([bins.length, error]).toEqual([2, 0]);
  });
});

test('every ply is in the part of the game whose name holds it', () => {
  for (let ply = 0; ply < 400; ply++) {
    const name = movePartName(movePartOf(ply));
    const [first, last = Infinity] = name.replace('+', '').split('-').map(Number);
    expect(ply >= first && ply <= last, `${ply} in ${name}`).toBe(true);
  }
  expect(movePartOf(400)).toBe(MOVE_STARTS.length - 1);
});
