/**
 * A network as a TensorFlow.js model: every layer of its specification, under the same name, channels last inside. Inputs are those
 * of a batch, channels first; outputs are [n, units] in the order of the specification. Weights go in and out under the
 * specification's names and in its shapes.
 */
import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import {
  input as symbolicInput,
  layers,
  model as layersModel,
  type LayerVariable,
  type LayersModel,
  type Shape,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import type { Weights } from './fold.ts';
import { parameterSpecs, sizeOf, statisticSpecs, type LayerNode, type NetworkSpec } from './spec.ts';
import { BoardMax, BoardNorm, ChannelSlice, PointBias, Scale } from './tfLayers.ts';

/** Name of the layer that adds the bias of each point for a convolution. */
const pointBiasOf = (name: string): string => `${name}.points`;

/**
 * @param weights parameters and running statistics by name; without them kernels are 0
 * @param extra further layers whose outputs the model gives, behind those of the specification
 * @throws RangeError if the weights lack a parameter or have one of another size
 */
export const buildTfModel = (
  spec: NetworkSpec,
  weights?: Weights,
  extra: readonly string[] = [],
): LayersModel => {
  const tensors = new Map<string, SymbolicTensor>();
  const inputs: SymbolicTensor[] = [];
  for (const node of spec.nodes) {
    const from = node.inputs.map(name => tensors.get(name)!);
    if (node.layer.type === 'input') {
      const input = symbolicInput({ shape: [...node.shape], name: node.name });
      inputs.push(input);
      tensors.set(node.name, node.shape.length === 3 ? toChannelsLast(node.name, input) : input);
    } else tensors.set(node.name, applyLayer(node, from));
  }
  const outputs = [...Object.values(spec.outputs), ...extra].map(name => tensors.get(name)!);
  const model = layersModel({ inputs, outputs });
  if (weights) writeTfWeights(model, spec, weights);
  return model;
};

const toChannelsLast = (name: string, input: SymbolicTensor): SymbolicTensor =>
  layers.permute({ dims: [2, 3, 1], name: `${name}.channelsLast` }).apply(input) as SymbolicTensor;

/** Puts one layer of the specification behind its inputs. */
const applyLayer = (node: LayerNode, from: SymbolicTensor[]): SymbolicTensor => {
  const { name, layer, shape } = node;
  const apply = (tf: layers.Layer, to: SymbolicTensor | SymbolicTensor[] = from[0]): SymbolicTensor =>
    tf.apply(to) as SymbolicTensor;
  switch (layer.type) {
    case 'conv': {
      const { filters, size: kernelSize, padding, bias } = layer;
      const useBias = bias === 'filter';
      const convolved = apply(
        layers.conv2d({ name, filters, kernelSize, padding, useBias, kernelInitializer: 'zeros' }),
      );
      return bias === 'point' ? apply(new PointBias({ name: pointBiasOf(name) }), convolved) : convolved;
    }
    case 'dense':
      return apply(
        layers.dense({ name, units: layer.units, useBias: layer.bias, kernelInitializer: 'zeros' }),
      );
    case 'batchNorm':
      return apply(new BoardNorm({ name, epsilon: layer.epsilon }));
    case 'relu':
    case 'tanh':
      return apply(layers.activation({ name, activation: layer.type }));
    case 'add':
      return apply(layers.add({ name }), from);
    case 'concat':
      return apply(layers.concatenate({ name, axis: -1 }), from);
    case 'slice':
      return apply(new ChannelSlice({ name, start: layer.start, end: layer.end }));
    case 'scale':
      return apply(new Scale({ name, factor: layer.factor }));
    case 'globalMean':
      return apply(layers.globalAveragePooling2d({ name }));
    case 'globalMax':
      return apply(new BoardMax({ name }));
    case 'flatten': {
      // Channels first again, the order that dense layers' weights are in.
      const isBoard = from[0].shape.length === 4;
      const ordered = isBoard
        ? apply(layers.permute({ dims: [3, 1, 2], name: `${name}.channelsFirst` }))
        : from[0];
      return apply(layers.reshape({ targetShape: [...shape], name }), ordered);
    }
    default:
      throw new Error(`${name}: an ${layer.type} stands behind nothing`);
  }
};

/** Inputs of a model as it takes them. @throws RangeError naming an input that is missing or of another size */
export const makeTfInputs = (
  { nodes }: NetworkSpec,
  inputs: Readonly<Record<string, Float32Array | undefined>>,
  positions: number,
): Tensor[] =>
  nodes
    .filter(({ layer }) => layer.type === 'input')
    .map(({ name, shape }) => {
      const values = inputs[name];
      if (values?.length !== positions * sizeOf(shape))
        throw new RangeError(
          `"${name}" has ${values?.length ?? 'no'} numbers, not ${positions} x [${shape.join(', ')}]`,
        );
      return tensor(values, [positions, ...shape], 'float32');
    });

/** The network's outputs by name for some positions; nothing is learned. @throws RangeError as {@link makeTfInputs} */
export const runTfModel = async (
  model: LayersModel,
  spec: NetworkSpec,
  inputs: Readonly<Record<string, Float32Array>>,
  positions: number,
): Promise<Record<string, Float32Array>> => {
  const outputs = tidy(() => [model.apply(makeTfInputs(spec, inputs, positions))].flat() as Tensor[]);
  const values = await Promise.all(outputs.map(output => output.data()));
  for (const output of outputs) output.dispose();
  return Object.fromEntries(Object.keys(spec.outputs).map((name, i) => [name, values[i] as Float32Array]));
};

/** A parameter or running statistic and the variable that holds it. */
export interface TfParameter {
  readonly name: string;
  readonly variable: LayerVariable;
  /** Its shape in the specification, points as height and width; the variable has them in the order of `axes`. */
  readonly dims: readonly number[];
  readonly axes: readonly number[];
}

/** Which variable holds what, parameters first, in the order of the specification. */
export const tfParameters = (model: LayersModel, spec: NetworkSpec): TfParameter[] => {
  const parameters = parameterSpecs(spec).map(({ name, dims }) => ({ name, dims }));
  const statistics = statisticSpecs(spec).map(({ name, size }) => ({ name, dims: [size] }));
  const byName = new Map(spec.nodes.map(node => [node.name, node]));
  return [...parameters, ...statistics].map(({ name, dims }) => {
    const dot = name.lastIndexOf('.');
    return locate(model, byName.get(name.slice(0, dot))!, name.slice(dot + 1), dims);
  });
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
    const axes = layer.type === 'conv' ? [2, 3, 1, 0] : [1, 0];
    return { name, variable: variableOf(node, 0), dims, axes };
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
