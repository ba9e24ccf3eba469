/** What the thread that asks for searches and the one that runs them say to each other. */
import type { Analysis, AnalysisOptions, Evaluation } from '../../engine/analysis.ts';
import type { Output } from '../../engine/evaluator.ts';
import type { Judgement } from '../../engine/judge.ts';
import type { SearchParameters } from '../../engine/search/params.ts';
import type { ReportOptions } from '../../engine/search/report.ts';
import type { Restriction } from '../../engine/search/restrictions.ts';
import type { SearchLimits, SearchResult } from '../../engine/search/search.ts';
import type { Point } from '../../engine/types.ts';
import type { BackendChoice } from '../inference/backends.ts';
import type { SymmetryCount } from '../inference/evaluate.ts';
import type { Kernel } from '../inference/kernels.ts';
import type { NetworkErrorCode } from '../inference/networkError.ts';
import type { Position } from './position.ts';

/** Given to the thread at its start. */
export interface SearchThreadOptions {
  /** Name in weights/manifest.json or path of an .onnx file; the manifest's default network if left out. */
  readonly network?: string | undefined;
  /** `auto` by default. */
  readonly backend?: BackendChoice | undefined;
  /** Threads of the network; as of inference/evaluator.ts by default. */
  readonly threads?: number | undefined;
  /** `auto` by default. */
  readonly kernel?: Kernel | undefined;
  /** Most positions of one batch. */
  readonly maxBatch?: number | undefined;
  /** Evaluations to remember; 0 for none. */
  readonly cacheSize?: number | undefined;
  /** Whether searches put their batches together: for many at once. No by default. */
  readonly joinsBatches?: boolean | undefined;
}

/** How the move is chosen when a search is over; see engine/search/searchPlayer.ts. */
export interface MoveChoice {
  readonly cleanup?: boolean;
  readonly temperature?: number;
  /** Seed of the draw that a temperature asks for. */
  readonly seed?: number;
}

/** What a search is to do. */
export interface Task {
  readonly limits: SearchLimits;
  readonly restrictions: readonly Restriction[];
  readonly movesOwnership: boolean;
  /** Milliseconds between reports; none if left out. */
  readonly reportEveryMs: number | undefined;
  /** Milliseconds until the first report; as those between by default. */
  readonly firstReportMs?: number | undefined;
  readonly report: ReportOptions;
  /** Whether to choose a move at the end, and how. */
  readonly choice: MoveChoice | undefined;
}

/** A search that is over. */
export interface Outcome extends SearchResult {
  /** The move to play, if the task was to choose one. */
  readonly move: Point | undefined;
}

/** What is asked of the bare policy. */
export interface PolicyTask {
  readonly symmetries: SymmetryCount;
  readonly restrictions: readonly Restriction[];
  /** Whether to evaluate the position after each candidate too. */
  readonly looksAhead: boolean;
  readonly report: Omit<AnalysisOptions, 'isAllowed'>;
  /** Whether to choose a move, and how: {@link MoveChoice.temperature} is of the priors. */
  readonly choice: (MoveChoice & { readonly smallestShare?: number }) | undefined;
}

/** What the bare policy says. */
export interface PolicyOutcome {
  /** Of the position; playouts give the value where the network has none. */
  readonly evaluation: Evaluation;
  readonly analysis: Analysis;
  /** The move to play, if the task was to choose one. */
  readonly move: Point | undefined;
}

export type ToSearchThread =
  | {
      readonly type: 'think';
      readonly id: number;
      readonly search: number;
      readonly position: Position;
      readonly task: Task;
    }
  /** Stops the search's tasks up to this one, those that wait included. */
  | { readonly type: 'stop'; readonly search: number; readonly id: number }
  /** The last report of this task has been taken: the next may come. */
  | { readonly type: 'taken'; readonly search: number; readonly id: number }
  | {
      readonly type: 'configure';
      readonly id: number;
      readonly search: number;
      readonly changes: Partial<SearchParameters>;
    }
  /** Forgets the tree. */
  | { readonly type: 'clear'; readonly id: number; readonly search: number }
  /** Stops the search and gives up all that it holds. */
  | { readonly type: 'drop'; readonly id: number; readonly search: number }
  | {
      readonly type: 'evaluate';
      readonly id: number;
      readonly position: Position;
      readonly symmetry: number | 'mean';
    }
  | { readonly type: 'policy'; readonly id: number; readonly position: Position; readonly task: PolicyTask }
  /** Which stones are dead, which live in seki, by playouts. */
  | { readonly type: 'judge'; readonly id: number; readonly position: Position }
  | { readonly type: 'clearCache' }
  | { readonly type: 'close' };

export type FromSearchThread =
  | {
      readonly type: 'ready';
      readonly name: string;
      readonly outputs: readonly Output[];
      readonly maxBatch: number;
    }
  /** It cannot begin, or its network has ended by itself: it answers nothing any more. */
  | { readonly type: 'failed'; readonly code: NetworkErrorCode; readonly message: string }
  /** The network runs on another backend from now on. */
  | { readonly type: 'backend'; readonly backend: BackendChoice }
  /** To be answered by `taken`; until then there is no other. `evaluation` is that of the network alone. */
  | {
      readonly type: 'report';
      readonly id: number;
      readonly search: number;
      readonly analysis: Analysis;
      readonly evaluation: Evaluation | undefined;
    }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'error'; readonly id: number; readonly message: string; readonly isRange: boolean };

/** By what was asked: think, evaluate, policy, judge; nothing for the others. */
export type Answer = Outcome | Evaluation | PolicyOutcome | Judgement | undefined;
