/**
 * Makes a tree grow: one simulation walks down from the root and finds a leaf (select), leaves go to the evaluator together,
 * and each evaluation that comes back gives its leaf moves (expand) and is counted in every node above it (back up). Names
 * N, W, Q, P, U as in Silver et al. 2016.
 *
 * Legality in the tree is the game's own, superko included: the moves of a walk are played on it and taken back. A node
 * belongs to one line of moves, so a position reached in two ways is two nodes, each with what its own past forbids.
 */
import type { Evaluation } from '../analysis.ts';
import type { Evaluator } from '../evaluator.ts';
import type { Game } from '../game.ts';
import { Random } from '../random.ts';
import { opposite, type Point } from '../types.ts';
import { EdgeList, MOST_EDGES, markOwnEyes, mayPass } from './edges.ts';
import type { Flight } from './flight.ts';
import { LeafValues } from './leafValues.ts';
import { addNoise } from './noise.ts';
import { OwnershipMean } from './ownership.ts';
import type { SearchParameters } from './params.ts';
import { selectEdge, type MoveFilter } from './puct.ts';
import { EXPANDED, NEW, NO_NODE, PENDING, TERMINAL, Tree } from './tree.ts';

/** Edges that a leaf may take: its moves, a pass, and the first of the block. */
const EDGE_ROOM = MOST_EDGES + 2;

/** A line longer than this is scored as if the game ended there: only endless kos reach it. */
const LONGEST_LINE = 400;

/** Ways a simulation ends: at a leaf to evaluate, at a finished game (quickly or slowly scored), at a leaf under way, or nowhere. */
export type Outcome = 'leaf' | 'ended' | 'judged' | 'collision' | 'nothing';

export class Grower {
  readonly tree: Tree;
  readonly game: Game;
  /** Mean of the ownership maps since the root is the root. */
  readonly ownership: OwnershipMean;
  /** The same of the evaluations below each move at the root; only filled if {@link followsMoves}. */
  readonly ownershipOf = new Map<Point, OwnershipMean>();
  followsMoves = false;
  parameters: SearchParameters;
  filter: MoveFilter | undefined;
  /** What the network says of the root, once it has. */
  evaluation: Evaluation | undefined;
  /** Where the last walk ended. */
  lastLeaf = 0;
  private readonly evaluator: Evaluator;
  private readonly edges: EdgeList;
  private readonly leafValues: LeafValues;
  private readonly random: Random;
  private readonly knowsPass: boolean;
  private readonly knowsValue: boolean;
  private readonly symmetries: number;

  /** @param game the position of the root; played on and left as it was */
  constructor(evaluator: Evaluator, game: Game, parameters: SearchParameters) {
    this.evaluator = evaluator;
    this.game = game;
    this.parameters = parameters;
    this.random = new Random(parameters.seed);
    this.tree = new Tree(parameters.maxTreeBytes);
    this.tree.clear();
    this.edges = new EdgeList(game.board.area);
    this.leafValues = new LeafValues(game.width, game.height, this.random);
    this.ownership = new OwnershipMean(game.board.area);
    this.knowsPass = evaluator.outputs.includes('pass');
    this.knowsValue = evaluator.outputs.includes('value');
    this.symmetries = game.width === game.height ? 8 : 4;
  }

  /** Whether nodes know a lead: from the network, or from playouts. */
  get knowsLead(): boolean {
    return this.evaluator.outputs.includes('lead') || this.usesPlayouts;
  }

  private get usesPlayouts(): boolean {
    return !this.knowsValue || this.parameters.lambda > 0;
  }

  /**
   * Makes room for the root's moves. Assumes that the root is not under way.
   * @param underway leaves that will be counted before it
   * @returns false if there is none
   */
  reserveRoot(underway: number): boolean {
    return this.tree.reserve(underway + 1, underway * EDGE_ROOM + this.rootRoom);
  }

  /** Adds the root to a flight of its own. Assumes that there is room. */
  addRoot(flight: Flight): void {
    const { tree } = this;
    if (tree.state[0] === NEW) {
      tree.state[0] = PENDING;
      this.addVirtual(0, 1);
    }
    this.addLeaf(flight, 0);
  }

