/**
 * A network whose chain runs in whole numbers, as an ONNX file of the usual form (weights/README.md): a pair of QuantizeLinear and
 * DequantizeLinear on what each convolution reads, and DequantizeLinear on its weights. ONNX Runtime merges each convolution with
 * the pairs around it into one of whole numbers; a runtime that does not says the same in float32.
 */
import { createHash } from 'node:crypto';
import { int, type Attribute } from '../../onnx/graphWriter.ts';
import {
  FLOAT32,
  FLOAT_SHA256,
  INT32,
  INT8,
  UINT8,
  encodeOnnx,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../../onnx/onnxFile.ts';
import type { ChainLayer } from './chain.ts';
import type { WholeWeights } from './roundWeights.ts';

/** A layer's numbers. */
export interface QuantizedLayer extends WholeWeights {
  readonly layer: ChainLayer;
  /** What one stands for in what it reads, and in what it says. */
  readonly inputScale: number;
  readonly outputScale: number;
}

/** @param bytes of the network in float32, by whose hash the other is known */
export const writeQuantized = (
  model: OnnxModel,
  layers: readonly QuantizedLayer[],
  bytes: Uint8Array,
): Uint8Array => {
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];
  const constant = (
    name: string,
    type: number,
    values: Float32Array | Int8Array | Uint8Array | Int32Array,
    dims: readonly number[],
  ): string => {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    tensors.push({ name, data_type: type, dims: [...dims], raw_data: raw, float_data: [], int64_data: [] });
    return name;
  };
  const emit = (op: string, name: string, input: string[], attribute: readonly Attribute[] = []): string => {
    nodes.push({ op_type: op, name, input, output: [name], attribute });
    return name;
  };
  /** A tensor rounded to 0..255 and back. */
  const round = (tensor: string, scale: number): string => {
    const parts = [
      constant(`${tensor} scale`, FLOAT32, Float32Array.of(scale), []),
      constant(`${tensor} zero`, UINT8, Uint8Array.of(0), []),
    ];
    const whole = emit('QuantizeLinear', `${tensor} whole`, [tensor, ...parts]);
    return emit('DequantizeLinear', roundedName(tensor), [whole, ...parts]);
  };
  const perFilter = [int('axis', 0)];
  const writeLayer = ({ layer, whole, scales, bias, inputScale }: QuantizedLayer): void => {
    const { node, input, filters, channels, size } = layer;
    const [, weightName, biasName] = node.input;
    const parts = (name: string, type: number, values: Float32Array): string[] => [
      constant(`${name} scales`, FLOAT32, values, [filters]),
      constant(`${name} zeros`, type, type === INT8 ? new Int8Array(filters) : new Int32Array(filters), [
        filters,
      ]),
    ];
    const weight = emit(
      'DequantizeLinear',
      `${weightName} rounded`,
      [
        constant(`${weightName} whole`, INT8, whole, [filters, channels, size, size]),
        ...parts(weightName, INT8, scales),
      ],
      perFilter,
    );
    const steps = scales.map(scale => scale * inputScale);
    const wholeBias = Int32Array.from(bias, (value, filter) => Math.round(value / steps[filter]));
    const shift = emit(
      'DequantizeLinear',
      `${biasName} rounded`,
      [constant(`${biasName} whole`, INT32, wholeBias, [filters]), ...parts(biasName, INT32, steps)],
      perFilter,
    );
    nodes.push({ ...node, input: [roundedName(input), weight, shift] });
  };

  const layerOf = new Map(layers.map(each => [each.layer.node, each]));
  const rounded = new Map(layers.map(each => [each.layer.output, each.outputScale]));
  const [{ layer: first, inputScale }] = layers;
  for (const node of model.graph.node) {
    const quantized = layerOf.get(node);
    if (quantized?.layer === first) round(first.input, inputScale);
    if (quantized) writeLayer(quantized);
    else
      nodes.push({ ...node, input: node.input.map(name => (rounded.has(name) ? roundedName(name) : name)) });
    const scale = rounded.get(node.output[0]);
    if (scale !== undefined) round(node.output[0], scale);
  }
  const used = new Set(nodes.flatMap(({ input }) => input));
  const kept = model.graph.initializer.filter(({ name }) => used.has(name));
  return encodeOnnx({
    ...model,
    graph: { ...model.graph, node: nodes, initializer: [...kept, ...tensors] },
    metadata_props: [{ key: FLOAT_SHA256, value: createHash('sha256').update(bytes).digest('hex') }],
  });
};

const roundedName = (tensor: string): string => `${tensor} rounded`;
