/**
 * Which position a run looks at k-th. The answer depends on the seed and k alone, so that a run which was cut off goes on with
 * the very positions it would have seen.
 *
 * Positions with a teacher's label and positions that have only the human's move are mixed in a fixed proportion; each kind is
 * gone through in a shuffled order, again and again, every position once before any twice.
 */
import { SYMMETRIES } from '../../features/symmetry.ts';
import type { Dataset, Split } from './data/dataset.ts';
import { mix, permuted } from './permutation.ts';

/** A position of a dataset and how to look at it. */
export interface Draw {
  game: number;
  /** Moves played before it. */
  ply: number;
  /** Index of its label; -1 without one. */
  label: number;
  symmetry: number;
}

export interface SamplerOptions {
  readonly seed: number;
  /** Share of positions with a label, from 0 to 1; what the dataset has by default ({@link DEFAULT_LABELLED_SHARE} if it has both). */
  readonly labelledShare?: number | undefined;
}

export const DEFAULT_LABELLED_SHARE = 0.75;

export class Sampler {
  /** Share of the draws that have labels. */
  readonly labelledShare: number;
  /** Positions with a label in the split, and positions of human games. */
  readonly labelled: number;
  readonly human: number;
  private readonly seed: number;
  private readonly dataset: Dataset;
  private readonly labels: Int32Array;
  private readonly games: Int32Array;
  /** Positions of the games before each one, and of all last. */
  private readonly starts: Float64Array;

  /** @throws RangeError if the split has no position of a kind that the share asks for */
  constructor(dataset: Dataset, split: Split, { seed, labelledShare }: SamplerOptions) {
    this.dataset = dataset;
    this.seed = seed;
    const games = dataset.gamesOf(split);
    this.labels = labelsOf(dataset, games);
    this.games = games.filter(game => dataset.isHuman(game) && dataset.moveCount(game) > 0);
    this.starts = new Float64Array(this.games.length + 1);
    for (let i = 0; i < this.games.length; i++)
      this.starts[i + 1] = this.starts[i] + dataset.moveCount(this.games[i]);
    this.labelled = this.labels.length;
    this.human = this.starts[this.games.length];
    this.labelledShare =
      labelledShare ?? (this.human === 0 ? 1 : this.labelled === 0 ? 0 : DEFAULT_LABELLED_SHARE);
    if (this.labelledShare > 0 && this.labelled === 0)
      throw new RangeError(
        `split ${split} has no labelled position: a labelled share of 0 is all it can give`,
      );
    if (this.labelledShare < 1 && this.human === 0)
      throw new RangeError(`split ${split} has no human game: a labelled share of 1 is all it can give`);
  }

  /** Draw number `k`, from 0, written into `out`. */
  draw(k: number, out: Draw): Draw {
    const { labelledShare, seed, dataset } = this;
    const before = Math.floor(k * labelledShare);
    const isLabelled = Math.floor((k + 1) * labelledShare) > before;
    out.symmetry = mix(k, seed) % SYMMETRIES;
    if (isLabelled) {
      out.label = this.labels[this.shuffled(before, this.labelled, 0)];
      out.game = dataset.labels.game(out.label);
      out.ply = dataset.labels.ply(out.label);
    } else {
      const position = this.shuffled(k - before, this.human, 1);
      const i = this.gameAt(position);
      out.label = -1;
      out.game = this.games[i];
      out.ply = position - this.starts[i];
    }
    return out;
  }

  private shuffled(index: number, size: number, kind: number): number {
    const epoch = Math.floor(index / size);
    return permuted(index % size, size, mix(2 * epoch + kind, this.seed));
  }

  /** Which game a position belongs to. */
  private gameAt(position: number): number {
    let [low, high] = [0, this.games.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}

const labelsOf = (dataset: Dataset, games: Int32Array): Int32Array => {
  const ranges = Array.from(games, game => dataset.labelRange(game));
  const all = new Int32Array(ranges.reduce((sum, [first, end]) => sum + end - first, 0));
  let count = 0;
  for (const [first, end] of ranges) for (let label = first; label < end; label++) all[count++] = label;
  return all;
};
