/** Networks with numbers drawn from a seed, and running ONNX files on drawn inputs. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Random } from '../../engine/random.ts';
import {
  fixedSpecs,
  parameterSpecs,
  sizeOf,
  statisticSpecs,
  type NetworkSpec,
} from '../../src/models/spec.ts';

/** Parameters and running statistics; variances are positive, everything else is in [-1, 1) scaled to keep activations small. */
export const drawWeights = (spec: NetworkSpec, seed: number): Map<string, Float32Array> => {
  const random = new Random(seed);
  const draw = (size: number, from: number, to: number): Float32Array =>
    Float32Array.from({ length: size }, () => from + (to - from) * random.float());
  const weights = new Map<string, Float32Array>();
  for (const { name, dims, fanIn } of parameterSpecs(spec)) {
    const reach = Math.sqrt(2 / fanIn);
    weights.set(name, draw(sizeOf(dims), -reach, reach));
  }
  for (const { name, size } of statisticSpecs(spec))
    weights.set(name, name.endsWith('var') ? draw(size, 0.5, 2) : draw(size, -0.5, 0.5));
  for (const { name, dims } of fixedSpecs(spec)) weights.set(name, draw(sizeOf(dims), -1, 1));
  return weights;
};

/** Inputs of a network for `n` positions: about a third of the points set, komi within 10 points. */
export const drawInputs = (spec: NetworkSpec, n: number, seed: number): Record<string, Tensor> => {
  const random = new Random(seed);
  const inputs = spec.nodes.filter(({ layer }) => layer.type === 'input');
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const isBoard = shape.length === 3;
      const data = Float32Array.from({ length: n * sizeOf(shape) }, () =>
        isBoard ? +(random.float() < 0.3) : 2 * random.float() - 1,
      );
      return [name, new Tensor('float32', data, sizeOf(shape) === 1 ? [n] : [n, ...shape])];
    }),
  );
};

/** Outputs of an ONNX file by name. */
export const runOnnx = async (
  bytes: Uint8Array,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Float32Array>> => {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const wanted = Object.fromEntries(session.inputNames.map(name => [name, feeds[name]]));
  const results = await session.run(wanted);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
};

/** Greatest difference of two lists of numbers. */
export const distance = (a: Float32Array, b: Float32Array): number => {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
};

/** Greatest difference of two sets of weights; Infinity where their names or sizes differ. Quicker than comparing them as objects. */
export const weightDistance = (
  a: ReadonlyMap<string, Float32Array>,
  b: ReadonlyMap<string, Float32Array>,
): number => {
  if ([...a.keys()].join() !== [...b.keys()].join()) return Infinity;
  return Math.max(...[...a].map(([name, values]) => distance(values, b.get(name)!)));
};
