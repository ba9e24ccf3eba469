/** The options of `hane train` as typed values, and those that a run goes on with. */
import { InvalidArgumentError, type Command } from 'commander';
import { HEADS, fullNetworkName, goNetwork, type Head } from '../models/goNetworks.ts';
import { SpecError } from '../models/spec.ts';
import { LOSSES, LOSS_WEIGHTS, type LossName, type LossWeights } from '../training/engine.ts';
import { ENGINES, METHODS, type EngineName, type Method } from '../training/engines.ts';
import { finiteNumber } from './position.ts';

export interface TrainOptions {
  readonly data: string;
  readonly out: string;
  readonly network: string;
  readonly heads: readonly Head[];
  readonly batchNorm: boolean;
  readonly identity: boolean;
  readonly init?: string;
  readonly resume?: boolean;
  readonly restartSchedule?: boolean;
  readonly minutes?: number;
  readonly positions?: number;
  readonly batch: number;
  readonly kernelMethod: Method;
  readonly restMethod: Exclude<Method, 'muon'>;
  readonly rate?: number;
  readonly restRate?: number;
  readonly warmup: number;
  readonly decay: number;
  readonly average: number;
  readonly loss: LossWeights;
  readonly labelledShare?: number;
  readonly seed: number;
  readonly engine: EngineName;
  readonly threads: number;
  readonly feeders: number;
  readonly logSteps: number;
  readonly checkpointMinutes: number;
  readonly validateMinutes: number;
  readonly validatePositions: number;
}

/** Options of one call, not of the run. */
const OF_THE_CALL: readonly (keyof TrainOptions)[] = ['out', 'init', 'resume', 'restartSchedule'];

/** What of the options belongs to the run, for its checkpoint. */
export const keptOptions = (options: TrainOptions): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).filter(([name]) => !OF_THE_CALL.some(ofTheCall => ofTheCall === name)),
  );

/**
 * Goes on with the options of a run wherever the command line says nothing.
 * @returns those that the command line changes, as text
 */
export const applyKeptOptions = (command: Command, kept: Readonly<Record<string, unknown>>): string[] => {
  const changes: string[] = [];
  for (const option of command.options) {
    const name = option.attributeName();
    if (!(name in kept)) continue;
    const given = command.getOptionValue(name) as unknown;
    if (command.getOptionValueSource(name) !== 'cli')
      command.setOptionValueWithSource(name, kept[name], 'config');
    else if (JSON.stringify(given) !== JSON.stringify(kept[name]))
      changes.push(`${option.long} ${String(kept[name])} -> ${String(given)}`);
  }
  return changes;
};

export const positiveNumber = (text: string): number => {
  const value = finiteNumber(text);
  if (value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
};

export const share = (text: string): number => {
  const value = finiteNumber(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError('must be a number from 0 to 1');
  return value;
};

const oneOf =
  <T extends string>(values: readonly T[]) =>
  (text: string): T => {
    const value = values.find(known => known === text);
    if (value === undefined) throw new InvalidArgumentError(`must be one of ${values.join(', ')}`);
    return value;
  };

export const readEngine: (text: string) => EngineName = oneOf(ENGINES);
export const readMethod: (text: string) => Method = oneOf(METHODS);
export const readRestMethod: (text: string) => Exclude<Method, 'muon'> = oneOf(['adamw', 'sgd']);
const readHead: (text: string) => Head = oneOf(HEADS);
const readLoss: (text: string) => LossName = oneOf(LOSSES);

export const readHeads = (text: string): readonly Head[] =>
  text === 'none' ? [] : text.split(',').map(readHead);

/** @returns the full name */
export const readNetwork = (text: string): string => {
  try {
    goNetwork(text);
    return fullNetworkName(text);
  } catch (error) {
    if (error instanceof SpecError) throw new InvalidArgumentError(error.message);
    throw error;
  }
};

export const readLossWeights = (text: string): LossWeights => {
  const weights: Record<LossName, number> = { ...LOSS_WEIGHTS };
  for (const part of text.split(',')) {
    const [name, value] = part.split('=');
    const weight = finiteNumber(value ?? '');
    if (weight < 0) throw new InvalidArgumentError(`must not be below 0: ${part}`);
    weights[readLoss(name)] = weight;
  }
  return weights;
};
