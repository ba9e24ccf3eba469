/** Layers of the model library without windows: activations, distances, tables of words, LeNet's and AlexNet's particulars. */
import {
  avgPool,
  cast,
  expandDims,
  gather,
  localResponseNormalization,
  mul,
  pad,
  reshape,
  serialization,
  square,
  sub,
  sum,
  tanh,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { shapeOf, single, type LayerArgs } from './tfLayerBase.ts';

export interface ScaledTanhArgs extends LayerArgs {
  readonly amplitude: number;
  readonly slope: number;
}

/** amplitude * tanh(slope * x) */
export class ScaledTanh extends layers.Layer {
  static readonly className = 'HaneScaledTanh';
  private readonly amplitude: number;
  private readonly slope: number;

  constructor(args: ScaledTanhArgs) {
    super(args);
    this.amplitude = args.amplitude;
    this.slope = args.slope;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => mul(tanh(mul(single(inputs), this.slope)), this.amplitude));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), amplitude: this.amplitude, slope: this.slope };
  }
}

export interface LocalResponseNormArgs extends LayerArgs {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** a / (bias + alpha * sum of squares of `size` neighbouring channels) ^ beta, as AlexNet's paper writes it. */
export class LocalResponseNorm extends layers.Layer {
  static readonly className = 'HaneLocalResponseNorm';
  private readonly args: LocalResponseNormArgs;

  constructor(args: LocalResponseNormArgs) {
    super(args);
    this.args = args;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const { size, alpha, beta, bias } = this.args;
    const radius = (size - 1) / 2;
    return tidy(() => localResponseNormalization(single(inputs) as Tensor4D, radius, bias, alpha, beta));
  }

  override getConfig(): serialization.ConfigDict {
    const { size, alpha, beta, bias } = this.args;
    return { ...super.getConfig(), size, alpha, beta, bias };
  }
}

export interface PadShortcutArgs extends LayerArgs {
  readonly stride: number;
  readonly before: number;
  readonly behind: number;
}

/** Every stride-th point, between channels of zeros. Its pool of single points is a choice of points whose gradient is known. */
export class PadShortcut extends layers.Layer {
  static readonly className = 'HanePadShortcut';
  private readonly args: PadShortcutArgs;

  constructor(args: PadShortcutArgs) {
    super(args);
    this.args = args;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const { stride, before, behind } = this.args;
    const [n, height, width, channels] = shapeOf(inputShape);
    return [n, Math.ceil(height! / stride), Math.ceil(width! / stride), before + channels! + behind];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const { stride, before, behind } = this.args;
    return tidy(() => {
      const x = single(inputs) as Tensor4D;
      const points = stride === 1 ? x : avgPool(x, 1, stride, 'valid');
      return pad(points, [
        [0, 0],
        [0, 0],
        [0, 0],
        [before, behind],
      ]);
    });
  }

  override getConfig(): serialization.ConfigDict {
    const { stride, before, behind } = this.args;
    return { ...super.getConfig(), stride, before, behind };
  }
}

/** The greatest divisor of a number that is not above its root. */
const partsOf = (size: number): number => {
  let parts = Math.floor(Math.sqrt(size));
  while (size % parts !== 0) parts--;
  return parts;
};

export interface RadialBasisArgs extends LayerArgs {
  readonly centres: readonly (readonly number[])[];
}

/** Squared distances to fixed centres. */
export class RadialBasis extends layers.Layer {
  static readonly className = 'HaneRadialBasis';
  private readonly centres: readonly (readonly number[])[];

  constructor(args: RadialBasisArgs) {
    super(args);
    this.centres = args.centres;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [shapeOf(inputShape)[0], this.centres.length];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const centres = tensor2d(this.centres.map(row => [...row]));
      const squares = square(sub(expandDims(single(inputs), 1), centres));
      const [n, count, units] = squares.shape;
      // In two steps: the WebAssembly backend adds numbers one after the other, and its rounding errors with them.
      const rows = partsOf(units);
      return sum(sum(reshape(squares, [n, count, rows, units / rows]), 3), 2);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), centres: this.centres.map(row => [...row]) };
  }
}

export interface WordTableArgs extends LayerArgs {
  readonly words: number;
  readonly size: number;
}

/** Numbers of words to vectors: [n, words] to [n, words, 1, size]. Weight: [words, size]. */
export class WordTable extends layers.Layer {
  static readonly className = 'HaneWordTable';
  private readonly args: WordTableArgs;
  private table: LayerVariable | undefined;

  constructor(args: WordTableArgs) {
    super(args);
    this.args = args;
  }

  override build(inputShape: Shape | Shape[]): void {
    const { words, size } = this.args;
    // `trainable` of the layer does not reach the variable, which optimisers ask.
    const isLearned = this.trainable;
    this.table = this.addWeight(
      'table',
      [words, size],
      'float32',
      initializers.zeros(),
      undefined,
      isLearned,
    );
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [n, length] = shapeOf(inputShape);
    return [n, length, 1, this.args.size];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const words = single(inputs);
      const vectors = gather(this.table!.read(), cast(words, 'int32'));
      return reshape(vectors, [words.shape[0], words.shape[1]!, 1, this.args.size]);
    });
  }

  override getConfig(): serialization.ConfigDict {
    const { words, size } = this.args;
    return { ...super.getConfig(), words, size };
  }
}

for (const layer of [ScaledTanh, LocalResponseNorm, PadShortcut, RadialBasis, WordTable])
  serialization.registerClass(layer);
