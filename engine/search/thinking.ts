/** What is asked of a search, and what it answers; search.ts does it. */
import type { Analysis, Evaluation } from '../analysis.ts';
import type { Point } from '../types.ts';
import type { TimePlan } from './clock.ts';
import type { ReportOptions } from './report.ts';
import type { Restriction } from './restrictions.ts';

/** When to end; whichever comes first. Without any, the search goes on until `Search.stop`. */
export interface SearchLimits {
  /** Visits of the root, those of a kept tree included. */
  readonly visits?: number | undefined;
  /** Visits of the root beyond those of a kept tree. */
  readonly playouts?: number | undefined;
  /** Milliseconds. */
  readonly timeMs?: number | undefined;
  /** Time by a clock: about the target, up to the most; see clock.ts. */
  readonly plan?: TimePlan | undefined;
}

/**
 * Why a search ended: by a limit, because no other move could catch up (`clear`), by `Search.stop`, at the bound of the
 * tree (`memory`), or because nothing is left to try (`nothing`: every move is forbidden, all walks end in finished games, or
 * there are as many visits as can be counted).
 */
export type EndReason = 'visits' | 'playouts' | 'time' | 'clear' | 'stopped' | 'memory' | 'nothing';

export interface ThinkOptions {
  readonly restrictions?: readonly Restriction[];
  /** Whether to follow the ownership below each move at the root; no by default. */
  readonly movesOwnership?: boolean;
  /** How the result's analysis is made. */
  readonly report?: ReportOptions;
  /** Called whenever a batch has been counted. */
  readonly onProgress?: () => void;
}

export interface SearchResult {
  readonly reason: EndReason;
  /** The best move, a point or PASS; undefined if every move was forbidden, or the search stopped before it knew any. */
  readonly best: Point | undefined;
  /** What the network alone says of the position; undefined if the search stopped before it did. */
  readonly evaluation: Evaluation | undefined;
  /** Without candidates if `best` is undefined. */
  readonly analysis: Analysis;
  /** Visits of the root that this search added. */
  readonly playouts: number;
  /** Whether time was planned by a clock, so that what is left to do for the move has to be quick. */
  readonly isOnClock: boolean;
  /** Nodes of the tree. */
  readonly nodes: number;
  readonly elapsedMs: number;
}

/** What the engine, which is pure, has to be given. */
export interface Surroundings {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Lets other events come in; awaited every few milliseconds. */
  readonly breathe: () => Promise<void>;
}
