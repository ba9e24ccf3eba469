/** Whether a forecast of 70 % comes true in 70 %: forecasts in ten bins, each with what came of it. */

export interface Calibration {
  readonly bins: readonly {
    /** Mean forecast and mean outcome, from 0 to 1. */
    readonly forecast: number;
    readonly outcome: number;
    readonly count: number;
  }[];
  /** Expected calibration error: the mean distance of forecast and outcome of the bins, by their counts. */
  readonly error: number;
  readonly positions: number;
}

const BINS = 10;

export class Calibrator {
  private readonly forecasts = new Float64Array(BINS);
  private readonly outcomes = new Float64Array(BINS);
  private readonly counts = new Float64Array(BINS);

  /** @param forecast from 0 to 1 @param outcome what came true, or how likely it was, from 0 to 1 */
  add(forecast: number, outcome: number): void {
    const bin = Math.min(BINS - 1, Math.floor(forecast * BINS));
    this.forecasts[bin] += forecast;
    this.outcomes[bin] += outcome;
    this.counts[bin]++;
  }

  /** Bins without a forecast are left out; undefined without any. */
  calibration(): Calibration | undefined {
    const { forecasts, outcomes, counts } = this;
    const positions = counts.reduce((sum, count) => sum + count, 0);
    if (positions === 0) return undefined;
    const all = Array.from(counts, (count, i) => ({
      forecast: forecasts[i] / count,
      outcome: outcomes[i] / count,
      count,
    }));
    const bins = all.filter(({ count }) => count > 0);
    const error = bins.reduce(
      (sum, { forecast, outcome, count }) => sum + (count / positions) * Math.abs(forecast - outcome),
      0,
    );
    return { bins, error, positions };
  }
}
