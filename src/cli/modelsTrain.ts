/** `hane models train`: a network of the library learns from a folder of data, with everything needed to stop and go on. */
import { mkdir } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { FOLDS, readModelData, type ModelData } from '../models/data/modelData.ts';
import { pick, type Split } from '../models/data/examples.ts';
import { ModelDataError } from '../models/data/modelDataError.ts';
import { ModelFileError } from '../models/modelFiles.ts';
import { initialWeights, modelInfo, type ModelOptions } from '../models/registry.ts';
import { SafetensorsError } from '../models/safetensors.ts';
import { SpecError, countParameters, sizeOf, storedSpecs, type NetworkSpec } from '../models/spec.ts';
import {
  TF_BACKENDS,
  TfBackendError,
  startFirstTfBackend,
  startTfBackend,
  type TfBackendName,
} from '../models/tfBackend.ts';
import { describeWeights } from '../models/trained.ts';
import { runExperiment, type Member } from '../models/train/experiment.ts';
import { DivergedError } from '../models/train/learner.ts';
import type { Recipe } from '../models/train/recipe.ts';
import { planFor } from '../models/train/recipes.ts';
import { readAnyWeights } from '../models/train/result.ts';
import { TrainError } from '../models/train/trainError.ts';
import { lockFolder } from '../lockFolder.ts';
import { UserError } from './errors.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { reporters, textOf, writeSummary } from './modelsTrainReport.ts';
import { readVectors, setVectors, takesVectors, vectorsDesign, vectorsText } from './modelsVectors.ts';
import { wholeNumber } from './position.ts';
import { positiveNumber } from './trainOptions.ts';

interface ModelsTrainOptions {
  readonly data: string;
  readonly out: string;
  readonly option: ModelOptions;
  readonly epochs?: number;
  readonly batch?: number;
  readonly rate?: number;
  readonly seed: number;
  readonly members: number;
  readonly folds?: number;
  readonly examples?: number;
  readonly init?: string;
  readonly vectors?: string;
  readonly backend?: TfBackendName;
  readonly checkpointMinutes: number;
  readonly resume?: boolean;
}

/** The first that is installed. */
const BACKENDS: readonly TfBackendName[] = ['tfjs-node', 'wasm'];

/** Of the folds, the same whatever the first seed is: so that runs of other seeds are measured on the same parts. */
const FOLD_SEED = 1;

const EXPECTED = [
  TrainError,
  ModelDataError,
  ModelFileError,
  SpecError,
  SafetensorsError,
  TfBackendError,
  DivergedError,
];

/** Adds the command `train` to `hane models`. */
export const addModelsTrainCommand = (parent: Command): void => {
  // `hane models` has --option, too, and would take what stands behind its commands.
  parent.enablePositionalOptions();
  parent
    .command('train <name>')
    .description('train a network of the library on MNIST, CIFAR-10, MR or TREC, or on data in their form')
    .requiredOption('--data <folder>', 'what to learn from; its kind is seen by its files')
    .requiredOption('--out <folder>', 'where the run keeps its checkpoint, log, curves, weights and result')
    .option(
      '--option <name=json>',
      'an option of the network, more than once: --option stochasticDepth={}',
      readOption,
      {},
    )
    .option('--epochs <n>', 'passes over the examples (default: as the recipe says)', wholeNumber(1))
    .option('--batch <n>', 'examples of a step', wholeNumber(1, 4096))
    .option('--rate <r>', 'step size at the beginning', positiveNumber)
    .option('--seed <n>', 'of first weights, order and chance', wholeNumber(0), 1)
    .option(
      '--members <n>',
      'so many networks, of seeds one after the other, and their ensemble',
      wholeNumber(1),
      1,
    )
    .option(
      '--folds <n>',
      `so many of the ${FOLDS} folds, for data without a test set (default: 1)`,
      wholeNumber(1, FOLDS),
    )
    .option('--examples <n>', 'learn from the first so many examples only, for a trial', wholeNumber(1))
    .option('--init <file>', 'begin with these weights where names and sizes are the same')
    .option(
      '--vectors <file>',
      "words' vectors to begin with, for kim-*: word2vec's or GloVe's text, word2vec's binary form, packed by gzip or not",
    )
    .option(
      '--backend <name>',
      `${TF_BACKENDS.join(', ')} (default: tfjs-node if installed, wasm)`,
      readBackend,
    )
    .option('--checkpoint-minutes <n>', 'minutes between two checkpoints within an epoch', positiveNumber, 5)
    .option('--resume', 'go on with what is in --out, exactly where it stopped')
    .action(runModelsTrain);
};

