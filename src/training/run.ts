/**
 * Sets a run up and carries it through: data, network, engine, trainer, and the files of its folder. The command line only reads
 * options; what a run is stands here, so that tests and other programs can train, too.
 *
 * | file | holds |
 * |---|---|
 * | checkpoint.safetensors | everything needed to go on; also the weights, to train on from or to export |
 * | log.jsonl | a line for each window of steps and each validation |
 * | curves.svg | the same as a picture |
 * | network.onnx | the mean of the weights as the engine plays with it |
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { firstWeights } from '../models/firstWeights.ts';
import { goNetwork, planesOf, type GoNetworkOptions } from '../models/goNetworks.ts';
import { hiddenReluLayers, parameterSpecs, statisticSpecs, type NetworkSpec } from '../models/spec.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { isStatistic, readCheckpoint, type Checkpoint, type RunSettings } from './checkpoint.ts';
import { drawCurves } from './curves.ts';
import { Dataset } from './data/dataset.ts';
import { LOSS_WEIGHTS, type LossWeights, type StepRates, type TrainingEngine } from './engine.ts';
import { openEngine, type EngineName, type EngineOptions } from './engines.ts';
import { exportNetwork, servedOutputs } from './exportNetwork.ts';
import { Feeder } from './feeder.ts';
import { readInitialWeights } from './initialWeights.ts';
import { lockFolder } from './lockFolder.ts';
import { RunError } from './runError.ts';
import { RunLog, type TrainingRow } from './runLog.ts';
import { Sampler, type SamplerOptions } from './sampler.ts';
import type { Budget, Schedule } from './schedule.ts';
import { train, type TrainingOutcome } from './trainer.ts';

export { RunError } from './runError.ts';

export const CHECKPOINT_FILE = 'checkpoint.safetensors';
export const LOG_FILE = 'log.jsonl';
export const CURVES_FILE = 'curves.svg';
export const NETWORK_FILE = 'network.onnx';

/** What makes a run the one it is; it cannot be changed when the run goes on. */
export interface RunDesign {
  /** As goNetworks.ts `goNetwork` reads it. */
  readonly network: string;
  readonly networkOptions?: GoNetworkOptions;
  readonly batch: number;
  readonly seed: number;
  readonly methods: EngineOptions['methods'];
  readonly labelledShare?: number | undefined;
}

/** Everything about a run; what is not of its design may be another when it goes on. */
export interface RunOptions {
  /** A folder made by `hane data build`. */
  readonly data: string;
  /** The run's own folder. */
  readonly out: string;
  readonly design: RunDesign;
  readonly engine: EngineName;
  readonly threads: number;
  readonly feeders: number;
  readonly rates: StepRates;
  readonly lossWeights?: LossWeights;
  readonly schedule: Schedule;
  readonly budget: Budget;
  readonly averageHorizon: number;
  readonly logSteps: number;
  readonly checkpointMinutes: number;
  readonly validateMinutes: number;
  /** Weights to begin with: any safetensors file of this network. */
  readonly init?: string | undefined;
  /** Whether to go on from the folder's checkpoint. */
  readonly resume: boolean;
  /** Whether to begin the rates anew when going on: warm-up, and the budget from here. */
  readonly restartSchedule: boolean;
  /** What a command line was given, to be kept in the checkpoint; {@link readKeptOptions} gives it back. */
  readonly keep?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly onRow?: (row: TrainingRow) => void;
  readonly onMessage?: (message: string) => void;
  /** Looks at the network file that a run has just written. */
  readonly validate?: (
    path: string,
    dataset: Dataset,
    signal: AbortSignal | undefined,
  ) => Promise<Record<string, number>>;
}

/** What a human's result counts as a winning chance where there are labels, and where there are none. */
const RESULT_WEIGHT_BESIDE_LABELS = 0.25;