  /** Keeps what the network says of the root, counts it if it is new, and gives the root every move that may be tried. */
  private landRoot(flight: Flight): void {
    const { game, tree } = this;
    const batch = flight.batch!;
    const ownership = batch.ownership(0);
    this.evaluation = {
      policy: batch.policy(0).slice(),
      value: batch.value(0),
      lead: batch.lead(0),
      ownership: ownership?.slice(),
    };
    this.ownership.clear();
    this.ownershipOf.clear();
    if (ownership) this.ownership.add(ownership, game.toPlay);
    const isNew = tree.state[0] === PENDING;
    this.expand(flight, 0, true);
    if (isNew) this.backUp(flight, 0);
  }

  /**
   * Makes room for as many more leaves, and keeps some for the next root. Assumes that the root is not under way.
   * @returns false if the tree has reached its bound
   */
  reserve(leaves: number): boolean {
    return this.tree.reserve(leaves + 1, leaves * EDGE_ROOM + this.rootRoom);
  }

  /** Edges that a root may take: every move, a pass, and the first of the block. */
  private get rootRoom(): number {
    return this.game.board.area + 2;
  }

  /** Walks down from the root, which is EXPANDED, and adds the leaf it finds to the flight; a finished game is counted at once. */
  simulate(flight: Flight): Outcome {
    const { tree, game } = this;
    let node = 0;
    let depth = 0;
    while (tree.state[node] === EXPANDED) {
      let edge = selectEdge(tree, node, depth, this.parameters, this.filter);
      // Restrictions that leave nothing to play are for the root only.
      if (edge < 0 && depth > 0) edge = selectEdge(tree, node, depth, this.parameters, undefined);
      if (edge < 0) break;
      const point = tree.edgePoint[edge];
      let child = tree.edgeChild[edge];
      if (child === NO_NODE) {
        child = tree.addNode(node, point);
        tree.edgeChild[edge] = child;
      }
      game.play(point);
      node = child;
      depth++;
    }
    this.lastLeaf = node;
    const outcome = this.arrive(flight, node, depth);
    for (; depth > 0; depth--) game.undo();
    return outcome;
  }

  /** What to do at the end of a walk. The game is at the node. */
  private arrive(flight: Flight, node: number, depth: number): Outcome {
    const { tree, game, leafValues } = this;
    if (tree.state[node] === EXPANDED) return 'nothing';
    this.addVirtual(node, 1);
    if (tree.state[node] === PENDING) return 'collision';
    if (tree.state[node] === NEW && !game.isOver && depth < LONGEST_LINE) {
      tree.state[node] = PENDING;
      this.addLeaf(flight, node);
      return 'leaf';
    }
    let isSlow = false;
    if (tree.state[node] === TERMINAL) {
      leafValues.value = tree.valueSum[node] / tree.visits[node];
      leafValues.lead = tree.leadSum[node] / tree.visits[node];
    } else isSlow = leafValues.score(game, this.parameters.friendlyPass);
    tree.state[node] = TERMINAL;
    this.count(node, leafValues.value, leafValues.lead);
    return isSlow ? 'judged' : 'ended';
  }

  /** Takes back what a collision has put on the path. @param node the leaf it ran into */
  forgetCollision(node: number): void {
    this.addVirtual(node, -1);
  }

  /** Puts the evaluations of a flight into the tree. @throws whatever the evaluator failed with; the tree is as if it had not been asked */
  land(flight: Flight): void {
    const { tree } = this;
    const { nodes, failure } = flight;
    for (let slot = 0; slot < flight.size; slot++) {
      const node = nodes[slot];
      if (node === NO_NODE) continue;
      if (failure !== undefined) {
        if (tree.state[node] !== PENDING) continue;
        tree.state[node] = NEW;
        this.addVirtual(node, -1);
        continue;
      }
      if (flight.isRoot) this.landRoot(flight);
      else {
        this.expand(flight, slot, false);
        this.backUp(flight, slot);
      }
    }
    if (failure !== undefined) throw failure;
  }

