/** One position through the network, as it stands or in the mean of all symmetries. */
import type { Evaluation } from '../../engine/analysis.ts';
import type { Evaluator } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import { SYMMETRIES, keepsShape } from '../../features/symmetry.ts';

/** How often a position is looked at: once as it stands, or in all 8 symmetries (4 on rectangular boards). */
export type SymmetryCount = 1 | 8;

/** @param count 1: the board as it stands; 8: the mean over all symmetries that keep its shape */
export const evaluate = async (
  evaluator: Evaluator,
  game: Game,
  count: SymmetryCount = 1,
): Promise<Evaluation> => {
  const symmetries = Array.from({ length: count === 1 ? 1 : SYMMETRIES }, (_, symmetry) => symmetry);
  return evaluateIn(
    evaluator,
    game,
    symmetries.filter(symmetry => keepsShape(symmetry, game)),
  );
};

/** The mean over the given symmetries. @throws RangeError if there are more than a batch holds */
export const evaluateIn = async (
  evaluator: Evaluator,
  game: Game,
  symmetries: readonly number[],
): Promise<Evaluation> => {
  const batch = evaluator.begin();
  try {
    const slots = symmetries.map(symmetry => batch.add(game, symmetry));
    await batch.run();
    return {
      policy: meanArray(slots.map(slot => batch.policy(slot)))!,
      expert: meanArray(slots.map(slot => batch.expert(slot))),
      value: mean(slots.map(slot => batch.value(slot))),
      lead: mean(slots.map(slot => batch.lead(slot))),
      ownership: meanArray(slots.map(slot => batch.ownership(slot))),
    };
  } finally {
    batch.release();
  }
};

/** Undefined if any value is. */
const mean = (values: readonly (number | undefined)[]): number | undefined => {
  let sum = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum / values.length;
};

const meanArray = (arrays: readonly (Float32Array | undefined)[]): Float32Array | undefined => {
  const sum = arrays[0]?.slice();
  if (!sum) return undefined;
  for (const array of arrays.slice(1)) for (let i = 0; i < sum.length; i++) sum[i] += array![i];
  return arrays.length === 1 ? sum : sum.map(value => value / arrays.length);
};