/** @throws RunError, CheckpointError, DatasetError, EngineError, SpecError naming what is wrong */
export const runTraining = async (options: RunOptions): Promise<TrainingOutcome> => {
  await mkdir(options.out, { recursive: true });
  const unlock = await lockFolder(options.out);
  try {
    return await runLocked(options);
  } finally {
    await unlock();
  }
};

const runLocked = async (options: RunOptions): Promise<TrainingOutcome> => {
  const { out, design, onMessage = () => {} } = options;
  const path = join(out, CHECKPOINT_FILE);
  const from = await readStart(options, path);
  const spec = goNetwork(design.network, design.networkOptions);
  const dataset = await Dataset.open(options.data);
  const log = new RunLog(join(out, LOG_FILE));
  await log.resume(from?.progress.positions ?? -1);
  const sampler = { seed: design.seed, labelledShare: design.labelledShare };
  const { labelled, human, labelledShare } = openSampler(dataset, sampler);
  onMessage(
    `${labelled} labelled positions, ${human} of human games; ${Math.round(100 * labelledShare)} % of a batch labelled`,
  );
  const outputs = taughtOutputs(spec, labelledShare > 0);
  const untaught = servedOutputs(spec).filter(output => !outputs.includes(output));
  if (untaught.length > 0)
    onMessage(`without labels nothing teaches ${untaught.join(', ')}: the network is published without`);
  if (options.validate && !outputs.includes('policy'))
    onMessage('a network without a policy is not validated while it trains');
  const engine = await openEngine(options.engine, spec, {
    positions: design.batch,
    threads: options.threads,
    methods: design.methods,
    lossWeights: options.lossWeights ?? LOSS_WEIGHTS,
  });
  const feeder = new Feeder(
    {
      memory: dataset.memory(),
      split: 'train',
      sampler,
      fill: {
        resultWeight: labelledShare > 0 ? RESULT_WEIGHT_BESIDE_LABELS : 1,
        policyFromMoves: labelledShare === 0,
      },
      planes: planesOf(spec),
      positions: design.batch,
      threads: options.feeders,
    },
    from?.progress.positions ?? 0,
  );
  try {
    await fillEngine(engine, spec, from, options, onMessage);
    const publish = async (average: ReadonlyMap<string, Float32Array>): Promise<string> => {
      const network = join(out, NETWORK_FILE);
      await writeFileAtomic(network, exportNetwork(spec, average, outputs).bytes);
      await writeFileAtomic(join(out, CURVES_FILE), drawCurves(log.rows, titleOf(design, log)));
      return network;
    };
    const outcome = await train({
      engine,
      source: feeder,
      rates: options.rates,
      schedule: options.schedule,
      budget: options.budget,
      averageHorizon: options.averageHorizon,
      logSteps: options.logSteps,
      checkpointPath: path,
      checkpointMinutes: options.checkpointMinutes,
      validateMinutes: options.validateMinutes,
      settings: { ...settingsOf(design), outputs, options: options.keep ?? {} },
      dims: dimsOf(spec),
      log,
      hiddenUnits: hiddenUnitsOf(spec),
      ...(from ? { from: options.restartSchedule ? withFreshSchedule(from) : from } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      onRow: row => options.onRow?.(row),
      onWarning: onMessage,
      validate: async (average, signal) => {
        const network = await publish(average);
        return outputs.includes('policy') ? ((await options.validate?.(network, dataset, signal)) ?? {}) : {};
      },
    });
    if (outcome.average.size > 0) await publish(outcome.average);
    return outcome;
  } finally {
    await feeder.close();
    await engine.close();
  }
};

/** What was kept of a run's options. @throws CheckpointError if there is no run to go on with */
export const readKeptOptions = async (out: string): Promise<Readonly<Record<string, unknown>>> => {
  const { settings } = await readCheckpoint(join(out, CHECKPOINT_FILE));
  return (settings['options'] ?? {}) as Readonly<Record<string, unknown>>;
};

/** Outputs that the data teach: without labels nobody says who owns a point, by how much, or when to pass. */
const taughtOutputs = (spec: NetworkSpec, hasLabels: boolean): string[] =>
  servedOutputs(spec).filter(output => hasLabels || !TAUGHT_BY_LABELS.includes(output));

const TAUGHT_BY_LABELS: readonly string[] = ['pass', 'lead', 'ownership'];

const openSampler = (dataset: Dataset, options: SamplerOptions): Sampler => {
  try {
    return new Sampler(dataset, 'train', options);
  } catch (error) {
    if (error instanceof RangeError) throw new RunError(error.message, { cause: error });
    throw error;
  }
};

/** The checkpoint to go on from. */
const readStart = async (
  { out, resume, init, design }: RunOptions,
  path: string,
): Promise<Checkpoint | undefined> => {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (!resume) {
    if (exists) throw new RunError(`${out} holds a run: --resume goes on with it, another --out begins one`);
    return undefined;
  }
  if (!exists) throw new RunError(`${out} holds no ${CHECKPOINT_FILE} to go on from`);
  if (init !== undefined)
    throw new RunError('--init begins a run and --resume goes on with one: take one of them');
  const checkpoint = await readCheckpoint(path);
  const [was, is] = [checkpoint.settings, settingsOf(design)];
  for (const key of Object.keys(is))
    if (JSON.stringify(was[key]) !== JSON.stringify(is[key]))
      throw new RunError(
        `${path}: ${key} was ${JSON.stringify(was[key])} and cannot become ${JSON.stringify(is[key])}: begin another run with --init`,
      );
  return checkpoint;
};

const settingsOf = ({
  network,
  networkOptions,
  batch,
  seed,
  methods,
  labelledShare,
}: RunDesign): RunSettings => ({
  network,
  networkOptions: networkOptions ?? {},
  batch,
  seed,
  methods,
  labelledShare: labelledShare ?? null,
});

/** Warm-up begins again, and the budget counts from here on. */
const withFreshSchedule = (from: Checkpoint): Checkpoint => ({
  ...from,
  progress: {
    ...from.progress,
    warmSteps: 0,
    begun: { positions: from.progress.positions, minutes: from.progress.minutes },
  },
});

const fillEngine = async (
  engine: TrainingEngine,
  spec: NetworkSpec,
  from: Checkpoint | undefined,
  { init, design }: RunOptions,
  onMessage: (message: string) => void,
): Promise<void> => {
  if (from) {
    await engine.writeState(from.state);
    return;
  }
  const weights = firstWeights(spec, design.seed);
  if (init !== undefined) {
    const { weights: given, missing } = await readInitialWeights(init, spec);
    for (const [name, values] of given) weights.set(name, values);
    if (missing.length > 0) onMessage(`${init} has no ${missing.join(', ')}: they begin anew`);
  }
  const entries = [...weights];
  await engine.writeState({
    steps: 0,
    parameters: new Map(entries.filter(([name]) => !isStatistic(name))),
    statistics: new Map(entries.filter(([name]) => isStatistic(name))),
  });
};

const dimsOf = (spec: NetworkSpec): Map<string, readonly number[]> =>
  new Map([
    ...parameterSpecs(spec).map(({ name, dims }) => [name, dims] as const),
    ...statisticSpecs(spec).map(({ name, size }) => [name, [size]] as const),
  ]);

/** Units behind the boards that go through a ReLU. */
const hiddenUnitsOf = (spec: NetworkSpec): number =>
  hiddenReluLayers(spec).reduce((sum, { shape }) => sum + shape[0], 0);

const titleOf = ({ network, batch }: RunDesign, { rows }: RunLog): string => {
  const last = rows.at(-1);
  return `${network}, batches of ${batch}: ${((last?.positions ?? 0) / 1e6).toFixed(2)} million positions in ${((last?.minutes ?? 0) / 60).toFixed(1)} hours`;
};
