/**
 * What a network is made of, as a table: each layer's output, parameters, multiplications with additions (MACs, of convolutions and
 * dense layers alone, as papers count), and how much of the input one of its points sees.
 */
import {
  fixedSpecs,
  nodesByName,
  parameterSpecs,
  sizeOf,
  statisticSpecs,
  type Layer,
  type LayerNode,
  type NetworkSpec,
  type Pair,
} from './spec.ts';

export interface LayerDescription {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly type: Layer['type'];
  /** What it does in a few words: "conv 3x3 / 2". */
  readonly text: string;
  readonly shape: readonly number[];
  /** Numbers that are learned. */
  readonly parameters: number;
  readonly macs: number;
  /** LeNet's count: what every output number adds up, its bias included. */
  readonly connections: number;
  /** Height and width of the part of the input that one point depends on; all of it behind the boards. */
  readonly receptiveField: Pair;
}

export interface NetworkDescription {
  readonly layers: readonly LayerDescription[];
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Running means and variances. */
  readonly statistics: number;
  /** Given numbers that stay: tables of words, centres of distances. */
  readonly fixed: number;
  readonly macs: number;
  readonly connections: number;
  /** Numbers that convolutions and dense layers give. */
  readonly activations: number;
}

/** Of every layer, in the order of the specification, and in all. */
export const describeNetwork = (spec: NetworkSpec): NetworkDescription => {
  const byName = nodesByName(spec);
  const parameters = new Map<string, number>();
  for (const { name, dims } of parameterSpecs(spec)) {
    const owner = name.slice(0, name.lastIndexOf('.'));
    parameters.set(owner, (parameters.get(owner) ?? 0) + sizeOf(dims));
  }
  const views = new Map<string, View>();
  const layers = spec.nodes.map((node): LayerDescription => {
    const view = viewOf(node, views, spec);
    views.set(node.name, view);
    const from = node.inputs.map(input => byName.get(input)!.shape);
    const own = parameters.get(node.name) ?? 0;
    const { macs, connections } = workOf(node, from, own);
    return {
      name: node.name,
      inputs: node.inputs,
      type: node.layer.type,
      text: textOf(node.layer),
      shape: node.shape,
      parameters: own,
      macs,
      connections,
      receptiveField: view.field,
    };
  });
  const total = (of: (layer: LayerDescription) => number): number =>
    layers.reduce((sum, layer) => sum + of(layer), 0);
  const centres = spec.nodes.flatMap(({ layer }) =>
    layer.type === 'radialBasis' ? layer.centres.flat() : [],
  );
  const tables = fixedSpecs(spec).reduce((sum, { dims }) => sum + sizeOf(dims), 0);
  return {
    layers,
    parameters: total(layer => layer.parameters),
    statistics: statisticSpecs(spec).reduce((sum, { size }) => sum + size, 0),
    fixed: tables + centres.length,
    macs: total(layer => layer.macs),
    connections: total(layer => layer.connections),
    activations: total(layer => (layer.macs > 0 ? sizeOf(layer.shape) : 0)),
  };
};

/** What one point of a layer sees of the input, and how far apart the views of neighbours are. */
interface View {
  readonly field: Pair;
  readonly step: Pair;
}

const viewOf = (
  { layer, inputs, shape }: LayerNode,
  views: ReadonlyMap<string, View>,
  spec: NetworkSpec,
): View => {
  if (layer.type === 'input') return { field: [1, 1], step: [1, 1] };
  if (layer.type === 'embedding') return { field: [1, 1], step: [1, 1] };
  const before = inputs.map(input => views.get(input)!);
  const along = (of: (view: View) => number): number => Math.max(...before.map(of));
  const field: Pair = [along(view => view.field[0]), along(view => view.field[1])];
  const step: Pair = [along(view => view.step[0]), along(view => view.step[1])];
  if (shape.length === 1 || layer.type === 'adaptiveMean') return { field: inputSize(spec), step };
  const window = windowOf(layer);
  if (!window) return { field, step };
  const { kernel, stride } = window;
  return {
    field: [field[0] + (kernel[0] - 1) * step[0], field[1] + (kernel[1] - 1) * step[1]],
    step: [step[0] * stride[0], step[1] * stride[1]],
  };
};

