/**
 * VGG networks (Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014): 3 x 3 convolutions
 * only. Names are torchvision's.
 */
import { SpecBuilder, type NetworkSpec } from '../spec.ts';
import { gainOrBias, heFanOut, normal, type Init } from './initial.ts';
import { finishClassifier, widen, type ImageNetworkOptions } from './networkOptions.ts';

export type VggDepth = 11 | 13 | 16 | 19;

/** Convolutions of each stage: columns A, B, D and E of table 1. */
const STAGES: Readonly<Record<VggDepth, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

const FILTERS = [64, 128, 256, 512, 512] as const;

export interface VggOptions extends ImageNetworkOptions {
  /** Whether each convolution is normalised; the paper is older than batch normalisation. */
  readonly batchNorm?: boolean;
  /** Share of the hidden units that training leaves out: 0.5. */
  readonly dropout?: number;
}

/** A network of 11 to 19 layers with weights. Output "logits". @throws SpecError if the input is too small */
export const vgg = (depth: VggDepth, options: VggOptions = {}): NetworkSpec => {
  const { numClasses = 1000, inputShape = [3, 224, 224], includeTop = true, width = 1 } = options;
  const { batchNorm = false, dropout = 0.5 } = options;
  const net = new SpecBuilder();
  let x = net.input('image', inputShape);
  let at = 0;
  const next = (): string => `features.${at++}`;
  for (const [stage, count] of STAGES[depth].entries()) {
    for (let i = 0; i < count; i++) {
      x = net.conv(next(), x, { filters: widen(FILTERS[stage], width), size: 3, bias: 'filter' });
      if (batchNorm) x = net.batchNorm(next(), x, 1e-5, 0.1);
      x = net.relu(next(), x);
    }
    x = net.maxPool(next(), x, { size: 2 });
  }
  if (!includeTop) return net.finish({ features: x });
  x = net.flatten('flat', x);
  for (const i of [0, 3]) {
    const hidden = net.relu(`classifier.${i + 1}`, net.dense(`classifier.${i}`, x, widen(4096, width)));
    x = net.dropout(`classifier.${i + 2}`, hidden, dropout);
  }
  return finishClassifier(net, 'classifier.6', x, { numClasses, softmax: options.softmax });
};

/**
 * Convolutions by He et al. 2015, the layers behind them N(0, 0.01), as torchvision: the paper's N(0, 0.01) for all does not train the
 * deeper ones, which it began with a trained shallow one.
 */
export const vggInit: Init = (parameter, random) =>
  gainOrBias(parameter) ??
  (parameter.kind === 'kernel' ? heFanOut(parameter, random) : normal(parameter, random, 0.01));
