/**
 * When a search on the clock has thought long enough: sooner when the best move is clear, later when it changes.
 *
 * It ends when no other move can catch up in the time that is left for this one (as in Leela Zero); that time grows with the
 * changes of the best move (as in Stockfish), and while the most visited move is not the best one.
 */
import { PASS } from '../types.ts';
import { bestChild, mostVisited } from './choice.ts';
import { keepForEnding, type TimePlan } from './clock.ts';
import type { Grower } from './grower.ts';
import type { SearchLimits } from './thinking.ts';
import { NO_NODE } from './tree.ts';

/** What each recent change of the best move adds to the time, as a share of the target. */
const CHANGE_ADDS = 0.4;

/** A change counts half after this share of the target. */
const CHANGE_FADES = 0.3;

/** What it adds if the most visited move is not the best one. */
const DISAGREEMENT_ADDS = 0.5;

/** Playouts before the speed of the search is believed. */
const LEAST_PLAYOUTS = 8;

export class TimeManager {
  private readonly plan: TimePlan;
  private best = 0;
  private unrest = 0;
  private askedAt = 0;

  constructor(plan: TimePlan) {
    this.plan = plan;
  }

  /** Milliseconds that this move may take as things stand. */
  allowance(grower: Grower): number {
    const { targetMs, mostMs } = this.plan;
    const { tree, filter } = grower;
    const most = mostVisited(tree, 0, filter);
    const isDisputed = most !== NO_NODE && bestChild(tree, filter) !== most;
    const factor = 1 + CHANGE_ADDS * this.unrest + (isDisputed ? DISAGREEMENT_ADDS : 0);
    return Math.min(mostMs, targetMs * factor);
  }

  /**
   * Whether to end the search now.
   * @param elapsedMs since it began
   * @param playouts since it began
   */
  isEnough(grower: Grower, elapsedMs: number, playouts: number): boolean {
    this.observe(grower, elapsedMs);
    const allowed = this.allowance(grower);
    if (elapsedMs >= allowed) return true;
    if (playouts < LEAST_PLAYOUTS) return false;
    const stillToCome = (playouts / Math.max(1, elapsedMs)) * (allowed - elapsedMs);
    return !canBeCaught(grower, stillToCome);
  }

  /** Takes note of a change of the best move. */
  private observe({ tree, filter }: Grower, elapsedMs: number): void {
    const fading = CHANGE_FADES * this.plan.targetMs;
    if (fading > 0) this.unrest *= 0.5 ** ((elapsedMs - this.askedAt) / fading);
    this.askedAt = elapsedMs;
    const node = mostVisited(tree, 0, filter);
    if (node === NO_NODE) return;
    const best = tree.point[node];
    if (this.best !== 0 && best !== this.best) this.unrest++;
    this.best = best;
  }
}

/** The manager of a plan, if the limits have one; where the root has a pass, time for the ending is kept off it. */
export const makeManager = ({ tree, game }: Grower, { plan }: SearchLimits): TimeManager | undefined => {
  if (!plan) return undefined;
  return new TimeManager(tree.edgeAt(0, PASS) < 0 ? plan : keepForEnding(plan, game.board.area));
};

/** Whether the second move could still get more visits than the first. */
const canBeCaught = ({ tree, filter }: Grower, playouts: number): boolean => {
  const most = mostVisited(tree, 0, filter);
  if (most === NO_NODE) return true;
  let second = 0;
  let moves = 0;
  for (let edge = tree.firstEdge[0]; edge < tree.firstEdge[0] + tree.edges[0]; edge++) {
    if (filter && !filter.isAllowed(tree.edgePoint[edge], 0)) continue;
    moves++;
    const child = tree.edgeChild[edge];
    if (child !== NO_NODE && child !== most && tree.visits[child] > second) second = tree.visits[child];
  }
  return moves > 1 && second + playouts > tree.visits[most];
};
