/**
 * A batch of leaves on its way through the evaluator, with what has to be remembered of each until its evaluation is there.
 */
import type { Batch } from '../evaluator.ts';
import { NO_NODE } from './tree.ts';

export class Flight {
  /** From {@link begin} to {@link end}. */
  batch: Batch | undefined;
  readonly area: number;
  /** The leaf in each slot; NO_NODE if the tree lost it meanwhile. Shape [most], like those that follow. */
  readonly nodes: Int32Array;
  /** Whether a pass may be tried at the leaf. */
  readonly passes: Uint8Array;
  /** What playouts say, if they were asked: value and lead for the player to move at the leaf. */
  readonly playoutValues: Float32Array;
  readonly playoutLeads: Float32Array;
  /** True eyes of the player to move. Shape [most, area]. */
  readonly ownEyes: Uint8Array;
  /** Whether it carries the root alone, which is to get all its moves. */
  isRoot = false;
  /** Whether the evaluation has come or failed. */
  isDone = false;
  failure: unknown;
  /** Called when the evaluation has come or failed. */
  onDone: (() => void) | undefined;

  /** @param most leaves; @param area points of the board */
  constructor(most: number, area: number) {
    this.area = area;
    this.nodes = new Int32Array(most);
    this.passes = new Uint8Array(most);
    this.playoutValues = new Float32Array(most);
    this.playoutLeads = new Float32Array(most);
    this.ownEyes = new Uint8Array(most * area);
  }

  /** Number of leaves. */
  get size(): number {
    return this.batch?.size ?? 0;
  }

  /** Takes a batch to fill. */
  begin(batch: Batch, isRoot: boolean): void {
    this.batch = batch;
    this.isRoot = isRoot;
    this.isDone = false;
    this.failure = undefined;
    this.onDone = undefined;
  }

  /** Starts the evaluation. Assumes a batch with positions. */
  depart(): void {
    this.batch!.run().then(
      () => this.finish(undefined),
      (error: unknown) => this.finish(error),
    );
  }

  /** Gives the batch back. */
  end(): void {
    this.batch?.release();
    this.batch = undefined;
  }

  /** Forgets the leaves, which are gone from the tree; the batch comes back all the same. */
  loseLeaves(): void {
    this.nodes.fill(NO_NODE);
  }

  private finish(failure: unknown): void {
    this.failure = failure;
    this.isDone = true;
    this.onDone?.();
  }
}
