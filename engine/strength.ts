/**
 * Levels of strength of the bare policy: the highest plays its best move, lower ones draw their moves from the priors, the
 * lower the flatter. The steps are measured (README): each level wins at least 60 % of its games against the next lower.
 */

export interface Level {
  /** As of players.ts PolicyOptions: 0 plays the best move. */
  readonly temperature: number;
  /** Moves less likely than this share of the best one are never drawn. */
  readonly smallestShare: number;
}

/** Level 1 first. */
export const LEVELS: readonly Level[] = [
  { temperature: 3, smallestShare: 1e-4 },
  { temperature: 2.1, smallestShare: 3e-4 },
  { temperature: 1.7, smallestShare: 1e-3 },
  { temperature: 1.45, smallestShare: 0.003 },
  { temperature: 1.2, smallestShare: 0.01 },
  { temperature: 1, smallestShare: 0.02 },
  { temperature: 0.8, smallestShare: 0.05 },
  { temperature: 0.5, smallestShare: 0.05 },
  { temperature: 0, smallestShare: 1 },
];

/** The highest level: no handicap of its own making. */
export const FULL_STRENGTH: number = LEVELS.length;
