/**
 * One step of an optimiser as part of the graph.
 *
 * muon, for convolution kernels: makes the momentum of a kernel, as a matrix [outputs, inputs * taps], nearly orthogonal by five
 * Newton-Schulz steps (K. Jordan, "Muon: An optimizer for hidden layers in neural networks", 2024), so that every direction is
 * learned at one pace. adamw: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), here without decay. sgd:
 * gradient descent with Nesterov's momentum (Sutskever et al., "On the importance of initialization and momentum", 2013).
 */
import type { Method } from './engines.ts';
import { sizeOf, type Tensor } from './graph.ts';
import {
  ADAM_BETAS,
  ADAM_EPSILON,
  MUON_MOMENTUM,
  NEWTON_SCHULZ,
  NEWTON_SCHULZ_EPSILON,
  NEWTON_SCHULZ_STEPS,
  SGD_MOMENTUM,
} from './optimizerConstants.ts';
import type { Tape } from './tape.ts';

export interface OptimizerInputs {
  /** Size of the step; shape [1]. */
  readonly rate: Tensor;
  /** 1 / (1 - beta^step) of Adam's two averages; shape [1]. */
  readonly firstCorrection: Tensor;
  readonly secondCorrection: Tensor;
}

/** A parameter after the step, and what the method remembers. */
export interface Updated {
  readonly parameter: Tensor;
  readonly states: readonly Tensor[];
}

/** @param states as many as optimizerConstants.ts `MEMORIES` says, zeros before the first step */
export const recordUpdate = (
  tape: Tape,
  method: Method,
  parameter: Tensor,
  gradient: Tensor,
  states: readonly Tensor[],
  inputs: OptimizerInputs,
): Updated => {
  switch (method) {
    case 'muon':
      return recordMuon(tape, parameter, gradient, states[0], inputs);
    case 'adamw':
      return recordAdam(tape, parameter, gradient, states, inputs);
    default:
      return recordSgd(tape, parameter, gradient, states[0], inputs);
  }
};

/** The momentum after this gradient, and where it leads one step ahead. */
const nesterov = (
  tape: Tape,
  gradient: Tensor,
  momentum: Tensor,
  decay: number,
): { next: Tensor; ahead: Tensor } => {
  const next = tape.add(tape.scale(momentum, decay), gradient);
  return { next, ahead: tape.add(gradient, tape.scale(next, decay)) };
};

const recordSgd = (
  tape: Tape,
  parameter: Tensor,
  gradient: Tensor,
  momentum: Tensor,
  { rate }: OptimizerInputs,
): Updated => {
  const { next, ahead } = nesterov(tape, gradient, momentum, SGD_MOMENTUM);
  return { parameter: tape.sub(parameter, tape.mul(ahead, rate)), states: [next] };
};

const recordMuon = (
  tape: Tape,
  parameter: Tensor,
  gradient: Tensor,
  momentum: Tensor,
  { rate }: OptimizerInputs,
): Updated => {
  const { next, ahead } = nesterov(tape, gradient, momentum, MUON_MOMENTUM);
  const [rows] = parameter.dims;
  const columns = sizeOf(parameter.dims) / rows;
  const direction = orthogonalize(tape, tape.reshape(ahead, [rows, columns]));
  const step = tape.scale(direction, Math.sqrt(Math.max(1, rows / columns)));
  const change = tape.reshape(tape.mul(step, rate), parameter.dims);
  return { parameter: tape.sub(parameter, change), states: [next] };
};

/** Nearly the nearest matrix with orthonormal rows (or columns, whichever are fewer). */
const orthogonalize = (tape: Tape, matrix: Tensor): Tensor => {
  const isTall = matrix.dims[0] > matrix.dims[1];
  const squares = tape.total(tape.mul(matrix, matrix));
  let x = tape.mul(matrix, tape.rsqrt(tape.add(squares, tape.constant([NEWTON_SCHULZ_EPSILON]))));
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
  { rate, firstCorrection, secondCorrection }: OptimizerInputs,
): Updated => {
  const [beta1, beta2] = ADAM_BETAS;
  const nextMean = tape.add(tape.scale(mean, beta1), tape.scale(gradient, 1 - beta1));
  const nextSquare = tape.add(tape.scale(square, beta2), tape.scale(tape.mul(gradient, gradient), 1 - beta2));
  const spread = tape.rsqrt(
    tape.add(tape.mul(nextSquare, secondCorrection), tape.constant([ADAM_EPSILON ** 2])),
  );
  const step = tape.mul(tape.mul(tape.mul(nextMean, firstCorrection), spread), rate);
  return { parameter: tape.sub(parameter, step), states: [nextMean, nextSquare] };
};
