/**
 * A network as a TensorFlow.js model: every layer of its specification, under the same name, channels last inside. Inputs are those
 * of a batch, channels first unless it is said; outputs stand in the order of the specification, boards as inputs. Weights go in and out under the
 * specification's names and in its shapes.
 */
import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import {
  input as symbolicInput,
  layers,
  model as layersModel,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import type { Weights } from './fold.ts';
import { sizeOf, type NetworkSpec } from './spec.ts';
import { applyLayer } from './tfApply.ts';
import { writeTfWeights } from './tfWeights.ts';

export {
  makeTfTensor,
  readTfNumbers,
  readTfWeights,
  tfParameters,
  writeTfParameter,
  writeTfWeights,
  type TfParameter,
} from './tfWeights.ts';

/** How boards come in. */
export type DataFormat = 'channelsFirst' | 'channelsLast';

/**
 * @param weights parameters and running statistics by name; without them kernels are 0
 * @param extra further layers whose outputs the model gives, behind those of the specification
 * @param dataFormat of its inputs and outputs: [n, channels, height, width] by default
 * @throws RangeError if the weights lack a parameter or have one of another size
 */
export const buildTfModel = (
  spec: NetworkSpec,
  weights?: Weights,
  extra: readonly string[] = [],
  dataFormat: DataFormat = 'channelsFirst',
): LayersModel => {
  const tensors = new Map<string, SymbolicTensor>();
  const inputs: SymbolicTensor[] = [];
  for (const node of spec.nodes) {
    const from = node.inputs.map(name => tensors.get(name)!);
    if (node.layer.type === 'input') {
      const turns = node.shape.length === 3 && dataFormat === 'channelsFirst';
      const isTurned = node.shape.length === 3 && !turns;
      const [first, ...rest] = node.shape;
      const input = symbolicInput({ shape: isTurned ? [...rest, first] : [...node.shape], name: node.name });
      inputs.push(input);
      tensors.set(node.name, turns ? toChannelsLast(node.name, input) : input);
    } else tensors.set(node.name, applyLayer(node, from));
  }
  const outputs = [...Object.values(spec.outputs), ...extra].map(name => {
    const output = tensors.get(name)!;
    const turns = output.shape.length === 4 && dataFormat === 'channelsFirst';
    return turns ? toChannelsFirst(name, output) : output;
  });
  const model = layersModel({ inputs, outputs });
  if (weights) writeTfWeights(model, spec, weights);
  return model;
};

const toChannelsLast = (name: string, input: SymbolicTensor): SymbolicTensor =>
  layers.permute({ dims: [2, 3, 1], name: `${name}.channelsLast` }).apply(input) as SymbolicTensor;

const toChannelsFirst = (name: string, output: SymbolicTensor): SymbolicTensor =>
  layers.permute({ dims: [3, 1, 2], name: `${name}.output` }).apply(output) as SymbolicTensor;

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
