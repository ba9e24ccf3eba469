/**
 * A run's folder: everything to go on from, a line of log for each epoch, the weights that were chosen, and what came out. Each file
 * is written whole or not at all.
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../writeFileAtomic.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../safetensors.ts';
import type { Memories } from './learner.ts';
import type { Score } from './score.ts';
import { TrainError } from './trainError.ts';

export const CHECKPOINT_FILE = 'checkpoint.safetensors';
export const WEIGHTS_FILE = 'weights.safetensors';
export const LOG_FILE = 'log.jsonl';
export const RESULT_FILE = 'result.json';

const FORMAT = 'hane model checkpoint';
const VERSION = '1';
const MEMORY = /^memory\.(\d+)\.(.+)$/;
const CHOSEN = 'chosen.';

/** An epoch of a run. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  /** Of its last step. */
  readonly rate: number;
  /** Means over the epoch's batches, as they were learned from. */
  readonly loss: number;
  readonly trainError: number;
  readonly dev?: Score;
  readonly test?: Score;
  /** In training, without measuring. */
  readonly seconds: number;
  readonly examplesPerSecond: number;
}

/** How far a run has come. */
export interface Progress {
  /** Whole epochs. */
  readonly epochs: number;
  /** Steps of the epoch that is under way. */
  readonly stepsOfEpoch: number;
  readonly steps: number;
  /** Sums over the epoch that is under way. */
  readonly loss: number;
  readonly wrong: number;
  readonly seconds: number;
  readonly rows: readonly EpochRow[];
  /** Whose weights are kept as the best so far by the dev set; 0 for none. */
  readonly chosenEpoch: number;
}

export interface ModelCheckpoint {
  /** What the run was begun with; another one's is refused. */
  readonly design: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly chosen: ReadonlyMap<string, Float32Array>;
  readonly memories: Memories;
}

/** @param dims shape of each weight by name */
export const writeModelCheckpoint = async (
  folder: string,
  { design, progress, weights, chosen, memories }: ModelCheckpoint,
  dims: ReadonlyMap<string, readonly number[]>,
): Promise<void> => {
  const tensors = new Map<string, NamedTensor>();
  const put = (name: string, data: Float32Array, of: string): void => {
    tensors.set(name, { dims: dims.get(of) ?? [data.length], data });
  };
  for (const [name, data] of weights) put(name, data, name);
  for (const [name, data] of chosen) put(CHOSEN + name, data, name);
  for (const [name, list] of memories)
    for (const [i, data] of list.entries()) put(`memory.${i}.${name}`, data, name);
  const metadata = {
    format: FORMAT,
    version: VERSION,
    design: JSON.stringify(design),
    progress: JSON.stringify(progress),
  };
  await writeFileAtomic(join(folder, CHECKPOINT_FILE), encodeSafetensors(tensors, metadata));
  const lines = progress.rows.map(row => `${JSON.stringify(row)}\n`).join('');
  await writeFileAtomic(join(folder, LOG_FILE), lines);
};

/** Undefined if the folder has none. @throws TrainError if it is damaged or no checkpoint */
export const readModelCheckpoint = async (folder: string): Promise<ModelCheckpoint | undefined> => {
  const path = join(folder, CHECKPOINT_FILE);
  if (!(await hasCheckpoint(folder))) return undefined;
  const fail = (what: string, cause?: unknown): never => {
    throw new TrainError(`${path} is no checkpoint to go on from: ${what}`, { cause });
  };
  try {
    const { tensors, metadata } = decodeSafetensors(await readFile(path), path);
    if (metadata['format'] !== FORMAT) return fail('it holds weights only');
    if (metadata['version'] !== VERSION)
      return fail(`it is of version ${metadata['version']}, this program reads ${VERSION}`);
    const weights = new Map<string, Float32Array>();
    const chosen = new Map<string, Float32Array>();
    const memories = new Map<string, Float32Array[]>();
    for (const [name, { data }] of tensors) {
      const memory = MEMORY.exec(name);
      if (memory) {
        const list = memories.get(memory[2]) ?? [];
        list[Number(memory[1])] = data;
        memories.set(memory[2], list);
      } else if (name.startsWith(CHOSEN)) chosen.set(name.slice(CHOSEN.length), data);
      else weights.set(name, data);
    }
    return {
      design: JSON.parse(metadata['design']) as ModelCheckpoint['design'],
      progress: JSON.parse(metadata['progress']) as Progress,
      weights,
      chosen,
      memories,
    };
  } catch (error) {
    if (error instanceof TrainError) throw error;
    return fail((error as Error).message, error);
  }
};

/** The epochs of a run that has been measured. @throws Error if there is no log */
export const readRows = async (folder: string): Promise<EpochRow[]> => {
  const text = await readFile(join(folder, LOG_FILE), 'utf8');
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as EpochRow);
};

/**
 * Makes the folder, and looks whether it may be used.
 * @throws TrainError if it holds a run and `resume` is not said
 */
export const openRunFolder = async (folder: string, resume: boolean): Promise<void> => {
  await mkdir(folder, { recursive: true });
  if (!resume && (await hasCheckpoint(folder)))
    throw new TrainError(`${folder} holds a run: --resume goes on with it, another --out begins one`);
};

/** Whether a run was begun in the folder. */
export const hasCheckpoint = async (folder: string): Promise<boolean> =>
  stat(join(folder, CHECKPOINT_FILE)).then(
    target => target.isFile(),
    () => false,
  );
