/**
 * One board, those who look at it, and hane. Every change goes through {@link BoardRoom.commit}: it becomes the state, is told to
 * all, is saved, and hane looks at it.
 */
import type { Game } from '../../engine/game.ts';
import type { Point } from '../../engine/types.ts';
import { makeFrame } from './frame.ts';
import { addMove, isHanesTurn, noScoring, placeResult, playMove, resign, setPlaying } from './moves.ts';
import {
  ROOT,
  applyChange,
  gameAt,
  letterOf,
  type BoardChange,
  type BoardState,
  type MoveNode,
  type Outlook,
} from './protocol/board.ts';
import type { PositionAnalysis } from './protocol/messages.ts';
import type { ReadGame } from './readSgf.ts';
import { RequestError } from './requestError.ts';
import { scoreBy, toggleDead } from './scoring.ts';
import type { SavedBoard } from './savedBoard.ts';
import { Thinker, type Network, type ThinkersBoard } from './thinker.ts';

/** Joining and leaving are told at most so often: 200 who come at once are not told of each other 200 times. */
const COUNT_EVERY_MS = 250;

/** What a file does not have. */
const FLEETING: readonly string[] = ['viewers', 'isThinking'] satisfies (keyof BoardState)[];

/** Somebody who looks at the board. */
export interface Viewer {
  /** Sends the whole board. */
  sendBoard(frame: Buffer): void;
  /** Sends a change, or, to one that is behind, the whole board later. */
  sendChange(frame: Buffer): void;
  /** Sends an analysis, or keeps it until the viewer has caught up, if no newer one comes. */
  sendAnalysis(frame: Buffer): void;
  /** Sends anything else. */
  send(frame: Buffer): void;
}

export interface RoomOptions {
  readonly network: Network;
  readonly paceMs: number;
  /** Saves the board; a minor change may wait. */
  readonly save: (board: SavedBoard, isMinor: boolean) => void;
  /** Tells the server's owner what went wrong. */
  readonly warn: (message: string) => void;
}

export class BoardRoom implements ThinkersBoard {
  private readonly options: RoomOptions;
  private readonly thinker: Thinker;
  private readonly viewers = new Set<Viewer>();
  private state_: BoardState;
  private game_: Game;
  private nextNode: number;
  /** The position at which hane was asked to move, whosever turn it is. */
  private wanted: Game | undefined;
  private analysis: PositionAnalysis | undefined;
  private counting: NodeJS.Timeout | undefined;
  /** When the last viewer left, on performance.now's clock. */
  private unseenSinceMs = performance.now();

  constructor({ state, nextNode }: SavedBoard, options: RoomOptions) {
    this.options = options;
    this.state_ = { ...state, viewers: 0, isThinking: false };
    this.nextNode = nextNode;
    this.game_ = gameAt(state, state.current);
    this.thinker = new Thinker(this, options.network, options.paceMs);
  }

  get state(): BoardState {
    return this.state_;
  }

  get game(): Game {
    return this.game_;
  }

  get isScoreDue(): boolean {
    return isScoreDue(this.state_, this.game_);
  }

  get isMoveDue(): boolean {
    return this.isDue(this.state_, this.game_);
  }

  /** Milliseconds since anybody looked; 0 while somebody does. */
  get unseenMs(): number {
    return this.viewers.size > 0 ? 0 : performance.now() - this.unseenSinceMs;
  }

  /** Begins {@link unseenMs} anew: somebody is about to look. */
  touch(): void {
    this.unseenSinceMs = performance.now();
  }

  /** Lets somebody look from now on, who gets the whole board first. */
  join(viewer: Viewer): void {
    if (this.viewers.size === 0) this.commit({ viewers: 1 }, true);
    this.viewers.add(viewer);
    viewer.sendBoard(this.boardFrame());
    const analysis = this.analysisFrame();
    if (analysis) viewer.sendAnalysis(analysis);
    this.countViewers();
  }

