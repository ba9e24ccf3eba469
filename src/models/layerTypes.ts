/** What a network can be made of: the layers and what each needs to know, as plain data. spec.ts says what a network of them is. */

/** Along the height and the width. */
export type Pair = readonly [number, number];

/** Rows above, columns on the left, rows below, columns on the right. */
export type Pads = readonly [number, number, number, number];

/** A window that moves over a board. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
}

/** A convolution: zero-padded. */
export interface ConvLayer extends Window {
  readonly type: 'conv';
  readonly filters: number;
  /** Into how many parts channels and filters are cut; a part's filters see its channels alone. */
  readonly groups: number;
  /** The channels that each filter sees, ascending; all of its group where this is not said. */
  readonly links?: readonly (readonly number[])[];
  /** One number a filter, or one a filter and point. */
  readonly bias: 'none' | 'filter' | 'point';
}

/** What a layer does. Shapes are [channels, height, width] on a board, [units] behind it. */
export type Layer =
  | { readonly type: 'input' }
  | ConvLayer
  /** `rate` is the share by which its running statistics follow a batch in training: STATISTICS_RATE where it is not said. */
  | { readonly type: 'batchNorm'; readonly epsilon: number; readonly rate?: number }
  | { readonly type: 'relu' }
  | { readonly type: 'tanh' }
  /** amplitude * tanh(slope * x) */
  | { readonly type: 'scaledTanh'; readonly amplitude: number; readonly slope: number }
  /** Over the units. */
  | { readonly type: 'softmax' }
  | { readonly type: 'add' }
  /** Along the first axis. */
  | { readonly type: 'concat' }
  /** Entries `start` to `end` - 1 of the first axis. */
  | { readonly type: 'slice'; readonly start: number; readonly end: number }
  | { readonly type: 'scale'; readonly factor: number }
  /** Over the board: one number a channel. */
  | { readonly type: 'globalMean' }
  | { readonly type: 'globalMax' }
  /** Padding never wins, and counts in no mean. */
  | ({ readonly type: 'maxPool' | 'meanPool' } & Window)
  /** The board in height x width parts, as even as they come, which may share a row; the mean of each. */
  | { readonly type: 'adaptiveMean'; readonly size: Pair }
  /** The sum of each size x size part times a weight of the channel, plus a bias of the channel; both are learned. */
  | { readonly type: 'subsample'; readonly size: number }
  /** a / (bias + alpha * sum of squares of `size` neighbouring channels) ^ beta; alpha is not divided by `size`. */
  | {
      readonly type: 'localResponseNorm';
      readonly size: number;
      readonly alpha: number;
      readonly beta: number;
      readonly bias: number;
    }
  /** In training each number is 0 with probability `rate`, the others grow by 1 / (1 - rate). */
  | { readonly type: 'dropout'; readonly rate: number }
  /** Every `stride`-th point; channels of zeros before and behind. */
  | {
      readonly type: 'padShortcut';
      readonly stride: number;
      readonly before: number;
      readonly behind: number;
    }
  /** The way into a branch that training leaves out of whole batches, at the will of the stochasticAdd behind it. */
  | { readonly type: 'gate'; readonly survival: number }
  /**
   * A branch, its first input, onto a shortcut, its second. In training the branch is there with probability `survival`, for
   * each batch or each row of it. `scaling` says what makes up for it: the branch times `survival` in use ('test', Huang et
   * al. 2016), or divided by it in training ('train').
   */
  | {
      readonly type: 'stochasticAdd';
      readonly survival: number;
      readonly mode: 'batch' | 'row';
      readonly scaling: 'test' | 'train';
    }
  | { readonly type: 'flatten' }
  | { readonly type: 'dense'; readonly units: number; readonly bias: boolean }
  /** Squared distances to fixed centres, one row each. */
  | { readonly type: 'radialBasis'; readonly centres: readonly (readonly number[])[] }
  /** Numbers of words to vectors: [words] to [size, words, 1]. Its table is learned or as it is given. */
  | {
      readonly type: 'embedding';
      readonly words: number;
      readonly size: number;
      readonly trainable: boolean;
    };

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

/** A network that cannot be; the message says what is asked of it. */
export class SpecError extends RangeError {
  constructor(message: string) {
    super(message);
    this.name = 'SpecError';
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);
