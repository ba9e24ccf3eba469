/**
 * Which move at the root is best: the one whose value, less what it may still be wrong by, is highest among those that were
 * tried often enough. Source: KataGo, searchresults.cpp and configs (useLcbForSelection, lcbStdevs, minVisitPropForLCB).
 */
import { PASS, type Point } from '../types.ts';
import type { MoveFilter } from './puct.ts';
import { EXPANDED, NO_NODE, type Tree } from './tree.ts';

/** A move may be wrong by so many standard errors of its value. */
const LCB_DEVIATIONS = 5;

/** Moves with less than this share of the most visits are not compared by their bounds. */
const LEAST_SHARE = 0.15;

/** Q of a node that was visited, for the player who moved there: in [-1, 1]. */
export const valueAfter = (tree: Tree, node: number): number => -tree.valueSum[node] / tree.visits[node];

/**
 * The lower bound of {@link valueAfter}, not below -1. A variance of 1 is mixed in that fades with the cube of the visits, for
 * a handful of equal values proves nothing.
 */
export const lowerBound = (tree: Tree, node: number): number => {
  const n = tree.visits[node];
  const mean = tree.valueSum[node] / n;
  const variance = Math.max(0, tree.valueSquares[node] / n - mean * mean) + 1 / n ** 3;
  return Math.max(-1, -mean - LCB_DEVIATIONS * Math.sqrt(variance / n));
};

/** The node after the most visited move at `node`, the likelier one of two; NO_NODE if none was visited. */
export const mostVisited = (tree: Tree, node: number, filter?: MoveFilter): number => {
  const first = tree.firstEdge[node];
  let best = NO_NODE;
  for (let edge = first; edge < first + tree.edges[node]; edge++) {
    const child = tree.edgeChild[edge];
    if (child === NO_NODE || tree.visits[child] === 0) continue;
    if (filter && !filter.isAllowed(tree.edgePoint[edge], 0)) continue;
    if (best === NO_NODE || tree.visits[child] > tree.visits[best]) best = child;
  }
  return best;
};

/** The node after the best move at the root; NO_NODE if none was visited. */
export const bestChild = (tree: Tree, filter?: MoveFilter): number => {
  const most = mostVisited(tree, 0, filter);
  if (most === NO_NODE) return NO_NODE;
  const first = tree.firstEdge[0];
  const least = LEAST_SHARE * tree.visits[most];
  let best = most;
  let bestBound = lowerBound(tree, most);
  for (let edge = first; edge < first + tree.edges[0]; edge++) {
    const child = tree.edgeChild[edge];
    if (child === NO_NODE || tree.visits[child] === 0 || tree.visits[child] < least) continue;
    if (filter && !filter.isAllowed(tree.edgePoint[edge], 0)) continue;
    const bound = lowerBound(tree, child);
    if (bound <= bestBound) continue;
    best = child;
    bestBound = bound;
  }
  return best;
};

/** The likeliest move at the root that is not forbidden, for a search that had no time to try one; undefined if there is none. */
export const firstAllowed = (tree: Tree, filter?: MoveFilter): Point | undefined => {
  if (tree.state[0] !== EXPANDED) return undefined;
  for (let edge = tree.firstEdge[0]; edge < tree.firstEdge[0] + tree.edges[0]; edge++) {
    const point = tree.edgePoint[edge];
    if (!filter || filter.isAllowed(point, 0)) return point;
  }
  return filter && !filter.isAllowed(PASS, 0) ? undefined : PASS;
};
