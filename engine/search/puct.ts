/**
 * Which move the search tries next at a node: PUCT (Rosin 2011; Silver et al. 2016, Methods, "Searching with policy and value
 * networks"), notation as there. The move with the largest Q + U is taken,
 *
 *     U = c * P * sqrt(sum of N over all moves) / (1 + N)
 *
 * where N counts the paths under evaluation too, each as so many losses. A move not yet tried has no Q: it gets the node's own
 * less a reduction (KataGo, LC0), see params.ts.
 */
import type { SearchParameters } from './params.ts';
import { NO_NODE, type Tree } from './tree.ts';
import type { Point } from '../types.ts';

/** Visits that U sees beyond those there are, so that the priors count before the first one. Source: KataGo, searchhelpers.cpp. */
const VISITS_OFFSET = 0.01;

/** Moves that may not be tried at some depth; see restrictions.ts. */
export interface MoveFilter {
  isAllowed(point: Point, depth: number): boolean;
}

/** c of PUCT at a node of so many visits. */
export const explorationOf = ({ cPuct, cPuctLog, cPuctBase }: SearchParameters, visits: number): number =>
  cPuct + cPuctLog * Math.log((visits + cPuctBase) / cPuctBase);

/** Q of the move that leads to `child`, in [-1, 1] for the player who makes it. Assumes that it was tried. */
const valueOfMove = (tree: Tree, child: number, virtualLoss: number): number => {
  const losses = tree.virtual[child] * virtualLoss;
  return (-tree.valueSum[child] - losses) / (tree.visits[child] + losses);
};

/**
 * The edge to follow from an EXPANDED node.
 * @param depth of the node, 0 at the root
 * @returns -1 if the filter forbids every move
 */
export const selectEdge = (
  tree: Tree,
  node: number,
  depth: number,
  parameters: SearchParameters,
  filter: MoveFilter | undefined,
): number => {
  const { edgeChild, edgePrior, edgePoint, visits, virtual } = tree;
  const { virtualLoss } = parameters;
  const first = tree.firstEdge[node];
  const end = first + tree.edges[node];
  const visitsBelow = visits[node] - 1 + virtual[node] * virtualLoss;
  const scale = explorationOf(parameters, visits[node]) * Math.sqrt(visitsBelow + VISITS_OFFSET);
  const untried = valueOfUntried(tree, node, depth, parameters);
  let best = -1;
  let bestScore = -Infinity;
  let hasUntried = false;
  for (let edge = first; edge < end; edge++) {
    const child = edgeChild[edge];
    const isTried = child !== NO_NODE && visits[child] + virtual[child] > 0;
    // The likeliest of those not tried comes first and beats the others.
    if ((!isTried && hasUntried) || (filter && !filter.isAllowed(edgePoint[edge], depth))) continue;
    let score: number;
    if (isTried) {
      const n = visits[child] + virtual[child] * virtualLoss;
      score = valueOfMove(tree, child, virtualLoss) + (scale * edgePrior[edge]) / (1 + n);
    } else {
      hasUntried = true;
      score = untried + scale * edgePrior[edge];
    }
    if (score <= bestScore) continue;
    best = edge;
    bestScore = score;
  }
  return best;
};

/** First-play urgency: what Q a move has before it is tried. */
const valueOfUntried = (tree: Tree, node: number, depth: number, parameters: SearchParameters): number => {
  const { edgeChild, edgePrior, visits, virtual } = tree;
  const first = tree.firstEdge[node];
  const end = first + tree.edges[node];
  let tried = 0;
  for (let edge = first; edge < end; edge++) {
    const child = edgeChild[edge];
    if (child !== NO_NODE && visits[child] + virtual[child] > 0) tried += edgePrior[edge];
  }
  const reduction = depth === 0 ? parameters.rootFpuReduction : parameters.fpuReduction;
  return tree.valueSum[node] / visits[node] - reduction * Math.sqrt(tried);
};