const readBackend = (text: string): TfBackendName => {
  const name = TF_BACKENDS.find(known => known === text);
  if (name === undefined) throw new InvalidArgumentError(`must be one of ${TF_BACKENDS.join(', ')}`);
  return name;
};

/** `NAME=JSON` into the options that were given before it. @throws InvalidArgumentError if it is not of that form */
export const readOption = (text: string, before: ModelOptions): ModelOptions => {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('must be NAME=JSON, such as width=0.5');
  try {
    return { ...before, [name]: JSON.parse(value) as unknown };
  } catch {
    // A word is a text: variant=rand.
    return { ...before, [name]: value };
  }
};

const runModelsTrain = async (name: string, options: ModelsTrainOptions): Promise<void> => {
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write('\nstopping after this step; again to stop at once\n');
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  try {
    const plan = await makePlan(name, options);
    await mkdir(options.out, { recursive: true }).catch((error: Error) => {
      throw new UserError(`cannot make the folder ${options.out}: ${error.message}`, { cause: error });
    });
    const unlock = await lockFolder(
      options.out,
      owner =>
        new TrainError(
          `${owner === undefined ? 'another process' : `process ${owner}`} trains in ${options.out}: wait for it, or take another --out`,
        ),
    );
    try {
      await trainLocked(plan, options, stop.signal);
    } finally {
      await unlock();
    }
  } catch (error) {
    if (isOfSystem(error)) throw new UserError(`${options.out}: ${error.message}`, { cause: error });
    const isExpected = EXPECTED.some(kind => error instanceof kind);
    throw isExpected ? new UserError((error as Error).message, { cause: error }) : error;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
};

/** A disk that is full or that nothing may be written to: what is in the folder is then as it was before. */
const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

interface Plan {
  readonly name: string;
  readonly data: ModelData;
  readonly networkOptions: ModelOptions;
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  readonly members: readonly Member[];
  readonly about: Readonly<Record<string, unknown>>;
  readonly firstWeights: (seed: number) => Map<string, Float32Array>;
}

/** All that can be wrong with what was asked for is found here, before anything is written. */
const makePlan = async (name: string, options: ModelsTrainOptions): Promise<Plan> => {
  modelInfo(name);
  const data = await readModelData(options.data);
  const { init, option } = options;
  const vectors =
    options.vectors === undefined ? undefined : await readVectors(options.vectors, name, data, option);
  const sized = vectors ? { size: vectors.size, ...option } : option;
  const { options: networkOptions, spec, recipe } = planFor(name, data, sized);
  const members = membersOf(data, options);
  const given = init === undefined ? undefined : await readAnyWeights(init);
  const firstWeights = (seed: number): Map<string, Float32Array> => {
    const weights = withGiven(initialWeights(name, networkOptions, seed), given);
    if (vectors) setVectors(weights, spec, vectors, seed);
    return weights;
  };
  if (init !== undefined && given) process.stderr.write(`${init}: ${givenText(spec, given, init)}\n`);
  if (vectors) process.stderr.write(`${options.vectors}: ${vectorsText(vectors)}\n`);
  else if (init === undefined && takesVectors(name))
    process.stderr.write(`${name} begins with vectors by chance: --vectors brings given ones\n`);
  const about = {
    network: name,
    options: networkOptions,
    data: data.kind,
    // Said even where there are none, so that members that had some are not gone on with without.
    vectors: vectors && vectorsDesign(vectors),
  };
  return { name, data, networkOptions, spec, recipe: changed(recipe, options), members, about, firstWeights };
};

const trainLocked = async (plan: Plan, options: ModelsTrainOptions, signal: AbortSignal): Promise<void> => {
  const { name, data, networkOptions, spec, recipe, members, about, firstWeights } = plan;
  const { description } = options.backend
    ? await startTfBackend(options.backend)
    : await startFirstTfBackend(BACKENDS);
  process.stderr.write(
    `${name}: ${countParameters(spec)} parameters; ${data.kind}: ${members[0].split.train.count} examples to learn from, ${members[0].split.test.count} to test; ${recipe.epochs} epochs in batches of ${recipe.batch} on ${description}\n`,
  );
  const result = await runExperiment({
    spec,
    recipe,
    members,
    folder: options.out,
    about,
    isEnsemble: options.members > 1,
    metadata: describeWeights({
      network: name,
      options: networkOptions,
      classes: data.classes,
      ...(data.preprocessing ? { preprocessing: data.preprocessing } : {}),
      ...(data.vocabulary ? { vocabulary: data.vocabulary } : {}),
    }),
    firstWeights,
    resume: options.resume ?? false,
    checkpointMinutes: options.checkpointMinutes,
    signal,
    ...reporters(name, members.length === 1),
  });
  if (!result) {
    process.stderr.write('stopped; --resume goes on\n');
    process.exitCode = INTERRUPTED;
    return;
  }
  if (members.length > 1) await writeSummary(name, options.out, members, result);
  process.stdout.write(`${textOf(name, result)}\n`);
};

/** The recipe with what the command line changes. */
const changed = (recipe: Recipe, { epochs, batch, rate }: ModelsTrainOptions): Recipe => ({
  ...recipe,
  ...(epochs === undefined ? {} : { epochs }),
  ...(batch === undefined ? {} : { batch }),
  schedule: { ...recipe.schedule, ...(rate === undefined ? {} : { rate }) },
});

const membersOf = (data: ModelData, options: ModelsTrainOptions): Member[] => {
  const { seed, members, folds, examples } = options;
  if (data.hasTest && folds !== undefined)
    throw new TrainError(`${data.kind} has a test set of its own: without --folds`);
  if (!data.hasTest && members > 1)
    throw new TrainError(`${data.kind} has no test set: --folds in place of --members`);
  const shortened = (split: Split): Split =>
    examples === undefined ? split : { ...split, train: firstOf(split, examples) };
  if (data.hasTest)
    return Array.from({ length: members }, (_, i) => ({
      name: `seed-${seed + i}`,
      seed: seed + i,
      split: shortened(data.split(undefined, FOLD_SEED)),
    }));
  return Array.from({ length: folds ?? 1 }, (_, fold) => ({
    name: `fold-${fold}`,
    seed,
    split: shortened(data.split(fold, FOLD_SEED)),
  }));
};

/** Spread over all of them: sentences come class by class. */
const firstOf = ({ train }: Split, count: number): Split['train'] => {
  const step = train.count / Math.min(count, train.count);
  return pick(
    train,
    Array.from({ length: Math.min(count, train.count) }, (_, i) => Math.floor(i * step)),
  );
};

/** Given weights in place of drawn ones, where names and sizes are the same. */
const withGiven = (
  weights: Map<string, Float32Array>,
  given: ReadonlyMap<string, Float32Array> = new Map(),
): Map<string, Float32Array> => {
  for (const [name, values] of given)
    if (weights.get(name)?.length === values.length) weights.set(name, values);
  return weights;
};

/** How much of a file is the network's. @throws TrainError if nothing is */
const givenText = (spec: NetworkSpec, given: ReadonlyMap<string, Float32Array>, path: string): string => {
  const own = storedSpecs(spec);
  const known = own.filter(({ name, dims }) => given.get(name)?.length === sizeOf(dims));
  if (known.length > 0) return `${known.length} of the ${own.length} weights of the network`;
  const text = (names: Iterable<string>): string => [...names].slice(0, 3).join(', ');
  throw new TrainError(
    `${path} has no weights of this network: it has ${text(given.keys())}, the network ${text(own.map(({ name }) => name))}, or their sizes differ`,
  );
};
