/** A network seen as a chain: convolutions with a ReLU behind each, from the planes to where the heads begin. */
import { TRAINED_SIZE } from '../../inference/resize.ts';
import { NetworkError } from '../../inference/networkError.ts';
import { PADDING } from '../../../features/planes.ts';
import {
  FLOAT32,
  floatsOf,
  toNumber,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../../onnx/onnxFile.ts';

/** A convolution and the ReLU behind it. */
export interface ChainLayer {
  /** The convolution in the graph. */
  readonly node: OnnxNode;
  /** Tensor that it reads, by its first name where it has others, and the one behind its ReLU. */
  readonly input: string;
  readonly output: string;
  readonly filters: number;
  readonly channels: number;
  /** Side of the kernel, and of what it reads. */
  readonly size: number;
  readonly side: number;
  readonly padding: number;
  /** Shape [filters, channels, size, size]. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Reads the chain of a network of our form (contract.ts), numbers copied.
 * @param name for the message
 * @throws NetworkError if a convolution that is larger than a point is not in it
 */
export const readChain = ({ graph }: OnnxModel, name: string): ChainLayer[] => {
  const constants = new Map(graph.initializer.map(tensor => [tensor.name, tensor]));
  const readersOf = (tensor: string): OnnxNode[] => graph.node.filter(({ input }) => input.includes(tensor));
  const layers: ChainLayer[] = [];
  for (let input = 'planes'; ;) {
    let [node, ...others] = readersOf(input);
    while (node?.op_type === 'Identity' && others.length === 0) [node, ...others] = readersOf(node.output[0]);
    const weight = constants.get(node?.input[1] ?? '');
    const bias = constants.get(node?.input[2] ?? '');
    const [relu, ...more] = node ? readersOf(node.output[0]) : [];
    if (others.length > 0 || more.length > 0 || node?.op_type !== 'Conv' || relu?.op_type !== 'Relu') break;
    if (weight?.data_type !== FLOAT32 || bias?.data_type !== FLOAT32) break;
    const [filters, channels, size, width] = weight.dims.map(toNumber);
    const side = layers.length === 0 ? TRAINED_SIZE + 2 * PADDING : TRAINED_SIZE;
    const padding = (TRAINED_SIZE + size - 1 - side) / 2;
    if (width !== size || !isPlain(node, size, padding)) break;
    const numbers = { weight: floatsOf(weight), bias: floatsOf(bias) };
    layers.push({ node, input, output: relu.output[0], filters, channels, size, side, padding, ...numbers });
    [input] = relu.output;
  }
  const left = graph.node.find(
    node =>
      node.op_type === 'Conv' && !isPointwise(node, constants) && !layers.some(layer => layer.node === node),
  );
  if (layers.length === 0 || left)
    throw new NetworkError(
      'shape',
      `network ${name} is not one chain of convolutions with a bias and a ReLU each${left ? `: "${left.output[0]}" is not in it` : ''}`,
    );
  return layers;
};

/** Whether a convolution looks at a square around each point of the board, and at nothing else. */
const isPlain = ({ attribute }: OnnxNode, size: number, padding: number): boolean => {
  const isAll = (name: string, value: number, ifMissing = value): boolean => {
    const found = attribute.find(each => each.name === name);
    const values = found?.ints?.length ? found.ints : [found?.i ?? ifMissing];
    return values.every(each => toNumber(each) === value);
  };
  return (
    !attribute.some(({ name }) => name === 'auto_pad') &&
    isAll('pads', padding, 0) &&
    ['strides', 'dilations', 'group'].every(name => isAll(name, 1)) &&
    isAll('kernel_shape', size)
  );
};

const isPointwise = ({ input }: OnnxNode, constants: ReadonlyMap<string, OnnxTensor>): boolean =>
  constants
    .get(input[1])
    ?.dims.slice(2)
    .every(size => toNumber(size) === 1) ?? false;
