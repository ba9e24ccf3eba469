/**
 * From a network in float32 to one whose convolutions run in whole numbers of 8 bits: faster wherever a processor multiplies such
 * numbers four at a time, and a little less exact. Static: the ranges of activations are found beforehand, on real positions.
 *
 * Layer by layer, from the planes on: the layer's weights are fitted to what it now reads, activations already rounded, so that it
 * says what it said before; they are rounded (roundWeights.ts); and what it says gets the range with the least error. Heads stay in
 * float32. Making the channels' ranges equal beforehand (weights of two layers scaled against each other) was tried: on 13x64 the
 * probabilities moved by 2.7 % in place of 3.0 %, too little for the code. Start reading at {@link quantizeNetwork}.
 */
import { decodeNetwork } from '../../inference/contract.ts';
import { readChain } from './chain.ts';
import { convolve, sumMoments } from './forward.ts';
import { roundWeights, type WholeWeights } from './roundWeights.ts';
import { writeQuantized, type QuantizedLayer } from './writeQuantized.ts';

/** Activations are whole numbers from 0 to this. */
const MOST = 255;

/** Shares of the greatest activation that are tried as the range. */
const RANGES = Array.from({ length: 15 }, (_, i) => 1 - 0.05 * i);

/** Every so manieth activation tells which range is best. */
const STRIDE = 7;

export interface QuantizeOptions {
  readonly threads: number;
  /** Called after each layer with the error of what it says, as a share of it (root mean square). */
  readonly onLayer?: (layer: number, layers: number, error: number) => void;
}

/**
 * @param bytes of an ONNX file of our form
 * @param name for messages
 * @param planes of real positions on 19x19, shape [n, planes, 23, 23]; some hundred
 * @returns an ONNX file of the same form
 * @throws NetworkError if it is no such network, or not a chain at its beginning
 */
export const quantizeNetwork = async (
  bytes: Uint8Array,
  name: string,
  planes: Float32Array,
  { threads, onLayer }: QuantizeOptions,
): Promise<Uint8Array> => {
  const model = decodeNetwork(bytes, name);
  const layers = readChain(model, name);
  const quantized: QuantizedLayer[] = [];
  let exact = planes;
  let rounded = planes;
  // Planes are 0 or 1.
  let inputScale = 1 / MOST;
  for (const layer of layers) {
    const wanted = await convolve(layer, layer.weight, layer.bias, exact, threads);
    const moments = await sumMoments(layer, rounded, wanted, threads);
    const weights = roundWeights(layer.weight, layer.bias, moments, inputScale);
    const said = await convolve(layer, toFloats(weights), weights.bias, rounded, threads);
    for (const values of [wanted, said]) rectify(values);
    const outputScale = findScale(said);
    for (let i = 0; i < said.length; i++) said[i] = toWhole(said[i], outputScale) * outputScale;
    quantized.push({ layer, ...weights, inputScale, outputScale });
    onLayer?.(quantized.length, layers.length, relativeError(said, wanted));
    [exact, rounded, inputScale] = [wanted, said, outputScale];
  }
  return writeQuantized(model, quantized, bytes);
};

const rectify = (values: Float32Array): void => {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
};

const toFloats = ({ whole, scales }: WholeWeights): Float32Array => {
  const each = whole.length / scales.length;
  return Float32Array.from(whole, (value, i) => value * scales[Math.floor(i / each)]);
};

/** As the processor does it, but for ties. */
const toWhole = (value: number, scale: number): number => Math.min(MOST, Math.round(value / scale));

/** The step with the least error on activations: cutting off the greatest leaves finer steps to the rest. */
const findScale = (said: Float32Array): number => {
  let greatest = 1e-12;
  for (const value of said) if (value > greatest) greatest = value;
  let [best, least] = [greatest / MOST, Infinity];
  for (const range of RANGES) {
    const scale = (range * greatest) / MOST;
    let error = 0;
    for (let i = 0; i < said.length; i += STRIDE) error += (toWhole(said[i], scale) * scale - said[i]) ** 2;
    if (error < least) [best, least] = [scale, error];
  }
  return best;
};

const relativeError = (said: Float32Array, wanted: Float32Array): number => {
  let error = 0;
  let sum = 0;
  for (let i = 0; i < said.length; i++) {
    error += (said[i] - wanted[i]) ** 2;
    sum += wanted[i] ** 2;
  }
  return sum > 0 ? Math.sqrt(error / sum) : 0;
};
