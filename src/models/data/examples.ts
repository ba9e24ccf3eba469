/** What a network learns from: numbers as it takes them, and what each of them is. */
import type { Random } from '../../../engine/random.ts';

export interface Examples {
  readonly count: number;
  /** Of one example, channels first: [channels, height, width], or [words]. */
  readonly shape: readonly number[];
  /** Class of each example, from 0. */
  readonly labels: ArrayLike<number>;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /**
   * Writes one example's numbers.
   * @param offset where its first number goes
   * @param random given in training alone: what chance changes (mirrors, moves) is drawn from it
   */
  write(index: number, out: Float32Array, offset: number, random?: Random): void;
}

/** What a network learns from, and what it is measured on. */
export interface Split {
  readonly train: Examples;
  /** To choose by: epochs, options. Never learned from. */
  readonly dev?: Examples;
  readonly test: Examples;
}

/** Some of the examples, in the order of `indices`. @throws RangeError naming an index that is none */
export const pick = (examples: Examples, indices: readonly number[]): Examples => {
  for (const index of indices)
    if (!(Number.isInteger(index) && index >= 0 && index < examples.count))
      throw new RangeError(`there is no example ${index} of ${examples.count}`);
  return {
    count: indices.length,
    shape: examples.shape,
    classes: examples.classes,
    labels: Int32Array.from(indices, index => examples.labels[index]),
    write: (index, out, offset, random) => examples.write(indices[index], out, offset, random),
  };
};

/** The numbers 0 to `count` - 1 in an order by chance (Fisher and Yates). */
export const shuffled = (count: number, random: Random): number[] => {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
};

/**
 * Parts the examples by chance.
 * @param share of the first part, from 0 to 1
 */
export const partByChance = (
  examples: Examples,
  share: number,
  random: Random,
): readonly [Examples, Examples] => {
  const order = shuffled(examples.count, random);
  const size = Math.round(share * examples.count);
  return [pick(examples, order.slice(0, size)), pick(examples, order.slice(size))];
};

/**
 * One of `folds` parts to measure on, and all the others to learn from: each example is in the part that chance gives it, as in
 * Kim's own code, so that parts are of about one size only.
 * @param fold from 0
 * @throws RangeError if there are no such folds
 */
export const foldOf = (
  examples: Examples,
  fold: number,
  folds: number,
  random: Random,
): { readonly train: Examples; readonly test: Examples } => {
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new RangeError(`there cannot be ${folds} folds: 2 or more`);
  if (!(Number.isInteger(fold) && fold >= 0 && fold < folds))
    throw new RangeError(`there is no fold ${fold} of ${folds}: 0 to ${folds - 1}`);
  const train: number[] = [];
  const test: number[] = [];
  for (let i = 0; i < examples.count; i++) (random.below(folds) === fold ? test : train).push(i);
  return { train: pick(examples, train), test: pick(examples, test) };
};
