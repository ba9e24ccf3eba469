/** `--vectors` of `hane models train`: given vectors of words in the tables of a network. */
import { createHash } from 'node:crypto';
import { Random } from '../../engine/random.ts';
import type { ModelData } from '../models/data/modelData.ts';
import { drawnReach, wordTable } from '../models/data/wordTable.ts';
import { readWordVectors, type WordVectors } from '../models/data/wordVectors.ts';
import { modelInfo, type ModelOptions } from '../models/registry.ts';
import type { NetworkSpec } from '../models/spec.ts';
import { CHANCE, seedFor } from '../models/train/seeds.ts';
import { TrainError } from '../models/train/trainError.ts';

export interface GivenVectors extends WordVectors {
  /** The vocabulary, in its order. */
  readonly words: readonly string[];
}

/** Whether a network is made for given vectors. */
export const takesVectors = (name: string): boolean =>
  modelInfo(name).family === 'Kim' && name !== 'kim-rand';

/**
 * The vectors of a file for the words of the data.
 * @param options of the network: a size there has to be that of the file
 * @throws TrainError if the network draws its vectors or takes no words, or no word is in the file; ModelDataError for a damaged file
 */
export const readVectors = async (
  path: string,
  name: string,
  { kind, vocabulary }: ModelData,
  { size }: ModelOptions,
): Promise<GivenVectors> => {
  if (!takesVectors(name))
    throw new TrainError(
      `${name} begins without given vectors: --vectors is for kim-static, kim-non-static and kim-multichannel`,
    );
  if (!vocabulary) throw new TrainError(`--vectors is for words, ${kind} has none`);
  const { words } = vocabulary;
  const given = await readWordVectors(path, words, size);
  if (given.vectors.size === 0)
    throw new TrainError(`${path} has none of the ${words.length} words of ${kind}, such as "${words[0]}"`);
  return { ...given, words };
};

/** How much of the vocabulary was found, for people. */
export const vectorsText = (given: GivenVectors): string => {
  const { size, vectors, words } = given;
  const found = `${vectors.size} of the ${words.length} words have vectors, of ${size} numbers`;
  const reach = drawnReach(given).toPrecision(3);
  return vectors.size === words.length
    ? found
    : `${found}; the others are drawn between -${reach} and ${reach}`;
};

/** What a run keeps, to be gone on with as itself only. */
export const vectorsDesign = ({ size, vectors, words }: GivenVectors): Readonly<Record<string, unknown>> => {
  const hash = createHash('sha256');
  for (const word of words) {
    const vector = vectors.get(word);
    if (vector) hash.update(word).update('\0').update(vector);
  }
  return { found: vectors.size, size, sha256: hash.digest('hex') };
};

/** Puts the vectors into every table of words, the same into each: both channels of a network begin as one. */
export const setVectors = (
  weights: Map<string, Float32Array>,
  spec: NetworkSpec,
  given: GivenVectors,
  seed: number,
): void => {
  for (const { name, layer } of spec.nodes)
    if (layer.type === 'embedding') {
      const random = new Random(seedFor(seed, CHANCE.vectors));
      weights.set(`${name}.weight`, wordTable(given, given.words, random, layer.words));
    }
};
