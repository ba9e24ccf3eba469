/** What came out of a run, as files: the weights that were chosen, and figures. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../writeFileAtomic.ts';
import { ModelFileError, writeWeightsFile } from '../modelFiles.ts';
import { decodeSafetensors } from '../safetensors.ts';
import { countParameters, type NetworkSpec } from '../spec.ts';
import type { Design } from './design.ts';
import type { TrainOutcome } from './recipe.ts';
import { RESULT_FILE, WEIGHTS_FILE } from './runFiles.ts';
import type { Score } from './score.ts';
import { TrainError } from './trainError.ts';

/** The file result.json of a run, beside what the run was begun with. */
export interface RunResult {
  readonly parameters: number;
  readonly epochs: number;
  readonly chosenEpoch: number;
  readonly test?: Score;
  readonly dev?: Score;
  /** In training, without measuring. */
  readonly seconds: number;
  /** Median over the epochs. */
  readonly examplesPerSecond: number;
}

/**
 * Writes weights.safetensors and result.json.
 * @param design what the run was begun with
 * @param metadata texts that the weights carry along
 */
export const writeResult = async (
  folder: string,
  spec: NetworkSpec,
  design: Design,
  { rows, chosenEpoch, weights, dev, test }: TrainOutcome,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> => {
  await writeWeightsFile(join(folder, WEIGHTS_FILE), spec, weights, { format: 'pt', ...metadata });
  const speeds = rows.map(({ examplesPerSecond }) => examplesPerSecond).toSorted((a, b) => a - b);
  const result: RunResult = {
    parameters: countParameters(spec),
    epochs: rows.length,
    chosenEpoch,
    ...(test ? { test } : {}),
    ...(dev ? { dev } : {}),
    seconds: rows.reduce((sum, row) => sum + row.seconds, 0),
    examplesPerSecond: speeds[Math.floor(speeds.length / 2)] ?? 0,
  };
  const text = JSON.stringify({ ...design, ...result }, undefined, 2);
  await writeFileAtomic(join(folder, RESULT_FILE), `${text}\n`);
};

/** Undefined where a run has not ended. @throws TrainError if the file is damaged */
export const readResult = async (folder: string): Promise<(RunResult & Design) | undefined> => {
  const path = join(folder, RESULT_FILE);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunResult & Design;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TrainError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
};

/** Whatever weights a file has, by name. @throws SafetensorsError if it is none, ModelFileError if it cannot be read */
export const readAnyWeights = async (path: string): Promise<Map<string, Float32Array>> => {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ModelFileError(`cannot read ${path}: ${error.message}`, { cause: error });
  });
  const { tensors } = decodeSafetensors(bytes, path);
  return new Map([...tensors].map(([name, { data }]) => [name, data]));
};
