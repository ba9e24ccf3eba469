/**
 * TensorFlow.js models in folders, `model.json` and `weights.bin`, as TensorFlow.js itself writes them where it can write files; and
 * weights alone as safetensors. Every file is written whole or not at all.
 */
import { readFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { io, serialization } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import type { Weights } from './fold.ts';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors.ts';
import { sizeOf, storedSpecs, type NetworkSpec } from './spec.ts';
import { OWN_LAYERS } from './tfApply.ts';

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/** A folder that is no model, or weights that are of another network; the message says what is wrong. */
export class ModelFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelFileError';
  }
}

/** Writes a model into a folder, which is made if it is not there. The weights go first: `model.json` says that all is there. */
export const saveModel = async (model: LayersModel, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await model.save(
    io.withSaveHandler(
      async ({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) => {
        const weights = new Uint8Array(io.concatenateArrayBuffers([weightData ?? []].flat()));
        const json = {
          format,
          generatedBy,
          convertedBy,
          modelTopology,
          weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }],
        };
        await writeFileAtomic(join(folder, WEIGHTS_FILE), weights);
        await writeFileAtomic(join(folder, MODEL_FILE), `${JSON.stringify(json)}\n`);
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      },
    ),
  );
};

/** @throws ModelFileError if the folder has no model, or its files do not belong together */
export const loadModel = async (folder: string): Promise<LayersModel> => {
  const path = join(folder, MODEL_FILE);
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new ModelFileError(`cannot read ${path}: ${error.message}`, { cause: error });
  });
  for (const layer of OWN_LAYERS) serialization.registerClass(layer);
  try {
    const { modelTopology, weightsManifest } = JSON.parse(text) as io.ModelJSON;
    const files = await Promise.all(
      weightsManifest.flatMap(({ paths }) => paths).map(file => readFile(join(folder, file))),
    );
    const weightData = Uint8Array.from(Buffer.concat(files)).buffer;
    const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
    return await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
  } catch (error) {
    throw new ModelFileError(`${path} is no model: ${(error as Error).message}`, { cause: error });
  }
};

/** Counters of batches, which torch's normalisations carry along. */
const COUNTER = /\.num_batches_tracked$/;

/** What a safetensors file holds. */
export type WeightsFile = ReturnType<typeof decodeSafetensors>;

/** torch's counters of batches are passed over. @throws ModelFileError if it cannot be read or is damaged */
export const openWeightsFile = async (path: string): Promise<WeightsFile> => {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ModelFileError(`cannot read ${path}: ${error.message}`, { cause: error });
  });
  return decode(bytes, path);
};

/**
 * Weights of a network out of a file of them, by name.
 * @param path for messages
 * @throws ModelFileError naming what is missing, of another shape or too much
 */
export const pickWeights = (
  { tensors }: WeightsFile,
  path: string,
  spec: NetworkSpec,
): Map<string, Float32Array> => {
  const weights = new Map<string, Float32Array>();
  for (const { name, dims } of storedSpecs(spec)) {
    const found = tensors.get(name);
    if (!found) throw new ModelFileError(`${path} has no "${name}": it is of another network`);
    // Axes of one point may be left out: a convolution over time is [filters, channels, words] elsewhere.
    const plain = (shape: readonly number[]): string => shape.filter(dim => dim !== 1).join();
    if (plain(found.dims) !== plain(dims))
      throw new ModelFileError(
        `${path}: "${name}" is [${found.dims.join(', ')}], not [${dims.join(', ')}]: it is of another network`,
      );
    weights.set(name, found.data);
  }
  const unknown = [...tensors.keys()].filter(name => !weights.has(name) && !COUNTER.test(name));
  if (unknown.length > 0)
    throw new ModelFileError(
      `${path} has "${unknown[0]}", which this network has not: it is of another network`,
    );
  return weights;
};

/**
 * Weights of a network out of a safetensors file, by name; torch's counters of batches are passed over.
 * @throws ModelFileError naming what is missing, of another shape or too much
 */
export const readWeightsFile = async (
  path: string,
  spec: NetworkSpec,
): Promise<{
  readonly weights: Map<string, Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
}> => {
  const file = await openWeightsFile(path);
  return { weights: pickWeights(file, path, spec), metadata: file.metadata };
};

const decode = (bytes: Uint8Array, path: string): WeightsFile => {
  try {
    return decodeSafetensors(bytes, path, name => COUNTER.test(name));
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    // What hane models export has written is folded, so that its numbers are no longer those of the layers.
    const hint = path.endsWith('.onnx')
      ? '. An ONNX file is for use only: keep the weights it was made from'
      : '';
    throw new ModelFileError(`${error.message}${hint}`, { cause: error });
  }
};

/**
 * @param metadata texts that the file carries along
 * @throws ModelFileError if a number of the network is missing
 */
export const writeWeightsFile = async (
  path: string,
  spec: NetworkSpec,
  weights: Weights,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const tensors = new Map(
    storedSpecs(spec).map(({ name, dims }) => {
      const data = weights.get(name);
      if (data?.length !== sizeOf(dims))
        throw new ModelFileError(`"${name}" has ${data?.length ?? 'no'} numbers, not [${dims.join(', ')}]`);
      return [name, { dims, data }] as const;
    }),
  );
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata));
};
