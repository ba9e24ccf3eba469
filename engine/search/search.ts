/**
 * Monte Carlo tree search over an evaluator's priors: APV-MCTS of Silver et al. 2016 with one thread that walks the tree and
 * another that runs the network, batches in between. Start reading at {@link Search.think}; grower.ts is one simulation.
 *
 * While one batch is under evaluation the next is gathered; a virtual loss on each path under evaluation makes the walks
 * differ. Batches are counted in the order in which they left, whatever their evaluator does, so a search with fixed visits
 * and seed always gives the same tree.
 */
import type { Analysis, Evaluation } from '../analysis.ts';
import type { Evaluator } from '../evaluator.ts';
import type { Game } from '../game.ts';
import { bestChild, firstAllowed } from './choice.ts';
import type { Flight } from './flight.ts';
import { FlightQueue } from './flightQueue.ts';
import { Grower } from './grower.ts';
import { keepTree } from './keepTree.ts';
import { DEFAULT_PARAMETERS, withParameters, type SearchParameters } from './params.ts';
import { makeAnalysis, type ReportOptions } from './report.ts';
import { Restrictions, isSameRestriction, type Restriction } from './restrictions.ts';
import type { EndReason, SearchLimits, SearchResult, Surroundings, ThinkOptions } from './thinking.ts';
import { makeManager, type TimeManager } from './timeManager.ts';
import { EXPANDED, NO_NODE } from './tree.ts';

export type { EndReason, SearchLimits, SearchResult, Surroundings, ThinkOptions } from './thinking.ts';

/** Without a clock no time passes, and no other events are let in. */
const NOWHERE: Surroundings = { now: () => 0, breathe: () => Promise.resolve() };

/** Longest without letting other events in, so that {@link Search.stop} is heard. */
const BREATH_MS = 5;

/** The first batches of a tree are small: one leaf for so many visits of the root. */
const VISITS_PER_LEAF = 8;

/** A batch leaves when so many walks, for each of its places, ran into leaves under evaluation. */
const COLLISIONS_PER_LEAF = 1;

/** Walks to finished games while a batch is gathered, and those whose dead stones had to be judged. */
const MOST_ENDED = 256;
const MOST_JUDGED = 2;

/** After so many batches in a row without a leaf, all walks to finished games, no new one is expected. */
const MOST_BARREN = 1000;

/** Visits, and sums of them, are counted in 32 bits. */
const MOST_VISITS = 2 ** 30;

/** A batch is begun before a deadline if this share of it lands in time, as long as the last one took. */
const FLIGHT_SHARE = 0.5;

interface Running {
  readonly limits: SearchLimits;
  readonly manager: TimeManager | undefined;
  readonly startMs: number;
  /** Visits of the root at the start. */
  readonly visitsBefore: number;
}

export class Search {
  readonly evaluator: Evaluator;
  private readonly surroundings: Surroundings;
  private parameters_: SearchParameters;
  private grower: Grower | undefined;
  private restrictions: readonly Restriction[] = [];
  private readonly flights: FlightQueue;
  private readonly collisions: number[] = [];
  private isThinking = false;
  private isStopped = false;
  private isFull = false;
  private isStuck = false;
  /** Batches in a row that found only finished games. */
  private barren = 0;
  private breathedAt = 0;
  private flightMs = 0;

  /** @throws RangeError for a parameter out of range */
  constructor(
    evaluator: Evaluator,
    parameters: Partial<SearchParameters> = {},
    surroundings: Surroundings = NOWHERE,
  ) {
    this.evaluator = evaluator;
    this.flights = new FlightQueue(evaluator);
    this.parameters_ = withParameters(DEFAULT_PARAMETERS, parameters);
    this.surroundings = surroundings;
  }

  get parameters(): SearchParameters {
    return this.parameters_;
  }

  /** Changes parameters and forgets the tree. Not while thinking. @throws RangeError for a parameter out of range */
  configure(changes: Partial<SearchParameters>): void {
    this.parameters_ = withParameters(this.parameters_, changes);
    this.clear();
  }

  /** Forgets the tree. Not while thinking. */
  clear(): void {
    this.flights.loseLeaves();
    this.grower = undefined;
  }

