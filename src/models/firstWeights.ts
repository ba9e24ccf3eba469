/** Where learning begins: numbers drawn from a seed, the same for every engine. */
import { Random } from '../../engine/random.ts';
import { parameterSpecs, sizeOf, statisticSpecs, type NetworkSpec, type ParameterSpec } from './spec.ts';

/** Variance of what goes into a ReLU (He et al., "Delving Deep into Rectifiers", 2015), and of outputs, which begin small. */
const RECTIFIED_GAIN = 2;
const OUTPUT_GAIN = 0.1;

/**
 * Parameters and running statistics of a network that has learned nothing: weights by He's rule where a ReLU follows and small
 * elsewhere, gains and variances 1, biases and means 0.
 */
export const firstWeights = (spec: NetworkSpec, seed: number): Map<string, Float32Array> => {
  const random = new Random(seed);
  const weights = new Map<string, Float32Array>();
  for (const parameter of parameterSpecs(spec)) weights.set(parameter.name, firstValues(parameter, random));
  for (const { name, size } of statisticSpecs(spec))
    weights.set(name, new Float32Array(size).fill(name.endsWith('var') ? 1 : 0));
  return weights;
};

const firstValues = ({ dims, kind, fanIn, rectified }: ParameterSpec, random: Random): Float32Array => {
  const values = new Float32Array(sizeOf(dims));
  if (kind === 'gain') return values.fill(1);
  if (kind === 'bias') return values;
  const spread = Math.sqrt((rectified ? RECTIFIED_GAIN : OUTPUT_GAIN) / fanIn);
  for (let i = 0; i < values.length; i++) values[i] = spread * gaussian(random);
  return values;
};

/** Box and Muller. */
const gaussian = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
