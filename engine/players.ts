/**
 * The bare policy as a player: one evaluation a move, no search.
 *
 * It plays the move the network likes best, or one drawn from its priors, among the legal moves that do not fill an own
 * true eye. It wants to pass when none is left, when the network (if it has a pass output) likes passing best, and when the
 * opponent has just passed and the game, counted now, is won. Before it does, under area scoring, it settles groups whose life
 * is in doubt and takes points that are still nobody's, and, if asked to clean up, dead stones that are still on the board
 * (ending.ts).
 */
import type { Batch, Evaluator } from './evaluator.ts';
import { chooseLastMove, isWon } from './ending.ts';
import { isSensible } from './eyes.ts';
import type { Game } from './game.ts';
import type { Random } from './random.ts';
import { PASS, type Point } from './types.ts';

/** Sampling leaves out moves less likely than this share of the best one: they are noise, mostly blunders. */
const SMALLEST_SHARE = 0.05;

/** In place of a prior: less than any. */
const NOT_ALLOWED = -1;

export interface PolicyOptions {
  /** 0 (default): always the best move. Else moves are drawn with probability ~ prior^(1 / temperature). */
  readonly temperature?: number;
  /** Drawn moves have at least this share of the best one's prior; {@link SMALLEST_SHARE} by default. */
  readonly smallestShare?: number;
  /** Whether a move may be chosen; all may by default. */
  readonly isAllowed?: ((point: Point) => boolean) | undefined;
  /** Needed to sample. */
  readonly random?: Random;
  /** Whether to take opposing dead stones off the board before passing, as scoring without agreement needs; no by default. */
  readonly cleanup?: boolean;
}

/**
 * The move of the player to move.
 * @param policy shape [area + 1], as {@link Batch.policy}: priors over the legal moves, pass last
 * @throws RangeError if a temperature is given without a source of randomness
 */
export const choosePolicyMove = (game: Game, policy: Float32Array, options: PolicyOptions = {}): Point => {
  const { isAllowed } = options;
  if (!isAllowed) return choose(game, policy, options);
  const { points, area } = game.board;
  const allowed = policy.map((prior, i) => (i === area || isAllowed(points[i]) ? prior : NOT_ALLOWED));
  const point = choose(game, allowed, options);
  return isAllowed(point) ? point : PASS;
};

const choose = (game: Game, policy: Float32Array, options: PolicyOptions): Point => {
  const { temperature = 0, smallestShare = SMALLEST_SHARE, random, cleanup = false } = options;
  const { board, toPlay } = game;
  let best: Point = PASS;
  let bestPrior = NOT_ALLOWED;
  for (let i = 0; i < board.area; i++) {
    if (policy[i] <= bestPrior || !isSensible(game, board.points[i], toPlay)) continue;
    best = board.points[i];
    bestPrior = policy[i];
  }
  if (best === PASS || policy[board.area] > bestPrior) return chooseLastMove(game, policy, cleanup);
  const opponentPassed = game.moveCount > 0 && game.moveAt(-1).point === PASS;
  if (opponentPassed && isWon(game)) return chooseLastMove(game, policy, cleanup);
  if (temperature === 0) return best;
  if (!random) throw new RangeError(`temperature ${temperature} needs a source of randomness`);
  return drawMove(game, policy, bestPrior, { temperature, smallestShare, random });
};

const drawMove = (
  game: Game,
  policy: Float32Array,
  bestPrior: number,
  {
    temperature,
    smallestShare,
    random,
  }: { readonly temperature: number; readonly smallestShare: number; readonly random: Random },
): Point => {
  const { board, toPlay } = game;
  const candidates: Point[] = [];
  const weights: number[] = [];
  let total = 0;
  for (let i = 0; i < board.area; i++) {
    const share = policy[i] / bestPrior;
    if (!(share >= smallestShare) || !isSensible(game, board.points[i], toPlay)) continue;
    const weight = share ** (1 / temperature);
    candidates.push(board.points[i]);
    weights.push(weight);
    total += weight;
  }
  let left = random.float() * total;
  for (let i = 0; i < candidates.length; i++) {
    left -= weights[i];
    if (left < 0) return candidates[i];
  }
  return candidates[candidates.length - 1];
};

/** Plays by the bare policy of an evaluator. */
export class PolicyPlayer {
  private readonly evaluator: Evaluator;
  private readonly options: PolicyOptions;

  constructor(evaluator: Evaluator, options: PolicyOptions = {}) {
    this.evaluator = evaluator;
    this.options = options;
  }

  /** The move for the player to move, a point or PASS; the game is not changed. @param see called with the evaluation before it is given back */
  async genmove(game: Game, see?: (batch: Batch, slot: number) => void): Promise<Point> {
    const batch = this.evaluator.begin();
    try {
      const slot = batch.add(game);
      await batch.run();
      see?.(batch, slot);
      return choosePolicyMove(game, batch.policy(slot), this.options);
    } finally {
      batch.release();
    }
  }
}
