/**
 * Residual networks (He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2015): those for ImageNet and those for
 * CIFAR-10, with the paper's three kinds of shortcut, and stochastic depth as an option (Huang, Sun, Liu, Sedra and Weinberger, "Deep
 * Networks with Stochastic Depth", 2016). Parameters have torchvision's names.
 */
import { SpecBuilder, SpecError, type NetworkSpec } from '../spec.ts';
import { gainOrBias, heFanOut, normal, constant, type Init } from './initial.ts';
import { finishClassifier, widen, type ImageNetworkOptions } from './networkOptions.ts';
import { survivals, type StochasticDepth } from './stochasticDepth.ts';

/** torch's share by which running statistics follow a batch. */
const NORM_RATE = 0.1;
const NORM_EPSILON = 1e-5;

/** Shortcuts where the shape changes: zeros, a projection; or projections everywhere. */
export const SHORTCUTS = ['A', 'B', 'C'] as const;
export type Shortcut = (typeof SHORTCUTS)[number];

export type ResnetDepth = 18 | 34 | 50 | 101 | 152;

/** Blocks of each stage: table 1. */
const STAGES: Readonly<Record<ResnetDepth, readonly number[]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
};

export interface ResidualOptions extends ImageNetworkOptions {
  /** 'B' for ImageNet, 'A' for CIFAR-10. */
  readonly shortcut?: Shortcut;
  /** Blocks are left out in training; none by default. */
  readonly stochasticDepth?: StochasticDepth;
  /** Whether blocks begin as if they were not there: the gain of their last normalisation is 0. For first values only. */
  readonly zeroInitResidual?: boolean;
}

export interface ResnetOptions extends ResidualOptions {
  /** Where a bottleneck has its stride: in the first 1x1 ('v1', the paper) or in the 3x3 ('v1.5', torchvision). */
  readonly version?: 'v1' | 'v1.5';
}

/**
 * A residual network for 224 x 224. Output "logits".
 */
export const resnet = (depth: ResnetDepth, options: ResnetOptions = {}): NetworkSpec => {
  const { numClasses = 1000, inputShape = [3, 224, 224], includeTop = true, width = 1 } = options;
  const { version = 'v1', shortcut = 'B' } = options;
  const net = new SpecBuilder();
  const image = net.input('image', inputShape);
  const stem = normalised(net, 'conv1', 'bn1', image, { filters: widen(64, width), size: 7, stride: 2 });
  let x = net.maxPool('maxpool', net.relu('relu', stem), { size: 3, stride: 2, padding: 1 });
  const stages = STAGES[depth];
  const isDeep = depth >= 50;
  const chances = survivals(
    stages.reduce((sum, blocks) => sum + blocks, 0),
    options.stochasticDepth,
  );
  let block = 0;
  for (const [stage, blocks] of stages.entries())
    for (let i = 0; i < blocks; i++)
      x = addBlock(net, `layer${stage + 1}.${i}`, x, {
        filters: widen(64 * 2 ** stage, width),
        stride: stage > 0 && i === 0 ? 2 : 1,
        kind: isDeep ? 'bottleneck' : 'basic',
        version,
        shortcut,
        depth: options.stochasticDepth,
        survival: chances[block++],
      });
  if (!includeTop) return net.finish({ features: x });
  return finishClassifier(net, 'fc', net.globalMean('avgpool', x), { numClasses, softmax: options.softmax });
};

export type CifarResnetOptions = ResidualOptions;

/** Depths of section 4.2. */
export const CIFAR_DEPTHS = [20, 32, 44, 56, 110] as const;

/**
 * A residual network for 32 x 32: 6n + 2 layers in three stages of 16, 32 and 64 filters. Output "logits".
 * @param depth 6n + 2; the paper's are {@link CIFAR_DEPTHS}
 * @throws SpecError for another depth
 */