  leave(viewer: Viewer): void {
    if (!this.viewers.delete(viewer)) return;
    if (this.viewers.size > 0) return this.countViewers();
    this.unseenSinceMs = performance.now();
    this.commit({ viewers: 0 }, true);
  }

  /** The whole board as a message. */
  boardFrame(): Buffer {
    return makeFrame({ type: 'board', state: this.state_ });
  }

  /** What is known of the current position, as a message. */
  analysisFrame(): Buffer | undefined {
    const { board } = this.state_;
    return this.analysis && makeFrame({ type: 'analysis', board, analysis: this.analysis });
  }

  /**
   * Makes a change come true.
   * @param isMinor whether it may be lost if the machine stops dead: what can be found out again
   */
  commit(asked: BoardChange, isMinor = false): void {
    const { state_: before, game_: game } = this;
    const change = placeResult(asked, before);
    const after = applyChange(before, change, before.revision + 1);
    const position = after.current === before.current ? game : gameAt(after, after.current);
    const isThinking = this.isDue(after, position);
    const whole = without(before, { ...change, isThinking });
    if (Object.keys(whole).length === 0) return this.thinker.wake();
    this.state_ = { ...after, isThinking };
    this.game_ = position;
    if (position !== game || after.analysis === 'off') this.analysis = undefined;
    const { board, revision } = after;
    const frame = makeFrame({ type: 'change', board, revision, change: whole });
    for (const viewer of this.viewers) viewer.sendChange(frame);
    const isKept = Object.keys(whole).some(name => !FLEETING.includes(name));
    if (isKept) this.options.save({ state: this.state_, nextNode: this.nextNode }, isMinor);
    this.thinker.wake();
  }

  /** A human's move. @throws RequestError as {@link playMove} */
  play(move: { readonly node: number; readonly vertex: string }): void {
    this.commit(playMove(this.state_, this.game_, move, this.nextNode++));
  }

  /** hane's move; it is at the current position. */
  playHane(move: Point | 'resign'): void {
    const { state_: state, game_: game } = this;
    this.wanted = undefined;
    if (move === 'resign') return this.commit(resign({ ...state, result: null }, letterOf(game.toPlay)));
    this.commit(addMove(state, game, move, this.nextNode++));
  }

  /** Has hane move at this position, whosever turn it is. */
  genmove(): void {
    this.wanted = this.game_;
    this.commit({ scoring: null });
  }

  /** Whether hane moves by itself; if not, it also leaves the move that it was asked for. */
  setPlaying(isPlaying: boolean): void {
    if (!isPlaying) this.wanted = undefined;
    this.commit(setPlaying(this.state_, isPlaying));
  }

  /**
   * Asks hane which stones are dead. Where hane plays itself, that is the result.
   * @throws RequestError `stale` if the board goes on meanwhile
   */
  async score(): Promise<void> {
    const { game_: game, options } = this;
    const { searches, turnstile } = options.network;
    const judgement = await turnstile.pass('look', `score ${this.state_.board}`, () =>
      searches.current.judge(game),
    );
    if (this.game_ !== game) throw new RequestError('stale', 'the board has gone on meanwhile');
    const scoring = scoreBy(game, judgement!);
    const { black, white } = this.state_;
    const isSettled = this.isScoreDue && black !== 'human' && white !== 'human';
    this.commit(isSettled ? { result: scoring.score, isPlaying: false } : { scoring });
  }

  /** @throws RequestError `invalid` if no score is being agreed on, or there is no stone */
  toggleDead(vertex: string): void {
    const { scoring } = this.state_;
    if (!scoring) throw noScoring();
    this.commit({ scoring: toggleDead(this.game_, scoring, vertex) });
  }

