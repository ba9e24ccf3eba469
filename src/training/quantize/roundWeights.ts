/**
 * Rounding weights to whole numbers of 8 bits so that what a layer says changes least, and not so that each weight does: the error
 * made on one weight is made good on those that are still to come, as far as their inputs go along with its own (Frantar et al.,
 * "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", 2022).
 */
import { cholesky, invert } from './spd.ts';

/** Whole weights are from -LIMIT to LIMIT. */
const LIMIT = 127;

/** A bias is in steps of input times weight, and what they add up to has to fit in 32 bits: so many, and as many again to spare. */
const MOST_STEPS = 2 ** 30;

/** How much the weights as they were count beside the positions, as a share of a mean input's moment. */
const DAMPING = 0.01;
const BIAS_DAMPING = 1e-6;

/** Shares of the widest weight that are tried as a filter's range: cutting off the widest leaves finer steps to the rest. */
const RANGES = [1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72, 0.68, 0.64, 0.6];

/** Sums over positions and points of what a layer reads, the last input being 1 for the bias, and of what it should say. */
export interface Moments {
  /** Inputs, the bias among them. */
  readonly size: number;
  /** Of inputs with inputs, shape [size, size]. */
  readonly inputs: Float64Array;
  /** Of inputs with outputs, shape [size, filters]. */
  readonly outputs: Float64Array;
}

export interface WholeWeights {
  /** Shape [filters, size - 1]. */
  readonly whole: Int8Array<ArrayBuffer>;
  /** What one stands for, for each filter. */
  readonly scales: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
}

/**
 * Weights that say, of rounded inputs, most nearly what the layer said of exact ones, in whole numbers.
 * @param weight shape [filters, size - 1]
 * @param inputScale what one stands for in what the layer reads
 */
export const roundWeights = (
  weight: Float32Array,
  bias: Float32Array,
  { size, inputs, outputs }: Moments,
  inputScale: number,
): WholeWeights => {
  const filters = bias.length;
  const last = size - 1;
  let mean = 0;
  for (let i = 0; i < last; i++) mean += inputs[i * size + i] / last;
  const damped = inputs.slice();
  const damping = (i: number): number =>
    // Where nothing reaches the layer, any number leaves weights what they were.
    i < last ? DAMPING * (mean || 1) : BIAS_DAMPING * inputs[last * size + last];
  for (let i = 0; i < size; i++) damped[i * size + i] += damping(i);
  const inverse = invert(damped, size);
  // Column j of the factor: how a weight's error is spread on itself and on those behind it.
  const factor = cholesky(inverse, size);
  const result: WholeWeights = {
    whole: new Int8Array(filters * last),
    scales: new Float32Array(filters),
    bias: new Float32Array(filters),
  };
  const wanted = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let filter = 0; filter < filters; filter++) {
    for (let i = 0; i < size; i++) {
      const before = i < last ? weight[filter * last + i] : bias[filter];
      wanted[i] = outputs[i * filters + filter] + damping(i) * before;
    }
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += inverse[i * size + j] * wanted[j];
      weights[i] = sum;
    }
    const leastScale = Math.abs(weights[last]) / (inputScale * MOST_STEPS);
    const scale = findScale(weights, inputs, size, leastScale);
    result.scales[filter] = scale;
    for (let i = 0; i < last; i++) {
      const whole = toWhole(weights[i], scale);
      result.whole[filter * last + i] = whole;
      const error = (weights[i] - whole * scale) / factor[i * size + i];
      for (let j = i + 1; j < size; j++) weights[j] -= error * factor[j * size + i];
    }
    result.bias[filter] = weights[last];
  }
  return result;
};

const toWhole = (value: number, scale: number): number =>
  Math.max(-LIMIT, Math.min(LIMIT, Math.round(value / scale)));

/** The step with the least error where each weight is rounded by itself. */
const findScale = (weights: Float64Array, inputs: Float64Array, size: number, leastScale: number): number => {
  let widest = Math.max(1e-12, LIMIT * leastScale);
  for (let i = 0; i < size - 1; i++) widest = Math.max(widest, Math.abs(weights[i]));
  let [best, least] = [widest / LIMIT, Infinity];
  for (const range of RANGES) {
    const scale = (range * widest) / LIMIT;
    let error = 0;
    for (let i = 0; i < size - 1; i++)
      error += (toWhole(weights[i], scale) * scale - weights[i]) ** 2 * inputs[i * size + i];
    if (error < least) [best, least] = [scale, error];
  }
  return best;
};
