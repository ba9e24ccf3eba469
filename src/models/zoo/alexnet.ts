/**
 * AlexNet (Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012): as published,
 * with convolutions in two groups (one on each of two GPUs); without groups, as it is usually drawn; and torchvision's, which is that
 * of "One weird trick for parallelizing convolutional neural networks" (Krizhevsky, 2014), without normalisation.
 */
import { SpecBuilder, type NetworkSpec } from '../spec.ts';
import { constant, normal, uniform, type Init } from './initial.ts';
import { finishClassifier, widen, type ImageNetworkOptions } from './networkOptions.ts';

export interface AlexnetOptions extends ImageNetworkOptions {
  /** Share of the hidden units that training leaves out: 0.5. */
  readonly dropout?: number;
}

export interface AlexnetPaperOptions extends AlexnetOptions {
  /** Normalisation before the pool (the paper, by default) or behind it (Caffe's CaffeNet and many drawings). */
  readonly lrnBeforePool?: boolean;
}

/** Section 3.3; alpha is not divided by the size, as Caffe and torch do. */
const LOCAL_RESPONSE = { size: 5, alpha: 1e-4, beta: 0.75, bias: 2 } as const;

const POOL = { size: 3, stride: 2 } as const;

/**
 * The network of the paper, whose 224 x 224 has to be 227 x 227 for its sums to work. Output "logits".
 * @param groups 2 as published, 1 as it is usually drawn
 * @throws SpecError if the input is too small
 */
export const alexnet = (groups: 1 | 2 = 2, options: AlexnetPaperOptions = {}): NetworkSpec => {
  const { numClasses = 1000, inputShape = [3, 227, 227], includeTop = true, width = 1 } = options;
  const { lrnBeforePool = true } = options;
  const net = new SpecBuilder();
  const conv = (
    name: string,
    input: string,
    filters: number,
    size: number,
    shape: ConvShape = {},
  ): string => {
    const { stride = 1, padding = (size - 1) / 2, parts = 1 } = shape;
    const own = { filters: widen(filters, width, 2), size, stride, padding, groups: parts };
    return net.relu(`relu${name.slice(4)}`, net.conv(name, input, { ...own, bias: 'filter' }));
  };
  const shrink = (i: number, input: string): string =>
    lrnBeforePool
      ? net.maxPool(`pool${i}`, net.localResponseNorm(`norm${i}`, input, LOCAL_RESPONSE), POOL)
      : net.localResponseNorm(`norm${i}`, net.maxPool(`pool${i}`, input, POOL), LOCAL_RESPONSE);
  const first = conv('conv1', net.input('image', inputShape), 96, 11, { stride: 4, padding: 0 });
  const second = conv('conv2', shrink(1, first), 256, 5, { parts: groups });
  const third = conv('conv3', shrink(2, second), 384, 3);
  const fifth = conv('conv5', conv('conv4', third, 384, 3, { parts: groups }), 256, 3, { parts: groups });
  const board = net.maxPool('pool5', fifth, POOL);
  if (!includeTop) return net.finish({ features: board });
  const { dropout = 0.5 } = options;
  let x = net.flatten('flat', board);
  for (const i of [6, 7]) {
    const hidden = net.relu(`relu${i}`, net.dense(`fc${i}`, x, widen(4096, width)));
    x = net.dropout(`drop${i}`, hidden, dropout);
  }
  return finishClassifier(net, 'fc8', x, { numClasses, softmax: options.softmax });
};

interface ConvShape {
  readonly stride?: number;
  readonly padding?: number;
  readonly parts?: number;
}

/** Section 5: N(0, 0.01); 1 for the biases of the second, fourth and fifth convolution and of the hidden layers. */
export const alexnetInit: Init = (parameter, random) => {
  if (parameter.kind !== 'bias') return normal(parameter, random, 0.01);
  return constant(parameter, /^(conv2|conv4|conv5|fc6|fc7)\./.test(parameter.name) ? 1 : 0);
};

/** torchvision's `alexnet`, with its names. Output "logits". @throws SpecError if the input is too small */
export const alexnetTorchvision = (options: AlexnetOptions = {}): NetworkSpec => {
  const {
    numClasses = 1000,
    inputShape = [3, 224, 224],
    includeTop = true,
    width = 1,
    dropout = 0.5,
  } = options;
  const net = new SpecBuilder();
  const conv = (
    i: number,
    input: string,
    filters: number,
    size: number,
    stride = 1,
    padding = (size - 1) / 2,
  ): string => {
    const own = { filters: widen(filters, width), size, stride, padding };
    return net.relu(`features.${i + 1}`, net.conv(`features.${i}`, input, { ...own, bias: 'filter' }));
  };
  let x = conv(0, net.input('image', inputShape), 64, 11, 4, 2);
  x = conv(3, net.maxPool('features.2', x, POOL), 192, 5);
  x = conv(6, net.maxPool('features.5', x, POOL), 384, 3);
  x = conv(10, conv(8, x, 256, 3), 256, 3);
  x = net.maxPool('features.12', x, POOL);
  if (!includeTop) return net.finish({ features: x });
  x = net.flatten('flat', net.adaptiveMean('avgpool', x, [6, 6]));
  for (const i of [0, 3]) {
    const dropped = net.dropout(`classifier.${i}`, x, dropout);
    x = net.relu(`classifier.${i + 2}`, net.dense(`classifier.${i + 1}`, dropped, widen(4096, width)));
  }
  return finishClassifier(net, 'classifier.6', x, { numClasses, softmax: options.softmax });
};

/** torch's own: U(-1 / sqrt(inputs), 1 / sqrt(inputs)); biases 0. */
export const alexnetTorchvisionInit: Init = (parameter, random) =>
  parameter.kind === 'bias'
    ? constant(parameter, 0)
    : uniform(parameter, random, 1 / Math.sqrt(parameter.fanIn));
