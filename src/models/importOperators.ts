/** What each ONNX operator becomes as a layer. What a file may do with an operator beyond that is refused by name. */
import { toNumber, type OnnxNode } from '../onnx/onnxFile.ts';
import type { Constant, OnnxImport, Seen, Value } from './importOnnx.ts';
import { sizeOf, type Layer } from './spec.ts';

/** Puts a layer into the network, or none. @returns the operator's output */
type Operator = (network: OnnxImport, inputs: readonly Value[], node: OnnxNode) => Value;

/** Names of layers are those of their weights, or of what the graph calls their output. */
const nameOf = ({ output }: OnnxNode): string => output[0].replace(/^layer /, '');
const ownerOf = ({ name }: Constant): string => name.replace(/\.weight$/, '');

const integerOf = ({ attribute }: OnnxNode, name: string, otherwise: number): number => {
  const found = attribute.find(candidate => candidate.name === name);
  return found?.i === undefined ? otherwise : toNumber(found.i);
};

const integersOf = ({ attribute }: OnnxNode, name: string): number[] | undefined =>
  attribute.find(candidate => candidate.name === name)?.ints?.map(toNumber);

const seen = (network: OnnxImport, value: Value | undefined, node: OnnxNode): Seen =>
  value?.layer === undefined ? refuse(network, node, 'takes a constant where data should be') : value;

const constant = (network: OnnxImport, value: Value | undefined, node: OnnxNode): Constant =>
  value === undefined || value.layer !== undefined
    ? refuse(network, node, 'takes data where a constant should be')
    : value;

const refuse = (network: OnnxImport, { op_type: op, output }: OnnxNode, what: string): never =>
  network.fail(`operator ${op} ("${output[0]}") ${what}`);

/** A layer that changes no shape. */
const pointwise =
  (layer: Layer): Operator =>
  (network, [input], node) => {
    const { layer: from, dims } = seen(network, input, node);
    return { ...network.add(nameOf(node), layer, [from], network.node(from).shape), dims };
  };

/** The same numbers in another shape. */
const view =
  (dimsOf: (network: OnnxImport, inputs: readonly Value[], node: OnnxNode) => readonly number[]): Operator =>
  (network, inputs, node) => {
    const { layer, dims } = seen(network, inputs[0], node);
    const next = dimsOf(network, inputs, node);
    if (sizeOf(next) !== sizeOf(dims))
      return refuse(network, node, `makes [${next.join(', ')}] of [${dims.join(', ')}]`);
    return { layer, dims: next };
  };

const reshaped: Operator = view((network, [input, shape], node) => {
  const { dims } = input;
  const [, ...wanted] = constant(network, shape, node).integers;
  const kept = wanted.map((size, i) => (size === 0 ? dims[i] : size));
  const known = sizeOf(kept.filter(size => size !== -1));
  return kept.map(size => (size === -1 ? sizeOf(dims) / known : size));
});

const unsqueezed: Operator = view((network, [{ dims }, axes], node) => {
  const wanted = axes ? constant(network, axes, node).integers : (integersOf(node, 'axes') ?? []);
  const next = [...dims];
  for (const axis of wanted) next.splice(axis === -1 ? next.length : axis - 1, 0, 1);
  return next;
});

const CONVOLUTIONS_READ =
  'square ones of odd size, stride 1 and one group are read that keep the size or pad nothing';

const describeConvolution = (dims: readonly number[], node: OnnxNode): string => {
  const strides = integersOf(node, 'strides') ?? [1, 1];
  const pads = integersOf(node, 'pads') ?? [0, 0, 0, 0];
  const groups = integerOf(node, 'group', 1);
  return `${dims.slice(2).join('x')} by stride ${strides.join('x')}, padded by ${pads.join(', ')}, in ${groups} group${groups === 1 ? '' : 's'}`;
};

