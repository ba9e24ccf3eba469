/**
 * Means of positions with honest intervals. Positions of one game resemble each other, so games, not positions, are the samples:
 * the interval is that of a ratio of sums over games (the linearised variance of cluster sampling; Cochran, "Sampling
 * Techniques", 3rd edition, section 2.11).
 */

/** A mean and what stands behind it. */
export interface Figure {
  readonly mean: number;
  /** Bounds of the 95 % interval; undefined with fewer than two games. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly positions: number;
  readonly games: number;
}

/** 95 % of a normal distribution. */
const Z = 1.959964;

/** Adds values up game by game; the values of one game have to follow each other. */
export class ClusteredMean {
  private sum = 0;
  private count = 0;
  private games = 0;
  /** Of the game under way. */
  private game = Number.NaN;
  private gameSum = 0;
  private gameCount = 0;
  /** Sums over the games before: of squared sums, of sums times counts, of squared counts. */
  private squares = 0;
  private products = 0;
  private squaredCounts = 0;

  /** @param game number of the game the position is of */
  add(game: number, value: number): void {
    if (game !== this.game) {
      this.endGame();
      this.game = game;
      this.games++;
    }
    this.sum += value;
    this.count++;
    this.gameSum += value;
    this.gameCount++;
  }

  /** Undefined without any value. */
  figure(): Figure | undefined {
    const { sum, count, games } = this;
    if (count === 0) return undefined;
    const mean = sum / count;
    if (games < 2) return { mean, low: undefined, high: undefined, positions: count, games };
    const squares = this.squares + this.gameSum ** 2;
    const products = this.products + this.gameSum * this.gameCount;
    const squaredCounts = this.squaredCounts + this.gameCount ** 2;
    const residuals = Math.max(0, squares - 2 * mean * products + mean ** 2 * squaredCounts);
    const error = (Z * Math.sqrt((residuals * games) / (games - 1))) / count;
    return { mean, low: mean - error, high: mean + error, positions: count, games };
  }

  private endGame(): void {
    this.squares += this.gameSum ** 2;
    this.products += this.gameSum * this.gameCount;
    this.squaredCounts += this.gameCount ** 2;
    this.gameSum = 0;
    this.gameCount = 0;
  }
}
