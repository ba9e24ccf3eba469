/** First values of parameters as the papers draw them, from a seed. */
import { Random } from '../../../engine/random.ts';
import {
  fixedSpecs,
  parameterSpecs,
  sizeOf,
  statisticSpecs,
  type NetworkSpec,
  type ParameterSpec,
} from '../spec.ts';

/** First values of one parameter; given tables are asked for as learned ones. */
export type Init = (parameter: ParameterSpec, random: Random) => Float32Array;

/** Every number that a file of weights would hold: parameters and given tables by the rule, means 0, variances 1. */
export const drawInitialWeights = (
  spec: NetworkSpec,
  init: Init,
  seed: number,
): Map<string, Float32Array> => {
  const random = new Random(seed);
  const weights = new Map<string, Float32Array>();
  for (const parameter of parameterSpecs(spec)) weights.set(parameter.name, init(parameter, random));
  for (const { name, size } of statisticSpecs(spec))
    weights.set(name, new Float32Array(size).fill(name.endsWith('var') ? 1 : 0));
  for (const { name, dims } of fixedSpecs(spec))
    weights.set(name, init({ name, dims, kind: 'table', fanIn: 1, rectified: false }, random));
  return weights;
};

/** All the same. */
export const constant = ({ dims }: ParameterSpec, value: number): Float32Array =>
  new Float32Array(sizeOf(dims)).fill(value);

/** Between -reach and reach. */
export const uniform = ({ dims }: ParameterSpec, random: Random, reach: number): Float32Array =>
  Float32Array.from({ length: sizeOf(dims) }, () => reach * (2 * random.float() - 1));

/** Normally distributed around 0, by Box and Muller. @param most nothing beyond this many deviations, drawn again */
export const normal = (
  { dims }: ParameterSpec,
  random: Random,
  deviation: number,
  most = Infinity,
): Float32Array => {
  const values = new Float32Array(sizeOf(dims));
  for (let i = 0; i < values.length;) {
    const length = Math.sqrt(-2 * Math.log(1 - random.float()));
    const angle = 2 * Math.PI * random.float();
    for (const drawn of [length * Math.cos(angle), length * Math.sin(angle)])
      if (Math.abs(drawn) <= most && i < values.length) values[i++] = deviation * drawn;
  }
  return values;
};

/** Gains 1 and biases 0; undefined for what is drawn. */
export const gainOrBias = (parameter: ParameterSpec): Float32Array | undefined => {
  if (parameter.kind === 'gain') return constant(parameter, 1);
  return parameter.kind === 'bias' ? constant(parameter, 0) : undefined;
};

/** He et al. 2015 by the filters that see an input (fan out), as torchvision does for convolutions. */
export const heFanOut = (parameter: ParameterSpec, random: Random): Float32Array => {
  const [filters, , ...kernel] = parameter.dims;
  return normal(parameter, random, Math.sqrt(2 / (filters * sizeOf(kernel))));
};
