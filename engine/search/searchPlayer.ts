/**
 * The search as a player: thinks, and then plays the best move; at the end of the game it passes when there is nothing left to
 * do, takes dame and settles what is in doubt, as the bare policy does (ending.ts).
 */
import type { Analysis } from '../analysis.ts';
import { CLOCK_CARE, FULL_CARE, chooseLastMove, isWon } from '../ending.ts';
import type { Game } from '../game.ts';
import type { Random } from '../random.ts';
import { PASS, type Point } from '../types.ts';
import { Restrictions, type Restriction } from './restrictions.ts';
import type { Search, SearchLimits, SearchResult, ThinkOptions } from './search.ts';

export interface SearchMoveOptions {
  /** Whether to take opposing dead stones off the board before passing, as scoring without agreement needs; no by default. */
  readonly cleanup?: boolean;
  /** Draws the move by visits^(1 / temperature) instead of taking the best; 0 by default. Needs {@link random}. */
  readonly temperature?: number;
  readonly random?: Random;
  /** Those that the search obeyed. */
  readonly restrictions?: readonly Restriction[];
}

/**
 * The move to play after a search of the position. On the clock little time is left for this; see `keepForEnding` in clock.ts.
 * @returns a legal point or PASS
 * @throws RangeError if a temperature is given without a source of randomness
 */
export const chooseSearchedMove = (
  game: Game,
  { best, analysis, evaluation, isOnClock }: SearchResult,
  { cleanup = false, temperature = 0, random, restrictions = [] }: SearchMoveOptions = {},
): Point => {
  const care = isOnClock ? CLOCK_CARE : FULL_CARE;
  const opponentPassed = game.moveCount > 0 && game.moveAt(-1).point === PASS;
  const move = temperature === 0 || best === undefined ? best : drawMove(analysis, temperature, random);
  if (move !== undefined && move !== PASS && !(opponentPassed && isWon(game, care))) return move;
  const last = evaluation ? chooseLastMove(game, evaluation.policy, cleanup, care) : PASS;
  return new Restrictions(restrictions, game.toPlay).isAllowed(last, 0) ? last : (move ?? PASS);
};

const drawMove = ({ candidates }: Analysis, temperature: number, random: Random | undefined): Point => {
  if (!random) throw new RangeError(`temperature ${temperature} needs a source of randomness`);
  // Shares of the most visits: powers of the visits themselves overflow at low temperatures.
  const most = Math.max(...candidates.map(({ visits }) => visits));
  const weights = candidates.map(({ visits }) => (visits / most) ** (1 / temperature));
  let left = random.float() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return candidates[i].point;
  }
  return candidates[0].point;
};

/** Plays by searching. */
export class SearchPlayer {
  private readonly search: Search;
  private readonly options: SearchMoveOptions;

  constructor(search: Search, options: SearchMoveOptions = {}) {
    this.search = search;
    this.options = options;
  }

  /** The move for the player to move, a point or PASS, and what was thought. The game is not changed. */
  async genmove(
    game: Game,
    limits: SearchLimits,
    options: ThinkOptions = {},
  ): Promise<{ readonly move: Point; readonly result: SearchResult }> {
    const result = await this.search.think(game, limits, options);
    const { restrictions = [] } = options;
    return { move: chooseSearchedMove(game, result, { ...this.options, restrictions }), result };
  }
}
