/**
 * What results say: Elo with its error, likelihood of superiority, sequential test. Pairs of games on the same opening with
 * colors swapped are the samples, since their two games are not independent (the pentanomial model; Van den Bergh,
 * "Comments on Normalized Elo", 2020; fastchess).
 */

/** Pairs by the points of the first engine: 0, 1/2, 1, 3/2, 2. */
export type Pentanomial = readonly [number, number, number, number, number];

export interface Strength {
  readonly pairs: number;
  /** Mean score of a game, from 0 to 1. */
  readonly score: number;
  readonly elo: number;
  /** Bounds of the 95 % interval; one is infinite where nearly everything was won or lost. */
  readonly interval: readonly [number, number];
  /** Normalised Elo: in units of the spread of a pair. */
  readonly normalizedElo: number;
  /** Probability that the first engine is the stronger. */
  readonly los: number;
}

/** 95 % of a normal distribution. */
const Z = 1.959964;

export const eloOf = (score: number): number =>
  score <= 0 ? -Infinity : score >= 1 ? Infinity : 400 * Math.log10(score / (1 - score));

export const scoreOfElo = (elo: number): number => 1 / (1 + 10 ** (-elo / 400));

/** Mean and variance of a pair's score per game, from 0 to 1. */
const moments = (counts: readonly number[]): { n: number; mean: number; variance: number } => {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, i) => sum + (count * i) / 4, 0) / n;
  const variance = counts.reduce((sum, count, i) => sum + count * (i / 4 - mean) ** 2, 0) / n;
  return { n, mean, variance };
};

export const measureStrength = (counts: Pentanomial): Strength => {
  const { n, mean, variance } = moments(counts);
  if (n === 0)
    return { pairs: 0, score: 0.5, elo: 0, interval: [-Infinity, Infinity], normalizedElo: 0, los: 0.5 };
  // Pairs that all ended alike have no spread, and still are no certainty: half a pair at each end stands for what was not seen.
  const seen =
    variance > 0 ? { n, mean, variance } : moments(counts.map((count, i) => count + (i % 4 === 0 ? 0.5 : 0)));
  const error = Math.sqrt(seen.variance / seen.n);
  return {
    pairs: n,
    score: mean,
    elo: eloOf(mean),
    interval: [eloOf(seen.mean - Z * error), eloOf(seen.mean + Z * error)],
    normalizedElo: variance > 0 ? ((mean - 0.5) / Math.sqrt(2 * variance)) * (800 / Math.log(10)) : 0,
    los: normalCdf((seen.mean - 0.5) / error),
  };
};

export interface SprtSettings {
  readonly elo0: number;
  readonly elo1: number;
  readonly alpha: number;
  readonly beta: number;
}

export interface Sprt {
  /** Log-likelihood ratio of elo1 over elo0. */
  readonly llr: number;
  readonly lower: number;
  readonly upper: number;
  /** Which hypothesis is accepted, if any. */
  readonly verdict: 'H0' | 'H1' | undefined;
}

/** In place of empty cells, so that a few pairs without spread are no certainty (fastchess). */
const EMPTY_CELL = 1e-3;

/** The generalised sequential probability ratio test, in its normal approximation. */
export const runSprt = (counts: Pentanomial, { elo0, elo1, alpha, beta }: SprtSettings): Sprt => {
  const lower = Math.log(beta / (1 - alpha));
  const upper = Math.log((1 - beta) / alpha);
  const { n, mean, variance } = moments(counts.map(count => count || EMPTY_CELL));
  const [s0, s1] = [scoreOfElo(elo0), scoreOfElo(elo1)];
  const llr =
    counts.every(count => count === 0) || variance === 0
      ? 0
      : (n * (s1 - s0) * (2 * mean - s0 - s1)) / (2 * variance);
  return { llr, lower, upper, verdict: llr >= upper ? 'H1' : llr <= lower ? 'H0' : undefined };
};

/** Of the standard normal distribution (Abramowitz and Stegun 7.1.26; error below 1.5e-7). */
export const normalCdf = (x: number): number => {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp((-x * x) / 2);
  return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
};

export interface Rating {
  readonly name: string;
  /** Relative to the mean of all. */
  readonly elo: number;
  /** Half of the 95 % interval. */
  readonly error: number;
  readonly games: number;
  readonly score: number;
}

/**
 * Ratings of several engines by the Bradley-Terry model, draws as half wins; one draw between each two that met keeps
 * all-won pairings finite (as BayesElo's prior).
 * @param points `points[i][j]`: what `i` scored against `j`
 */
export const rate = (names: readonly string[], points: readonly (readonly number[])[]): Rating[] => {
  const n = names.length;
  const met = (i: number, j: number): number => points[i][j] + points[j][i];
  const wins = points.map((row, i) => row.map((won, j) => (met(i, j) > 0 ? won + 0.5 : 0)));
  const games = wins.map((row, i) => row.map((won, j) => won + wins[j][i]));
  let strength = names.map(() => 1);
  for (let round = 0; round < 10_000; round++) {
    const next = strength.map((own, i) => {
      const won = wins[i].reduce((sum, value) => sum + value, 0);
      const expected = games[i].reduce(
        (sum, count, j) => sum + (count > 0 ? count / (own + strength[j]) : 0),
        0,
      );
      return expected > 0 ? won / expected : own;
    });
    const mean = Math.exp(next.reduce((sum, value) => sum + Math.log(value), 0) / n);
    const change = Math.max(...next.map((value, i) => Math.abs(Math.log(value / mean / strength[i]))));
    strength = next.map(value => value / mean);
    if (change < 1e-10) break;
  }
  const errors = errorsOf(strength, games);
  return names.map((name, i) => {
    const played = names.reduce((sum, _, j) => sum + met(i, j), 0);
    const won = points[i].reduce((sum, value) => sum + value, 0);
    return {
      name,
      elo: 400 * Math.log10(strength[i]),
      error: Z * errors[i],
      games: played,
      score: played > 0 ? won / played : 0,
    };
  });
};

/** Standard errors in Elo, from the inverse of the information about the differences to the mean. */
const errorsOf = (strength: readonly number[], games: readonly (readonly number[])[]): number[] => {
  const n = strength.length;
  const information = strength.map((own, i) =>
    strength.map((other, j) => {
      if (i !== j) return -(games[i][j] * own * other) / (own + other) ** 2 + 1 / n;
      return (
        strength.reduce(
          (sum, rival, k) => sum + (k === i ? 0 : (games[i][k] * own * rival) / (own + rival) ** 2),
          0,
        ) +
        1 / n
      );
    }),
  );
  // With 1/n added everywhere the matrix of differences becomes invertible; its inverse has 1/n too much everywhere.
  return invert(information).map((row, i) => (400 / Math.log(10)) * Math.sqrt(Math.max(0, row[i] - 1 / n)));
};

/** Gauss-Jordan with pivoting. */
const invert = (matrix: readonly (readonly number[])[]): number[][] => {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...matrix.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++)
      if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const scale = rows[column][column] || 1e-12;
    rows[column] = rows[column].map(value => value / scale);
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i][column];
      rows[i] = rows[i].map((value, k) => value - factor * rows[column][k]);
    }
  }
  return rows.map(row => row.slice(n));
};
