/**
 * Layers that draw in training: dropout and stochastic depth. Each draw takes a new seed from layerRandom.ts: with one seed
 * TensorFlow.js draws the same mask every time.
 */
import {
  add,
  div,
  greaterEqual,
  cast,
  mul,
  randomUniform,
  serialization,
  slice,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { drawLayerNumber, drawLayerSeed } from './layerRandom.ts';
import { shapeOf, single, type LayerArgs } from './tfLayerBase.ts';

interface CallOptions {
  readonly training?: boolean;
}

/** 1 with probability `share`, otherwise 0. */
const drawMask = (shape: number[], share: number): Tensor =>
  cast(greaterEqual(randomUniform(shape, 0, 1, 'float32', drawLayerSeed()), 1 - share), 'float32');

export interface DropoutArgs extends LayerArgs {
  readonly rate: number;
}

/** In training each number is 0 with probability `rate`, the others grow by 1 / (1 - rate). */
export class Dropout extends layers.Layer {
  static readonly className = 'HaneDropout';
  private readonly rate: number;

  constructor(args: DropoutArgs) {
    super(args);
    this.rate = args.rate;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[], { training }: CallOptions): Tensor {
    const x = single(inputs);
    if (!training) return x;
    const kept = 1 - this.rate;
    return tidy(() => mul(x, div(drawMask(x.shape, kept), kept)));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}

export interface GateArgs extends LayerArgs {
  readonly survival: number;
}

/**
 * The way into a branch that is there for whole batches: a closed gate lets a batch of no positions through, so that the layers of
 * the branch have nothing to do. This is where stochastic depth saves its time.
 */
export class Gate extends layers.Layer {
  static readonly className = 'HaneGate';
  private readonly survival: number;

  constructor(args: GateArgs) {
    super(args);
    this.survival = args.survival;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[], { training }: CallOptions): Tensor {
    const x = single(inputs);
    if (!training || drawLayerNumber() < this.survival) return x;
    return tidy(() =>
      slice(
        x,
        x.shape.map(() => 0),
        [0, ...x.shape.slice(1)],
      ),
    );
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), survival: this.survival };
  }
}

export interface StochasticAddArgs extends LayerArgs {
  readonly survival: number;
  readonly mode: 'batch' | 'row';
  readonly scaling: 'test' | 'train';
}

/** A branch, its first input, onto a shortcut; see layerTypes.ts. A branch behind a closed gate has no positions. */
export class StochasticAdd extends layers.Layer {
  static readonly className = 'HaneStochasticAdd';
  private readonly args: StochasticAddArgs;

  constructor(args: StochasticAddArgs) {
    super(args);
    this.args = args;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return shapeOf(inputShape);
  }

  override call(inputs: Tensor | Tensor[], { training }: CallOptions): Tensor {
    const [branch, shortcut] = inputs as Tensor[];
    const { survival, mode, scaling } = this.args;
    if (!training) return tidy(() => add(scaling === 'test' ? mul(branch, survival) : branch, shortcut));
    if (branch.shape[0] === 0 && shortcut.shape[0] !== 0) return shortcut;
    return tidy(() => {
      const scaled = scaling === 'train' ? div(branch, survival) : branch;
      if (mode === 'batch') return add(scaled, shortcut);
      const rows = drawMask([branch.shape[0], ...branch.shape.slice(1).map(() => 1)], survival);
      return add(mul(scaled, rows), shortcut);
    });
  }

  override getConfig(): serialization.ConfigDict {
    const { survival, mode, scaling } = this.args;
    return { ...super.getConfig(), survival, mode, scaling };
  }
}

for (const layer of [Dropout, Gate, StochasticAdd]) serialization.registerClass(layer);
