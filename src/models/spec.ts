/**
 * What a network is made of, as data: its layers in order, what each takes and gives. One specification serves everything that is
 * done with a network: tables and counts, training on ONNX Runtime, TensorFlow.js models, folding and the export to ONNX.
 * Start reading at {@link SpecBuilder}, by which networks are written down; goNetworks.ts has them.
 *
 * Shapes are channels first and without the batch: [channels, height, width] on a board, [units] behind it.
 */

/** What a layer does. */
export type Layer =
  | { readonly type: 'input' }
  /** Convolution of stride 1, zero-padded to keep the size or not at all. A bias is one number a filter, or one a filter and point. */
  | {
      readonly type: 'conv';
      readonly filters: number;
      readonly size: number;
      readonly padding: 'same' | 'valid';
      readonly bias: 'none' | 'filter' | 'point';
    }
  | { readonly type: 'batchNorm'; readonly epsilon: number }
  | { readonly type: 'relu' }
  | { readonly type: 'tanh' }
  | { readonly type: 'add' }
  /** Along the first axis. */
  | { readonly type: 'concat' }
  /** Entries `start` to `end` - 1 of the first axis. */
  | { readonly type: 'slice'; readonly start: number; readonly end: number }
  | { readonly type: 'scale'; readonly factor: number }
  /** Over the board: one number a channel. */
  | { readonly type: 'globalMean' }
  | { readonly type: 'globalMax' }
  | { readonly type: 'flatten' }
  | { readonly type: 'dense'; readonly units: number; readonly bias: boolean };

export interface LayerNode {
  /** Unique; parameters are named after it: `NAME.weight`. */
  readonly name: string;
  readonly layer: Layer;
  /** Names of the layers whose outputs it takes. */
  readonly inputs: readonly string[];
  /** Of its output. */
  readonly shape: readonly number[];
}

