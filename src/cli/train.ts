/** `hane train`: a network from a dataset, with everything needed to stop, go on and see how it does. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import { GO_NETWORKS, HEADS, goNetwork, type GoNetworkOptions, type Head } from '../models/goNetworks.ts';
import { countParameters } from '../models/spec.ts';
import { CheckpointError } from '../training/checkpoint.ts';
import { DatasetError } from '../training/data/datasetError.ts';
import {
  EngineError,
  LOSSES,
  LOSS_WEIGHTS,
  NotFiniteError,
  type LossName,
  type LossWeights,
} from '../training/engine.ts';
import { ENGINES, METHODS, type EngineName, type Method } from '../training/engines.ts';
import { NETWORK_FILE, RunError, runTraining } from '../training/run.ts';
import type { TrainingRow } from '../training/runLog.ts';
import { DEFAULT_SCHEDULE, progressOf, type Budget } from '../training/schedule.ts';
import { validator } from '../training/validate.ts';
import { UserError } from './errors.ts';
import { finiteNumber, wholeNumber } from './position.ts';

interface TrainOptions {
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

/** What worked for 13x64 in batches of 64 (Muon, AdamW), and for plain SGD. */
const RATES: Readonly<Record<Method, number>> = { muon: 0.012, adamw: 0.002, sgd: 0.05 };

/** Adds the command `train`. */
export const addTrainCommand = (program: Command): void => {
  program
    .command('train')
    .description('train a network on a dataset made by hane data build')
    .requiredOption('--data <folder>', 'dataset')
    .requiredOption('--out <folder>', 'where the run keeps its checkpoint, log, curves and network')
    .option('--network <name>', GO_NETWORKS.join(', '), readNetwork, 'policy-13x64')
    .option('--heads <list>', `heads beside the policy, of ${HEADS.join(',')}`, readHeads, HEADS)
    .option('--no-batch-norm', 'train without batch normalisation')
    .option('--no-identity', 'train without identity branches around the 3x3 layers')
    .option('--init <file>', 'begin with the weights of a safetensors file or checkpoint')
    .option('--resume', 'go on with the run in --out')
    .option('--restart-schedule', 'with --resume: warm up again, and count the budget from here')
    .option('--minutes <n>', 'budget: time in training', positiveNumber)
    .option('--positions <n>', 'budget: positions learned from', wholeNumber(1))
    .option('--batch <n>', 'positions of a batch', wholeNumber(2, 4096), 64)
    .option(
      '--kernel-method <name>',
      `optimiser of convolution kernels: ${METHODS.join(', ')}`,
      readMethod,
      'muon',
    )
    .option('--rest-method <name>', 'optimiser of everything else: adamw, sgd', readRestMethod, 'adamw')
    .option(
      '--rate <r>',
      'step size for kernels (default: 0.012 with muon, 0.002 with adamw, 0.05 with sgd)',
      positiveNumber,
    )
    .option(
      '--rest-rate <r>',
      'step size for everything else (default: 0.002 with adamw, 0.05 with sgd)',
      positiveNumber,
    )
    .option(
      '--warmup <steps>',
      'steps over which the rates rise',
      wholeNumber(0),
      DEFAULT_SCHEDULE.warmupSteps,
    )
    .option(
      '--decay <share>',
      'share of the budget at whose end the rates fall to 0',
      share,
      DEFAULT_SCHEDULE.decay,
    )
    .option('--average <steps>', 'steps that the mean of the weights looks back', wholeNumber(1), 1000)
    .option('--loss <list>', 'weights of losses, e.g. value=1,reply=0', readLossWeights, LOSS_WEIGHTS)
    .option(
      '--labelled-share <share>',
      'share of labelled positions (default: 0.75 where there are both kinds)',
      share,
    )
    .option('--seed <n>', 'of the first weights and the order of positions', wholeNumber(0), 1)
    .option('--engine <name>', ENGINES.join(', '), readEngine, 'onnx')
    .option('--threads <n>', 'threads of the engine', wholeNumber(1), availableParallelism())
    .option('--feeders <n>', 'threads that make batches', wholeNumber(1), 1)
    .option('--log-steps <n>', 'steps between two lines of the log', wholeNumber(1), 50)
    .option('--checkpoint-minutes <n>', 'minutes between two checkpoints', positiveNumber, 3)
    .option('--validate-minutes <n>', 'minutes between two validations', positiveNumber, 15)
    .option('--validate-positions <n>', 'positions of a validation; 0 for none', wholeNumber(0), 2048)
    .action(runTrain);
};

