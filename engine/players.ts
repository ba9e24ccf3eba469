/**
 * The bare policy as a player: one evaluation a move, no search.
 *
 * It plays the move the network likes best, or one drawn from its priors, among the legal moves that do not fill an own
 * true eye. It passes when none is left, when the network (if it has a pass output) likes passing best, and when the
 * opponent has just passed and the game, counted now, is won.
 */
import type { Batch, Evaluator } from './evaluator.ts';
import { isTrueEye } from './eyes.ts';
import type { Game } from './game.ts';
import { judge } from './judge.ts';
import type { Random } from './random.ts';
import { finalScore } from './score.ts';
import { BLACK, PASS, type Color, type Point } from './types.ts';

/** Sampling leaves out moves less likely than this share of the best one: they are noise, mostly blunders. */
const SMALLEST_SHARE = 0.05;

export interface PolicyOptions {
  /** 0 (default): always the best move. Else moves are drawn with probability ~ prior^(1 / temperature). */
  readonly temperature?: number;
  /** Needed to sample. */
  readonly random?: Random;
}

/** Whether `color` may play `point` by the rules and would not fill a true eye of its own. */
export const isSensible = (game: Game, point: Point, color: Color): boolean =>
  game.isLegal(point, color) && !isTrueEye(game.board, point, color);

/** Whether the game, counted as it stands with dead stones taken off, is won for `color`. Runs playouts. */
export const winsByPassing = (game: Game, color: Color): boolean => {
  const score = finalScore(game, judge(game));
  return color === BLACK ? score > 0 : score < 0;
};

/**
 * The move of the player to move.
 * @param policy shape [area + 1], as {@link Batch.policy}: priors over the legal moves, pass last
 * @throws RangeError if a temperature is given without a source of randomness
 */
export const choosePolicyMove = (
  game: Game,
  policy: Float32Array,
  { temperature = 0, random }: PolicyOptions = {},
): Point => {
  const { board, toPlay } = game;
  const opponentPassed = game.moveCount > 0 && game.moveAt(-1).point === PASS;
  if (opponentPassed && winsByPassing(game, toPlay)) return PASS;

  let best: Point = PASS;
  let bestPrior = -1;
  for (let i = 0; i < board.area; i++) {
    if (policy[i] <= bestPrior || !isSensible(game, board.points[i], toPlay)) continue;
    best = board.points[i];
    bestPrior = policy[i];
  }
  if (best === PASS || policy[board.area] > bestPrior || temperature === 0) return policy[board.area] > bestPrior ? PASS : best;
  if (!random) throw new RangeError(`temperature ${temperature} needs a source of randomness`);
  return samplePolicyMove(game, policy, bestPrior, temperature, random);
};

const samplePolicyMove = (game: Game, policy: Float32Array, bestPrior: number, temperature: number, random: Random): Point => {
  const { board, toPlay } = game;
  const candidates: Point[] = [];
  const weights: number[] = [];
  let total = 0;
  for (let i = 0; i < board.area; i++) {
    const share = policy[i] / bestPrior;
    if (!(share >= SMALLEST_SHARE) || !isSensible(game, board.points[i], toPlay)) continue;
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
