/** Who chooses the moves, and what it may be asked. */
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import type { Judgement } from '../../engine/judge.ts';
import type { TimePlan } from '../../engine/search/clock.ts';
import type { Restriction } from '../../engine/search/restrictions.ts';
import type { Point } from '../../engine/types.ts';

/** What is to be told of a position. */
export interface View {
  readonly restrictions?: readonly Restriction[];
  /** Most candidates. */
  readonly maxMoves?: number;
  /** Candidates however little there is to say of them, if there are so many moves. */
  readonly minMoves?: number;
  /** Whether to follow the ownership after each candidate. */
  readonly movesOwnership?: boolean;
  /** Called with what has been found so far, every {@link everyMs}. */
  readonly onReport?: (analysis: Analysis) => void;
  /** Milliseconds; needed for {@link onReport}. */
  readonly everyMs?: number | undefined;
}

export interface GenmoveOptions {
  /** Whether to take opposing dead stones off the board before passing. */
  readonly cleanup: boolean;
  /** Time for the move, if there is a clock. */
  readonly plan?: TimePlan | undefined;
  /** What to tell about the position beside the move; by default only what choosing the move brings. */
  readonly view?: View;
  /** Makes it move now, with what it has found. */
  readonly signal?: AbortSignal;
}

export interface AnalyzeOptions extends View {
  /** As of {@link GenmoveOptions}: how a game is scored that ends in the tree. */
  readonly cleanup: boolean;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Whether to end as soon as thinking about a move would; else it goes on until the signal, or while it finds anything. */
  readonly isBrief?: boolean;
  readonly plan?: TimePlan | undefined;
}

/** What a search took. */
export interface Effort {
  /** Evaluations that this move added to the tree. */
  readonly playouts: number;
  /** Nodes of the tree. */
  readonly nodes: number;
  readonly elapsedMs: number;
}

/** A move and what the player thought. */
export interface Decision {
  /** A legal move for the player to move, a point or PASS, or 'resign'. */
  readonly move: Point | 'resign';
  readonly analysis?: Analysis;
  /** Only of a search. */
  readonly effort?: Effort;
}

/** What people are told about a player. */
export interface Description {
  readonly network: string;
  readonly maxBatch: number;
}

/** No method changes the game, and each takes it as it is at the call. */
export interface Player {
  genmove(game: Game, options: GenmoveOptions): Promise<Decision>;
  /** What there is to say about a position; the last of what {@link View.onReport} is told. */
  analyze(game: Game, options: AnalyzeOptions): Promise<Analysis>;
  /** Thinks about a position until the signal, for what may be asked next. */
  ponder(game: Game, options: { readonly cleanup: boolean; readonly signal: AbortSignal }): Promise<void>;
  /** What the network says, seen through one symmetry, or in the mean of all. */
  evaluate(game: Game, symmetry: number | 'mean'): Promise<Evaluation>;
  /** Which stones are dead, which live in seki. */
  judge(game: Game): Promise<Judgement>;
  describe(): Promise<Description>;
  /** Forgets what can be found again. */
  clearCache(): void;
}