  /** Adds the position on the game to a flight, with what has to be known of it later. */
  private addLeaf(flight: Flight, node: number): void {
    const { game, leafValues } = this;
    const { turnsBoard } = this.parameters;
    const slot = flight.batch!.add(game, turnsBoard ? game.board.hashLow & (this.symmetries - 1) : 0);
    flight.nodes[slot] = node;
    flight.passes[slot] = mayPass(game) ? 1 : 0;
    markOwnEyes(game, flight.ownEyes, slot * game.board.area);
    if (!this.usesPlayouts) return;
    leafValues.playOut(game);
    flight.playoutValues[slot] = leafValues.value;
    flight.playoutLeads[slot] = leafValues.lead;
  }

  private expand(flight: Flight, slot: number, isRoot: boolean): void {
    const { edges, game, parameters } = this;
    const { batch, ownEyes, passes, nodes } = flight;
    edges.fill(game.board, batch!.policy(slot), ownEyes, slot * game.board.area, passes[slot] === 1, {
      knowsPass: this.knowsPass,
      temperature: parameters.policyTemperature * (isRoot ? parameters.rootPolicyTemperature : 1),
      isRoot,
    });
    if (isRoot && parameters.rootNoise > 0)
      addNoise(edges.priors, edges.count, parameters.rootNoise, this.random);
    this.tree.expand(nodes[slot], edges.points, edges.priors, edges.count);
  }

  /** Counts an evaluation in its leaf and all above. */
  private backUp(flight: Flight, slot: number): void {
    const batch = flight.batch!;
    const { lambda } = this.parameters;
    const playoutValue = flight.playoutValues[slot];
    const value = batch.value(slot);
    const mixed =
      value === undefined
        ? playoutValue
        : lambda === 0
          ? value
          : (1 - lambda) * value + lambda * playoutValue;
    const lead = batch.lead(slot) ?? (this.usesPlayouts ? flight.playoutLeads[slot] : 0);
    const below = this.count(flight.nodes[slot], mixed, lead);
    const ownership = below.node === 0 ? undefined : batch.ownership(slot);
    if (!ownership) return;
    const toPlay = below.isOddDepth ? opposite(this.game.toPlay) : this.game.toPlay;
    this.ownership.add(ownership, toPlay);
    if (this.followsMoves) this.meanBelow(this.tree.point[below.node]).add(ownership, toPlay);
  }

  private meanBelow(point: Point): OwnershipMean {
    let mean = this.ownershipOf.get(point);
    if (!mean) this.ownershipOf.set(point, (mean = new OwnershipMean(this.game.board.area)));
    return mean;
  }

  /** Where the last {@link count} came by: the node just below the root (0 if it began there), and whether the leaf is the opponent's. */
  private readonly way: { node: number; isOddDepth: boolean } = { node: 0, isOddDepth: false };

  /** Counts a value and a lead, both for the player to move at `leaf`, in it and all nodes above, and takes the path's virtual visit off. */
  private count(leaf: number, leafValue: number, leafLead: number): { node: number; isOddDepth: boolean } {
    const { tree, way } = this;
    let value = leafValue;
    let lead = leafLead;
    way.node = 0;
    way.isOddDepth = false;
    for (let node = leaf; node !== NO_NODE; node = tree.parent[node]) {
      tree.visits[node]++;
      tree.virtual[node]--;
      tree.valueSum[node] += value;
      tree.valueSquares[node] += value * value;
      tree.leadSum[node] += lead;
      tree.leadSquares[node] += lead * lead;
      value = -value;
      lead = -lead;
      if (node === 0) break;
      way.node = node;
      way.isOddDepth = !way.isOddDepth;
    }
    return way;
  }

  private addVirtual(leaf: number, visits: number): void {
    const { parent, virtual } = this.tree;
    for (let node = leaf; node !== NO_NODE; node = parent[node]) virtual[node] += visits;
  }
}
