/**
 * What trains a network: one interface over ONNX Runtime, TensorFlow.js and whatever else takes steps. An engine holds the
 * numbers of one network and changes them batch by batch; everything around it (data, schedule, checkpoints) is the trainer's.
 */
import type { Batch } from './batch.ts';

export const LOSSES = ['policy', 'expert', 'reply', 'ownership', 'value', 'lead'] as const;
export type LossName = (typeof LOSSES)[number];

/** What each loss counts for. */
export type LossWeights = Readonly<Record<LossName, number>>;

/** From the trials that made the starting network. */
export const LOSS_WEIGHTS: LossWeights = {
  policy: 1,
  expert: 0.4,
  reply: 0.1,
  ownership: 0.6,
  value: 0.8,
  lead: 0.3,
};

/** Where the loss of the lead, its error in units of LEAD_SCALE, turns from squares to straight lines. */
export const LEAD_BETA = 0.5;

/** Step sizes: of the method for convolution kernels and of that for everything else. */
export interface StepRates {
  readonly kernels: number;
  readonly rest: number;
}

export interface StepResult {
  /** Mean over the positions of the batch; those without a target count as 0. */
  readonly losses: Readonly<Record<LossName, number>>;
  /** Their sum by weight. */
  readonly total: number;
  /** ReLU units of the value head that are 0 for every position of the batch. */
  readonly deadUnits: number;
}

/** The numbers of a network in training, by name, with what the optimiser remembers. Arrays are the engine's own until its next step. */
export interface TrainingState {
  /** Steps taken, for the optimiser's corrections. */
  readonly steps: number;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Running mean and variance of each normalisation: `NAME.running_mean`, `NAME.running_var`. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /** By parameter, what its method remembers. */
  readonly memories: ReadonlyMap<string, readonly Float32Array[]>;
}

/** What the network is made of, without what only its training needs. */
export type TrainingWeights = Pick<TrainingState, 'parameters' | 'statistics'>;

export interface TrainingEngine {
  /** What it runs on, for people. */
  readonly name: string;
  /** Positions of a batch. */
  readonly positions: number;
  /**
   * Learns from one batch.
   * @throws NotFiniteError if the loss is no number; everything is then as before the step
   */
  step(batch: Batch, rates: StepRates): Promise<StepResult>;
  readState(): Promise<TrainingState>;
  /** The part of the state that a run asks for after every step; a GPU keeps its optimiser's memories. */
  readWeights(): Promise<TrainingWeights>;
  /** Takes over numbers; what `state` does not name stays as it is. @throws RangeError naming what has another size */
  writeState(state: Partial<TrainingState>): Promise<void>;
  close(): Promise<void>;
}

/** An engine that cannot be had on this machine, or that computes something else there; the message says what to do. */
export class EngineError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
  }
}

/** A loss that is no number: the rates are too high, or the batch is damaged. */
export class NotFiniteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotFiniteError';
  }
}