export const cifarResnet = (depth: number, options: CifarResnetOptions = {}): NetworkSpec => {
  const { numClasses = 10, inputShape = [3, 32, 32], includeTop = true, width = 1, shortcut = 'A' } = options;
  const blocks = (depth - 2) / 6;
  if (!Number.isInteger(blocks) || blocks < 1)
    throw new SpecError(`depth ${depth}: must be 6n + 2, such as ${CIFAR_DEPTHS.join(', ')}`);
  const net = new SpecBuilder();
  const image = net.input('image', inputShape);
  let x = net.relu(
    'relu',
    normalised(net, 'conv1', 'bn1', image, { filters: widen(16, width), size: 3, stride: 1 }),
  );
  const chances = survivals(3 * blocks, options.stochasticDepth);
  for (let stage = 0; stage < 3; stage++)
    for (let i = 0; i < blocks; i++)
      x = addBlock(net, `layer${stage + 1}.${i}`, x, {
        filters: widen(16 * 2 ** stage, width),
        stride: stage > 0 && i === 0 ? 2 : 1,
        kind: 'basic',
        version: 'v1',
        shortcut,
        depth: options.stochasticDepth,
        survival: chances[stage * blocks + i],
      });
  if (!includeTop) return net.finish({ features: x });
  return finishClassifier(net, 'linear', net.globalMean('avgpool', x), {
    numClasses,
    softmax: options.softmax,
  });
};

interface ConvShape {
  readonly filters: number;
  readonly size: number;
  readonly stride: number;
}

/** Padded as torch pads: as much on every side. */
const normalised = (
  net: SpecBuilder,
  conv: string,
  norm: string,
  input: string,
  shape: ConvShape,
): string => {
  const convolved = net.conv(conv, input, { ...shape, padding: (shape.size - 1) / 2 });
  return net.batchNorm(norm, convolved, NORM_EPSILON, NORM_RATE);
};

/** A bottleneck ends in this many times its filters. */
const EXPANSION = 4;

interface BlockOptions {
  readonly filters: number;
  readonly stride: number;
  readonly kind: 'basic' | 'bottleneck';
  readonly version: 'v1' | 'v1.5';
  readonly shortcut: Shortcut;
  readonly depth: StochasticDepth | undefined;
  readonly survival: number;
}

const addBlock = (net: SpecBuilder, name: string, input: string, options: BlockOptions): string => {
  const { filters, stride, kind, version, depth, survival } = options;
  const isBottleneck = kind === 'bottleneck';
  const channels = isBottleneck ? EXPANSION * filters : filters;
  const shortcut = addShortcut(net, name, input, channels, options);
  const inFirst = !isBottleneck || version === 'v1' ? stride : 1;
  const shapes: readonly ConvShape[] = isBottleneck
    ? [
        { filters, size: 1, stride: inFirst },
        { filters, size: 3, stride: stride / inFirst },
        { filters: channels, size: 1, stride: 1 },
      ]
    : [
        { filters, size: 3, stride },
        { filters, size: 3, stride: 1 },
      ];
  const mode = depth?.mode ?? 'batch';
  let x = depth && mode === 'batch' ? net.gate(`${name}.gate`, input, survival) : input;
  for (const [i, shape] of shapes.entries()) {
    x = normalised(net, `${name}.conv${i + 1}`, `${name}.bn${i + 1}`, x, shape);
    if (i < shapes.length - 1) x = net.relu(`${name}.relu${i + 1}`, x);
  }
  const sum = depth
    ? net.stochasticAdd(`${name}.add`, x, shortcut, { survival, mode, scaling: depth.scaling ?? 'test' })
    : net.add(`${name}.add`, x, shortcut);
  return net.relu(`${name}.relu`, sum);
};

const addShortcut = (
  net: SpecBuilder,
  name: string,
  input: string,
  channels: number,
  { stride, shortcut }: BlockOptions,
): string => {
  const isSame = stride === 1 && net.shapeOf(input)[0] === channels;
  if (shortcut === 'A')
    return isSame ? input : net.padShortcut(`${name}.shortcut`, input, { stride, channels });
  if (isSame && shortcut === 'B') return input;
  const shape = { filters: channels, size: 1, stride };
  return normalised(net, `${name}.downsample.0`, `${name}.downsample.1`, input, shape);
};

/**
 * Convolutions by He et al. 2015; the last layer with the deviation of torch's, which is uniform.
 * @param lastNorm of a block: 'bn2' of basic ones, 'bn3' of bottlenecks
 */
export const resnetInit =
  (
    lastNorm: 'bn2' | 'bn3',
    { zeroInitResidual = false }: Pick<ResidualOptions, 'zeroInitResidual'> = {},
  ): Init =>
  (parameter, random) => {
    if (zeroInitResidual && parameter.name.endsWith(`.${lastNorm}.weight`)) return constant(parameter, 0);
    const fixed = gainOrBias(parameter);
    if (fixed) return fixed;
    if (parameter.dims.length === 4) return heFanOut(parameter, random);
    return normal(parameter, random, Math.sqrt(1 / (3 * parameter.fanIn)));
  };
