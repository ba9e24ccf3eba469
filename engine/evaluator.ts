/**
 * The one interface between Go and networks: positions go in by batches, priors and what else a network says come out.
 *
 * What a network cannot say is undefined, never a constant in its place; callers leave it out or ask playouts.
 * src/inference implements this with ONNX Runtime; the evaluators here need no network and serve tests.
 */
import type { Game } from './game.ts';
import { PASS } from './types.ts';

export const OUTPUTS = ['policy', 'pass', 'expert', 'value', 'lead', 'ownership'] as const;
/** What a network may say; only the policy is always there. */
export type Output = (typeof OUTPUTS)[number];

export interface Evaluator {
  /** Name of the network or method, for people. */
  readonly name: string;
  readonly outputs: readonly Output[];
  /** Most positions of one batch. */
  readonly maxBatch: number;
  /** Whether it evaluates nothing any more: what runs it has died, or it was closed. Left out where that cannot be. */
  readonly hasEnded?: boolean;
  /** Takes a free batch; it has to be released. Any number may be in use and in flight. */
  begin(): Batch;
  /** Ends whatever the evaluator holds: runs in flight are rejected at once, resolved when all is gone. */
  close(): Promise<void>;
}

/**
 * Positions evaluated together, all of one board size. All results are for the player to move and in the orientation of the
 * board, whatever the symmetry; the views are valid until `release`.
 */
export interface Batch {
  /** Number of positions added. */
  readonly size: number;
  /**
   * Encodes a position at once; the game may change afterwards.
   * @param symmetry 0 to 7 (0 to 3 on rectangular boards): how the network sees the board
   * @returns the slot of its results
   * @throws RangeError if the batch is full or holds positions of another board size
   */
  add(game: Game, symmetry?: number): number;
  /** Evaluates what was added. @throws Error if the evaluator failed or was closed */
  run(): Promise<void>;
  /** Probabilities over the legal moves (superko included), 0 elsewhere, pass last (0 if the network has no pass). Shape [area + 1]. */
  policy(slot: number): Float32Array;
  /** Like `policy`, of the move a strong human would play; without pass. Shape [area]. */
  expert(slot: number): Float32Array | undefined;
  /** In [-1, 1]: 1 is a sure win. */
  value(slot: number): number | undefined;
  /** Expected final lead in points, komi included. */
  lead(slot: number): number | undefined;
  /** In [-1, 1] by policy index: 1 is surely the player's own. Shape [area]. */
  ownership(slot: number): Float32Array | undefined;
  /** Gives the batch back. Views of its results are invalid afterwards. */
  release(): void;
}

/** What a {@link ScriptedEvaluator} says about a position; the policy may have any positive weights. */
export interface ScriptedOutput {
  /** Weights by policy index, pass last; illegal moves are left out and the rest is scaled to 1. Shape [area + 1] or [area]. */
  readonly policy: ArrayLike<number>;
  readonly value?: number;
  readonly lead?: number;
  readonly ownership?: Float32Array;
}

/** Answers by a function of the position. */
export class ScriptedEvaluator implements Evaluator {
  readonly name: string;
  readonly outputs: readonly Output[];
  readonly maxBatch: number;
  private readonly script: (game: Game) => ScriptedOutput;

  constructor(
    script: (game: Game) => ScriptedOutput,
    outputs: readonly Output[] = ['policy'],
    maxBatch = 16,
    name = 'scripted',
  ) {
    this.script = script;
    this.outputs = outputs;
    this.maxBatch = maxBatch;
    this.name = name;
  }

  begin(): Batch {
    return new ScriptedBatch(this.script, this.maxBatch);
  }

  async close(): Promise<void> {}
}

/** Every legal move is equally likely, and passing as likely as one of them. */
export const uniformEvaluator = (maxBatch = 16): Evaluator =>
  new ScriptedEvaluator(
    game => ({ policy: new Float32Array(game.board.area + 1).fill(1) }),
    ['policy', 'pass'],
    maxBatch,
    'uniform',
  );

class ScriptedBatch implements Batch {
  private readonly script: (game: Game) => ScriptedOutput;
  private readonly maxBatch: number;
  private readonly results: ScriptedOutput[] = [];
  private readonly policies: Float32Array[] = [];

  constructor(script: (game: Game) => ScriptedOutput, maxBatch: number) {
    this.script = script;
    this.maxBatch = maxBatch;
  }

  get size(): number {
    return this.results.length;
  }

  add(game: Game): number {
    if (this.size === this.maxBatch)
      throw new RangeError(`batch is full: at most ${this.maxBatch} positions`);
    const result = this.script(game);
    const policy = new Float32Array(game.board.area + 1);
    let sum = 0;
    for (let i = 0; i < result.policy.length; i++) {
      const point = i === game.board.area ? PASS : game.board.points[i];
      policy[i] = game.isLegal(point) ? result.policy[i] : 0;
      sum += policy[i];
    }
    if (sum > 0) for (let i = 0; i < policy.length; i++) policy[i] /= sum;
    this.policies.push(policy);
    return this.results.push(result) - 1;
  }

  async run(): Promise<void> {}

  policy(slot: number): Float32Array {
    return this.policies[slot];
  }

  expert(): undefined {}

  value(slot: number): number | undefined {
    return this.results[slot].value;
  }

  lead(slot: number): number | undefined {
    return this.results[slot].lead;
  }

  ownership(slot: number): Float32Array | undefined {
    return this.results[slot].ownership;
  }

  release(): void {
    this.results.length = 0;
    this.policies.length = 0;
  }
}