/** Height and width of the greatest input; words of a sentence are its height. */
const inputSize = ({ nodes }: NetworkSpec): Pair => {
  const shapes = nodes.filter(({ layer }) => layer.type === 'input').map(({ shape }) => shape);
  const boards = shapes.filter(({ length }) => length === 3);
  if (boards.length > 0) return [boards[0][1], boards[0][2]];
  return [Math.max(...shapes.map(([length]) => length)), 1];
};

const windowOf = (layer: Layer): { readonly kernel: Pair; readonly stride: Pair } | undefined => {
  if (layer.type === 'conv' || layer.type === 'maxPool' || layer.type === 'meanPool') return layer;
  if (layer.type === 'subsample')
    return { kernel: [layer.size, layer.size], stride: [layer.size, layer.size] };
  return layer.type === 'padShortcut' ? { kernel: [1, 1], stride: [layer.stride, layer.stride] } : undefined;
};

const workOf = (
  { layer, shape }: LayerNode,
  from: readonly (readonly number[])[],
  parameters: number,
): { readonly macs: number; readonly connections: number } => {
  const points = sizeOf(shape.slice(1));
  switch (layer.type) {
    case 'conv': {
      const biases = layer.bias === 'none' ? 0 : layer.bias === 'filter' ? layer.filters : sizeOf(shape);
      const macs = (parameters - biases) * points;
      return { macs, connections: macs + (biases > 0 ? sizeOf(shape) : 0) };
    }
    case 'dense': {
      const macs = layer.units * from[0][0];
      return { macs, connections: macs + (layer.bias ? layer.units : 0) };
    }
    case 'radialBasis':
      return { macs: layer.centres.flat().length, connections: layer.centres.flat().length };
    case 'subsample':
      return { macs: 0, connections: sizeOf(shape) * (layer.size ** 2 + 1) };
    default:
      return { macs: 0, connections: 0 };
  }
};

const sides = ([height, width]: Pair): string => `${height}x${width}`;

const paddingText = ([top, left, bottom, right]: readonly number[]): string => {
  if (top === bottom && left === right) return top === left ? `${top}` : `${top},${left}`;
  return `${top},${left},${bottom},${right}`;
};

/** A layer in a few words. */
export const textOf = (layer: Layer): string => {
  switch (layer.type) {
    case 'conv':
    case 'maxPool':
    case 'meanPool': {
      const { kernel, stride, pads } = layer;
      const parts = [
        layer.type === 'conv' ? 'conv' : layer.type === 'maxPool' ? 'max pool' : 'mean pool',
        sides(kernel),
      ];
      if (stride.some(step => step !== 1))
        parts.push(`/ ${stride[0] === stride[1] ? stride[0] : sides(stride)}`);
      if (pads.some(pad => pad !== 0)) parts.push(`pad ${paddingText(pads)}`);
      if (layer.type === 'conv' && layer.groups > 1) parts.push(`in ${layer.groups} groups`);
      if (layer.type === 'conv' && layer.links) parts.push(`${layer.links.flat().length} links`);
      return parts.join(' ');
    }
    case 'slice':
      return `slice ${layer.start} to ${layer.end}`;
    case 'scale':
      return `times ${layer.factor}`;
    case 'dropout':
      return `dropout ${layer.rate}`;
    case 'adaptiveMean':
      return `mean to ${sides(layer.size)}`;
    case 'subsample':
      return `sub-sampling ${layer.size}x${layer.size}`;
    case 'localResponseNorm':
      return `local response norm ${layer.size}`;
    case 'padShortcut':
      return `shortcut / ${layer.stride} with zeros`;
    case 'gate':
      return `gate ${Number(layer.survival.toPrecision(4))}`;
    case 'stochasticAdd':
      return `add with chance ${Number(layer.survival.toPrecision(4))}`;
    case 'radialBasis':
      return `distances to ${layer.centres.length}`;
    case 'embedding':
      return `${layer.words} words of ${layer.size}${layer.trainable ? '' : ', given'}`;
    default:
      return PLAIN_TEXTS[layer.type];
  }
};

const PLAIN_TEXTS = {
  input: 'input',
  batchNorm: 'batch norm',
  relu: 'ReLU',
  tanh: 'tanh',
  scaledTanh: 'scaled tanh',
  softmax: 'softmax',
  add: 'add',
  concat: 'concat',
  globalMean: 'global mean',
  globalMax: 'global max',
  flatten: 'flatten',
  dense: 'dense',
} as const;
