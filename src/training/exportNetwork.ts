/** From a network in training form to the file that the runtime takes, and the proof that both say the same. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { OUTPUTS } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import { encode, encodeColor } from '../../features/encode.ts';
import { COLOR, VALUE_PLANES } from '../../features/planes.ts';
import { LEAD_SCALE, encodeKomi } from '../../features/scales.ts';
import { exportOnnx } from '../models/exportOnnx.ts';
import { foldNetwork, type Weights } from '../models/fold.ts';
import { planesOf } from '../models/goNetworks.ts';
import { sizeOf, parameterSpecs, type NetworkSpec } from '../models/spec.ts';
import { PLANE_SIDE, PLANE_SIZE } from './batch.ts';
import { softmax } from './softmax.ts';

/** How far probabilities, values and ownership of the exported network may be from its source's. */
export const EXPORT_TOLERANCE = 1e-4;

export interface ExportedNetwork {
  readonly bytes: Uint8Array;
  /** Numbers in all, and in the policy with its trunk. */
  readonly parameters: number;
  readonly policyParameters: number;
}

/** Outputs of a network that engines play with; the others are for training only. */
export const servedOutputs = ({ outputs }: NetworkSpec): string[] =>
  Object.keys(outputs).filter(name => OUTPUTS.some(output => output === name));

/** Folds and writes. @param outputs to serve; all by default @throws RangeError if a parameter is missing */
export const exportNetwork = (
  spec: NetworkSpec,
  weights: Weights,
  outputs: readonly string[] = servedOutputs(spec),
): ExportedNetwork => {
  const folded = foldNetwork(spec, weights, outputs);
  const count = (wanted: readonly string[]): number =>
    parameterSpecs(foldNetwork(spec, weights, wanted).spec).reduce((sum, { dims }) => sum + sizeOf(dims), 0);
  return {
    bytes: exportOnnx(folded),
    parameters: count(outputs),
    policyParameters: outputs.includes('policy') ? count(['policy']) : 0,
  };
};

/**
 * Runs source and export on positions.
 * @returns the greatest difference of each output: probabilities, values, ownership as they are, leads in 20 points
 */
export const compareExport = async (
  spec: NetworkSpec,
  weights: Weights,
  exported: Uint8Array,
  games: Iterable<Game>,
): Promise<Map<string, number>> => {
  // Loaded late: where the native library is missing, importing it fails, and everything else has to work all the same.
  const ort = await import('onnxruntime-node');
  const options = { logSeverityLevel: 3 } as const;
  const source = await ort.InferenceSession.create(exportOnnx({ spec, weights }), options);
  const served = await ort.InferenceSession.create(exported, options);
  const greatest = new Map<string, number>();
  try {
    for (const game of games) {
      const feeds = feedsOf(game, planesOf(spec), ort.Tensor);
      const [a, b] = [await run(source, feeds), await run(served, feeds)];
      for (const output of served.outputNames) {
        const difference = distance(readable(output, a), readable(output, b));
        greatest.set(output, Math.max(greatest.get(output) ?? 0, difference));
      }
    }
    return greatest;
  } finally {
    await source.release();
    await served.release();
  }
};

type TensorClass = new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;

const feedsOf = (game: Game, planes: number, FloatTensor: TensorClass): Record<string, Tensor> => {
  const data = new Float32Array(planes * PLANE_SIZE);
  encode(game, data);
  if (planes === VALUE_PLANES) encodeColor(game, data, COLOR * PLANE_SIZE);
  const komi = encodeKomi(game.whiteBonus, game.toPlay);
  return {
    planes: new FloatTensor('float32', data, [1, planes, PLANE_SIDE, PLANE_SIDE]),
    komi: new FloatTensor('float32', Float32Array.of(komi), [1]),
  };
};

const run = async (
  session: InferenceSession,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Float32Array>> => {
  const wanted = Object.fromEntries(session.inputNames.map(name => [name, feeds[name]]));
  const results = await session.run(wanted);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
};

/** In units of which a ten-thousandth is nothing. */
const readable = (output: string, results: Record<string, Float32Array>): Float32Array => {
  const values = results[output];
  if (output === 'policy' || output === 'expert') return softmax(values);
  // Passing as the share it has beside the best move.
  if (output === 'pass')
    return values.map(logit => 1 / (1 + Math.exp(Math.max(...results['policy']) - logit)));
  return output === 'lead' ? values.map(lead => lead / LEAD_SCALE) : values;
};

const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
