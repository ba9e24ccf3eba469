/**
 * What hane has to think about at one board, one thing after another: the score after two passes, what the network says of the
 * position, hane's move, a search that goes on, and last the graph. Whenever something changes it looks what comes first now;
 * what is no longer wanted is stopped, and comes to nothing if it is late. Start reading at {@link Thinker.wake}.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Analysis } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import type { Decision } from '../gtp/player.ts';
import type { StandingSearches } from '../search/standingSearches.ts';
import { HanePlayer, MOST_VISITS } from './hanePlayer.ts';
import { seatOf } from './moves.ts';
import { describeEvaluation, describeSearch, outlookOf, type Seen } from './opinions.ts';
import {
  ROOT,
  SEARCH_LEVEL,
  gameAt,
  letterOf,
  lineTo,
  type BoardState,
  type Level,
  type Outlook,
} from './protocol/board.ts';
import type { PositionAnalysis } from './protocol/messages.ts';
import { RequestError } from './requestError.ts';
import type { Trees } from './trees.ts';
import type { Turnstile, Urgency } from './turnstile.ts';

/** Nodes of the graph that are evaluated: longer games are none. */
const MOST_OUTLOOKS = 1000;

/** The graph grows by so many nodes at once, or after so long. */
const OUTLOOKS_AT_ONCE = 10;
const OUTLOOKS_EVERY_MS = 400;

/** Pieces of a search, each twice as long as the one before, after which it is over if nothing came of them: the longest takes 7 s. */
const MOST_BARREN = 6;

/** The board as the thinker needs it. */
export interface ThinkersBoard {
  readonly state: BoardState;
  /** The current position; another object whenever it is another position. */
  readonly game: Game;
  /** Whether a score is due, after two passes. */
  readonly isScoreDue: boolean;
  /** Whether a move of hane's is. */
  readonly isMoveDue: boolean;
  score(): Promise<void>;
  /** Plays hane's move. */
  playHane(move: number | 'resign'): void;
  addOutlooks(outlooks: readonly Outlook[]): void;
  tell(analysis: PositionAnalysis): void;
  /** Tells that hane cannot think, and why. */
  tellProblem(error: unknown): void;
}

/** What all boards share. */
export interface Network {
  readonly searches: StandingSearches;
  readonly turnstile: Turnstile;
  readonly trees: Trees;
}

interface Task {
  /** Tells tasks apart: one with the same name is the same. */
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** How far the search of the current position has come. */
interface Searched {
  readonly game: Game;
  readonly visits: number;
  /** Pieces of it, the last ones, of which nothing came. */
  readonly barren: number;
  readonly isOver: boolean;
}

export class Thinker {
  private readonly board: ThinkersBoard;
  private readonly network: Network;
  private readonly paceMs: number;
  private readonly player: HanePlayer;
  private running: { readonly name: string; readonly stop: AbortController } | undefined;
  private isAwake = false;
  private seen: (Seen & { readonly game: Game }) | undefined;
  private searched: Searched | undefined;
  private gathered: Outlook[] = [];
  private gatheredSinceMs = 0;
  private movedAtMs = -Infinity;

  constructor(board: ThinkersBoard, network: Network, paceMs: number) {
    this.board = board;
    this.network = network;
    this.paceMs = paceMs;
    this.player = new HanePlayer(network.searches);
  }

  /** To be called whenever the board has changed, or who looks at it. */
  wake(): void {
    if (this.running) {
      if (this.next()?.name !== this.running.name) this.running.stop.abort();
    } else if (!this.isAwake) void this.think();
  }

  /** To be called when another game is put on the board. */
  async reset(): Promise<void> {
    this.running?.stop.abort();
    this.gathered = [];
    await this.rest();
  }

  /** Gives the tree back; it begins another when it is needed. */
  rest(): Promise<void> {
    this.network.trees.forget(this.player);
    return this.player.rest();
  }

  /**
   * What the network says of any node, for one who asks.
   * @param who the asker's own place in the queue
   * @returns undefined if it was given up
   */
  async look(node: number, who: string, signal: AbortSignal): Promise<PositionAnalysis | undefined> {
    const { state, game: current } = this.board;
    if (this.seen?.game === current && state.current === node) return describeEvaluation(current, this.seen);
    const game = gameAt(state, node);
    const seen = await this.ask(game, node, 'look', who, signal);
    return seen && describeEvaluation(game, seen);
  }

  private async think(): Promise<void> {
    this.isAwake = true;
    let failures = 0;
    for (let task = this.next(); task; task = this.next()) {
      const stop = new AbortController();
      this.running = { name: task.name, stop };
      try {
        await task.work(stop.signal);
        failures = 0;
      } catch (error) {
        // A board that has gone on meanwhile has something else to think about; without a network there is nothing. One of its
        // threads may have died, though, which is done without from then on: once more.
        if (!(error instanceof RequestError) && ++failures > 1) {
          this.board.tellProblem(error);
          break;
        }
      } finally {
        this.running = undefined;
      }
    }
    this.isAwake = false;
  }

  private next(): Task | undefined {
    const { state, game, isScoreDue, isMoveDue } = this.board;
    const { viewers, analysis, current, scoring } = state;
    if (viewers === 0) return undefined;
    if (isScoreDue) return { name: `score ${current}`, work: () => this.board.score() };
    if (analysis !== 'off' && this.seen?.game !== game)
      return { name: `see ${current}`, work: signal => this.see(game, signal) };
    if (isMoveDue) {
      const { level, seconds } = this.manner();
      return {
        name: `move ${current} ${level} ${seconds}`,
        work: signal => this.move(game, level, seconds, signal),
      };
    }
    const isSearched = this.searched?.game === game && this.searched.isOver;
    if (analysis === 'search' && !isSearched && !scoring)
      return { name: `search ${current}`, work: signal => this.search(game, signal) };
    const node = analysis === 'off' || !this.hasGraph ? undefined : this.nextOfGraph();
    return node === undefined
      ? undefined
      : { name: `graph ${node}`, work: signal => this.addToGraph(node, signal) };
  }