  /** Replaces the game by a record. */
  load({ start, nodes, names, result }: ReadGame): void {
    const { state_: state } = this;
    const first = this.nextNode;
    // Ids are never used again, not even those of the game before.
    const renumber = (id: number): number => (id === ROOT ? ROOT : id + first - 1);
    this.state_ = {
      ...state,
      revision: state.revision + 1,
      start,
      names,
      nodes: nodes.map(node => ({ ...node, id: renumber(node.id), parent: renumber(node.parent) })),
      current: ROOT,
      black: 'human',
      white: 'human',
      isPlaying: false,
      isThinking: false,
      scoring: null,
      result,
      resultNode: result === null ? null : renumber(endOf(nodes)),
      outlooks: [],
    };
    this.nextNode += nodes.length;
    this.game_ = gameAt(this.state_, ROOT);
    this.analysis = undefined;
    const frame = this.boardFrame();
    for (const viewer of this.viewers) viewer.sendBoard(frame);
    this.options.save({ state: this.state_, nextNode: this.nextNode }, false);
    this.thinker.reset().catch((error: unknown) => this.tellProblem(error));
    this.thinker.wake();
  }

  /** As {@link Thinker.look}. @throws RequestError `notFound` */
  look(node: number, who: string, signal: AbortSignal): Promise<PositionAnalysis | undefined> {
    const { nodes } = this.state_;
    if (node !== ROOT && !nodes.some(({ id }) => id === node))
      throw new RequestError('notFound', `node ${node}: there is no such move on this board`);
    return this.thinker.look(node, who, signal);
  }

  addOutlooks(outlooks: readonly Outlook[]): void {
    const nodes = new Set(this.state_.nodes.map(({ id }) => id)).add(ROOT);
    const known = outlooks.filter(({ node }) => nodes.has(node));
    if (known.length > 0) this.commit({ outlooks: known }, true);
  }

  tell(analysis: PositionAnalysis): void {
    this.analysis = analysis;
    const frame = this.analysisFrame()!;
    for (const viewer of this.viewers) viewer.sendAnalysis(frame);
  }

  tellProblem(error: unknown): void {
    if (error instanceof RequestError) return;
    const reason = error instanceof Error ? error.message : String(error);
    const { current } = this.options.network.searches;
    const message = current.hasEnded ? `${reason}; it goes on as soon as its network is open again` : reason;
    this.options.warn(`board ${this.state_.board}: hane cannot think: ${reason}`);
    const frame = makeFrame({ type: 'error', code: 'internal', message: `hane cannot think: ${message}` });
    for (const viewer of this.viewers) viewer.send(frame);
  }

  /** To be called when hane can think again. */
  wake(): void {
    this.thinker.wake();
  }

  /** Gives back what can be found out again; it is there again when somebody looks. */
  rest(): Promise<void> {
    clearTimeout(this.counting);
    this.counting = undefined;
    return this.thinker.rest();
  }

  /** Whether hane is to move: it is its turn, or it was asked; while nobody looks it sleeps. */
  private isDue(state: BoardState, game: Game): boolean {
    if (state.viewers === 0) return false;
    return this.wanted === game || (isHanesTurn(state, game) && !isScoreDue(state, game));
  }

  private countViewers(): void {
    this.counting ??= setTimeout(() => {
      this.counting = undefined;
      if (this.viewers.size !== this.state_.viewers) this.commit({ viewers: this.viewers.size }, true);
    }, COUNT_EVERY_MS);
  }
}

/** The last move of a record's main line, which comes first. */
const endOf = (nodes: readonly MoveNode[]): number => {
  let end = ROOT;
  for (const { id, parent } of nodes) {
    if (parent !== end) break;
    end = id;
  }
  return end;
};

/** A change without what is so already. */
const without = (state: BoardState, change: BoardChange): BoardChange =>
  Object.fromEntries(
    Object.entries(change).filter(([name, value]) => state[name as keyof BoardState] !== value),
  );

/** Two passes end a game that is played; one that is looked at has its end behind it. */
const isScoreDue = ({ isPlaying, scoring, result }: BoardState, game: Game): boolean =>
  isPlaying && scoring === null && result === null && game.isOver;
