/** What a search has found out so far, as an {@link Analysis}. */
import type { Analysis, Candidate } from '../analysis.ts';
import { bestChild, lowerBound, mostVisited, valueAfter } from './choice.ts';
import type { Grower } from './grower.ts';
import { NO_NODE, type Tree } from './tree.ts';

export interface ReportOptions {
  /** Most candidates; all by default. */
  readonly maxMoves?: number;
  /** Candidates however few their visits, if there are so many moves; those never tried have none. 0 by default. */
  readonly minMoves?: number;
  /** Most moves of a line; {@link LINE_LENGTH} by default. */
  readonly lineLength?: number;
}

/** Moves of a line. Source: KataGo's analysisPVLen. */
export const LINE_LENGTH = 15;

/** The candidates, the best one first and then by visits. */
export const makeAnalysis = (
  grower: Grower,
  { maxMoves = Infinity, minMoves = 0, lineLength = LINE_LENGTH }: ReportOptions = {},
): Analysis => {
  const { tree, game, filter, ownership } = grower;
  const best = bestChild(tree, filter);
  const ranked: { edge: number; rank: number }[] = [];
  for (let edge = tree.firstEdge[0]; edge < tree.firstEdge[0] + tree.edges[0]; edge++) {
    if (filter && !filter.isAllowed(tree.edgePoint[edge], 0)) continue;
    const child = tree.edgeChild[edge];
    ranked.push({ edge, rank: child === NO_NODE ? 0 : child === best ? Infinity : tree.visits[child] });
  }
  // Edges come by their priors, and sorting keeps the order of equals.
  const candidates = ranked
    .toSorted((a, b) => b.rank - a.rank)
    .filter(({ rank }, i) => rank > 0 || i < minMoves)
    .slice(0, maxMoves)
    .map(({ edge }) => makeCandidate(grower, edge, lineLength));
  const visits = tree.visits[0];
  return {
    visits,
    value: visits > 0 ? tree.valueSum[0] / visits : undefined,
    lead: visits > 0 && grower.knowsLead ? tree.leadSum[0] / visits : undefined,
    leadDeviation: leadDeviationOf(grower, 0),
    ownership: ownership.mean(game.toPlay),
    ownershipDeviation: ownership.deviation(),
    candidates,
  };
};

const makeCandidate = (grower: Grower, edge: number, lineLength: number): Candidate => {
  const { tree, game, ownershipOf } = grower;
  const point = tree.edgePoint[edge];
  const prior = tree.edgePrior[edge];
  const node = tree.edgeChild[edge];
  const ownership = ownershipOf.get(point)?.mean(game.toPlay);
  const ownershipDeviation = ownershipOf.get(point)?.deviation();
  if (node === NO_NODE || tree.visits[node] === 0) {
    return {
      point,
      prior,
      visits: 0,
      value: undefined,
      lowerBound: undefined,
      lead: undefined,
      leadDeviation: undefined,
      line: [point],
      lineVisits: [0],
      ownership,
      ownershipDeviation,
    };
  }
  const nodes = lineFrom(tree, node, lineLength);
  return {
    point,
    prior,
    visits: tree.visits[node],
    value: valueAfter(tree, node),
    lowerBound: lowerBound(tree, node),
    lead: grower.knowsLead ? -tree.leadSum[node] / tree.visits[node] : undefined,
    leadDeviation: leadDeviationOf(grower, node),
    line: nodes.map(at => tree.point[at]),
    lineVisits: nodes.map(at => tree.visits[at]),
    ownership,
    ownershipDeviation,
  };
};

/** The nodes of the most visited line that begins with `node`. */
const lineFrom = (tree: Tree, node: number, length: number): number[] => {
  const nodes = [node];
  for (let at = mostVisited(tree, node); at !== NO_NODE && nodes.length < length; at = mostVisited(tree, at))
    nodes.push(at);
  return nodes;
};

/** How far the leads below a node lie apart: their standard deviation in points. */
const leadDeviationOf = ({ tree, knowsLead }: Grower, node: number): number | undefined => {
  const visits = tree.visits[node];
  if (!knowsLead || visits === 0) return undefined;
  const mean = tree.leadSum[node] / visits;
  return Math.sqrt(Math.max(0, tree.leadSquares[node] / visits - mean * mean));
};