const runTrain = async (options: TrainOptions): Promise<void> => {
  const networkOptions: GoNetworkOptions = {
    heads: options.heads,
    batchNorm: options.batchNorm,
    identity: options.identity,
  };
  const parameters = countParameters(goNetwork(options.network, networkOptions));
  const budget: Budget = { minutes: options.minutes, positions: options.positions };
  const line = new LiveLine(budget);
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130);
    line.message('stopping after this step; again to stop at once');
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  line.message(`${options.network}: ${parameters} parameters in training`);
  try {
    const { progress, isFinished } = await runTraining({
      data: options.data,
      out: options.out,
      design: {
        network: options.network,
        networkOptions,
        batch: options.batch,
        seed: options.seed,
        methods: { kernels: options.kernelMethod, rest: options.restMethod },
        labelledShare: options.labelledShare,
      },
      engine: options.engine,
      threads: options.threads,
      feeders: options.feeders,
      rates: {
        kernels: options.rate ?? RATES[options.kernelMethod],
        rest: options.restRate ?? RATES[options.restMethod],
      },
      lossWeights: options.loss,
      schedule: { warmupSteps: options.warmup, decay: options.decay },
      budget,
      averageHorizon: options.average,
      logSteps: options.logSteps,
      checkpointMinutes: options.checkpointMinutes,
      validateMinutes: options.validateMinutes,
      init: options.init,
      resume: options.resume ?? false,
      restartSchedule: options.restartSchedule ?? false,
      signal: stop.signal,
      onRow: row => line.show(row),
      onMessage: message => line.message(message),
      ...(options.validatePositions > 0
        ? { validate: validator(options.validatePositions, options.threads) }
        : {}),
    });
    line.message(
      `${isFinished ? 'finished' : 'stopped'} after ${progress.positions} positions in ${progress.minutes.toFixed(1)} minutes; the network is ${options.out}/${NETWORK_FILE}`,
    );
  } catch (error) {
    const isExpected = [
      RunError,
      CheckpointError,
      DatasetError,
      EngineError,
      NotFiniteError,
      RangeError,
    ].some(kind => error instanceof kind);
    throw isExpected ? new UserError((error as Error).message, { cause: error }) : error;
  } finally {
    line.end();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
};

/** Progress on stderr: one line drawn over itself in a terminal, a line a minute elsewhere. */
class LiveLine {
  private readonly budget: Budget;
  private isOpen = false;
  private lastMs = -Infinity;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  show(row: TrainingRow): void {
    const text = this.text(row);
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${text.slice(0, process.stderr.columns - 1)}`);
      this.isOpen = true;
    } else if (performance.now() - this.lastMs > 60_000) {
      this.lastMs = performance.now();
      process.stderr.write(`${text}\n`);
    }
  }

  message(text: string): void {
    this.end();
    process.stderr.write(`${text}\n`);
  }

  end(): void {
    if (this.isOpen) process.stderr.write('\n');
    this.isOpen = false;
  }

  private text({ positions, minutes, positionsPerSecond, total, losses, rate }: TrainingRow): string {
    const used = progressOf(this.budget, minutes, positions);
    const left =
      used > 0 && used < 1
        ? `, ${formatMinutes(timeLeft(this.budget, { positions, minutes, positionsPerSecond }))} left`
        : '';
    const parts = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toFixed(3)}`);
    return `${(positions / 1000).toFixed(0)}k positions, ${positionsPerSecond.toFixed(0)}/s${left}, rate ${rate.toFixed(2)}, loss ${total.toFixed(3)}: ${parts.join(', ')}`;
  }
}

const timeLeft = (
  budget: Budget,
  {
    positions,
    minutes,
    positionsPerSecond,
  }: Pick<TrainingRow, 'positions' | 'minutes' | 'positionsPerSecond'>,
): number =>
  Math.min(
    (budget.minutes ?? Infinity) - minutes,
    ((budget.positions ?? Infinity) - positions) / positionsPerSecond / 60,
  );

const formatMinutes = (minutes: number): string =>
  minutes < 60
    ? `${Math.ceil(minutes)} min`
    : `${Math.floor(minutes / 60)} h ${Math.round(minutes % 60)} min`;

const positiveNumber = (text: string): number => {
  const value = finiteNumber(text);
  if (value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
};

const share = (text: string): number => {
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

const readEngine = oneOf(ENGINES);
const readMethod = oneOf(METHODS);
const readRestMethod = oneOf(['adamw', 'sgd'] as const);
const readHead = oneOf(HEADS);
const readLoss: (text: string) => LossName = oneOf(LOSSES);

const readHeads = (text: string): readonly Head[] => (text === 'none' ? [] : text.split(',').map(readHead));

const readNetwork = (text: string): string => {
  try {
    goNetwork(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
};

const readLossWeights = (text: string): LossWeights => {
  const weights: Record<LossName, number> = { ...LOSS_WEIGHTS };
  for (const part of text.split(',')) {
    const [name, value] = part.split('=');
    const weight = finiteNumber(value ?? '');
    if (weight < 0) throw new InvalidArgumentError(`must not be below 0: ${part}`);
    weights[readLoss(name)] = weight;
  }
  return weights;
};
