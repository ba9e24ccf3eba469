/**
 * LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998, section II): the
 * network as published, 60,000 parameters, and the form in which it is usually taught. Digits are 28 x 28 points on 32 x 32, paper
 * -0.1, ink 1.175.
 */
import { SpecBuilder, SpecError, type NetworkSpec, type ParameterSpec } from '../spec.ts';
import { DIGIT_BITMAPS } from './digitBitmaps.ts';
import { constant, gainOrBias, heFanOut, normal, uniform, type Init } from './initial.ts';
import { finishClassifier, type ImageNetworkOptions } from './networkOptions.ts';

/** Which maps of S2 each map of C3 sees: table I of the paper. */
export const C3_TABLE = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
] as const;

/** The squashing function, A tanh(S a): f(1) = 1 and f(-1) = -1 (appendix A). */
const AMPLITUDE = 1.7159;
const SLOPE = 2 / 3;

const INPUT = [1, 32, 32] as const;

export interface Lenet5Options {
  /** 10, or 0 for the 84 features that the outputs are distances of. */
  readonly numClasses?: number;
  /** One code of 84 numbers for each class, in place of the drawn digits; a task of other classes needs its own. */
  readonly codes?: readonly (readonly number[])[];
}

/**
 * As published: each map of C3 sees some maps of S2, sub-sampling has weights, and the outputs are squared distances of the 84 units of
 * F6 to the drawn digits. Output "distances": the class is the LEAST.
 * @throws SpecError for another number of classes than of codes
 */
export const lenet5 = ({
  codes = DIGIT_BITMAPS,
  numClasses = codes.length,
}: Lenet5Options = {}): NetworkSpec => {
  if (numClasses !== 0 && numClasses !== codes.length)
    throw new SpecError(
      `numClasses ${numClasses}: must be ${codes.length}, as many as codes, or 0; give codes for other classes`,
    );
  const net = new SpecBuilder();
  const squash = (layer: string): string => net.scaledTanh(`${layer}.tanh`, layer, AMPLITUDE, SLOPE);
  const conv = (
    name: string,
    input: string,
    filters: number,
    links?: readonly (readonly number[])[],
  ): string =>
    squash(
      net.conv(name, input, {
        filters,
        size: 5,
        padding: 'valid',
        bias: 'filter',
        ...(links ? { links } : {}),
      }),
    );
  const c1 = conv('c1', net.input('image', INPUT), 6);
  const s2 = squash(net.subsample('s2', c1, 2));
  const c3 = conv('c3', s2, 16, C3_TABLE);
  const s4 = squash(net.subsample('s4', c3, 2));
  const c5 = conv('c5', s4, 120);
  const f6 = squash(net.dense('f6', net.flatten('flat', c5), 84));
  if (numClasses === 0) return net.finish({ features: f6 });
  return net.finish({ distances: net.radialBasis('output', f6, codes) });
};

/** Between -2.4 / F and 2.4 / F, F the inputs of a unit (appendix A), of C3 those of each map; biases 0. */
export const lenet5Init: Init = (parameter, random) => {
  const reach = 2.4;
  if (parameter.name === 'c3.weight') {
    const taps = 25;
    const parts = C3_TABLE.map(seen => {
      const part: ParameterSpec = { ...parameter, dims: [seen.length, taps] };
      return uniform(part, random, reach / (seen.length * taps));
    });
    return Float32Array.from(parts.flatMap(part => [...part]));
  }
  if (parameter.kind === 'bias') return constant(parameter, 0);
  return uniform(parameter, random, reach / parameter.fanIn);
};

export interface Lenet5ModernOptions extends ImageNetworkOptions {
  /** 'relu' by default; LeNet's time had 'tanh'. */
  readonly activation?: 'relu' | 'tanh';
  /** 'max' by default. */
  readonly pool?: 'max' | 'mean';
}

/** As it is usually taught: every map sees every map, pools without weights, logits of ten classes. 61,706 parameters. */
export const lenet5Modern = (options: Lenet5ModernOptions = {}): NetworkSpec => {
  const { numClasses = 10, inputShape = INPUT, includeTop = true } = options;
  const { activation = 'relu', pool = 'max', softmax } = options;
  const net = new SpecBuilder();
  const act = (layer: string): string => net[activation](`${layer}.${activation}`, layer);
  const half = (name: string, layer: string): string =>
    net[pool === 'max' ? 'maxPool' : 'meanPool'](name, layer, { size: 2 });
  const conv = (name: string, input: string, filters: number): string =>
    act(net.conv(name, input, { filters, size: 5, padding: 'valid', bias: 'filter' }));
  const s2 = half('s2', conv('c1', net.input('image', inputShape), 6));
  const s4 = half('s4', conv('c3', s2, 16));
  if (!includeTop) return net.finish({ features: s4 });
  const c5 = act(net.dense('c5', net.flatten('flat', s4), 120));
  const f6 = act(net.dense('f6', c5, 84));
  return finishClassifier(net, 'output', f6, { numClasses, softmax });
};

/** He et al. 2015 for convolutions, N(0, 1 / inputs) for what stands behind them. */
export const lenet5ModernInit: Init = (parameter, random) =>
  gainOrBias(parameter) ??
  (parameter.kind === 'kernel'
    ? heFanOut(parameter, random)
    : normal(parameter, random, Math.sqrt((parameter.rectified ? 2 : 1) / parameter.fanIn)));