  private get hasGraph(): boolean {
    const { outputs } = this.network.searches;
    return outputs.includes('value') || outputs.includes('lead');
  }

  /** The level that moves now, and its time. Where people sit at both sides, hane moves as well as it can. */
  private manner(): { readonly level: Level; readonly seconds: number } {
    const { state, game } = this.board;
    const own = seatOf(state, letterOf(game.toPlay));
    const other = state.black === 'human' ? state.white : state.black;
    const level = own !== 'human' ? own : other !== 'human' ? other : SEARCH_LEVEL;
    return { level, seconds: state.seconds };
  }

  private async see(game: Game, signal: AbortSignal): Promise<void> {
    const { board } = this;
    const node = board.state.current;
    const seen = await this.ask(game, node, 'look', board.state.board, signal);
    if (!seen || board.game !== game) return;
    this.seen = { ...seen, game };
    board.tell(describeEvaluation(game, seen));
    board.addOutlooks([outlookOf(game, node, seen.evaluation)]);
  }

  private async move(game: Game, level: Level, seconds: number, signal: AbortSignal): Promise<void> {
    const { board, network } = this;
    const { state } = board;
    const onReport = (analysis: Analysis): void => {
      if (board.state.analysis === 'search') this.report(game, analysis);
    };
    const isSearch = level === SEARCH_LEVEL;
    const genmove = (): Promise<Decision> => this.player.genmove(game, { level, seconds, signal, onReport });
    const decision = await network.turnstile.pass(
      isSearch ? 'move' : 'look',
      state.board,
      () => (isSearch ? network.trees.use(this.player, genmove) : genmove()),
      signal,
    );
    if (!decision || signal.aborted) return;
    if (state.black !== 'human' && state.white !== 'human') await this.keepPace(signal);
    if (signal.aborted || board.game !== game) return;
    this.movedAtMs = performance.now();
    board.playHane(decision.move);
  }

  /** Where hane plays itself nobody could follow otherwise. */
  private async keepPace(signal: AbortSignal): Promise<void> {
    const leftMs = this.movedAtMs + this.paceMs - performance.now();
    if (leftMs > 0) await pause(leftMs, undefined, { signal }).catch(() => {});
  }

  private async search(game: Game, signal: AbortSignal): Promise<void> {
    const { turnstile, trees } = this.network;
    const { visits: before, barren: barrenBefore } =
      this.searched?.game === game ? this.searched : { visits: 0, barren: 0 };
    const analysis = await turnstile.pass(
      'analysis',
      this.board.state.board,
      () => trees.use(this.player, () => this.player.analyze(game, signal, 2 ** barrenBefore)),
      signal,
    );
    if (!analysis || signal.aborted || this.board.game !== game) return;
    const { visits } = analysis;
    // One that finds nothing more is over, too: the tree is full, or the game is. A slow network only needs more time.
    const barren = visits > before ? 0 : barrenBefore + 1;
    const isOver = visits >= MOST_VISITS || barren >= MOST_BARREN;
    this.searched = { game, visits, barren, isOver };
    if (visits > before) this.report(game, analysis);
    const isMuchMore = Math.floor(Math.log2(visits)) > Math.floor(Math.log2(before || 1));
    if (isMuchMore || isOver) this.board.addOutlooks([outlookOf(game, this.board.state.current, analysis)]);
  }

  private report(game: Game, analysis: Analysis): void {
    const { seen, board } = this;
    if (seen?.game === game && board.game === game) board.tell(describeSearch(game, seen, analysis));
  }

  /** The first node without an outlook on the line through the current one, to its end along first children. */
  private nextOfGraph(): number | undefined {
    const { state } = this.board;
    const known = new Set([...state.outlooks, ...this.gathered].map(({ node }) => node));
    const line = [ROOT, ...(lineTo(state, state.current) ?? []).map(({ id }) => id)];
    const firsts = new Map<number, number>();
    for (const { id, parent } of state.nodes) if (!firsts.has(parent)) firsts.set(parent, id);
    for (let id = firsts.get(state.current); id !== undefined; id = firsts.get(id)) line.push(id);
    return line.slice(0, MOST_OUTLOOKS).find(node => !known.has(node));
  }

  private async addToGraph(node: number, signal: AbortSignal): Promise<void> {
    const { state } = this.board;
    const game = gameAt(state, node);
    const seen = await this.ask(game, node, 'background', state.board, signal);
    if (signal.aborted) this.gathered = [];
    if (!seen || signal.aborted) return;
    if (this.gathered.length === 0) this.gatheredSinceMs = performance.now();
    this.gathered.push(outlookOf(game, node, seen.evaluation));
    const isMuch =
      this.gathered.length >= OUTLOOKS_AT_ONCE ||
      performance.now() - this.gatheredSinceMs >= OUTLOOKS_EVERY_MS ||
      this.nextOfGraph() === undefined;
    if (isMuch) this.board.addOutlooks(this.gathered.splice(0));
  }

  private async ask(
    game: Game,
    node: number,
    urgency: Urgency,
    who: string,
    signal: AbortSignal,
  ): Promise<Seen | undefined> {
    const { searches, turnstile } = this.network;
    const askedMs = performance.now();
    const evaluation = await turnstile.pass(urgency, who, () => searches.current.evaluate(game, 0), signal);
    return evaluation && { node, evaluation, evaluationMs: performance.now() - askedMs };
  }
}
