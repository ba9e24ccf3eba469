/** The library's networks by name: what there is, what each is known by, and how one is made. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Weights } from './fold.ts';
import type { Preprocessing } from './preprocess.ts';
import { SpecError, type NetworkSpec } from './spec.ts';
import { buildTfModel, type DataFormat } from './tfModel.ts';
import { checkOptions } from './zoo/optionKinds.ts';
import { PUBLISHED, type PublishedResult } from './zoo/published.ts';
import {
  VARIANTS,
  type CanonicalCounts,
  type Family,
  type ModelOptions,
  type OptionName,
} from './zoo/variants.ts';

export type { ModelOptions } from './zoo/variants.ts';
export type { PublishedResult } from './zoo/published.ts';

/** What is known of a network before it is made. */
export interface ModelInfo {
  readonly name: string;
  readonly family: Family;
  /** For people: "VGG-16 with batch normalisation". */
  readonly title: string;
  /** Options that it has. */
  readonly options: readonly OptionName[];
  /** Without options. */
  readonly counts: CanonicalCounts;
  /** What its paper reports. */
  readonly published: readonly PublishedResult[];
  /** Of networks that take pictures. */
  readonly preprocessing?: Preprocessing;
}

/** Every network, or those whose names contain a text. */
export const listModels = (part = ''): ModelInfo[] =>
  Object.entries(VARIANTS)
    .filter(([name]) => name.includes(part))
    .map(([name, { family, title, options, counts, preprocessing }]) => ({
      name,
      family,
      title,
      options,
      counts,
      published: PUBLISHED[name] ?? [],
      ...(preprocessing ? { preprocessing } : {}),
    }));

/** @throws SpecError for a name that is none, with those that are */
export const modelInfo = (name: string): ModelInfo => {
  variantOf(name);
  return listModels().find(info => info.name === name)!;
};

/**
 * The specification of a network, for its table, its ONNX file and its weights.
 * @throws SpecError for an unknown name, an option that it has not, or one out of its range
 */
export const modelSpec = (name: string, options: ModelOptions = {}): NetworkSpec => {
  const variant = variantOf(name);
  checkOptions(name, options, variant.options);
  return variant.spec(options);
};

/** How a network begins, and how pictures come in. */
export interface CreateOptions {
  /** Under the names of the specification. Without them first values are drawn as the paper draws them. */
  readonly weights?: Weights;
  /** Of the first values: 1 by default. */
  readonly seed?: number;
  /** 'channelsLast' by default, as everywhere in TensorFlow.js. */
  readonly dataFormat?: DataFormat;
}

/**
 * A network as a TensorFlow.js model. A backend has to have been started: `await startTfBackend('wasm')`.
 * @throws SpecError as {@link modelSpec}; RangeError for weights that are not of this network
 */
export const createModel = (name: string, options: ModelOptions & CreateOptions = {}): LayersModel => {
  const { weights, seed = 1, dataFormat = 'channelsLast', ...own } = options;
  const spec = modelSpec(name, own);
  return buildTfModel(spec, weights ?? variantOf(name).begin(spec, seed, own), [], dataFormat);
};

/**
 * First values of a network as its paper draws them, the same for the same seed.
 * @throws SpecError as {@link modelSpec}
 */
export const initialWeights = (
  name: string,
  options: ModelOptions = {},
  seed = 1,
): Map<string, Float32Array> => variantOf(name).begin(modelSpec(name, options), seed, options);

const variantOf = (name: string): (typeof VARIANTS)[string] => {
  if (!Object.hasOwn(VARIANTS, name))
    throw new SpecError(`there is no network "${name}": one of ${Object.keys(VARIANTS).join(', ')}`);
  return VARIANTS[name];
};