const convolution: Operator = (network, inputs, node) => {
  const { layer: from } = seen(network, inputs[0], node);
  const kernel = constant(network, inputs[1], node);
  const [filters, channels, size] = kernel.dims;
  const { shape } = network.node(from);
  const all = (name: string, wanted: number): boolean =>
    (integersOf(node, name) ?? [wanted]).every(value => value === wanted);
  const pads = integersOf(node, 'pads') ?? [0];
  const lost = size - 1 - 2 * pads[0];
  if (
    shape.length !== 3 ||
    channels !== shape[0] ||
    kernel.dims.some((dim, i) => i > 1 && dim !== size) ||
    size % 2 === 0 ||
    !all('strides', 1) ||
    !all('dilations', 1) ||
    !pads.every(pad => pad === pads[0]) ||
    (lost !== 0 && pads[0] !== 0)
  )
    return refuse(network, node, `is ${describeConvolution(kernel.dims, node)}: ${CONVOLUTIONS_READ}`);
  const bias = inputs[2] ? constant(network, inputs[2], node) : undefined;
  const added = network.add(
    ownerOf(kernel),
    {
      type: 'conv',
      filters,
      kernel: [size, size],
      stride: [1, 1],
      pads: [pads[0], pads[0], pads[0], pads[0]],
      groups: 1,
      bias: bias ? 'filter' : 'none',
    },
    [from],
    [filters, shape[1] - lost, shape[2] - lost],
  );
  network.weights.set(`${added.layer}.weight`, kernel.floats);
  if (bias) network.weights.set(`${added.layer}.bias`, bias.floats);
  return added;
};

const dense: Operator = (network, inputs, node) => {
  const { layer: from } = network.flat(seen(network, inputs[0], node));
  const kernel = constant(network, inputs[1], node);
  const [units, count] = kernel.dims;
  if (integerOf(node, 'transB', 0) !== 1 || integerOf(node, 'transA', 0) !== 0)
    return refuse(network, node, 'does not have its weights as [units, inputs]');
  if (network.node(from).shape[0] !== count)
    return refuse(network, node, `has weights for ${count} inputs, not ${network.node(from).shape[0]}`);
  const bias = inputs[2] ? constant(network, inputs[2], node) : undefined;
  const added = network.add(
    ownerOf(kernel),
    { type: 'dense', units, bias: bias !== undefined },
    [from],
    [units],
  );
  network.weights.set(`${added.layer}.weight`, kernel.floats);
  if (bias) network.weights.set(`${added.layer}.bias`, bias.floats);
  return added;
};

const normalization: Operator = (network, inputs, node) => {
  const { layer: from, dims } = seen(network, inputs[0], node);
  const parts = inputs.slice(1).map(part => constant(network, part, node));
  const epsilon = node.attribute.find(({ name }) => name === 'epsilon')?.f ?? 1e-5;
  // The file has it in single precision.
  const layer: Layer = { type: 'batchNorm', epsilon: Number(epsilon.toPrecision(7)) };
  const added = network.add(ownerOf(parts[0]), layer, [from], network.node(from).shape);
  for (const [i, part] of ['weight', 'bias', 'running_mean', 'running_var'].entries())
    network.weights.set(`${added.layer}.${part}`, parts[i].floats);
  return { ...added, dims };
};

/** A sum of layers, or the bias of each point of a convolution. */
const sum: Operator = (network, inputs, node) => {
  const bias = inputs.find(value => value.layer === undefined);
  if (!bias) {
    const parts = inputs.map(input => seen(network, input, node));
    const [{ shape }] = parts.map(({ layer }) => network.node(layer));
    if (parts.some(({ layer }) => network.node(layer).shape.join() !== shape.join()))
      return refuse(network, node, 'adds layers of different shapes');
    const added = network.add(
      nameOf(node),
      { type: 'add' },
      parts.map(({ layer }) => layer),
      shape,
    );
    return { ...added, dims: parts[0].dims };
  }
  const value = seen(network, inputs[inputs[0] === bias ? 1 : 0], node);
  const before = network.node(value.layer);
  const { layer } = before;
  if (layer.type !== 'conv' || layer.bias !== 'none' || sizeOf(bias.dims) !== sizeOf(before.shape))
    return refuse(network, node, 'adds constants that are not the bias of each point of a convolution');
  network.nodes.set(before.name, { ...before, layer: { ...layer, bias: 'point' } });
  network.weights.set(`${before.name}.bias`, bias.floats);
  return value;
};

const scaled =
  (factorOf: (value: number) => number): Operator =>
  (network, inputs, node) => {
    const [data, number] = inputs[0].layer === undefined ? inputs.toReversed() : inputs;
    const { floats } = constant(network, number, node);
    if (floats.length !== 1) return refuse(network, node, 'does not scale by one number');
    return pointwise({ type: 'scale', factor: factorOf(floats[0]) })(network, [data], node);
  };

