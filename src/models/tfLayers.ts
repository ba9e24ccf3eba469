/**
 * Layers that the Go networks have and TensorFlow.js has not, or not so; tfWindows.ts, tfUnits.ts and tfChance.ts have those of the
 * model library. Inside, boards are channels last: [n, height, width, channels].
 * All are registered, so that a saved model loads wherever this module has been imported.
 */
import {
  add,
  batchNorm,
  customGrad,
  div,
  max,
  mean,
  mul,
  reshape,
  rsqrt,
  serialization,
  slice,
  square,
  step,
  sub,
  sum,
  tidy,
  type GradSaveFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { STATISTICS_RATE } from './spec.ts';
import { shapeOf, single, type LayerArgs } from './tfLayerBase.ts';

/** Adds a number of its own to every point of every channel. Weight: [height, width, channels]. */
export class PointBias extends layers.Layer {
  static readonly className = 'HanePointBias';
  private bias: LayerVariable | undefined;

  override build(inputShape: Shape | Shape[]): void {
    this.bias = this.addWeight('bias', shapeOf(inputShape).slice(1), 'float32', initializers.zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => add(single(inputs), this.bias!.read()));
  }
}

export interface BoardNormArgs extends LayerArgs {
  readonly epsilon: number;
  readonly rate?: number;
}

/**
 * Batch normalisation over everything but the channels. TensorFlow.js's own takes three times the time to train, through the
 * gradients of a dozen operations, and does not say its variance. Weights: gain, bias, running mean, running variance (biased).
 */
export class BoardNorm extends layers.Layer {
  static readonly className = 'HaneBoardNorm';
  /** Share by which the running statistics follow a batch in training; STATISTICS_RATE unless something else is said. */
  private readonly rate: number;
  private readonly epsilon: number;
  private gain: LayerVariable | undefined;
  private bias: LayerVariable | undefined;
  private mean: LayerVariable | undefined;
  private variance: LayerVariable | undefined;

  constructor(args: BoardNormArgs) {
    super(args);
    this.epsilon = args.epsilon;
    this.rate = args.rate ?? STATISTICS_RATE;
  }

  override build(inputShape: Shape | Shape[]): void {
    const size = [shapeOf(inputShape).at(-1)!];
    const zeros = initializers.zeros();
    const ones = initializers.ones();
    this.gain = this.addWeight('gain', size, 'float32', ones);
    this.bias = this.addWeight('bias', size, 'float32', zeros);
    this.mean = this.addWeight('mean', size, 'float32', zeros, undefined, false);
    this.variance = this.addWeight('variance', size, 'float32', ones, undefined, false);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[], options: { readonly training?: boolean }): Tensor {
    return tidy(() => {
      const x = single(inputs);
      const [gain, bias] = [this.gain!.read(), this.bias!.read()];
      // A batch without positions is a branch that stochastic depth leaves out; it has no statistics.
      if (options.training && x.size > 0) return this.normalize(x, gain, bias);
      const [center, spread] = [this.mean!.read(), this.variance!.read()];
      return batchNorm(x, center, spread, bias, gain, this.epsilon);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon, rate: this.rate };
  }

  /** By the statistics of the batch, which the running ones then follow. The gradient is the textbook's, in few operations. */
  private normalize(x: Tensor, gain: Tensor, bias: Tensor): Tensor {
    const axes = x.shape.map((_, axis) => axis).slice(0, -1);
    const count = x.size / x.shape.at(-1)!;
    const forward = customGrad((...parts) => {
      const [a, g, b] = parts as [Tensor, Tensor, Tensor];
      const save = parts[3] as GradSaveFunc;
      const center = mean(a, axes);
      const variance = mean(square(sub(a, center)), axes);
      this.follow(this.mean!, center);
      this.follow(this.variance!, variance);
      const rate = rsqrt(add(variance, this.epsilon));
      const scale = mul(rate, g);
      save([a, center, rate, scale]);
      const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
        const [saw, middle, speed, factor] = saved;
        const forBias = sum(dy, axes);
        const forGain = mul(speed, sub(sum(mul(dy, saw), axes), mul(middle, forBias)));
        // factor * (dy - mean(dy) - normalised * mean(dy * normalised)), gathered by what it multiplies.
        const slope = mul(mul(mul(factor, speed), forGain), -1 / count);
        const level = sub(mul(mul(factor, forBias), -1 / count), mul(middle, slope));
        return [add(add(mul(dy, factor), mul(saw, slope)), level), forGain, forBias];
      };
      return { value: add(mul(a, scale), sub(b, mul(center, scale))), gradFunc };
    });
    return forward(x, gain, bias);
  }

  private follow(running: LayerVariable, fresh: Tensor): void {
    const before = running.read();
    running.write(add(before, mul(sub(fresh, before), this.rate)));
  }
}

/** The maximum of each channel over the board. Equal points share the gradient, which TensorFlow.js's own gives to each in full. */
export class BoardMax extends layers.Layer {
  static readonly className = 'HaneBoardMax';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = shapeOf(inputShape);
    return [shape[0], shape.at(-1)!];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => sharedMax(single(inputs)));
  }
}

const sharedMax = (x: Tensor): Tensor =>
  customGrad((...parts) => {
    const [a] = parts as [Tensor];
    const most = max(a, [1, 2], true);
    (parts[1] as GradSaveFunc)([a, most]);
    const gradFunc = (dy: Tensor, [saw, top]: Tensor[]): Tensor => {
      // Without a comparison: on WebGPU a Boolean that becomes a number stays whole and breaks the shaders behind.
      const isMost = sub(1, step(sub(top, saw)));
      const share = div(reshape(dy, top.shape), sum(isMost, [1, 2], true));
      return mul(isMost, share);
    };
    return { value: reshape(most, [a.shape[0], a.shape.at(-1)!]), gradFunc };
  })(x);

export interface ChannelSliceArgs extends LayerArgs {
  readonly start: number;
  readonly end: number;
}

/** Channels `start` to `end` - 1. */
export class ChannelSlice extends layers.Layer {
  static readonly className = 'HaneChannelSlice';
  private readonly start: number;
  private readonly end: number;

  constructor(args: ChannelSliceArgs) {
    super(args);
    this.start = args.start;
    this.end = args.end;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...shapeOf(inputShape).slice(0, -1), this.end - this.start];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = single(inputs);
      const before = x.shape.slice(0, -1);
      return slice(x, [...before.map(() => 0), this.start], [...before, this.end - this.start]);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), start: this.start, end: this.end };
  }
}

export interface ScaleArgs extends LayerArgs {
  readonly factor: number;
}

/** Multiplies by a constant. */
export class Scale extends layers.Layer {
  static readonly className = 'HaneScale';
  private readonly factor: number;

  constructor(args: ScaleArgs) {
    super(args);
    this.factor = args.factor;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => mul(single(inputs), this.factor));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), factor: this.factor };
  }
}

for (const layer of [PointBias, BoardNorm, BoardMax, ChannelSlice, Scale]) serialization.registerClass(layer);