export interface NetworkSpec {
  readonly nodes: readonly LayerNode[];
  /** Which layer each output of the network is. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Parts of a network that are learned; `kernel`s are those of convolutions with more than one point. */
export type ParameterKind = 'kernel' | 'weight' | 'gain' | 'bias';

/** A parameter of a network. */
export interface ParameterSpec {
  readonly name: string;
  /** Convolutions [filters, channels, size, size], dense layers [units, inputs], all others as their layer. */
  readonly dims: readonly number[];
  readonly kind: ParameterKind;
  /** Inputs of one unit, for the spread of its first values. */
  readonly fanIn: number;
  /** Whether a ReLU follows its layer, so that half of what it gives is lost. */
  readonly rectified: boolean;
}

/** A network that cannot be; the message says what is asked of it. */
export class SpecError extends RangeError {
  constructor(message: string) {
    super(message);
    this.name = 'SpecError';
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** Writes a network down layer by layer; every method returns the name of the layer it adds. */
export class SpecBuilder {
  private readonly nodes = new Map<string, LayerNode>();

  input(name: string, shape: readonly number[]): string {
    return this.put(name, { type: 'input' }, [], shape);
  }

  /** @param input of shape [channels, height, width] */
  conv(
    name: string,
    input: string,
    options: {
      readonly filters: number;
      readonly size: number;
      readonly padding?: 'same' | 'valid';
      readonly bias?: 'none' | 'filter' | 'point';
    },
  ): string {
    const { filters, size, padding = 'same', bias = 'none' } = options;
    const [, height, width] = this.board(input, name);
    const lost = padding === 'same' ? 0 : size - 1;
    if (size % 2 === 0) throw new RangeError(`${name}: a size of ${size} has no middle: use an odd one`);
    return this.put(
      name,
      { type: 'conv', filters, size, padding, bias },
      [input],
      [filters, height - lost, width - lost],
    );
  }

  batchNorm(name: string, input: string, epsilon = 1e-5): string {
    return this.put(name, { type: 'batchNorm', epsilon }, [input], this.shapeOf(input));
  }

  relu(name: string, input: string): string {
    return this.put(name, { type: 'relu' }, [input], this.shapeOf(input));
  }

  tanh(name: string, input: string): string {
    return this.put(name, { type: 'tanh' }, [input], this.shapeOf(input));
  }

  scale(name: string, input: string, factor: number): string {
    return this.put(name, { type: 'scale', factor }, [input], this.shapeOf(input));
  }

  /** The sum of layers of one shape. */
  add(name: string, ...inputs: readonly string[]): string {
    const shapes = inputs.map(input => this.shapeOf(input).join());
    if (new Set(shapes).size > 1)
      throw new RangeError(
        `${name}: shapes ${shapes.map(shape => `[${shape}]`).join(' and ')} cannot be added`,
      );
    return this.put(name, { type: 'add' }, inputs, this.shapeOf(inputs[0]));
  }

  concat(name: string, ...inputs: readonly string[]): string {
    const shapes = inputs.map(input => this.shapeOf(input));
    const first = shapes.reduce((sum, shape) => sum + shape[0], 0);
    return this.put(name, { type: 'concat' }, inputs, [first, ...shapes[0].slice(1)]);
  }

  slice(name: string, input: string, start: number, end: number): string {
    const [size, ...rest] = this.shapeOf(input);
    if (!(start >= 0 && start < end && end <= size))
      throw new RangeError(`${name}: entries ${start} to ${end} of ${size}`);
    return this.put(name, { type: 'slice', start, end }, [input], [end - start, ...rest]);
  }

  globalMean(name: string, input: string): string {
    return this.put(name, { type: 'globalMean' }, [input], [this.board(input, name)[0]]);
  }

  globalMax(name: string, input: string): string {
    return this.put(name, { type: 'globalMax' }, [input], [this.board(input, name)[0]]);
  }

  flatten(name: string, input: string): string {
    return this.put(name, { type: 'flatten' }, [input], [sizeOf(this.shapeOf(input))]);
  }

  dense(name: string, input: string, units: number, bias = true): string {
    const shape = this.shapeOf(input);
    if (shape.length !== 1)
      throw new RangeError(`${name}: a dense layer takes [inputs], not [${shape.join(', ')}]: flatten first`);
    return this.put(name, { type: 'dense', units, bias }, [input], [units]);
  }

  /** @param outputs which layer each output is */
  finish(outputs: Readonly<Record<string, string>>): NetworkSpec {
    for (const layer of Object.values(outputs)) this.shapeOf(layer);
    return { nodes: [...this.nodes.values()], outputs };
  }

  private put(name: string, layer: Layer, inputs: readonly string[], shape: readonly number[]): string {
    if (this.nodes.has(name)) throw new RangeError(`there is a layer "${name}" already`);
    this.nodes.set(name, { name, layer, inputs, shape });
    return name;
  }

  private shapeOf(name: string): readonly number[] {
    const node = this.nodes.get(name);
    if (!node)
      throw new RangeError(`there is no layer "${name}": one of ${[...this.nodes.keys()].join(', ')}`);
    return node.shape;
  }

  private board(input: string, name: string): readonly number[] {
    const shape = this.shapeOf(input);
    if (shape.length !== 3)
      throw new RangeError(`${name} takes [channels, height, width], not [${shape.join(', ')}]`);
    return shape;
  }
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
      const { filters, size, bias } = layer;
      const fanIn = from[0] * size * size;
      const kind = size > 1 ? 'kernel' : 'weight';
      const weight = parameter('weight', [filters, from[0], size, size], kind, fanIn);
      if (bias === 'none') return [weight];
      const dims = bias === 'filter' ? [filters] : [filters, sizeOf(shape.slice(1))];
      return [weight, parameter('bias', dims, 'bias')];
    }
    case 'dense': {
      const weight = parameter('weight', [layer.units, from[0]], 'weight', from[0]);
      return layer.bias ? [weight, parameter('bias', [layer.units], 'bias')] : [weight];
    }
    case 'batchNorm':
      return [parameter('weight', [shape[0]], 'gain'), parameter('bias', [shape[0]], 'bias')];
    default:
      return [];
  }
};

/** Layers whose output reaches a ReLU through normalisations and additions alone. */
const rectifiedLayers = ({ nodes }: NetworkSpec): Set<string> => {
  const rectified = new Set<string>();
  for (const { name, layer, inputs } of nodes.toReversed()) {
    const passesOn = (layer.type === 'batchNorm' || layer.type === 'add') && rectified.has(name);
    if (layer.type === 'relu' || passesOn) for (const input of inputs) rectified.add(input);
  }
  return rectified;
};
