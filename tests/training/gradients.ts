/** Running graphs of a tape, and their gradients beside differences of the loss. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { Random } from '../../engine/random.ts';
import { sizeOf, type Tensor } from '../../src/training/graph.ts';
import { Tape } from '../../src/training/tape.ts';

/** Numbers of tensors by name. */
export type Values = Record<string, Float32Array>;

/** Outputs of a graph by name. @param dims of the inputs */
export const run = async (
  bytes: Uint8Array,
  dims: Record<string, readonly number[]>,
  values: Values,
): Promise<Record<string, Float32Array>> => {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, new OrtTensor('float32', data, [...dims[name]])]),
  );
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
};

/** Numbers in [-1, 1]. */
export const draw = (dims: readonly number[], seed: number): Float32Array => {
  const random = new Random(seed);
  return Float32Array.from({ length: sizeOf(dims) }, () => 2 * random.float() - 1);
};

/** How far the tape's gradients of sum(weights * f(parameters)) are from differences of the loss, relative to what rounding allows. */
export const worstError = async (
  shapes: Record<string, readonly number[]>,
  build: (tape: Tape, parameters: Record<string, Tensor>) => Tensor,
): Promise<number> => {
  const tape = new Tape();
  const parameters = Object.fromEntries(
    Object.entries(shapes).map(([name, dims]) => [name, tape.parameter(name, dims)]),
  );
  const output = build(tape, parameters);
  const weights = tape.constant(draw(output.dims, 99), output.dims);
  const loss = tape.total(tape.mul(output, weights));
  const names = Object.keys(shapes);
  const gradients = tape.gradients(
    loss,
    names.map(name => parameters[name]),
  );
  const bytes = tape.build({
    loss,
    ...Object.fromEntries(gradients.map((gradient, i) => [`d ${names[i]}`, gradient])),
  });
  const values: Values = Object.fromEntries(names.map((name, i) => [name, draw(shapes[name], i + 1)]));
  const results = await run(bytes, shapes, values);
  const step = 1e-2;
  let worst = 0;
  for (const name of names) {
    const gradient = results[`d ${name}`];
    if (gradient.length !== values[name].length)
      throw new Error(`the gradient of ${name} has ${gradient.length} numbers, not ${values[name].length}`);
    for (let i = 0; i < gradient.length; i += Math.ceil(gradient.length / 12)) {
      const at = async (change: number): Promise<number> => {
        const moved = values[name].slice();
        moved[i] += change;
        return (await run(bytes, shapes, { ...values, [name]: moved }))['loss'][0];
      };
      const numeric = ((await at(step)) - (await at(-step))) / (2 * step);
      worst = Math.max(worst, Math.abs(gradient[i] - numeric) / (2e-3 + 0.01 * Math.abs(numeric)));
    }
  }
  return worst;
};
