/**
 * Weights that say whose they are: which network with which options, what its classes are called and how its pictures or sentences
 * come in. Some options (stochastic depth, the place of a normalisation) change what a network gives and none of its weights' names;
 * with the file they need not be remembered.
 */
import { join } from 'node:path';
import { packageRoot } from '../packageRoot.ts';
import type { KeptVocabulary } from './data/words.ts';
import { ModelFileError, openWeightsFile, pickWeights } from './modelFiles.ts';
import type { Preprocessing } from './preprocess.ts';
import { modelSpec, type ModelOptions } from './registry.ts';
import type { NetworkSpec } from './spec.ts';

/** What a file of weights says of itself; files from elsewhere say nothing. */
export interface WeightsDescription {
  /** In the registry: "resnet20". */
  readonly network?: string;
  readonly options?: ModelOptions;
  /** Names of the classes, in order. */
  readonly classes?: readonly string[];
  /** Of networks that take pictures. */
  readonly preprocessing?: Preprocessing;
  /** Of networks that take sentences. */
  readonly vocabulary?: KeptVocabulary;
}

/** A network that was trained, ready to be built: `createModel(name, { ...options, weights })`. */
export interface TrainedNetwork extends WeightsDescription {
  readonly name: string;
  readonly options: ModelOptions;
  readonly spec: NetworkSpec;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(item => typeof item === 'number');

const isPreprocessing = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { shape, resize, mean, std, isInk = false } = value;
  const side = isObject(resize) ? resize['fit'] : resize;
  return (
    isNumbers(shape) &&
    shape.length === 3 &&
    typeof side === 'number' &&
    isNumbers(mean) &&
    isNumbers(std) &&
    typeof isInk === 'boolean'
  );
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string');

const isVocabulary = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { words, keepsCase } = value;
  return isTexts(words) && new Set(words).size === words.length && typeof keepsCase === 'boolean';
};

/** Whether a part is of the form that {@link describeWeights} gives it. */
const PARTS: Readonly<Record<keyof WeightsDescription, (value: unknown) => boolean>> = {
  network: value => typeof value === 'string',
  options: isObject,
  classes: isTexts,
  preprocessing: isPreprocessing,
  vocabulary: isVocabulary,
};

/** As texts for the file: each part as JSON under its name. */
export const describeWeights = (description: WeightsDescription): Record<string, string> =>
  Object.fromEntries(
    Object.entries(description)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, JSON.stringify(part)]),
  );

/**
 * What weights say of themselves; parts that are of another form, as other programs may write them, count as not said.
 * @param metadata as a safetensors file carries it along
 */
export const readDescription = (metadata: Readonly<Record<string, string>>): WeightsDescription =>
  Object.fromEntries(
    Object.entries(PARTS).flatMap(([name, isPart]) => {
      const value = parsed(metadata[name]);
      return isPart(value) ? [[name, value]] : [];
    }),
  );

const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Networks whose weights come with this package, in weights/models; its README says what they were trained on. */
export const SHIPPED = ['lenet5'] as const;

/**
 * Path of the weights that come with this package.
 * @throws ModelFileError if none do for this network, with those for which some do
 */
export const shippedWeights = (name: string): string => {
  if (!SHIPPED.some(known => known === name))
    throw new ModelFileError(
      `no weights of ${name} come with this program: give a file, or one of ${SHIPPED.join(', ')}`,
    );
  return join(packageRoot, 'weights', 'models', `${name}.safetensors`);
};

/**
 * A network out of its file of weights.
 * @param name in the registry; may be left out for files that say it, as those of `hane models train` do
 * @param options beside those that the file says, or in place of them
 * @throws ModelFileError if the file is of another network, is damaged or does not say whose it is; SpecError for options that the
 * network has not
 */
export const readTrained = async (
  path: string,
  name?: string,
  options: ModelOptions = {},
): Promise<TrainedNetwork> => {
  const file = await openWeightsFile(path);
  const said = readDescription(file.metadata);
  const network = name ?? said.network;
  if (network === undefined) throw new ModelFileError(`${path} does not say of which network it is`);
  if (said.network !== undefined && said.network !== network)
    throw new ModelFileError(`${path} is of ${said.network}, not of ${network}`);
  const all = { ...said.options, ...options };
  const spec = modelSpec(network, all);
  checkVocabulary(path, spec, said.vocabulary);
  return { ...said, name: network, options: all, spec, weights: pickWeights(file, path, spec) };
};

/** @throws ModelFileError for words that have no row in the network's table */
const checkVocabulary = (path: string, spec: NetworkSpec, vocabulary: KeptVocabulary | undefined): void => {
  const rows = (vocabulary?.words.length ?? 0) + 1;
  for (const { layer } of spec.nodes)
    if (layer.type === 'embedding' && layer.words < rows)
      throw new ModelFileError(`${path} has ${rows - 1} words for a table of ${layer.words} rows`);
};
