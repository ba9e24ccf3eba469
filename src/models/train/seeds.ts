/** Seeds from seeds: every place where chance is asked has its own, so that a run needs to remember none of them. */
import { Random } from '../../../engine/random.ts';

/** Golden ratio of 2^32: far-apart seeds from neighbouring numbers. */
const SPREAD = 0x9e3779b9;

/** A seed that belongs to a seed and the numbers behind it: an epoch, a step, an example. */
export const seedFor = (seed: number, ...place: readonly number[]): number =>
  place.reduce((so, part) => new Random(so ^ Math.imul(part + 1, SPREAD)).uint32(), seed >>> 0);

/** What a run asks chance for; the first of a place's numbers. */
export const CHANCE = { order: 1, example: 2, layers: 3, dev: 4, fold: 5, vectors: 6 } as const;
