/**
 * A network as an ONNX file of the runtime's form (weights/README.md): plain operators, float32, a dynamic batch. The same numbers
 * give the same bytes.
 */
import { GraphWriter, float, int, ints, type Dims } from '../onnx/graphWriter.ts';
import type { FoldedNetwork, Weights } from './fold.ts';
import { spreadLinks, windowAttributes, writeLibraryLayer } from './exportLayers.ts';
import { convolutionDims, nodesByName, sizeOf, type LayerNode, type NetworkSpec } from './spec.ts';

/** @throws RangeError if a parameter is missing */
export const exportOnnx = ({
  spec,
  weights,
}: FoldedNetwork | { spec: NetworkSpec; weights: Weights }): Uint8Array => {
  const writer = new GraphWriter();
  const byName = nodesByName(spec);
  for (const node of spec.nodes) write(writer, node, byName, weights);
  for (const [name, layer] of Object.entries(spec.outputs)) writeOutput(writer, name, byName.get(layer)!);
  return writer.finish('network');
};

/** Inputs of one number are [n]; inside the graph they are [n, 1]. */
const isScalar = (shape: readonly number[]): boolean => shape.length === 1 && shape[0] === 1;

const fileDims = (shape: readonly number[]): Dims => (isScalar(shape) ? ['n'] : ['n', ...shape]);

/** Tensors of the graph; an output has its own name, which no layer's tensor may have. */
const tensorOf = (layer: string): string => `layer ${layer}`;

const writeOutput = (writer: GraphWriter, name: string, { name: layer, shape }: LayerNode): void => {
  const flat = isScalar(shape);
  if (flat) writer.node('Reshape', name, [tensorOf(layer), writer.integers([-1])]);
  else writer.node('Identity', name, [tensorOf(layer)]);
  writer.output(name, fileDims(shape));
};

const write = (
  writer: GraphWriter,
  node: LayerNode,
  byName: ReadonlyMap<string, LayerNode>,
  weights: Weights,
): void => {
  const { name, layer, inputs, shape } = node;
  const out = tensorOf(name);
  const from = inputs.map(tensorOf);
  const valuesOf = (part: string, dims: readonly number[]): Float32Array => {
    const values = weights.get(`${name}.${part}`);
    if (!values) throw new RangeError(`the weights have no "${name}.${part}"`);
    if (values.length !== sizeOf(dims))
      throw new RangeError(`"${name}.${part}" has ${values.length} numbers, not [${dims.join(', ')}]`);
    return values;
  };
  const numbers = (part: string, dims: readonly number[]): string =>
    writer.floats(`${name}.${part}`, valuesOf(part, dims), dims);
  switch (layer.type) {
    case 'input':
      writer.input(name, fileDims(shape));
      writer.node(
        isScalar(shape) ? 'Reshape' : 'Identity',
        out,
        isScalar(shape) ? [name, writer.integers([-1, 1])] : [name],
      );
      return;
    case 'conv': {
      const { filters, kernel, groups, links, bias } = layer;
      const channels = byName.get(inputs[0])!.shape[0];
      const dims = convolutionDims(layer, channels);
      const weight = links
        ? writer.floats(`${name}.weight`, spreadLinks(layer, links, channels, valuesOf('weight', dims)), [
            filters,
            channels,
            ...kernel,
          ])
        : numbers('weight', dims);
      const parts = [from[0], weight];
      if (bias === 'filter') parts.push(numbers('bias', [filters]));
      const attributes = [...windowAttributes(layer), ...(groups > 1 ? [int('group', groups)] : [])];
      if (bias !== 'point') {
        writer.node('Conv', out, parts, attributes);
        return;
      }
      // The bias of a point has the points in one axis: so the runtime finds it when it makes the network for another board.
      const area = sizeOf(shape.slice(1));
      const convolved = writer.node('Conv', `${out} convolved`, parts, attributes);
      const flat = writer.node('Reshape', `${out} flat`, [convolved, writer.integers([0, filters, area])]);
      const biased = writer.node('Add', `${out} biased`, [flat, numbers('bias', [filters, area])]);
      writer.node('Identity', out, [biased]);
      return;
    }
    case 'batchNorm': {
      const parts = ['weight', 'bias', 'running_mean', 'running_var'].map(part => numbers(part, [shape[0]]));
      writer.node('BatchNormalization', out, [from[0], ...parts], [float('epsilon', layer.epsilon)]);
      return;
    }
    case 'relu':
      writer.node('Relu', out, from);
      return;
    case 'tanh':
      writer.node('Tanh', out, from);
      return;
    case 'add':
      writer.node('Sum', out, from);
      return;
    case 'concat':
      writer.node('Concat', out, from, [int('axis', 1)]);
      return;
    case 'slice': {
      const range = [[layer.start], [layer.end], [1]].map(values => writer.integers(values));
      writer.node('Slice', out, [from[0], ...range]);
      return;
    }
    case 'scale': {
      const factor = writer.floats(`${name}.factor`, Float32Array.of(layer.factor), [1]);
      writer.node('Mul', out, [from[0], factor]);
      return;
    }
    case 'globalMean':
    case 'globalMax': {
      // Whatever the axes behind the channels are: a board, or its points in one row.
      const rows = writer.node('Reshape', `${out} rows`, [from[0], writer.integers([0, shape[0], -1])]);
      const op = layer.type === 'globalMean' ? 'ReduceMean' : 'ReduceMax';
      writer.node(op, out, [rows], [ints('axes', [2]), int('keepdims', 0)]);
      return;
    }
    case 'flatten':
      writer.node('Flatten', out, from, [int('axis', 1)]);
      return;
    case 'dense': {
      const inputsCount = byName.get(inputs[0])!.shape[0];
      const parts = [from[0], numbers('weight', [layer.units, inputsCount])];
      if (layer.bias) parts.push(numbers('bias', [layer.units]));
      writer.node('Gemm', out, parts, [int('transB', 1)]);
      return;
    }
    default:
      writeLibraryLayer({
        writer,
        node,
        shapes: inputs.map(input => byName.get(input)!.shape),
        from,
        out,
        numbers,
        values: (part, size) => valuesOf(part, [size]),
      });
  }
};
