/** Mean ownership over the evaluations of a search, and how far they lie apart. */
import { BLACK, type Color } from '../types.ts';

/** The mean of maps that are for the player to move in each position. */
export class OwnershipMean {
  count = 0;
  /** Sums from Black's view, by policy index. Shape [area]. */
  private readonly sums: Float64Array;
  /** Sums of squares. Shape [area]. */
  private readonly squares: Float64Array;

  constructor(area: number) {
    this.sums = new Float64Array(area);
    this.squares = new Float64Array(area);
  }

  /** @param ownership for `toPlay`, in [-1, 1]. Shape [area] */
  add(ownership: Float32Array, toPlay: Color): void {
    const { sums, squares } = this;
    const sign = toPlay === BLACK ? 1 : -1;
    for (let i = 0; i < sums.length; i++) {
      sums[i] += sign * ownership[i];
      squares[i] += ownership[i] * ownership[i];
    }
    this.count++;
  }

  /** The mean for a player, undefined if there is none yet. Shape [area]. */
  mean(color: Color): Float32Array | undefined {
    if (this.count === 0) return undefined;
    const scale = (color === BLACK ? 1 : -1) / this.count;
    return Float32Array.from(this.sums, sum => sum * scale);
  }

  /** The standard deviation, undefined if there is no map yet. Shape [area]. */
  deviation(): Float32Array | undefined {
    const { count, sums, squares } = this;
    if (count === 0) return undefined;
    return Float32Array.from(squares, (square, i) =>
      Math.sqrt(Math.max(0, square / count - (sums[i] / count) ** 2)),
    );
  }

  clear(): void {
    this.count = 0;
    this.sums.fill(0);
    this.squares.fill(0);
  }
}
