/** How fast a run learns at each moment of its budget: warm-up, then constant, then linearly down to nothing. */

export interface Schedule {
  /** Steps over which the rate rises from nothing. */
  readonly warmupSteps: number;
  /** Share of the budget at whose end the rate falls, from 0 (never) to 1 (from the beginning). */
  readonly decay: number;
}

export const DEFAULT_SCHEDULE: Schedule = { warmupSteps: 100, decay: 0.5 };

/** What a run may use: whichever runs out first ends it. Without either it goes on until it is stopped, at a constant rate. */
export interface Budget {
  readonly minutes?: number | undefined;
  readonly positions?: number | undefined;
}

/** Share of the budget that has been used, from 0 to 1; 0 without a budget. */
export const progressOf = (budget: Budget, minutes: number, positions: number): number =>
  Math.min(1, Math.max(minutes / (budget.minutes ?? Infinity), positions / (budget.positions ?? Infinity)));

/**
 * What the rates are multiplied with, from 0 to 1.
 * @param steps taken since the rates began to rise @param progress as {@link progressOf}
 */
export const rateFactor = ({ warmupSteps, decay }: Schedule, steps: number, progress: number): number => {
  const warm = warmupSteps === 0 ? 1 : Math.min(1, (steps + 1) / warmupSteps);
  const left = decay === 0 ? 1 : Math.min(1, (1 - progress) / decay);
  return warm * left;
};
