/** Evaluators and views of trees for the tests of the search. */
import { ScriptedEvaluator, type Output, type ScriptedOutput } from '../../../engine/evaluator.ts';
import type { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import type { Grower } from '../../../engine/search/grower.ts';
import type { Search } from '../../../engine/search/search.ts';
import { NO_NODE, type Tree } from '../../../engine/search/tree.ts';
import type { Point } from '../../../engine/types.ts';

/** An opinion of every position that depends on nothing but its stones and who moves: priors, value and lead by chance. */
export const chancyOpinion = (game: Game): ScriptedOutput => {
  const { board, toPlay } = game;
  const random = new Random(board.hashLow ^ Math.imul(board.hashHigh, 31) ^ toPlay);
  const policy = Float32Array.from({ length: board.area + 1 }, () => random.float() ** 4 + 1e-4);
  return { policy, value: random.float() * 2 - 1, lead: random.float() * 40 - 20 };
};

/** Likes nothing more than anything else, and calls every position even. */
export const noOpinion = (game: Game): ScriptedOutput => ({
  policy: new Float32Array(game.board.area + 1).fill(1),
  value: 0,
  lead: 0,
});

/** An evaluator of scripted opinions that knows value and lead, and passes unless told otherwise. */
export const scripted = (
  script: (game: Game) => ScriptedOutput = chancyOpinion,
  { knowsPass = true, maxBatch = 64 }: { readonly knowsPass?: boolean; readonly maxBatch?: number } = {},
): ScriptedEvaluator => {
  const outputs: readonly Output[] = ['policy', 'value', 'lead', ...(knowsPass ? (['pass'] as const) : [])];
  return new ScriptedEvaluator(script, outputs, maxBatch);
};

/** The tree inside a search, for tests that look at all of it. */
export const treeOf = (search: Search): Tree => (search as unknown as { grower: Grower }).grower.tree;

/** A tree as nested plain data, to compare. */
export interface Drawn {
  readonly visits: number;
  readonly value: number;
  readonly children: readonly (readonly [Point, Drawn])[];
}

export const drawTree = (tree: Tree, node = 0): Drawn => ({
  visits: tree.visits[node],
  value: tree.valueSum[node],
  children: childrenOf(tree, node).map(child => [tree.point[child], drawTree(tree, child)]),
});

/** The visited nodes after a node's moves, in the order of its moves. */
export const childrenOf = (tree: Tree, node: number): number[] => {
  const children: number[] = [];
  for (let edge = tree.firstEdge[node]; edge < tree.firstEdge[node] + tree.edges[node]; edge++) {
    const child = tree.edgeChild[edge];
    if (child !== NO_NODE && tree.visits[child] > 0) children.push(child);
  }
  return children;
};

/** What is wrong with a tree at rest; empty if nothing is. */
export const findFaults = (tree: Tree): string[] => {
  const faults: string[] = [];
  const check = (isRight: boolean, what: string): void => {
    if (!isRight) faults.push(what);
  };
  let reached = 0;
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    reached++;
    const children: number[] = [];
    const first = tree.firstEdge[node];
    let priors = 0;
    for (let edge = first; edge < first + tree.edges[node]; edge++) {
      priors += tree.edgePrior[edge];
      const child = tree.edgeChild[edge];
      if (child === NO_NODE) continue;
      children.push(child);
      check(tree.parent[child] === node, `node ${child}: its parent is not ${node}`);
      check(tree.point[child] === tree.edgePoint[edge], `node ${child}: not the move of its edge`);
      check(child > node, `node ${child}: a smaller number than its parent's`);
    }
    const n = tree.visits[node];
    const below = children.reduce((sum, child) => sum + tree.visits[child], 0);
    if (tree.edges[node] > 0) {
      check(below === n - 1, `node ${node}: ${n} visits, ${below} below`);
      check(Math.abs(priors - 1) < 1e-4, `node ${node}: priors sum to ${priors}`);
      check(tree.edgePoint[first - 1] === tree.edges[node], `node ${node}: wrong length of its edges`);
      check(tree.edgeChild[first - 1] === node, `node ${node}: its edges are another's`);
    }
    check(Math.abs(tree.valueSum[node]) <= n + 1e-9, `node ${node}: value out of bounds`);
    check(tree.virtual[node] === 0, `node ${node}: ${tree.virtual[node]} virtual visits at rest`);
    open.push(...children);
  }
  check(reached === tree.nodeCount, `${tree.nodeCount} nodes, ${reached} of them reached`);
  return faults;
};
