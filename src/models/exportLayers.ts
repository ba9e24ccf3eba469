/** The layers of the model library as ONNX operators; exportOnnx.ts has those that the Go networks have too. */
import { float, int, ints, type Attribute, type GraphWriter } from '../onnx/graphWriter.ts';
import { INT64 } from '../onnx/onnxFile.ts';
import { sizeOf, type ConvLayer, type Layer, type LayerNode, type Window } from './spec.ts';
import { partMeans } from './windows.ts';

/** A layer on its way into a graph. */
export interface LayerExport {
  readonly writer: GraphWriter;
  readonly node: LayerNode;
  /** Shapes of what it takes. */
  readonly shapes: readonly (readonly number[])[];
  /** Tensors that it takes, and the one that it gives. */
  readonly from: readonly string[];
  readonly out: string;
  /** A constant from the weights: `NAME.part`. */
  numbers(part: string, dims: readonly number[]): string;
  /** The weights themselves. */
  values(part: string, size: number): Float32Array;
}

/** What says where windows stand. */
export const windowAttributes = ({ kernel, stride, pads }: Window): Attribute[] => [
  ints('kernel_shape', kernel),
  ints('pads', pads),
  ...(stride.some(step => step !== 1) ? [ints('strides', stride)] : []),
];

/** Weights of a convolution with links as [filters, channels, height, width], 0 where there is no link. */
export const spreadLinks = (
  { kernel, filters }: ConvLayer,
  links: NonNullable<ConvLayer['links']>,
  channels: number,
  weights: Float32Array,
): Float32Array => {
  const taps = sizeOf(kernel);
  const spread = new Float32Array(filters * channels * taps);
  let link = 0;
  for (const [filter, seen] of links.entries())
    for (const channel of seen) {
      spread.set(weights.subarray(link * taps, (link + 1) * taps), (filter * channels + channel) * taps);
      link++;
    }
  return spread;
};

/** [rows, columns] to [columns, rows]. */
const turned = (values: Float32Array, rows: number, columns: number): Float32Array =>
  Float32Array.from({ length: values.length }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);

type Writers = {
  readonly [T in Layer['type']]?: (layer: Extract<Layer, { type: T }>, to: LayerExport) => void;
};

const writeMeanPool = (window: Window, { writer, from, out }: LayerExport): void => {
  writer.node('AveragePool', out, [from[0]], windowAttributes(window));
};

const constant = ({ writer, node }: LayerExport, part: string, value: number): string =>
  writer.floats(`${node.name}.${part}`, Float32Array.of(value), [1]);

const WRITERS: Writers = {
  scaledTanh: ({ amplitude, slope }, to) => {
    const { writer, from, out } = to;
    const sloped = writer.node('Mul', `${out} sloped`, [from[0], constant(to, 'slope', slope)]);
    const tanh = writer.node('Tanh', `${out} tanh`, [sloped]);
    writer.node('Mul', out, [tanh, constant(to, 'amplitude', amplitude)]);
  },
  softmax: (_, { writer, from, out }) => writer.node('Softmax', out, from, [int('axis', 1)]),
  maxPool: (layer, { writer, from, out }) => writer.node('MaxPool', out, [from[0]], windowAttributes(layer)),
  meanPool: writeMeanPool,
  adaptiveMean: ({ size: [high, wide] }, { writer, node, shapes, from, out }) => {
    const [, height, width] = shapes[0];
    const rows = writer.floats(`${node.name}.rows`, partMeans(height, high), [high, height]);
    const columns = turned(partMeans(width, wide), wide, width);
    const across = writer.floats(`${node.name}.columns`, columns, [width, wide]);
    const narrowed = writer.node('MatMul', `${out} narrowed`, [from[0], across]);
    writer.node('MatMul', out, [rows, narrowed]);
  },
  subsample: ({ size }, to) => {
    const { writer, node, shapes, out } = to;
    const [channels] = shapes[0];
    const mean = `${out} mean`;
    writeMeanPool({ kernel: [size, size], stride: [size, size], pads: [0, 0, 0, 0] }, { ...to, out: mean });
    const weights = to.values('weight', channels).map(weight => weight * size * size);
    const scale = writer.floats(`${node.name}.weight`, weights, [channels, 1, 1]);
    const scaled = writer.node('Mul', `${out} scaled`, [mean, scale]);
    const bias = writer.floats(`${node.name}.bias`, to.values('bias', channels), [channels, 1, 1]);
    writer.node('Add', out, [scaled, bias]);
  },
  localResponseNorm: ({ size, alpha, beta, bias }, { writer, from, out }) =>
    // ONNX divides alpha by the size.
    writer.node('LRN', out, from, [
      int('size', size),
      float('alpha', alpha * size),
      float('beta', beta),
      float('bias', bias),
    ]),
  dropout: (_, { writer, from, out }) => writer.node('Identity', out, from),
  gate: (_, { writer, from, out }) => writer.node('Identity', out, from),
  padShortcut: ({ stride, before, behind }, { writer, shapes, from, out }) => {
    const [, height, width] = shapes[0];
    const ranges = [
      [0, 0],
      [height, width],
      [2, 3],
      [stride, stride],
    ].map(range => writer.integers(range));
    const points = writer.node('Slice', `${out} points`, [from[0], ...ranges]);
    writer.node('Pad', out, [points, writer.integers([0, before, 0, 0, 0, behind, 0, 0])]);
  },
  stochasticAdd: ({ survival, scaling }, to) => {
    const { writer, from, out } = to;
    const branch =
      scaling === 'train'
        ? from[0]
        : writer.node('Mul', `${out} branch`, [from[0], constant(to, 'survival', survival)]);
    writer.node('Sum', out, [branch, from[1]]);
  },
  radialBasis: ({ centres }, { writer, node, from, out }) => {
    const numbers = Float32Array.from(centres.flat());
    const rows = writer.floats(`${node.name}.centres`, numbers, [centres.length, centres[0].length]);
    const spread = writer.node('Unsqueeze', `${out} spread`, [from[0], writer.integers([1])]);
    const difference = writer.node('Sub', `${out} difference`, [spread, rows]);
    const square = writer.node('Mul', `${out} square`, [difference, difference]);
    writer.node('ReduceSum', out, [square, writer.integers([2])], [int('keepdims', 0)]);
  },
  embedding: ({ words, size }, to) => {
    const { writer, node, from, out } = to;
    const table = to.numbers('weight', [words, size]);
    const index = writer.node('Cast', `${out} index`, [from[0]], [int('to', INT64)]);
    const vectors = writer.node('Gather', `${out} vectors`, [table, index]);
    const turnedVectors = writer.node('Transpose', `${out} turned`, [vectors], [ints('perm', [0, 2, 1])]);
    writer.node('Reshape', out, [turnedVectors, writer.integers([0, ...node.shape])]);
  },
};

/** Writes a layer that only the model library has. @throws RangeError for any other */
export const writeLibraryLayer = (to: LayerExport): void => {
  const { layer, name } = to.node;
  const writeLayer = WRITERS[layer.type] as ((layer: Layer, to: LayerExport) => void) | undefined;
  if (!writeLayer) throw new RangeError(`${name}: a ${layer.type} has no form in ONNX`);
  writeLayer(layer, to);
};
