/**
 * What a network is made of, as data: its layers in order, what each takes and gives. One specification serves everything that is
 * done with a network: tables and counts, training on ONNX Runtime, TensorFlow.js models, folding and the export to ONNX.
 * Start reading at specBuilder.ts, by which networks are written down; layerTypes.ts has their layers, goNetworks.ts and the
 * folder zoo/ networks.
 *
 * Shapes are channels first and without the batch: [channels, height, width] on a board, [units] behind it.
 */
import { SpecError, sizeOf, type ConvLayer, type LayerNode, type NetworkSpec } from './layerTypes.ts';

export {
  SpecError,
  sizeOf,
  type ConvLayer,
  type Layer,
  type LayerNode,
  type NetworkSpec,
  type Pads,
  type Pair,
  type Window,
} from './layerTypes.ts';
export { SpecBuilder } from './specBuilder.ts';

/** Parts of a network that are learned; `kernel`s are those of convolutions with more than one point. */
export type ParameterKind = 'kernel' | 'weight' | 'gain' | 'bias' | 'table';

/** A parameter of a network. */
export interface ParameterSpec {
  readonly name: string;
  /**
   * Convolutions [filters, channels of a group, height, width], with links [links, height, width] in the order of the filters, dense
   * layers [units, inputs], embeddings [words, size], all others as their layer.
   */
  readonly dims: readonly number[];
  readonly kind: ParameterKind;
  /** Inputs of one unit, for the spread of its first values. */
  readonly fanIn: number;
  /** Whether a ReLU follows its layer, so that half of what it gives is lost. */
  readonly rectified: boolean;
}

/** The layers by name. */
export const nodesByName = ({ nodes }: NetworkSpec): ReadonlyMap<string, LayerNode> =>
  new Map(nodes.map(node => [node.name, node]));

/** Every parameter that is learned, in the order of the layers. */
export const parameterSpecs = (spec: NetworkSpec): ParameterSpec[] => {
  const byName = nodesByName(spec);
  const rectified = rectifiedLayers(spec);
  return spec.nodes.flatMap(node => parametersOf(node, byName, rectified.has(node.name)));
};

/** Running statistics of the normalisations, as names with their sizes. */
export const statisticSpecs = ({ nodes }: NetworkSpec): { readonly name: string; readonly size: number }[] =>
  nodes
    .filter(({ layer }) => layer.type === 'batchNorm')
    .flatMap(({ name, shape }) =>
      ['running_mean', 'running_var'].map(part => ({ name: `${name}.${part}`, size: shape[0] })),
    );

/** Numbers that are given and stay: tables of embeddings that are not learned. */
export const fixedSpecs = ({
  nodes,
}: NetworkSpec): { readonly name: string; readonly dims: readonly number[] }[] =>
  nodes.flatMap(({ name, layer }) =>
    layer.type === 'embedding' && !layer.trainable
      ? [{ name: `${name}.weight`, dims: [layer.words, layer.size] }]
      : [],
  );

/** All that a file of weights holds for a network: parameters, running statistics, what is given. */
export const storedSpecs = (
  spec: NetworkSpec,
): { readonly name: string; readonly dims: readonly number[] }[] => [
  ...parameterSpecs(spec).map(({ name, dims }) => ({ name, dims })),
  ...statisticSpecs(spec).map(({ name, size }) => ({ name, dims: [size] })),
  ...fixedSpecs(spec),
];

/** Running statistics follow a batch in training by this share. */
export const STATISTICS_RATE = 0.02;

/**
 * The layer that is the output `value` before its tanh; undefined if the network has no value.
 * @throws SpecError if its value is no tanh
 */
export const rawValueOf = ({ nodes, outputs }: NetworkSpec): string | undefined => {
  if (outputs['value'] === undefined) return undefined;
  const { layer, inputs, name } = nodes.find(node => node.name === outputs['value'])!;
  if (layer.type !== 'tanh')
    throw new SpecError(`the output "value" is ${name}, a ${layer.type}, not a tanh`);
  return inputs[0];
};

/** ReLU layers behind the boards, of shape [units]: a unit that is 0 for every position learns nothing more. */
export const hiddenReluLayers = ({ nodes }: NetworkSpec): LayerNode[] =>
  nodes.filter(({ layer, shape }) => layer.type === 'relu' && shape.length === 1);

/** Numbers that are learned. */
export const countParameters = (spec: NetworkSpec): number =>
  parameterSpecs(spec).reduce((sum, { dims }) => sum + sizeOf(dims), 0);

const parametersOf = (
  { name, layer, inputs, shape }: LayerNode,
  byName: ReadonlyMap<string, LayerNode>,
  rectified: boolean,
): ParameterSpec[] => {
  const from = inputs.length > 0 ? byName.get(inputs[0])!.shape : [];
  const parameter = (
    part: string,
    dims: readonly number[],
    kind: ParameterKind,
    fanIn = 1,
  ): ParameterSpec => ({
    name: `${name}.${part}`,
    dims,
    kind,
    fanIn,
    rectified,
  });
  switch (layer.type) {
    case 'conv': {
      const { filters, kernel, bias } = layer;
      const dims = convolutionDims(layer, from[0]);
      const fanIn = sizeOf(dims) / filters;
      const kind = sizeOf(kernel) > 1 ? 'kernel' : 'weight';
      const weight = parameter('weight', dims, kind, fanIn);
      if (bias === 'none') return [weight];
      const points = bias === 'filter' ? [] : [sizeOf(shape.slice(1))];
      return [weight, parameter('bias', [filters, ...points], 'bias')];
    }
    case 'dense': {
      const weight = parameter('weight', [layer.units, from[0]], 'weight', from[0]);
      return layer.bias ? [weight, parameter('bias', [layer.units], 'bias')] : [weight];
    }
    case 'batchNorm':
      return [parameter('weight', [shape[0]], 'gain'), parameter('bias', [shape[0]], 'bias')];
    case 'subsample':
      return [
        parameter('weight', [shape[0]], 'gain', layer.size * layer.size),
        parameter('bias', [shape[0]], 'bias'),
      ];
    case 'embedding':
      return layer.trainable ? [parameter('weight', [layer.words, layer.size], 'table')] : [];
    default:
      return [];
  }
};

/** Shape of a convolution's weights. @param channels of its input */
export const convolutionDims = (
  { filters, kernel, groups, links }: ConvLayer,
  channels: number,
): readonly number[] =>
  links
    ? [links.reduce((sum, seen) => sum + seen.length, 0), ...kernel]
    : [filters, channels / groups, ...kernel];

/** Layers whose output reaches a ReLU through normalisations and additions alone. */
const rectifiedLayers = ({ nodes }: NetworkSpec): Set<string> => {
  const rectified = new Set<string>();
  for (const { name, layer, inputs } of nodes.toReversed()) {
    const passesOn = (layer.type === 'batchNorm' || layer.type === 'add') && rectified.has(name);
    if (layer.type === 'relu' || passesOn) for (const input of inputs) rectified.add(input);
  }
  return rectified;
};
