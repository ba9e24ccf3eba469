/** Weights to begin a run with or to export, out of a file, checked against the network they are for. */
import { parameterSpecs, sizeOf, statisticSpecs, type NetworkSpec } from '../models/spec.ts';
import { CheckpointError, readWeights } from './checkpoint.ts';

/** Names that other programs gave to parameters of ours. */
const OTHER_NAMES: Readonly<Record<string, string>> = { bias: 'head.bias' };

const AVERAGE = 'average.';

export interface InitialWeights {
  readonly weights: Map<string, Float32Array>;
  /** Parameters of the network that the file does not have; they keep their first values. */
  readonly missing: readonly string[];
}

/**
 * Reads weights by name from a safetensors file; of a checkpoint, the mean of its weights.
 * @throws CheckpointError if the file cannot be read, or a tensor has another size than the network's
 */
export const readInitialWeights = async (path: string, spec: NetworkSpec): Promise<InitialWeights> => {
  const { tensors } = await readWeights(path);
  const sizes = new Map([
    ...parameterSpecs(spec).map(({ name, dims }) => [name, sizeOf(dims)] as const),
    ...statisticSpecs(spec).map(({ name, size }) => [name, size] as const),
  ]);
  const found = new Map<string, Float32Array>();
  for (const [name, { data }] of tensors) found.set(OTHER_NAMES[name] ?? name, data);
  const weights = new Map<string, Float32Array>();
  const missing: string[] = [];
  for (const [name, size] of sizes) {
    const data = found.get(AVERAGE + name) ?? found.get(name);
    if (!data) missing.push(name);
    else if (data.length !== size)
      throw new CheckpointError(
        `${path}: "${name}" has ${data.length} numbers, this network's has ${size}: it is for another network`,
      );
    else weights.set(name, data);
  }
  if (weights.size === 0)
    throw new CheckpointError(`${path} has none of this network's parameters, such as "${missing[0]}"`);
  return { weights, missing };
};
