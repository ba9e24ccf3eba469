/** Networks are written down by this, layer by layer. */
import {
  SpecError,
  sizeOf,
  type ConvLayer,
  type Layer,
  type LayerNode,
  type NetworkSpec,
  type Pair,
} from './layerTypes.ts';
import {
  outputSize,
  resolveWindow,
  seesBoard,
  type Padding,
  type Size,
  type WindowOptions,
} from './windows.ts';

export interface ConvOptions {
  readonly filters: number;
  readonly size: Size;
  readonly stride?: Size;
  /** 'same' by default. */
  readonly padding?: Padding;
  readonly groups?: number;
  /** The channels that each filter sees. */
  readonly links?: ConvLayer['links'];
  readonly bias?: ConvLayer['bias'];
}

/** Windows of one stride with their size, unless another is said. */
export type PoolOptions = Omit<WindowOptions, 'kernel'> & { readonly size: Size };

export interface LocalResponseNormOptions {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** Writes a network down layer by layer; every method returns the name of the layer it adds and throws RangeError for what cannot be. */
export class SpecBuilder {
  private readonly nodes = new Map<string, LayerNode>();

  input(name: string, shape: readonly number[]): string {
    return this.put(name, { type: 'input' }, [], shape);
  }

  /** @param input of shape [channels, height, width] */
  conv(name: string, input: string, options: ConvOptions): string {
    const { filters, size, stride, padding = 'same', groups = 1, links, bias = 'none' } = options;
    const [channels, height, width] = this.board(input, name);
    const window = resolveWindow(name, [height, width], { kernel: size, stride, padding });
    if (!Number.isInteger(filters) || filters < 1)
      throw new SpecError(`${name}: ${filters} filters: must be a whole number from 1`);
    if (padding === 'same' && window.kernel.some(side => side % 2 === 0))
      throw new SpecError(`${name}: a size of ${[size].flat().join('x')} has no middle: use an odd one`);
    if (channels % groups !== 0 || filters % groups !== 0)
      throw new SpecError(
        `${name}: ${channels} channels and ${filters} filters do not part in ${groups} groups`,
      );
    checkLinks(name, links, filters, channels, groups);
    return this.put(
      name,
      { type: 'conv', filters, ...window, groups, ...(links ? { links } : {}), bias },
      [input],
      [filters, ...outputSize([height, width], window)],
    );
  }

  batchNorm(name: string, input: string, epsilon = 1e-5, rate?: number): string {
    const layer: Layer = { type: 'batchNorm', epsilon, ...(rate === undefined ? {} : { rate }) };
    return this.put(name, layer, [input], this.shapeOf(input));
  }

  relu(name: string, input: string): string {
    return this.put(name, { type: 'relu' }, [input], this.shapeOf(input));
  }

  tanh(name: string, input: string): string {
    return this.put(name, { type: 'tanh' }, [input], this.shapeOf(input));
  }

  /** amplitude * tanh(slope * x) */
  scaledTanh(name: string, input: string, amplitude: number, slope: number): string {
    return this.put(name, { type: 'scaledTanh', amplitude, slope }, [input], this.shapeOf(input));
  }

  softmax(name: string, input: string): string {
    return this.put(name, { type: 'softmax' }, [input], this.units(input, name));
  }

  scale(name: string, input: string, factor: number): string {
    return this.put(name, { type: 'scale', factor }, [input], this.shapeOf(input));
  }

  /** The sum of layers of one shape. */
  add(name: string, ...inputs: readonly string[]): string {
    return this.put(name, { type: 'add' }, inputs, this.commonShape(name, inputs));
  }

  /** The sum of a branch and a shortcut; training leaves the branch out now and then. */
  stochasticAdd(
    name: string,
    branch: string,
    shortcut: string,
    options: {
      readonly survival: number;
      readonly mode: 'batch' | 'row';
      readonly scaling: 'test' | 'train';
    },
  ): string {
    const inputs = [branch, shortcut];
    checkShare(name, options.survival);
    return this.put(name, { type: 'stochasticAdd', ...options }, inputs, this.commonShape(name, inputs));
  }

  /** @param survival how likely the branch behind it is computed in a batch of training */
  gate(name: string, input: string, survival: number): string {
    checkShare(name, survival);
    return this.put(name, { type: 'gate', survival }, [input], this.shapeOf(input));
  }

