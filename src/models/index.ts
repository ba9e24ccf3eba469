/**
 * `hane/models`: the networks of the lecture, to use and to train.
 *
 *     import { resnet18, startTfBackend } from 'hane/models';
 *     await startTfBackend('wasm');
 *     const model = resnet18({ numClasses: 5 });
 *
 * A builder gives a plain tf.LayersModel. `modelSpec` gives what it is made of, from which tables, ONNX files and the names of weights
 * come; `trainModel` and `planFor` train one on data at hand.
 */
export * from './zoo/builders.ts';
export {
  createModel,
  initialWeights,
  listModels,
  modelInfo,
  modelSpec,
  type CreateOptions,
  type ModelInfo,
  type ModelOptions,
  type PublishedResult,
} from './registry.ts';

export {
  SpecBuilder,
  SpecError,
  countParameters,
  parameterSpecs,
  statisticSpecs,
  storedSpecs,
  type Layer,
  type LayerNode,
  type NetworkSpec,
  type ParameterSpec,
} from './spec.ts';
export { describeNetwork, type LayerDescription, type NetworkDescription } from './describe.ts';
export { buildTfModel, readTfWeights, runTfModel, writeTfWeights, type DataFormat } from './tfModel.ts';
export { featureExtractor } from './featureExtractor.ts';

export {
  TF_BACKENDS,
  TfBackendError,
  startFirstTfBackend,
  startTfBackend,
  type TfBackend,
  type TfBackendName,
} from './tfBackend.ts';

export { ModelFileError, loadModel, readWeightsFile, saveModel, writeWeightsFile } from './modelFiles.ts';
export {
  SHIPPED,
  describeWeights,
  readDescription,
  readTrained,
  shippedWeights,
  type TrainedNetwork,
  type WeightsDescription,
} from './trained.ts';
export { SafetensorsError, decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.ts';
export { exportOnnx } from './exportOnnx.ts';
export { foldNetwork, type FoldedNetwork, type Weights } from './fold.ts';

export {
  preprocess,
  preprocessingFor,
  resizeImage,
  type Preprocessing,
  type RawImage,
} from './preprocess.ts';

export { foldOf, partByChance, pick, shuffled, type Examples, type Split } from './data/examples.ts';
export {
  CIFAR_IMAGES,
  LENET_IMAGES,
  imageExamples,
  standardize,
  type ImageOptions,
  type ImageSet,
} from './data/images.ts';
export { readCifar10 } from './data/cifar.ts';
export { readMnist } from './data/mnist.ts';
export { ModelDataError } from './data/modelDataError.ts';
export { readModelData, type DataKind, type ModelData } from './data/modelData.ts';
export { readMr, readTrec } from './data/sentences.ts';
export {
  cleanWords,
  longestOf,
  makeVocabulary,
  rowLength,
  sentenceExamples,
  sentenceReader,
  vocabularyOf,
  writeRow,
  type KeptVocabulary,
  type Sentence,
  type SentenceRow,
  type Vocabulary,
} from './data/words.ts';
export { readWordVectors, type WordVectors } from './data/wordVectors.ts';
export { wordTable } from './data/wordTable.ts';

export { trainModel } from './train/trainModel.ts';
export { planFor, recipeFor } from './train/recipes.ts';
export type { Recipe, StepState, TrainModelOptions, TrainOutcome } from './train/recipe.ts';
export { Learner, DivergedError, type LearnerOptions, type StepFigures } from './train/learner.ts';
export type { Constraint } from './train/constraints.ts';
export type { LossOptions } from './train/losses.ts';
export type { OptimizerOptions } from './train/optimizers.ts';
export type { RateSchedule } from './train/schedule.ts';
export type { EpochRow } from './train/runFiles.ts';
export { averageChances, predictAll, scoreOf, type Score } from './train/score.ts';
export { TrainError } from './train/trainError.ts';
