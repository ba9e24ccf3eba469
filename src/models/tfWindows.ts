/**
 * Layers of the model library that move windows over a board [n, height, width, channels]: convolutions with any padding, in groups
 * or with links, and pools. All are registered, as those of tfLayers.ts.
 */
import {
  add,
  avgPool,
  concat,
  div,
  fused,
  matMul,
  maxPool,
  mul,
  ones,
  pad,
  reshape,
  serialization,
  slice,
  tensor,
  tidy,
  transpose,
  zeros,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import type { ConvLayer, Pair, Window } from './spec.ts';
import { shapeOf, single, type LayerArgs } from './tfLayerBase.ts';
import { isSame, isUnpadded, outputSize, partMeans } from './windows.ts';

type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

const paddingOf = ({ pads: [top, left, bottom, right] }: Window): ExplicitPadding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

const boardOf = (shape: Shape): Pair => [shape[1]!, shape[2]!];

const windowOf = ({ kernel, stride, pads }: Window): Window => ({ kernel, stride, pads });

type Mutable = [number, number];

export interface BoardConvArgs extends LayerArgs, Omit<ConvLayer, 'type' | 'bias'> {
  readonly hasBias: boolean;
}

/**
 * A convolution: TensorFlow.js's own layer knows two kinds of padding and no links, and ignores groups. Weights: kernel [height,
 * width, channels of a group, filters], or with links [height, width, links]; bias [filters]. With links the kernel is spread by a
 * product with a constant matrix, so what is not linked is neither counted nor learned.
 */
export class BoardConv extends layers.Layer {
  static readonly className = 'HaneBoardConv';
  private readonly args: BoardConvArgs;
  private readonly stride: Mutable;
  private kernel: LayerVariable | undefined;
  private bias: LayerVariable | undefined;
  private channels = 0;

  constructor(args: BoardConvArgs) {
    super(args);
    this.args = args;
    this.stride = [...args.stride];
  }

  override build(inputShape: Shape | Shape[]): void {
    const { kernel, filters, groups, links, hasBias } = this.args;
    this.channels = shapeOf(inputShape).at(-1)!;
    const start = initializers.zeros();
    const dims = links ? [links.flat().length] : [this.channels / groups, filters];
    this.kernel = this.addWeight('kernel', [...kernel, ...dims], 'float32', start);
    if (hasBias) this.bias = this.addWeight('bias', [filters], 'float32', start);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = shapeOf(inputShape);
    return [shape[0], ...outputSize(boardOf(shape), this.args), this.args.filters];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = single(inputs) as Tensor4D;
      // A branch that stochastic depth leaves out; TensorFlow's library would give back x, WebGPU throw.
      if (x.size === 0) return zeros(this.computeOutputShape(x.shape) as number[]);
      const kernel = this.spreadKernel();
      const bias = this.bias?.read() as Tensor1D | undefined;
      if (this.args.groups === 1) return this.convolve(x, kernel, bias);
      const convolved = this.convolveGroups(x, kernel);
      return bias ? add(convolved, bias) : convolved;
    });
  }

  override getConfig(): serialization.ConfigDict {
    const { kernel, stride, pads, filters, groups, links, hasBias } = this.args;
    const own = { kernel, stride, pads, filters, groups, hasBias, ...(links ? { links } : {}) };
    return { ...super.getConfig(), ...(own as unknown as serialization.ConfigDict) };
  }

  /** TensorFlow's library has no gradients for padding in numbers: it is 'same' or zeros put around. */
  private convolve(x: Tensor4D, filter: Tensor4D, bias?: Tensor1D): Tensor4D {
    const run = (board: Tensor4D, padding: 'valid' | 'same'): Tensor4D =>
      fused.conv2d({ x: board, filter, strides: this.stride, pad: padding, ...(bias ? { bias } : {}) });
    if (isUnpadded(this.args)) return run(x, 'valid');
    if (isSame(boardOf(x.shape), this.args)) return run(x, 'same');
    return run(pad(x, paddingOf(this.args)), 'valid');
  }

  private convolveGroups(x: Tensor4D, kernel: Tensor4D): Tensor {
    const { groups, filters } = this.args;
    const [n, height, width] = x.shape;
    const [rows, columns, seen] = kernel.shape;
    const each = filters / groups;
    const parts = Array.from({ length: groups }, (_, group) =>
      this.convolve(
        slice(x, [0, 0, 0, group * seen], [n, height, width, seen]),
        slice(kernel, [0, 0, 0, group * each], [rows, columns, seen, each]),
      ),
    );
    return concat(parts, 3);
  }

  private spreadKernel(): Tensor4D {
    const { kernel: size, filters, links } = this.args;
    const kernel = this.kernel!.read();
    if (!links) return kernel as Tensor4D;
    const pairs = links.flatMap((seen, filter) => seen.map(channel => channel * filters + filter));
    const places = new Float32Array(pairs.length * this.channels * filters);
    for (const [link, at] of pairs.entries()) places[link * this.channels * filters + at] = 1;
    const spread = matMul(
      reshape(kernel, [size[0] * size[1], pairs.length]),
      tensor(places, [pairs.length, this.channels * filters]),
    );
    return reshape(spread, [size[0], size[1], this.channels, filters]);
  }
}

