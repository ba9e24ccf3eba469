/**
 * The search once more, slow and readable: nodes are objects, every walk replays the game from the root, numbers are added up
 * anew each time. It shares the rules (Game), the score of finished games and the parameters with the engine, nothing else.
 */
import { isTrueEye } from '../../engine/eyes.ts';
import type { ScriptedOutput } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import { finalScore } from '../../engine/score.ts';
import type { SearchParameters } from '../../engine/search/params.ts';
import { BLACK, PASS, type Point } from '../../engine/types.ts';

export interface SlowNode {
  readonly parent: SlowNode | undefined;
  /** Values of all evaluations at and below the node, for the player to move here. */
  readonly values: number[];
  readonly leads: number[];
  /** Walks through here that wait for their evaluation. */
  waiting: number;
  state: 'new' | 'waiting' | 'open' | 'over';
  moves: SlowMove[];
}

export interface SlowMove {
  readonly point: Point;
  readonly prior: number;
  child: SlowNode | undefined;
}

interface Leaf {
  readonly node: SlowNode;
  readonly game: Game;
}

const newNode = (parent: SlowNode | undefined): SlowNode => ({
  parent,
  values: [],
  leads: [],
  waiting: 0,
  state: 'new',
  moves: [],
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The tree after `visits` visits of the root. Passes end the game with all stones alive. */
export const slowSearch = (
  game: Game,
  script: (game: Game) => ScriptedOutput,
  visits: number,
  parameters: SearchParameters,
  knowsPass: boolean,
): SlowNode => {
  const root = newNode(undefined);
  root.waiting = 1;
  arrive({ node: root, game }, script(game), parameters, knowsPass);
  const flights: Leaf[][] = [];
  const land = (): void => {
    for (const leaf of flights.shift()!) arrive(leaf, script(leaf.game), parameters, knowsPass);
  };
  while (root.values.length + root.waiting < visits) {
    const leaves = gather(root, game, visits, parameters);
    if (leaves.length > 0) flights.push(leaves);
    if (flights.length >= parameters.batchesInFlight || (leaves.length === 0 && flights.length > 0)) land();
  }
  while (flights.length > 0) land();
  return root;
};

/** Walks until the batch is full, or as many walks as it has places have met others. */
const gather = (root: SlowNode, start: Game, visits: number, parameters: SearchParameters): Leaf[] => {
  const places = Math.min(parameters.batchSize, 1 + Math.floor(root.values.length / 8));
  const leaves: Leaf[] = [];
  const collisions: SlowNode[] = [];
  let ended = 0;
  while (
    leaves.length < places &&
    ended < 256 &&
    collisions.length < places &&
    root.values.length + root.waiting - collisions.length < visits
  ) {
    const game = start.clone();
    const node = walk(root, game, parameters);
    for (let up: SlowNode | undefined = node; up; up = up.parent) up.waiting++;
    if (node.state === 'waiting') collisions.push(node);
    else if (node.state === 'over' || game.isOver) {
      node.state = 'over';
      ended++;
      const score = finalScore(game) * (game.toPlay === BLACK ? 1 : -1);
      count(node, Math.sign(score), score);
    } else {
      node.state = 'waiting';
      leaves.push({ node, game });
    }
  }
  for (const node of collisions) for (let up: SlowNode | undefined = node; up; up = up.parent) up.waiting--;
  return leaves;
};

/** From the root to a node without moves; the game follows. */
const walk = (root: SlowNode, game: Game, parameters: SearchParameters): SlowNode => {
  let node = root;
  while (node.state === 'open') {
    const move = choose(node, node === root, parameters);
    move.child ??= newNode(node);
    game.play(move.point);
    node = move.child;
  }
  return node;
};

const isTried = ({ child }: SlowMove): boolean =>
  child !== undefined && child.values.length + child.waiting > 0;

/** The move with the largest Q + U; of equal ones the first. */
const choose = (node: SlowNode, isRoot: boolean, parameters: SearchParameters): SlowMove => {
  const { cPuct, cPuctLog, cPuctBase, virtualLoss } = parameters;
  const n = node.values.length;
  const c = cPuct + cPuctLog * Math.log((n + cPuctBase) / cPuctBase);
  const below = n - 1 + node.waiting * virtualLoss;
  const tried = sum(node.moves.filter(isTried).map(({ prior }) => prior));
  const untriedQ =
    sum(node.values) / n -
    (isRoot ? parameters.rootFpuReduction : parameters.fpuReduction) * Math.sqrt(tried);
  const scoreOf = ({ prior, child }: SlowMove): number => {
    if (!child || child.values.length + child.waiting === 0)
      return untriedQ + c * Math.sqrt(below + 0.01) * prior;
    const losses = child.waiting * virtualLoss;
    const weight = child.values.length + losses;
    const q = (-sum(child.values) - losses) / weight;
    return q + (c * Math.sqrt(below + 0.01) * prior) / (1 + weight);
  };
  return node.moves.reduce((best, move) => (scoreOf(move) > scoreOf(best) ? move : best));
};

/** Takes an evaluation: the node gets its moves, and all above count it. */
const arrive = (
  { node, game }: Leaf,
  output: ScriptedOutput,
  parameters: SearchParameters,
  knowsPass: boolean,
): void => {
  node.state = 'open';
  node.moves = listMoves(game, output, node.parent === undefined, knowsPass, parameters.policyTemperature);
  count(node, output.value!, output.lead ?? 0);
};

const count = (leaf: SlowNode, leafValue: number, leafLead: number): void => {
  let value = leafValue;
  let lead = leafLead;
  for (let node: SlowNode | undefined = leaf; node; node = node.parent) {
    node.values.push(value);
    node.leads.push(lead);
    node.waiting--;
    value = -value;
    lead = -lead;
  }
};

/** Moves and priors in single precision, as the tree keeps them. */
const listMoves = (
  game: Game,
  { policy }: ScriptedOutput,
  isRoot: boolean,
  knowsPass: boolean,
  temperature: number,
): SlowMove[] => {
  const { board, toPlay } = game;
  const weights = Array.from({ length: board.area + 1 }, (_, i) =>
    i === board.area || game.isLegal(board.points[i]) ? Math.fround(policy[i] ?? 0) : 0,
  );
  const total = sum(weights);
  const priors = weights.map(weight => Math.fround(weight / total));
  const all = Array.from(board.points, (point, i) => ({ point, prior: priors[i] })).filter(
    ({ point, prior }) => prior > 0 && !isTrueEye(board, point, toPlay),
  );
  const likeliest = all.toSorted((a, b) => b.prior - a.prior);
  const kept = isRoot
    ? likeliest
    : likeliest.slice(0, 40).filter(({ prior }, rank) => rank < 8 || prior >= 5e-4);
  const passes =
    game.moveCount >= board.area / 2 ||
    (game.moveCount > 0 && game.moveAt(-1).point === PASS) ||
    kept.length === 0;
  if (passes) {
    const prior = knowsPass ? priors[board.area] : (sum(all.map(move => move.prior)) * 0.05) / 0.95;
    kept.push({ point: PASS, prior: Math.fround(prior) });
  }
  const moves = kept.toSorted((a, b) => b.prior - a.prior);
  const largest = moves[0].prior;
  const shaped = moves.map(({ point, prior }) => ({
    point,
    prior: Math.fround(
      largest === 0 ? 1 : temperature === 1 ? prior : (prior / largest) ** (1 / temperature),
    ),
  }));
  const mass = sum(shaped.map(move => move.prior));
  return shaped.map(({ point, prior }) => ({ point, prior: Math.fround(prior / mass), child: undefined }));
};
