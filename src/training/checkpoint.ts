/**
 * A run on disk: one safetensors file with the network's numbers under their own names (so that it serves as weights too), what
 * the optimiser remembers, the mean of the weights, and how far the run has come. Written whole or not at all.
 */
import { readFile } from 'node:fs/promises';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../models/safetensors.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import type { TrainingState } from './engine.ts';

const VERSION = 1;
const MEMORY = /^memory\.(\d+)\.(.+)$/;
const AVERAGE = 'average.';

/** How far a run has come. */
export interface RunProgress {
  readonly steps: number;
  /** Positions learned from, with repetitions. */
  readonly positions: number;
  /** Time spent in training. */
  readonly minutes: number;
  /** Steps since the rates began to rise. */
  readonly warmSteps: number;
  /** Where the budget began to count: at the start, or where the schedule was begun anew. */
  readonly begun: { readonly positions: number; readonly minutes: number };
  /** Steps whose loss was no number. */
  readonly skipped: number;
  /** Minutes at the last validation. */
  readonly validatedMinutes: number;
}

/** What a run was begun with, to refuse another one's checkpoint; any JSON. */
export type RunSettings = Readonly<Record<string, unknown>>;

export interface Checkpoint {
  readonly settings: RunSettings;
  readonly progress: RunProgress;
  readonly state: TrainingState;
  /** Mean of parameters and statistics, and the steps it is over. */
  readonly average: ReadonlyMap<string, Float32Array>;
  readonly averagedSteps: number;
}

/** A file that is no checkpoint; the message names it. */
export class CheckpointError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CheckpointError';
  }
}

/** @param dims shape of each parameter and statistic, by name */
export const writeCheckpoint = async (
  path: string,
  { settings, progress, state, average, averagedSteps }: Checkpoint,
  dims: ReadonlyMap<string, readonly number[]>,
): Promise<void> => {
  const tensors = new Map<string, NamedTensor>();
  const put = (name: string, data: Float32Array, of = name): void => {
    tensors.set(name, { dims: dims.get(of) ?? [data.length], data });
  };
  for (const [name, data] of [...state.parameters, ...state.statistics]) put(name, data);
  for (const [name, memories] of state.memories)
    for (const [i, data] of memories.entries()) put(`memory.${i}.${name}`, data, name);
  for (const [name, data] of average) put(AVERAGE + name, data, name);
  const metadata = {
    format: 'hane checkpoint',
    version: String(VERSION),
    settings: JSON.stringify(settings),
    progress: JSON.stringify(progress),
    optimizerSteps: String(state.steps),
    averagedSteps: String(averagedSteps),
  };
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata));
};

/** @throws CheckpointError if the file cannot be read or is no checkpoint of this version */
export const readCheckpoint = async (path: string): Promise<Checkpoint> => {
  const { tensors, metadata } = await readWeights(path);
  if (metadata['format'] !== 'hane checkpoint')
    throw new CheckpointError(`${path} is no checkpoint: it has weights only, which --init takes`);
  if (metadata['version'] !== String(VERSION))
    throw new CheckpointError(
      `${path} is a checkpoint of version ${metadata['version']}; this program reads ${VERSION}`,
    );
  const parameters = new Map<string, Float32Array>();
  const statistics = new Map<string, Float32Array>();
  const memories = new Map<string, Float32Array[]>();
  const average = new Map<string, Float32Array>();
  for (const [name, { data }] of tensors) {
    const memory = MEMORY.exec(name);
    if (memory) {
      const list = memories.get(memory[2]) ?? [];
      list[Number(memory[1])] = data;
      memories.set(memory[2], list);
    } else if (name.startsWith(AVERAGE)) average.set(name.slice(AVERAGE.length), data);
    else if (isStatistic(name)) statistics.set(name, data);
    else parameters.set(name, data);
  }
  try {
    return {
      settings: JSON.parse(metadata['settings']) as RunSettings,
      progress: JSON.parse(metadata['progress']) as RunProgress,
      state: { steps: Number(metadata['optimizerSteps']), parameters, statistics, memories },
      average,
      averagedSteps: Number(metadata['averagedSteps']),
    };
  } catch (error) {
    throw new CheckpointError(`${path} is damaged: ${(error as Error).message}`, { cause: error });
  }
};

/** Whether a tensor's name is that of a running statistic. */
export const isStatistic = (name: string): boolean => /\.running_(mean|var)$/.test(name);

/** Any safetensors file. @throws CheckpointError if it cannot be read */
export const readWeights = async (path: string): Promise<ReturnType<typeof decodeSafetensors>> => {
  try {
    return decodeSafetensors(await readFile(path), path);
  } catch (error) {
    throw new CheckpointError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
};
