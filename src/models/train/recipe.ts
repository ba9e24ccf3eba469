/** What a training run is told and what it gives: trainModel.ts carries it out. */
import type { Split } from '../data/examples.ts';
import type { Weights } from '../fold.ts';
import type { NetworkSpec } from '../spec.ts';
import type { LearnerOptions } from './learner.ts';
import type { EpochRow } from './runFiles.ts';
import type { RateSchedule } from './schedule.ts';
import type { Score } from './score.ts';

/** How a network is trained. */
export interface Recipe extends LearnerOptions {
  readonly epochs: number;
  /** Examples of a step; the last of an epoch may have fewer. */
  readonly batch: number;
  readonly schedule: RateSchedule;
  /**
   * Share of the training examples that are kept apart to choose the epoch by, where there is no dev set: the last of the best epochs
   * counts, as in Kim's code. Without a dev set the last epoch of all does.
   */
  readonly devShare?: number;
}

export interface TrainModelOptions {
  readonly spec: NetworkSpec;
  readonly split: Split;
  readonly recipe: Recipe;
  readonly seed: number;
  /** Where learning begins; drawn from the seed unless given. */
  readonly weights?: Weights;
  /** Where the run is kept; without one it cannot be gone on with. */
  readonly folder?: string;
  /** Goes on with what is in the folder, if there is something. */
  readonly resume?: boolean;
  /** What the run is, besides recipe and seed, to be kept with it: names of network and data. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** What its weights say of themselves, such as {@link describeWeights} has it. Not part of what the run is. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Minutes between two checkpoints within an epoch; there is one after each epoch anyway. */
  readonly checkpointMinutes?: number;
  /** Stops after the step that is under way, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onStep?: (state: StepState) => void;
  readonly onEpoch?: (row: EpochRow) => void;
}

/** For a line of progress. */
export interface StepState {
  readonly epoch: number;
  readonly epochs: number;
  /** Examples learned from so far, and in all. */
  readonly done: number;
  readonly total: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
}

export interface TrainOutcome {
  /** False if it was stopped. */
  readonly isFinished: boolean;
  readonly rows: readonly EpochRow[];
  /** Whose weights these are. */
  readonly chosenEpoch: number;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly dev?: Score;
  /** Of the chosen epoch. */
  readonly test?: Score;
}