const concatenation: Operator = (network, inputs, node) => {
  const parts = inputs.map(input => seen(network, input, node));
  if (integerOf(node, 'axis', 1) !== 1) return refuse(network, node, 'is not along the channels');
  const shapes = parts.map(({ layer }) => network.node(layer).shape);
  const rest = shapes.map(shape => shape.slice(1).join());
  if (rest.some(other => other !== rest[0])) return refuse(network, node, 'joins boards of different sizes');
  const first = shapes.reduce((total, shape) => total + shape[0], 0);
  const names = parts.map(({ layer }) => layer);
  return network.add(nameOf(node), { type: 'concat' }, names, [first, ...shapes[0].slice(1)]);
};

/** Channels `start` to `end` - 1 of a layer seen with its channels first. */
const channels = (network: OnnxImport, value: Seen, start: number, end: number, node: OnnxNode): Seen => {
  const { shape } = network.node(value.layer);
  if (value.dims[0] !== shape[0] || !(start >= 0 && start < end && end <= shape[0]))
    return refuse(network, node, `takes entries ${start} to ${end} of [${value.dims.join(', ')}]`);
  const layer: Layer = { type: 'slice', start, end };
  return network.add(nameOf(node), layer, [value.layer], [end - start, ...shape.slice(1)]);
};

const sliced: Operator = (network, inputs, node) => {
  const value = seen(network, inputs[0], node);
  const [starts, ends, axes, steps] = inputs.slice(1).map(part => constant(network, part, node).integers);
  if (axes?.join() !== '1' || (steps ?? [1]).join() !== '1')
    return refuse(network, node, 'is not along the channels, one by one');
  const part = channels(network, value, starts[0], ends[0], node);
  return { ...part, dims: [ends[0] - starts[0], ...value.dims.slice(1)] };
};

const gathered: Operator = (network, inputs, node) => {
  const value = seen(network, inputs[0], node);
  const { integers, dims } = constant(network, inputs[1], node);
  if (integerOf(node, 'axis', 0) !== 1 || integers.length !== 1)
    return refuse(network, node, 'does not take one channel');
  const part = channels(network, value, integers[0], integers[0] + 1, node);
  return { ...part, dims: [...dims, ...value.dims.slice(1)] };
};

/** One number a channel. */
const reduced =
  (type: 'globalMean' | 'globalMax', isSum = false): Operator =>
  (network, inputs, node) => {
    const value = seen(network, inputs[0], node);
    const { shape } = network.node(value.layer);
    const axes = inputs[1] ? constant(network, inputs[1], node).integers : integersOf(node, 'axes');
    const kept = value.dims.filter((_, i) => !(axes ?? []).includes(i + 1));
    if (shape.length !== 3 || sizeOf(kept) !== shape[0] || (kept[0] ?? 1) !== shape[0])
      return refuse(network, node, 'is not over the board');
    const name = nameOf(node);
    const mean = network.add(isSum ? `${name}.mean` : name, { type }, [value.layer], [shape[0]]);
    const factor = sizeOf(shape.slice(1));
    const result = isSum ? network.add(name, { type: 'scale', factor }, [mean.layer], [shape[0]]) : mean;
    const keeps = integerOf(node, 'keepdims', 1) === 1;
    return { ...result, dims: keeps ? value.dims.map((dim, i) => (axes?.includes(i + 1) ? 1 : dim)) : kept };
  };

export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Add', sum],
  ['BatchNormalization', normalization],
  ['Concat', concatenation],
  ['Conv', convolution],
  ['Div', scaled(value => 1 / value)],
  ['Flatten', view((_, [{ dims }]) => [sizeOf(dims)])],
  ['Gather', gathered],
  ['Gemm', dense],
  ['Identity', view((_, [{ dims }]) => dims)],
  ['Mul', scaled(value => value)],
  ['ReduceMax', reduced('globalMax')],
  ['ReduceMean', reduced('globalMean')],
  ['ReduceSum', reduced('globalMean', true)],
  ['Relu', pointwise({ type: 'relu' })],
  ['Reshape', reshaped],
  ['Slice', sliced],
  ['Sum', sum],
  ['Tanh', pointwise({ type: 'tanh' })],
  ['Unsqueeze', unsqueezed],
]);
