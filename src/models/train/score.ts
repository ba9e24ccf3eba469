/** How well chances of classes fit what is so: errors, accuracy, and ensembles of several networks. */
import { setImmediate } from 'node:timers/promises';
import type { Examples } from '../data/examples.ts';

export interface Score {
  /** Share of examples whose likeliest class is wrong, from 0 to 1. */
  readonly error: number;
  readonly accuracy: number;
  /** Mean of -log(chance of the right class). */
  readonly crossEntropy: number;
  readonly examples: number;
}

/** What gives chances. */
export interface Classifier {
  readonly classes: number;
  /** @param values of the examples, one behind the other @returns shape [count, classes] */
  predict(values: Float32Array, count: number): Promise<Float32Array>;
}

/** A chance of 0 counts as this much, so that one mistake does not make the mean infinite. */
const LEAST_CHANCE = 1e-12;
const BATCH = 100;

/** @param chances shape [n, classes] @throws RangeError if there are more or fewer than the labels are */
export const scoreOf = (chances: Float32Array, labels: ArrayLike<number>, classes: number): Score => {
  if (chances.length !== labels.length * classes || labels.length === 0)
    throw new RangeError(`${chances.length} chances for ${labels.length} examples of ${classes} classes`);
  let [wrong, loss] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (chances[i * classes + c] > chances[i * classes + best]) best = c;
    if (best !== labels[i]) wrong++;
    loss -= Math.log(Math.max(LEAST_CHANCE, chances[i * classes + labels[i]]));
  }
  const error = wrong / labels.length;
  return { error, accuracy: 1 - error, crossEntropy: loss / labels.length, examples: labels.length };
};

/** Rows whose greatest number is not that of the label; of equals the first counts. @param rows shape [n, classes] */
export const countWrong = (rows: Float32Array, labels: ArrayLike<number>, classes: number): number => {
  let wrong = 0;
  for (let i = 0; i < labels.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (rows[i * classes + c] > rows[i * classes + best]) best = c;
    if (best !== labels[i]) wrong++;
  }
  return wrong;
};

/** Chances of the classes for every example, shape [n, classes]. @param signal stops it between two batches */
export const predictAll = async (
  classifier: Classifier,
  examples: Examples,
  signal?: AbortSignal,
): Promise<Float32Array> => {
  const size = examples.shape.reduce((product, dim) => product * dim, 1);
  const chances = new Float32Array(examples.count * classifier.classes);
  for (let from = 0; from < examples.count; from += BATCH) {
    // A prediction of WebAssembly never lets go of the thread; signals need it.
    await setImmediate();
    signal?.throwIfAborted();
    const count = Math.min(BATCH, examples.count - from);
    const values = new Float32Array(count * size);
    for (let i = 0; i < count; i++) examples.write(from + i, values, i * size);
    chances.set(await classifier.predict(values, count), from * classifier.classes);
  }
  return chances;
};

/** The mean of what several networks say: their softmax outputs, as Krizhevsky et al. 2012 have it. */
export const averageChances = (members: readonly Float32Array[]): Float32Array => {
  if (members.length === 0) throw new RangeError('an ensemble of no network');
  const mean = new Float32Array(members[0].length);
  for (const chances of members) for (let i = 0; i < mean.length; i++) mean[i] += chances[i] / members.length;
  return mean;
};
