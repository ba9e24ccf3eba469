/** Batch normalisation as one operation of a tape: made of single ones it took a sixth of a training step. */
import { sizeOf, type Tensor } from './graph.ts';
import type { Tape } from './tape.ts';

export interface Normalized {
  readonly output: Tensor;
  /** Of each channel over the batch; shape [channels]. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * (a - mean) / sqrt(variance + epsilon) * gain + bias for each channel (Ioffe and Szegedy, "Batch Normalization", 2015).
 * @param a shape [..., positions, channels]
 * @param gain, bias shape [channels]
 */
export const recordNormalize = (
  tape: Tape,
  a: Tensor,
  gain: Tensor,
  bias: Tensor,
  epsilon: number,
): Normalized => {
  const [positions, channels] = a.dims.slice(-2);
  const count = sizeOf(a.dims) / channels;
  const points = count / positions;
  const reshape = (x: Tensor, dims: readonly number[]): Tensor =>
    tape.raw('Reshape', [x, tape.integers(dims)], dims);
  // A channel's number stands once for each position in a row, so that rows are long.
  const wide = [points, positions * channels];
  const rows = reshape(a, wide);
  const perRow = (op: string, x: Tensor, vector: Tensor): Tensor => {
    const dims = [positions, channels];
    const repeated = tape.raw('Expand', [vector, tape.integers(dims)], dims);
    return tape.raw(op, [x, reshape(repeated, [positions * channels])], wide);
  };
  const op = (name: string, x: Tensor, y: Tensor): Tensor => tape.raw(name, [x, y], x.dims);
  const share = (x: Tensor, factor: number): Tensor => op('Mul', x, tape.constant([factor]));
  /** Products with ones are the fastest sums. */
  const sum = (x: Tensor): Tensor => {
    const ones = (length: number): Tensor => tape.constant(new Float32Array(length).fill(1), [1, length]);
    const overBoard = points === 1 ? x : tape.raw('MatMul', [ones(points), x], [1, positions * channels]);
    const perPosition = reshape(overBoard, [positions, channels]);
    return reshape(tape.raw('MatMul', [ones(positions), perPosition], [1, channels]), [channels]);
  };

  const mean = share(sum(rows), 1 / count);
  const squares = share(sum(op('Mul', rows, rows)), 1 / count);
  const variance = tape.raw('Relu', [op('Sub', squares, op('Mul', mean, mean))], [channels]);
  const spread = tape.raw('Sqrt', [op('Add', variance, tape.constant([epsilon]))], [channels]);
  const rate = tape.raw('Reciprocal', [spread], [channels]);
  const scale = op('Mul', rate, gain);
  const shift = op('Sub', bias, op('Mul', mean, scale));
  const output = reshape(perRow('Add', perRow('Mul', rows, scale), shift), a.dims);
  tape.record(output, [a, gain, bias], upstream => {
    const gradient = reshape(upstream, wide);
    const forBias = sum(gradient);
    const product = sum(op('Mul', gradient, rows));
    const forGain = op('Mul', rate, op('Sub', product, op('Mul', mean, forBias)));
    // gradient * scale + a * slope + level is the textbook's scale * (g - mean(g) - normalised * mean(g * normalised)).
    const slope = share(op('Mul', op('Mul', scale, rate), forGain), -1 / count);
    const level = op('Sub', share(op('Mul', scale, forBias), -1 / count), op('Mul', mean, slope));
    const whole = op('Add', perRow('Mul', gradient, scale), perRow('Mul', rows, slope));
    return [reshape(perRow('Add', whole, level), a.dims), forGain, forBias];
  });
  return { output, mean, variance };
};
