/** Data for the model library by folder: what is in it is seen by its files. */
import { Random } from '../../../engine/random.ts';
import type { Preprocessing } from '../preprocess.ts';
import { CIFAR_INPUT, LENET_INPUT } from '../zoo/inputs.ts';
import { readCifar10 } from './cifar.ts';
import { foldOf, type Split } from './examples.ts';
import { listFolder } from './files.ts';
import { CIFAR_IMAGES, LENET_IMAGES, imageExamples, type ImageOptions, type ImageSet } from './images.ts';
import { readMnist } from './mnist.ts';
import { ModelDataError } from './modelDataError.ts';
import { MR_CLASSES, TREC_CLASSES, readMr, readTrec } from './sentences.ts';
import {
  longestOf,
  makeVocabulary,
  rowLength,
  sentenceExamples,
  type KeptVocabulary,
  type Sentence,
} from './words.ts';

export const DATA_KINDS = ['mnist', 'cifar10', 'mr', 'trec'] as const;
export type DataKind = (typeof DATA_KINDS)[number];

const SIGNS: Readonly<Record<DataKind, RegExp>> = {
  mnist: /^train.*-images-idx3-ubyte(\.gz)?$/,
  cifar10: /^(data_batch|train).*\.bin(\.gz)?$/,
  mr: /^rt-polarity\.pos(\.gz)?$/,
  trec: /^TREC\.train(\.gz)?$/i,
};

/** Parts that data without a test set is cut in, each of them once the test set: as in Kim 2014. */
export const FOLDS = 10;

/** A folder's data, ready to be learned from. */
export interface ModelData {
  readonly kind: DataKind;
  /** Pictures are [channels, height, width], sentences [words]. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  /** Of pictures: how one of any size becomes what is learned from. */
  readonly preprocessing?: Preprocessing;
  /** Of sentences: rows that an embedding needs. */
  readonly words?: number;
  /** Of sentences. */
  readonly vocabulary?: KeptVocabulary;
  /** Whether it has a test set of its own; otherwise it is cut into {@link FOLDS}. */
  readonly hasTest: boolean;
  /**
   * @param fold from 0, for data without a test set
   * @param seed of the folds
   * @throws RangeError for a fold of data that has a test set, or none for data that has none
   */
  split(fold: number | undefined, seed: number): Split;
}

/** @throws ModelDataError if the folder has no data of a known form, or damaged data */
export const readModelData = async (folder: string): Promise<ModelData> => {
  const names = await listFolder(folder);
  const kind = DATA_KINDS.find(known => names.some(name => SIGNS[known].test(name)));
  switch (kind) {
    case 'mnist':
      return imageData(kind, await readMnist(folder), LENET_IMAGES, LENET_INPUT);
    case 'cifar10':
      return imageData(kind, await readCifar10(folder), CIFAR_IMAGES, CIFAR_INPUT);
    case 'mr':
      return sentenceData(kind, await readMr(folder), undefined, MR_CLASSES, false);
    case 'trec': {
      const { train, test } = await readTrec(folder);
      return sentenceData(kind, train, test, TREC_CLASSES, true);
    }
    default:
      throw new ModelDataError(
        `${folder} has no data that is known here: MNIST (train*-images-idx3-ubyte), CIFAR-10 (data_batch*.bin, train*.bin), MR (rt-polarity.pos) or TREC (TREC.train)`,
      );
  }
};

const imageData = (
  kind: DataKind,
  { train, test }: { readonly train: ImageSet; readonly test: ImageSet },
  options: ImageOptions,
  preprocessing: Preprocessing,
): ModelData => {
  const split: Split = { train: imageExamples(train, options), test: imageExamples(test, options) };
  return {
    kind,
    shape: split.train.shape,
    classes: train.classes,
    preprocessing,
    hasTest: true,
    split: fold => {
      refuseFold(kind, fold);
      return split;
    },
  };
};

/** The vocabulary is that of all sentences: a word of the test set alone has its first vector, which nothing has changed. */
const sentenceData = (
  kind: DataKind,
  train: readonly Sentence[],
  test: readonly Sentence[] | undefined,
  classes: readonly string[],
  keepsCase: boolean,
): ModelData => {
  const all = [...train, ...(test ?? [])];
  const vocabulary = makeVocabulary(all);
  const length = rowLength(longestOf(all));
  const examples = (sentences: readonly Sentence[]): ReturnType<typeof sentenceExamples> =>
    sentenceExamples(sentences, vocabulary, length, classes);
  return {
    kind,
    shape: [length],
    classes,
    words: vocabulary.size,
    vocabulary: { words: [...vocabulary.numbers.keys()], keepsCase },
    hasTest: test !== undefined,
    split: (fold, seed) => {
      if (test) {
        refuseFold(kind, fold);
        return { train: examples(train), test: examples(test) };
      }
      if (fold === undefined) throw new RangeError(`${kind} has no test set: which of ${FOLDS} folds`);
      return foldOf(examples(train), fold, FOLDS, new Random(seed));
    },
  };
};

const refuseFold = (kind: DataKind, fold: number | undefined): void => {
  if (fold !== undefined) throw new RangeError(`${kind} has a test set of its own and no folds`);
};
