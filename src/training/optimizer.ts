/**
 * One step of the optimisers as part of the graph: Muon for convolution kernels, AdamW for everything else.
 *
 * Muon makes the momentum of a kernel, as a matrix [outputs, taps * inputs], nearly orthogonal by five Newton-Schulz steps
 * (K. Jordan, "Muon: An optimizer for hidden layers in neural networks", 2024), so that every direction is learned at one pace.
 * AdamW: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), here without decay.
 */
import { sizeOf, type Tensor } from './graph.ts';
import type { Tape } from './tape.ts';

export interface OptimizerInputs {
  /** Step sizes of the two methods; shape [1]. */
  readonly muonRate: Tensor;
  readonly adamRate: Tensor;
  /** 1 / (1 - beta^step) of Adam's two averages; shape [1]. */
  readonly firstCorrection: Tensor;
  readonly secondCorrection: Tensor;
}

/** Adam's averages and Muon's momentum decay by these. */
export const ADAM_BETAS = [0.9, 0.98] as const;
const MUON_MOMENTUM = 0.95;
const ADAM_EPSILON = 1e-8;

/** Coefficients of the Newton-Schulz polynomial and how often it is applied. */
const NEWTON_SCHULZ = [3.4445, -4.775, 2.0315] as const;
const NEWTON_SCHULZ_STEPS = 5;

/** A parameter after the step, and what the method remembers, by the names of its states. */
export interface Updated {
  readonly parameter: Tensor;
  readonly states: readonly Tensor[];
}

/** States a method keeps for a parameter. */
export const STATES = { muon: 1, adam: 2 } as const;
export type Method = keyof typeof STATES;

export const recordUpdate = (
  tape: Tape,
  method: Method,
  parameter: Tensor,
  gradient: Tensor,
  states: readonly Tensor[],
  inputs: OptimizerInputs,
): Updated =>
  method === 'muon'
    ? recordMuon(tape, parameter, gradient, states[0], inputs)
    : recordAdam(tape, parameter, gradient, states, inputs);

const recordMuon = (
  tape: Tape,
  parameter: Tensor,
  gradient: Tensor,
  momentum: Tensor,
  { muonRate }: OptimizerInputs,
): Updated => {
  const next = tape.add(tape.scale(momentum, MUON_MOMENTUM), gradient);
  // Nesterov: looks one step ahead.
  const ahead = tape.add(gradient, tape.scale(next, MUON_MOMENTUM));
  const [rows] = parameter.dims;
  const columns = sizeOf(parameter.dims) / rows;
  const direction = orthogonalize(tape, tape.reshape(ahead, [rows, columns]));
  const step = tape.scale(direction, Math.sqrt(Math.max(1, rows / columns)));
  const change = tape.reshape(tape.mul(step, muonRate), parameter.dims);
  return { parameter: tape.sub(parameter, change), states: [next] };
};

/** Nearly the nearest matrix with orthonormal rows (or columns, whichever are fewer). */
const orthogonalize = (tape: Tape, matrix: Tensor): Tensor => {
  const isTall = matrix.dims[0] > matrix.dims[1];
  const squares = tape.total(tape.mul(matrix, matrix));
  let x = tape.mul(matrix, tape.rsqrt(tape.add(squares, tape.constant([1e-14]))));
  const [a, b, c] = NEWTON_SCHULZ;
  for (let i = 0; i < NEWTON_SCHULZ_STEPS; i++) {
    const square = isTall ? tape.matmul(x, x, { transA: true }) : tape.matmul(x, x, { transB: true });
    const polynomial = tape.add(tape.scale(square, b), tape.scale(tape.matmul(square, square), c));
    const product = isTall ? tape.matmul(x, polynomial) : tape.matmul(polynomial, x);
    x = tape.add(tape.scale(x, a), product);
  }
  return x;
};

const recordAdam = (
  tape: Tape,
  parameter: Tensor,
  gradient: Tensor,
  [mean, square]: readonly Tensor[],
  { adamRate, firstCorrection, secondCorrection }: OptimizerInputs,
): Updated => {
  const [beta1, beta2] = ADAM_BETAS;
  const nextMean = tape.add(tape.scale(mean, beta1), tape.scale(gradient, 1 - beta1));
  const nextSquare = tape.add(tape.scale(square, beta2), tape.scale(tape.mul(gradient, gradient), 1 - beta2));
  const spread = tape.rsqrt(
    tape.add(tape.mul(nextSquare, secondCorrection), tape.constant([ADAM_EPSILON ** 2])),
  );
  const step = tape.mul(tape.mul(tape.mul(nextMean, firstCorrection), spread), adamRate);
  return { parameter: tape.sub(parameter, step), states: [nextMean, nextSquare] };
};
