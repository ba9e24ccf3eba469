/** Weights of a specification in and out of its TensorFlow.js model, under the specification's names and in its shapes. */
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, LayersModel, Shape } from '@tensorflow/tfjs-layers';
import type { Weights } from './fold.ts';
import {
  fixedSpecs,
  parameterSpecs,
  sizeOf,
  statisticSpecs,
  type Layer,
  type LayerNode,
  type NetworkSpec,
} from './spec.ts';
import { pointBiasOf } from './tfApply.ts';

/** A parameter, a running statistic or a given table, and the variable that holds it. */
export interface TfParameter {
  readonly name: string;
  readonly variable: LayerVariable;
  /** Its shape in the specification, points as height and width; the variable has them in the order of `axes`. */
  readonly dims: readonly number[];
  readonly axes: readonly number[];
}

/** Which variable holds what: parameters, running statistics, what is given, each in the order of the specification. */
export const tfParameters = (model: LayersModel, spec: NetworkSpec): TfParameter[] => {
  const parameters = parameterSpecs(spec).map(({ name, dims }) => ({ name, dims }));
  const statistics = statisticSpecs(spec).map(({ name, size }) => ({ name, dims: [size] }));
  const byName = new Map(spec.nodes.map(node => [node.name, node]));
  return [...parameters, ...statistics, ...fixedSpecs(spec)].map(({ name, dims }) => {
    const dot = name.lastIndexOf('.');
    return locate(model, byName.get(name.slice(0, dot))!, name.slice(dot + 1), dims);
  });
};

const weightAxes = (layer: Layer): readonly number[] => {
  if (layer.type === 'conv') return layer.links ? [1, 2, 0] : [2, 3, 1, 0];
  if (layer.type === 'dense') return [1, 0];
  return layer.type === 'embedding' ? [0, 1] : [0];
};

/** Places of a normalisation's parts among its layer's weights. */
const NORM_PARTS = ['weight', 'bias', 'running_mean', 'running_var'];

const locate = (
  model: LayersModel,
  { name: node, layer, shape }: LayerNode,
  part: string,
  dims: readonly number[],
): TfParameter => {
  const name = `${node}.${part}`;
  const variableOf = (owner: string, at: number): LayerVariable => model.getLayer(owner).weights[at];
  if (layer.type === 'batchNorm')
    return { name, variable: variableOf(node, NORM_PARTS.indexOf(part)), dims, axes: [0] };
  if (part === 'weight') {
    return { name, variable: variableOf(node, 0), dims, axes: weightAxes(layer) };
  }
  if (layer.type === 'conv' && layer.bias === 'point')
    return { name, variable: variableOf(pointBiasOf(node), 0), dims: shape, axes: [1, 2, 0] };
  return { name, variable: variableOf(node, 1), dims, axes: [0] };
};

/**
 * Takes over weights by name.
 * @throws RangeError if one is missing or has another size; the model is then as before
 */
export const writeTfWeights = (model: LayersModel, spec: NetworkSpec, weights: Weights): void => {
  const parameters = tfParameters(model, spec);
  for (const { name, dims } of parameters) {
    const values = weights.get(name);
    if (!values) throw new RangeError(`the weights have no "${name}"`);
    checkSize(name, values, dims);
  }
  for (const parameter of parameters) writeTfParameter(parameter, weights.get(parameter.name)!);
};

/** Every number of a model under the specification's names, in its shapes. */
export const readTfWeights = async (
  model: LayersModel,
  spec: NetworkSpec,
): Promise<Map<string, Float32Array>> => {
  const weights = new Map<string, Float32Array>();
  for (const parameter of tfParameters(model, spec))
    weights.set(parameter.name, await readTfNumbers(parameter.variable.read(), parameter));
  return weights;
};

/** @throws RangeError if there are more or fewer numbers than the parameter has */
export const writeTfParameter = (parameter: TfParameter, values: Float32Array): void => {
  const made = makeTfTensor(parameter, values);
  parameter.variable.write(made);
  made.dispose();
};

/** Numbers of a parameter, or of something of its shape, as the tensor that TensorFlow.js has for it. */
export const makeTfTensor = (
  { name, dims, axes }: Omit<TfParameter, 'variable'>,
  values: Float32Array,
): Tensor => {
  checkSize(name, values, dims);
  return tensor(permute(values, dims, axes), permuted(dims, axes), 'float32');
};

/** The way back. */
export const readTfNumbers = async (
  from: Tensor,
  { dims, axes }: Omit<TfParameter, 'variable'>,
): Promise<Float32Array> => {
  const inverse = dims.map((_, axis) => axes.indexOf(axis));
  return permute((await from.data()) as Float32Array, permuted(dims, axes), inverse);
};

const checkSize = (name: string, values: Float32Array, dims: readonly number[]): void => {
  if (values.length !== sizeOf(dims))
    throw new RangeError(`"${name}" has ${values.length} numbers, not [${dims.join(', ')}]`);
};

const permuted = (dims: readonly number[], axes: readonly number[]): Shape & number[] =>
  axes.map(axis => dims[axis]);

/** A copy whose axis i is the old axis `axes[i]`. */
const permute = (values: Float32Array, dims: readonly number[], axes: readonly number[]): Float32Array => {
  const result = new Float32Array(values.length);
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const steps = axes.map(axis => strides[axis]);
  const sizes = permuted(dims, axes);
  const at = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from];
    for (let axis = at.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++at[axis] < sizes[axis]) break;
      from -= steps[axis] * sizes[axis];
      at[axis] = 0;
    }
  }
  return result;
};
