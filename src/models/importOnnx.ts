/**
 * From an ONNX file of our form back to a network as data: Go networks that exportOnnx.ts has written, which is what TensorFlow.js
 * plays with, and any other of the same plain operators. The library's networks for pictures and texts are not read back: nothing
 * needs it, as their weights are kept in safetensors files and an exported one is folded. A tensor of the graph is a layer seen in
 * some shape: reshaping changes what is seen, not the layer. Start reading at {@link readOnnxNetwork}; importOperators.ts says what
 * each operator becomes.
 */
import {
  FLOAT32,
  OnnxError,
  decodeOnnx,
  floatsOf,
  integersOf,
  toNumber,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../onnx/onnxFile.ts';
import type { FoldedNetwork } from './fold.ts';
import { OPERATORS } from './importOperators.ts';
import { sizeOf, type Layer, type LayerNode } from './spec.ts';

/** A tensor of the graph: what a layer gives, seen in the shape `dims` (without the batch), or numbers that are always the same. */
export type Value = Seen | Constant;

export interface Seen {
  readonly layer: string;
  readonly dims: readonly number[];
}

export interface Constant {
  readonly layer?: undefined;
  readonly dims: readonly number[];
  /** Of float32 tensors. */
  readonly floats: Float32Array;
  /** Of int64 tensors. */
  readonly integers: readonly number[];
  readonly name: string;
}

/** A network in the making, as the operators see it. */
export class OnnxImport {
  readonly nodes = new Map<string, LayerNode>();
  readonly weights = new Map<string, Float32Array>();
  private readonly values = new Map<string, Value>();
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  set(tensor: string, value: Value): void {
    this.values.set(tensor, value);
  }

  /** @throws OnnxError if nothing gives it, as where the nodes are in no order */
  get(tensor: string): Value {
    return this.values.get(tensor) ?? this.fail(`nothing gives the tensor "${tensor}"`);
  }

  node(layer: string): LayerNode {
    return this.nodes.get(layer)!;
  }

  /** Adds a layer, under another name if there is one of this or TensorFlow.js would not have it. @returns its output as it is */
  add(called: string, layer: Layer, inputs: readonly string[], shape: readonly number[]): Seen {
    const wanted = called.replace(/^[^A-Za-z0-9]+/, '').replaceAll(/[^-A-Za-z0-9._/]/g, '_') || 'layer';
    let name = wanted;
    for (let i = 2; this.nodes.has(name); i++) name = `${wanted}.${i}`;
    this.nodes.set(name, { name, layer, inputs, shape });
    return { layer: name, dims: shape };
  }

  /** The layer behind a value as a vector, with a layer that flattens it where it is a board. */
  flat(value: Seen): Seen {
    const { shape } = this.node(value.layer);
    if (shape.length === 1) return value;
    return this.add(`${value.layer}.flat`, { type: 'flatten' }, [value.layer], [sizeOf(shape)]);
  }

  fail(what: string): never {
    throw new OnnxError(`${this.file} is no network of plain layers: ${what}`);
  }
}

/**
 * @param name of the file, for messages
 * @throws OnnxError if it is no ONNX file, or has an operator or a use of one that no layer stands for
 */
export const readOnnxNetwork = (bytes: Uint8Array, name: string): FoldedNetwork => {
  const { graph } = decodeOnnx(bytes, name);
  const network = new OnnxImport(name);
  for (const tensor of graph.initializer) network.set(tensor.name, constantOf(tensor, tensor.name));
  for (const info of graph.input) readInput(network, info);
  for (const node of graph.node) readNode(network, node);
  const outputs = Object.fromEntries(
    graph.output.map(({ name: output }) => {
      const value = network.get(output);
      if (value.layer === undefined) return network.fail(`its output "${output}" is a constant`);
      return [output, network.flat(value).layer];
    }),
  );
  return { spec: { nodes: [...network.nodes.values()], outputs }, weights: network.weights };
};

const constantOf = (tensor: OnnxTensor, name: string): Constant => {
  const isFloat = tensor.data_type === FLOAT32;
  return {
    dims: tensor.dims.map(toNumber),
    floats: isFloat ? floatsOf(tensor) : new Float32Array(0),
    integers: isFloat ? [] : integersOf(tensor),
    name,
  };
};

/** An input of one number a position is [n] in the graph and [1] as a layer. */
const readInput = (network: OnnxImport, { name, type }: OnnxValueInfo): void => {
  const dims = type.tensor_type.shape.dim.slice(1).map(({ dim_value: size }) => {
    if (size === undefined) return network.fail(`its input "${name}" has no fixed shape`);
    return toNumber(size);
  });
  const { layer } = network.add(name, { type: 'input' }, [], dims.length === 0 ? [1] : dims);
  network.set(name, { layer, dims });
};

const readNode = (network: OnnxImport, node: OnnxNode): void => {
  const [output] = node.output;
  if (node.op_type === 'Constant') {
    const value = node.attribute.find(({ name }) => name === 'value')?.t;
    if (!value) return network.fail(`its constant "${output}" is no tensor`);
    network.set(output, constantOf(value, output));
    return;
  }
  const operator = OPERATORS.get(node.op_type);
  if (!operator)
    return network.fail(
      `operator ${node.op_type} ("${output}") is not among ${[...OPERATORS.keys()].join(', ')}`,
    );
  // An input that is left out has no name.
  const inputs = node.input.filter(tensor => tensor !== '').map(tensor => network.get(tensor));
  network.set(output, operator(network, inputs, node));
};