  concat(name: string, ...inputs: readonly string[]): string {
    const shapes = inputs.map(input => this.shapeOf(input));
    const rest = new Set(shapes.map(shape => shape.slice(1).join()));
    if (rest.size > 1)
      throw new SpecError(
        `${name}: shapes ${shapes.map(shape => `[${shape.join()}]`).join(' and ')} cannot be joined`,
      );
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

  maxPool(name: string, input: string, options: PoolOptions): string {
    return this.pool('maxPool', name, input, options);
  }

  meanPool(name: string, input: string, options: PoolOptions): string {
    return this.pool('meanPool', name, input, options);
  }

  /** The mean of each part of the board; nothing where the board has as many points. */
  adaptiveMean(name: string, input: string, size: Pair): string {
    const [channels, height, width] = this.board(input, name);
    if (size[0] > height || size[1] > width)
      throw new SpecError(`${name}: a board of ${height}x${width} has no ${size.join('x')} parts`);
    if (size[0] === height && size[1] === width) return input;
    return this.put(name, { type: 'adaptiveMean', size }, [input], [channels, ...size]);
  }

  /** @param size of the parts; what is left of the board at its end belongs to none */
  subsample(name: string, input: string, size: number): string {
    const [channels, ...board] = this.board(input, name);
    const shape = [channels, ...board.map(side => Math.floor(side / size))];
    return this.put(name, { type: 'subsample', size }, [input], shape);
  }

  localResponseNorm(name: string, input: string, options: LocalResponseNormOptions): string {
    const shape = this.board(input, name);
    if (options.size % 2 === 0)
      throw new SpecError(`${name}: ${options.size} channels have no middle: use an odd number`);
    return this.put(name, { type: 'localResponseNorm', ...options }, [input], shape);
  }

  /** @param rate of 0 adds nothing */
  dropout(name: string, input: string, rate: number): string {
    if (!(rate >= 0 && rate < 1))
      throw new SpecError(`${name}: a rate of ${rate}: must be from 0 to less than 1`);
    return rate === 0 ? input : this.put(name, { type: 'dropout', rate }, [input], this.shapeOf(input));
  }

  /** A shortcut without weights: every `stride`-th point, and as many channels of zeros on either side as make `channels`. */
  padShortcut(
    name: string,
    input: string,
    options: { readonly stride: number; readonly channels: number },
  ): string {
    const { stride, channels } = options;
    const [own, ...board] = this.board(input, name);
    const missing = channels - own;
    if (missing < 0) throw new SpecError(`${name}: ${own} channels are more than ${channels}`);
    const before = Math.floor(missing / 2);
    const shape = [channels, ...board.map(side => Math.ceil(side / stride))];
    return this.put(name, { type: 'padShortcut', stride, before, behind: missing - before }, [input], shape);
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

  /** @param centres one row of as many numbers as units for each output */
  radialBasis(name: string, input: string, centres: readonly (readonly number[])[]): string {
    const [units] = this.units(input, name);
    for (const { length } of centres)
      if (length !== units) throw new SpecError(`${name}: a centre of ${length} numbers for ${units} units`);
    return this.put(name, { type: 'radialBasis', centres }, [input], [centres.length]);
  }

  /** @param input numbers of words, [words] */
  embedding(
    name: string,
    input: string,
    options: { readonly words: number; readonly size: number; readonly trainable?: boolean },
  ): string {
    const { words, size, trainable = true } = options;
    const [length] = this.units(input, name);
    return this.put(name, { type: 'embedding', words, size, trainable }, [input], [size, length, 1]);
  }

  /** What a layer gives. */
  shapeOf(name: string): readonly number[] {
    const node = this.nodes.get(name);
    if (!node)
      throw new RangeError(`there is no layer "${name}": one of ${[...this.nodes.keys()].join(', ')}`);
    return node.shape;
  }

  /** @param outputs which layer each output is */
  finish(outputs: Readonly<Record<string, string>>): NetworkSpec {
    for (const layer of Object.values(outputs)) this.shapeOf(layer);
    return { nodes: [...this.nodes.values()], outputs };
  }

  private pool(type: 'maxPool' | 'meanPool', name: string, input: string, options: PoolOptions): string {
    const { size: kernel, stride = kernel, padding, ceil } = options;
    const [channels, height, width] = this.board(input, name);
    const window = resolveWindow(name, [height, width], { kernel, stride, padding, ceil });
    if (!seesBoard([height, width], window))
      throw new SpecError(`${name}: a padding of ${window.pads.join(', ')} has windows that see no point`);
    return this.put(name, { type, ...window }, [input], [channels, ...outputSize([height, width], window)]);
  }

  private put(name: string, layer: Layer, inputs: readonly string[], shape: readonly number[]): string {
    if (this.nodes.has(name)) throw new RangeError(`there is a layer "${name}" already`);
    this.nodes.set(name, { name, layer, inputs, shape });
    return name;
  }

  private commonShape(name: string, inputs: readonly string[]): readonly number[] {
    const shapes = inputs.map(input => this.shapeOf(input).join());
    if (new Set(shapes).size > 1)
      throw new RangeError(
        `${name}: shapes ${shapes.map(shape => `[${shape}]`).join(' and ')} cannot be added`,
      );
    return this.shapeOf(inputs[0]);
  }

  private board(input: string, name: string): readonly number[] {
    const shape = this.shapeOf(input);
    if (shape.length !== 3)
      throw new RangeError(`${name} takes [channels, height, width], not [${shape.join(', ')}]`);
    return shape;
  }

  private units(input: string, name: string): readonly number[] {
    const shape = this.shapeOf(input);
    if (shape.length !== 1) throw new RangeError(`${name} takes [units], not [${shape.join(', ')}]`);
    return shape;
  }
}

const checkShare = (name: string, survival: number): void => {
  if (!(survival > 0 && survival <= 1))
    throw new SpecError(`${name}: a survival of ${survival}: must be above 0 and at most 1`);
};

const checkLinks = (
  name: string,
  links: ConvLayer['links'],
  filters: number,
  channels: number,
  groups: number,
): void => {
  if (!links) return;
  if (groups > 1 || links.length !== filters)
    throw new SpecError(`${name}: links of ${links.length} filters for ${filters} in ${groups} groups`);
  for (const [filter, seen] of links.entries()) {
    const isAscending = seen.every((channel, i) => i === 0 || channel > seen[i - 1]);
    if (seen.length === 0 || !isAscending || seen[0] < 0 || seen.at(-1)! >= channels)
      throw new SpecError(`${name}: filter ${filter} sees channels [${seen.join(', ')}] of ${channels}`);
  }
};
