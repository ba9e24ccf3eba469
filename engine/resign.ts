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
  private lastMove = 0;

  /**
   * Whether the player to move should resign now. To be asked once for each own move, in order.
   * @param threshold win rate; 0 never resigns
   */
  isDue(game: Game, { value }: Evaluation, threshold: number = RESIGN_BELOW): boolean {
    if (game.moveCount < this.lastMove) this.lost.fill(0);
    this.lastMove = game.moveCount;
    const isLost = value !== undefined && (1 + value) / 2 < resignThreshold(game, threshold);
    this.lost[game.toPlay] = isLost ? this.lost[game.toPlay] + 1 : 0;
    return this.lost[game.toPlay] >= PATIENCE;
  }
}
