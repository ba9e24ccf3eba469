/**
 * When to resign: when the position has looked lost for several own moves in a row, late enough in the game.
 *
 * White expects to be behind at the start of a handicap game, so there the threshold starts at its share 1 / (1 + stones)
 * and grows to the whole until 60 % of the board could be full (as in Leela Zero).
 */
import type { Evaluation } from './analysis.ts';
import type { Game } from './game.ts';
import { WHITE } from './types.ts';

/** Win rate below which a position counts as lost. */
export const RESIGN_BELOW = 0.03;

/** Own moves in a row that have to look lost. */
const PATIENCE = 3;

/** No resignation before this share of the board could be full. */
const EARLIEST = 0.2;

/** Share of the board by which a handicap no longer matters. */
const HANDICAP_FADES = 0.6;

/** The win rate below which the player to move takes the game for lost, at this point of it. */
export const resignThreshold = (game: Game, threshold: number = RESIGN_BELOW): number => {
  const { handicap, moveCount, toPlay, board } = game;
  if (moveCount < EARLIEST * board.area) return 0;
  if (handicap < 2 || toPlay !== WHITE) return threshold;
  const late = Math.min(1, moveCount / (HANDICAP_FADES * board.area));
  return threshold * (late + (1 - late) / (1 + handicap));
};

/** Remembers how long each player has looked lost in the game that is going on. */
export class Resignation {
  private readonly lost = [0, 0, 0];
  /** Moves played when each player was last asked for. */
  private readonly askedAt = [-1, -1, -1];
  private lastMove = 0;

  /**
   * Whether the player to move should resign now. To be asked at each own move, in order; asked again at the same one, it
   * does not count again.
   * @param threshold win rate; 0 never resigns
   */
  isDue(game: Game, { value }: Evaluation, threshold: number = RESIGN_BELOW): boolean {
    const { moveCount, toPlay } = game;
    if (moveCount < this.lastMove) {
      this.lost.fill(0);
      this.askedAt.fill(-1);
    }
    this.lastMove = moveCount;
    const isLost = value !== undefined && (1 + value) / 2 < resignThreshold(game, threshold);
    if (!isLost) this.lost[toPlay] = 0;
    else if (this.askedAt[toPlay] !== moveCount) this.lost[toPlay]++;
    this.askedAt[toPlay] = moveCount;
    return this.lost[toPlay] >= PATIENCE;
  }
}
