/** How each network is trained unless something else is said: after its paper, as far as a few thousand examples and a CPU allow. */
import { modelInfo, modelSpec, type ModelInfo, type ModelOptions } from '../registry.ts';
import type { NetworkSpec } from '../spec.ts';
import { AUXILIARY_WEIGHT } from '../zoo/googlenet.ts';
import type { ModelData } from '../data/modelData.ts';
import type { Constraint } from './constraints.ts';
import type { Recipe } from './recipe.ts';
import { TrainError } from './trainError.ts';

/** The paper's eq. 9; its constant j is not said there. */
const RUBBISH_DISTANCE = 0.1;

/** Of Kim 2014 and its code: Adadelta with the step size 1, batches of 50, 25 epochs, the best by a tenth of the examples. */
const KIM: Recipe = {
  optimizer: { method: 'adadelta', decay: 0.95, epsilon: 1e-6 },
  loss: { kind: 'crossEntropy' },
  schedule: { rate: 1 },
  epochs: 25,
  batch: 50,
  devShare: 0.1,
};

/** He et al. 2015: a tenth of the rate at half and at three quarters of the way. Batches of 64, for data sets of a few thousand. */
const RESNET: Recipe = {
  optimizer: { method: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
  loss: { kind: 'crossEntropy' },
  schedule: {
    rate: 0.1,
    drops: [
      [0.5, 0.1],
      [0.75, 0.1],
    ],
    warmupEpochs: 1,
  },
  epochs: 100,
  batch: 64,
};

/** Of networks without normalisation (Krizhevsky et al. 2012; Simonyan and Zisserman 2014). */
const PLAIN: Recipe = {
  ...RESNET,
  optimizer: { method: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
  schedule: { ...RESNET.schedule, rate: 0.01 },
};

/** The paper's second-order method of 20 passes is left to history: momentum gets there, too. */
const LENET5: Recipe = {
  optimizer: { method: 'sgd', momentum: 0.9, weightDecay: 0 },
  loss: { kind: 'map', j: RUBBISH_DISTANCE },
  schedule: {
    rate: 1e-3,
    drops: [
      [0.6, 0.3],
      [0.85, 0.33],
    ],
  },
  epochs: 20,
  batch: 32,
};

const LENET5_MODERN: Recipe = {
  ...LENET5,
  optimizer: { method: 'adam', betas: [0.9, 0.999], epsilon: 1e-8 },
  loss: { kind: 'crossEntropy' },
};

/** @throws TrainError for a network that is no classifier */
export const recipeFor = ({ name, family }: ModelInfo, spec: NetworkSpec): Recipe => {
  if (family === 'AlphaGo') throw new TrainError(`${name} learns from games: hane train does that`);
  if (family === 'LeNet-5') return spec.outputs['distances'] === undefined ? LENET5_MODERN : LENET5;
  if (family === 'Kim') return { ...KIM, constraints: kimConstraints(spec) };
  const base = spec.nodes.some(({ layer }) => layer.type === 'batchNorm') ? RESNET : PLAIN;
  const heads = Object.keys(spec.outputs).filter(output => output.startsWith('aux'));
  if (heads.length === 0) return base;
  return { ...base, auxiliary: Object.fromEntries(heads.map(head => [head, AUXILIARY_WEIGHT])) };
};

/** The columns of the last layer stay short, and padding stays 0. */
const kimConstraints = ({ nodes }: NetworkSpec): readonly Constraint[] => [
  { kind: 'maxNorm', parameter: 'fc.weight', limit: 3 },
  ...nodes
    .filter(({ layer }) => layer.type === 'embedding' && layer.trainable)
    .map(({ name }) => ({ kind: 'zeroRow', parameter: `${name}.weight` }) as const),
];

/**
 * A network's options for some data: as many classes, words and points as there are, where the network lets itself be told.
 * @throws TrainError if it takes another kind of data
 */
export const optionsFor = (name: string, data: ModelData, given: ModelOptions = {}): ModelOptions => {
  const { options, family } = modelInfo(name);
  const takesWords = family === 'Kim';
  if (takesWords !== (data.words !== undefined))
    throw new TrainError(`${name} takes ${takesWords ? 'sentences' : 'pictures'}, not ${data.kind}`);
  const { shape, words, classes } = data;
  const known: ModelOptions = {
    numClasses: classes.length,
    ...(takesWords ? { words: words!, length: shape[0] } : { inputShape: shape as [number, number, number] }),
  };
  const asked = Object.entries(known).filter(([option]) => options.some(own => own === option));
  return { ...Object.fromEntries(asked), ...given };
};

/** @throws TrainError if the network does not take what the data has, or has other classes */
const checkFits = (name: string, { nodes, outputs }: NetworkSpec, data: ModelData): void => {
  const { kind, shape, classes, words } = data;
  const text = (of: readonly number[]): string => of.join(' x ');
  const [input] = nodes;
  if (text(input.shape) !== text(shape))
    throw new TrainError(`${name} takes ${text(input.shape)} here, ${kind} has ${text(shape)}`);
  const [[output, layer]] = Object.entries(outputs);
  const given = nodes.find(node => node.name === layer)!.shape;
  if (output === 'features' || text(given) !== `${classes.length}`)
    throw new TrainError(
      `${name} has the output "${output}" of ${text(given)} here, ${kind} has ${classes.length} classes`,
    );
  for (const { layer: table } of nodes)
    if (table.type === 'embedding' && table.words < words!)
      throw new TrainError(`words ${table.words}: ${kind} has ${words}, the padding among them`);
};

/** A network made for some data, and how it is trained. @throws TrainError, SpecError saying what does not fit */
export const planFor = (
  name: string,
  data: ModelData,
  given: ModelOptions = {},
): { readonly options: ModelOptions; readonly spec: NetworkSpec; readonly recipe: Recipe } => {
  const options = optionsFor(name, data, given);
  const spec = modelSpec(name, options);
  const recipe = recipeFor(modelInfo(name), spec);
  checkFits(name, spec, data);
  return { options, spec, recipe };
};
