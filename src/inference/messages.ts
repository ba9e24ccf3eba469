/** What the evaluator and its worker say to each other. */
import type { Dimensions } from '../../engine/coords.ts';
import type { Backend } from './backends.ts';
import type { NetworkForm } from './contract.ts';
import type { LeastBatches } from './kernels.ts';
import type { NetworkErrorCode } from './networkError.ts';

/** Given to the worker at its start. */
export interface WorkerStart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The network in whole numbers, if that is a choice. */
  readonly int8: Uint8Array | undefined;
  readonly backend: Backend;
  readonly threads: number;
  readonly maxBatch: number;
  /** Which batches run in which form; to be found out if undefined. */
  readonly least: LeastBatches | undefined;
}

export type ToWorker =
  /** New memory for a batch of one board size, from now on called `batch`. */
  | {
      readonly type: 'batch';
      readonly batch: number;
      readonly dimensions: Dimensions;
      readonly memory: SharedArrayBuffer;
    }
  /** The memory of this batch is not used any more. */
  | { readonly type: 'forget'; readonly batch: number }
  /** Evaluate the first `count` positions of a batch. */
  | { readonly type: 'run'; readonly batch: number; readonly count: number }
  /** End when what runs has ended: ONNX Runtime aborts the process if its thread is torn down during a run. */
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'ready'; readonly form: NetworkForm; readonly least: LeastBatches }
  | { readonly type: 'failed'; readonly code: NetworkErrorCode; readonly message: string }
  | { readonly type: 'done'; readonly batch: number; readonly error?: string };