  /** Bytes of the tree's arrays, and nodes in use. */
  get size(): { readonly bytes: number; readonly nodes: number } {
    const tree = this.grower?.tree;
    return { bytes: tree?.sizeBytes ?? 0, nodes: tree?.nodeCount ?? 0 };
  }

  /**
   * Thinks about the position until a limit is reached or {@link stop} is called. The tree of the last search is kept if the
   * game has gone on from there.
   * @param game not changed, and free to change meanwhile
   * @throws Error if it is thinking already, and whatever the evaluator fails with
   */
  async think(game: Game, limits: SearchLimits = {}, options: ThinkOptions = {}): Promise<SearchResult> {
    if (this.isThinking)
      throw new Error('the search is thinking already: stop it and wait for its result first');
    this.isThinking = true;
    this.isStopped = false;
    this.isFull = false;
    this.isStuck = false;
    this.barren = 0;
    const { now } = this.surroundings;
    const startMs = now();
    this.breathedAt = startMs;
    try {
      const grower = this.takeRoot(game, options);
      const visitsBefore = grower.tree.visits[0];
      const isOpen = await this.openRoot(grower);
      const manager = makeManager(grower, limits);
      const reason = isOpen
        ? await this.grow(grower, { limits, manager, startMs, visitsBefore }, options)
        : 'stopped';
      const best = bestChild(grower.tree, grower.filter);
      return {
        reason,
        best: best === NO_NODE ? firstAllowed(grower.tree, grower.filter) : grower.tree.point[best],
        evaluation: grower.evaluation,
        analysis: makeAnalysis(grower, options.report),
        playouts: grower.tree.visits[0] - visitsBefore,
        isOnClock: limits.plan !== undefined,
        nodes: grower.tree.nodeCount,
        elapsedMs: now() - startMs,
      };
    } finally {
      this.isThinking = false;
    }
  }

  /** Ends {@link think} as soon as its thread is free, without waiting for the network. What is under evaluation is not lost. */
  stop(): void {
    this.isStopped = true;
    this.flights.hurry();
  }

  /** What has been found so far; undefined if there is no tree. May be asked while thinking. */
  analyze(options: ReportOptions = {}): Analysis | undefined {
    const { grower } = this;
    return grower && grower.tree.state[0] === EXPANDED ? makeAnalysis(grower, options) : undefined;
  }

  /** What the network alone says of the position; undefined until it has. May be asked while thinking. */
  get evaluation(): Evaluation | undefined {
    return this.grower?.evaluation;
  }

  /** Resolves when no batch is under evaluation any more, so that the evaluator can be closed. Not while thinking. */
  async settle(): Promise<void> {
    while (this.flights.length > 0) {
      const flight = await this.flights.next();
      if (flight) this.flights.giveBack(flight);
    }
    this.clear();
  }

  /** The tree whose root is this position: what there is of it, or a new one. */
  private takeRoot(game: Game, { restrictions = [], movesOwnership = false }: ThinkOptions): Grower {
    const isKept =
      this.grower !== undefined &&
      isSameRestriction(restrictions, this.restrictions) &&
      keepTree(this.grower, game, this.flights, restrictions.length > 0);
    if (!isKept) this.clear();
    this.restrictions = restrictions;
    const grower = (this.grower ??= new Grower(this.evaluator, game.clone(), this.parameters_));
    grower.game.toPlay = game.toPlay;
    grower.followsMoves = movesOwnership;
    grower.filter = restrictions.length > 0 ? new Restrictions(restrictions, game.toPlay) : undefined;
    return grower;
  }

  /** Has the root evaluated, or waits until it is. @returns false if the search was stopped before */
  private async openRoot(grower: Grower): Promise<boolean> {
    grower.evaluation = undefined;
    const { flights } = this;
    if (!flights.hasRoot) {
      const flight = this.takeFlight(grower, true);
      grower.addRoot(flight);
      flights.send(flight);
    }
    while (flights.hasRoot) if (!(await this.land(grower))) return false;
    return true;
  }

