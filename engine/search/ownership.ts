/** Mean ownership over the evaluations of a search. */
import { BLACK, type Color } from '../types.ts';

/** The mean of maps that are for the player to move in each position. */
export class OwnershipMean {
  count = 0;
  /** Sums from Black's view, by policy index. Shape [area]. */
  private readonly sums: Float64Array;

  constructor(area: number) {
    this.sums = new Float64Array(area);
  }

  /** @param ownership for `toPlay`, in [-1, 1]. Shape [area] */
  add(ownership: Float32Array, toPlay: Color): void {
    const { sums } = this;
    const sign = toPlay === BLACK ? 1 : -1;
    for (let i = 0; i < sums.length; i++) sums[i] += sign * ownership[i];
    this.count++;
  }

  /** The mean for a player, undefined if there is none yet. Shape [area]. */
  mean(color: Color): Float32Array | undefined {
    if (this.count === 0) return undefined;
    const scale = (color === BLACK ? 1 : -1) / this.count;
    return Float32Array.from(this.sums, sum => sum * scale);
  }

  clear(): void {
    this.count = 0;
    this.sums.fill(0);
  }
}
