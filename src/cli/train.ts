/** `hane train`: a network from a dataset, with everything needed to stop, go on and see how it does. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { GO_NETWORKS, HEADS, goNetwork, type GoNetworkOptions } from '../models/goNetworks.ts';
import { SpecError, countParameters } from '../models/spec.ts';
import { CheckpointError } from '../training/checkpoint.ts';
import { DatasetError } from '../training/data/datasetError.ts';
import { EngineError, LOSS_WEIGHTS, NotFiniteError } from '../training/engine.ts';
import { ENGINES, METHODS, type Method } from '../training/engines.ts';
import { NETWORK_FILE, RunError, readKeptOptions, runTraining } from '../training/run.ts';
import { DEFAULT_SCHEDULE } from '../training/schedule.ts';
import { validator } from '../training/validate.ts';
import { UserError } from './errors.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { wholeNumber } from './position.ts';
import { TrainLine } from './trainLine.ts';
import {
  applyKeptOptions,
  keptOptions,
  positiveNumber,
  readEngine,
  readHeads,
  readLossWeights,
  readMethod,
  readNetwork,
  readRestMethod,
  share,
  type TrainOptions,
} from './trainOptions.ts';

/** What worked for 13x64 in batches of 64 (Muon, AdamW), and for plain SGD. */
const RATES: Readonly<Record<Method, number>> = { muon: 0.012, adamw: 0.002, sgd: 0.05 };

/** Adds the command `train`. */
export const addTrainCommand = (program: Command): void => {
  program
    .command('train')
    .description('train a network on a dataset made by hane data build')
    .option('--data <folder>', 'dataset; needed to begin a run')
    .requiredOption('--out <folder>', 'where the run keeps its checkpoint, log, curves and network')
    .option('--network <name>', GO_NETWORKS.join(', '), readNetwork, 'policy-13x64')
    .option('--heads <list>', `heads beside the policy, of ${HEADS.join(',')}`, readHeads, HEADS)
    .option('--no-batch-norm', 'train without batch normalisation')
    .option('--no-identity', 'train without identity branches around the 3x3 layers')
    .option('--init <file>', 'begin with the weights of a safetensors file or checkpoint')
    .option('--resume', 'go on with the run in --out, with its options where none are given')
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

const runTrain = async (given: TrainOptions, command: Command): Promise<void> => {
  const line = new TrainLine();
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    line.message('stopping after this step; again to stop at once');
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  try {
    if (given.resume) {
      const changes = applyKeptOptions(command, await readKeptOptions(given.out));
      if (changes.length > 0) line.message(`other options than before: ${changes.join(', ')}`);
    }
    await runWith(command.opts<TrainOptions>(), line, stop.signal);
  } catch (error) {
    const isExpected = [RunError, CheckpointError, DatasetError, EngineError, NotFiniteError, SpecError].some(
      kind => error instanceof kind,
    );
    throw isExpected ? new UserError((error as Error).message, { cause: error }) : error;
  } finally {
    line.end();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
};

const runWith = async (options: TrainOptions, line: TrainLine, signal: AbortSignal): Promise<void> => {
  if (options.data === undefined)
    throw new UserError('which dataset: --data FOLDER, made by hane data build');
  const networkOptions: GoNetworkOptions = {
    heads: options.heads,
    batchNorm: options.batchNorm,
    identity: options.identity,
  };
  const parameters = countParameters(goNetwork(options.network, networkOptions));
  line.message(`${options.network}: ${parameters} parameters in training`);
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
    keep: keptOptions(options),
    engine: options.engine,
    threads: options.threads,
    feeders: options.feeders,
    rates: {
      kernels: options.rate ?? RATES[options.kernelMethod],
      rest: options.restRate ?? RATES[options.restMethod],
    },
    lossWeights: options.loss,
    schedule: { warmupSteps: options.warmup, decay: options.decay },
    budget: { minutes: options.minutes, positions: options.positions },
    averageHorizon: options.average,
    logSteps: options.logSteps,
    checkpointMinutes: options.checkpointMinutes,
    validateMinutes: options.validateMinutes,
    init: options.init,
    resume: options.resume ?? false,
    restartSchedule: options.restartSchedule ?? false,
    signal,
    onRow: row => line.show(row),
    onMessage: message => line.message(message),
    ...(options.validatePositions > 0
      ? { validate: validator(options.validatePositions, options.threads) }
      : {}),
  });
  line.message(
    `${isFinished ? 'finished' : 'stopped'} after ${progress.positions} positions in ${progress.minutes.toFixed(1)} minutes; the network is ${options.out}/${NETWORK_FILE}`,
  );
};