  private async grow(grower: Grower, running: Running, { onProgress }: ThinkOptions): Promise<EndReason> {
    const { batchesInFlight } = this.parameters_;
    let reason = this.whyEnd(grower, running);
    for (; reason === undefined; reason = this.whyEnd(grower, running)) {
      const isSent = this.gather(grower, running);
      if (this.flights.length >= batchesInFlight || (!isSent && this.flights.length > 0)) {
        if (await this.land(grower)) onProgress?.();
      }
      await this.breathe();
    }
    while (!this.isStopped && this.flights.length > 0) if (await this.land(grower)) onProgress?.();
    return reason;
  }

  private whyEnd(grower: Grower, { limits, manager, startMs, visitsBefore }: Running): EndReason | undefined {
    const { tree } = grower;
    if (this.isStopped) return 'stopped';
    if (this.isStuck || this.barren >= MOST_BARREN) return 'nothing';
    if (this.isFull && this.flights.length === 0) return 'memory';
    const visits = tree.visits[0] + tree.virtual[0];
    if (visits >= MOST_VISITS) return 'nothing';
    if (limits.visits !== undefined && visits >= limits.visits) return 'visits';
    if (limits.playouts !== undefined && visits - visitsBefore >= limits.playouts) return 'playouts';
    if (limits.timeMs === undefined && !manager) return undefined;
    const elapsedMs = this.surroundings.now() - startMs;
    const landsAtMs = elapsedMs + (this.flights.length + FLIGHT_SHARE) * this.flightMs;
    if (limits.timeMs !== undefined && landsAtMs >= limits.timeMs) return 'time';
    if (!manager?.isEnough(grower, landsAtMs, tree.visits[0] - visitsBefore)) return undefined;
    return landsAtMs >= manager.allowance(grower) ? 'time' : 'clear';
  }

  /** Fills a batch with leaves and sends it off. @returns false if no leaf was found */
  private gather(grower: Grower, { limits, visitsBefore }: Running): boolean {
    const { tree } = grower;
    const most = Math.min(this.parameters_.batchSize, this.evaluator.maxBatch);
    const wanted = Math.min(most, 1 + Math.floor(tree.visits[0] / VISITS_PER_LEAF));
    const visits = Math.min(limits.visits ?? Infinity, (limits.playouts ?? Infinity) + visitsBefore);
    const underway = this.flights.leaves;
    const flight = this.takeFlight(grower, false);
    let ended = 0;
    let judged = 0;
    while (flight.size < wanted && tree.visits[0] + tree.virtual[0] - this.collisions.length < visits) {
      if (!grower.reserve(underway + flight.size + 1)) {
        this.isFull = true;
        break;
      }
      const outcome = grower.simulate(flight);
      if (outcome === 'ended' && ++ended >= MOST_ENDED) break;
      if (outcome === 'judged' && ++judged >= MOST_JUDGED) break;
      if (outcome === 'collision') {
        this.collisions.push(grower.lastLeaf);
        if (this.collisions.length >= COLLISIONS_PER_LEAF * wanted) break;
      } else if (outcome === 'nothing') {
        this.isStuck = flight.size === 0 && this.flights.length === 0;
        break;
      }
    }
    for (const node of this.collisions) grower.forgetCollision(node);
    this.collisions.length = 0;
    if (flight.size > 0) this.barren = 0;
    else if (underway === 0) this.barren++;
    if (flight.size > 0) this.flights.send(flight);
    else this.flights.giveBack(flight);
    return flight.size > 0;
  }

  private takeFlight({ game }: Grower, isRoot: boolean): Flight {
    const most = Math.min(this.parameters_.batchSize, this.evaluator.maxBatch);
    return this.flights.take(most, game.board.area, isRoot);
  }

  /** Waits for the batch that left first and counts it. @returns false if the search was stopped before it came */
  private async land(grower: Grower): Promise<boolean> {
    const { now } = this.surroundings;
    const startMs = now();
    const flight = await this.flights.next();
    if (!flight) return false;
    try {
      grower.land(flight);
    } finally {
      this.flights.giveBack(flight);
    }
    this.flightMs = now() - startMs;
    return true;
  }

  private async breathe(): Promise<void> {
    const { now, breathe } = this.surroundings;
    if (now() - this.breathedAt < BREATH_MS) return;
    await breathe();
    this.breathedAt = now();
  }
}