export interface BoardPoolArgs extends LayerArgs, Window {
  readonly mode: 'max' | 'mean';
}

/** No number is less in single precision. Shaders of WebGPU may take it that there is no infinity. */
const LEAST = -3.4028234663852886e38;

/**
 * The greatest number or the mean of each window; padding is neither. TensorFlow's C library knows the padding 'same' alone, so any
 * other is put around the board: numbers that never win, or zeros that a mean is then divided free of.
 */
export class BoardPool extends layers.Layer {
  static readonly className = 'HaneBoardPool';
  private readonly args: BoardPoolArgs;

  constructor(args: BoardPoolArgs) {
    super(args);
    this.args = args;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = shapeOf(inputShape);
    return [shape[0], ...outputSize(boardOf(shape), this.args), shape[3]];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const { kernel, stride, mode } = this.args;
    return tidy(() => {
      const x = single(inputs) as Tensor4D;
      const pool = (board: Tensor4D, padding: 'valid' | 'same'): Tensor4D =>
        (mode === 'max' ? maxPool : avgPool)(board, [...kernel], [...stride], padding);
      if (isUnpadded(this.args)) return pool(x, 'valid');
      const padding = paddingOf(this.args);
      if (mode === 'max')
        return isSame(boardOf(x.shape), this.args) ? pool(x, 'same') : pool(pad(x, padding, LEAST), 'valid');
      // Of a mean with 'same' TensorFlow.js's own backends have the wrong gradient at the edges: it counts the padding.
      const onBoard = pool(pad(ones([1, x.shape[1], x.shape[2], 1]), padding), 'valid');
      return div(pool(pad(x, padding), 'valid'), onBoard);
    });
  }

  override getConfig(): serialization.ConfigDict {
    const own = { ...windowOf(this.args), mode: this.args.mode };
    return { ...super.getConfig(), ...(own as unknown as serialization.ConfigDict) };
  }
}

export interface AdaptiveMeanArgs extends LayerArgs {
  readonly size: Pair;
}

/** The mean of each of height x width parts of the board, by products with two constant matrices. */
export class AdaptiveMean extends layers.Layer {
  static readonly className = 'HaneAdaptiveMean';
  private readonly size: Pair;

  constructor(args: AdaptiveMeanArgs) {
    super(args);
    this.size = args.size;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = shapeOf(inputShape);
    return [shape[0], ...this.size, shape[3]];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = single(inputs);
      const [n, height, width, channels] = x.shape;
      const [high, wide] = this.size;
      const rows = tensor(partMeans(height, high), [high, height]);
      const columns = tensor(partMeans(width, wide), [wide, width]);
      const byRow = reshape(transpose(x, [0, 3, 1, 2]), [n * channels * height, width]);
      const narrow = reshape(matMul(byRow, columns, false, true), [n, channels, height, wide]);
      const byColumn = reshape(transpose(narrow, [0, 1, 3, 2]), [n * channels * wide, height]);
      const small = reshape(matMul(byColumn, rows, false, true), [n, channels, wide, high]);
      return transpose(small, [0, 3, 2, 1]);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), size: [...this.size] };
  }
}

export interface SubsampleArgs extends LayerArgs {
  readonly size: number;
}

/** LeNet's sub-sampling: the sum of each part, a coefficient and a bias for each channel. Weights: both, [channels]. */
export class Subsample extends layers.Layer {
  static readonly className = 'HaneSubsample';
  private readonly size: number;
  private weight: LayerVariable | undefined;
  private bias: LayerVariable | undefined;

  constructor(args: SubsampleArgs) {
    super(args);
    this.size = args.size;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = [shapeOf(inputShape).at(-1)!];
    this.weight = this.addWeight('weight', channels, 'float32', initializers.zeros());
    this.bias = this.addWeight('bias', channels, 'float32', initializers.zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [n, height, width, channels] = shapeOf(inputShape);
    return [n, Math.floor(height! / this.size), Math.floor(width! / this.size), channels];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const mean = avgPool(single(inputs) as Tensor4D, this.size, this.size, 'valid');
      return add(mul(mean, mul(this.weight!.read(), this.size * this.size)), this.bias!.read());
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), size: this.size };
  }
}

for (const layer of [BoardConv, BoardPool, AdaptiveMean, Subsample]) serialization.registerClass(layer);
