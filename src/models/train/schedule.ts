/** How the rate goes through a run. */

export interface RateSchedule {
  readonly rate: number;
  /** Shares of all epochs at which the rate is multiplied: `[[0.5, 0.1], [0.75, 0.1]]`. */
  readonly drops?: readonly (readonly [share: number, factor: number])[];
  /** Epochs over which it rises from 0. */
  readonly warmupEpochs?: number;
}

/**
 * The rate of a step.
 * @param epoch with its fraction: 0 before the first step
 * @param epochs of the whole run
 */
export const rateAt = (
  { rate, drops = [], warmupEpochs = 0 }: RateSchedule,
  epoch: number,
  epochs: number,
): number => {
  // Whole epochs, so that a drop falls between two of them.
  const passed = drops.filter(([share]) => Math.floor(epoch) >= Math.round(share * epochs));
  const dropped = passed.reduce((so, [, factor]) => so * factor, rate);
  return epoch < warmupEpochs ? (dropped * (epoch + 1e-3)) / warmupEpochs : dropped;
};
