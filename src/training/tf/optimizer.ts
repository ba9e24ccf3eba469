/**
 * One step of the optimisers in TensorFlow.js; the same as those of the ONNX Runtime engine (../optimizer.ts), which says where they
 * come from.
 */
import {
  add,
  matMul,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  transpose,
  type Rank,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Method } from '../engines.ts';
import {
  ADAM_BETAS,
  ADAM_EPSILON,
  MUON_MOMENTUM,
  NEWTON_SCHULZ,
  NEWTON_SCHULZ_EPSILON,
  NEWTON_SCHULZ_STEPS,
  SGD_MOMENTUM,
} from '../optimizerConstants.ts';

/** A parameter after the step, and what its method remembers. */
export interface Updated {
  readonly parameter: Tensor;
  readonly memories: readonly Tensor[];
}

/** @param step of this update, from 1 */
export const update = (
  method: Method,
  parameter: Tensor,
  gradient: Tensor,
  memories: readonly Tensor[],
  rate: number,
  step: number,
): Updated => {
  if (method === 'adamw') return updateAdam(parameter, gradient, memories, rate, step);
  const isMuon = method === 'muon';
  const { ahead, next } = lookAhead(memories[0], gradient, isMuon ? MUON_MOMENTUM : SGD_MOMENTUM);
  const direction = isMuon ? muonDirection(ahead) : ahead;
  return { parameter: sub(parameter, mul(direction, rate)), memories: [next] };
};

/** Nesterov's momentum: the direction is that of one step ahead. */
const lookAhead = (momentum: Tensor, gradient: Tensor, decay: number): { ahead: Tensor; next: Tensor } => {
  const next = add(mul(momentum, decay), gradient);
  return { ahead: add(gradient, mul(next, decay)), next };
};

/** @param ahead of a kernel, shape [height, width, channels, filters] */
const muonDirection = (ahead: Tensor): Tensor => {
  const filters = ahead.shape.at(-1)!;
  const inputs = ahead.size / filters;
  const matrix = reshape<Rank.R2>(ahead, [inputs, filters]);
  const scale = Math.sqrt(Math.max(1, filters / inputs));
  // Wide, so that the smaller of the two products with itself is taken.
  const isWide = inputs <= filters;
  const direction = orthogonalize(isWide ? matrix : transpose(matrix));
  return reshape(mul(isWide ? direction : transpose(direction), scale), ahead.shape);
};

/** Nearly the nearest matrix with orthonormal rows. */
const orthogonalize = (matrix: Tensor2D): Tensor2D => {
  const [a, b, c] = NEWTON_SCHULZ;
  let x: Tensor2D = mul(matrix, rsqrt(add(sum(square(matrix)), NEWTON_SCHULZ_EPSILON)));
  for (let i = 0; i < NEWTON_SCHULZ_STEPS; i++) {
    // Transposed by itself: WebAssembly multiplies 50 times slower when it has to do that on the way.
    const gram = matMul(x, transpose(x));
    const polynomial: Tensor2D = add(mul(gram, b), mul(matMul(gram, gram), c));
    x = add(mul(x, a), matMul(polynomial, x));
  }
  return x;
};

const updateAdam = (
  parameter: Tensor,
  gradient: Tensor,
  [mean, squares]: readonly Tensor[],
  rate: number,
  step: number,
): Updated => {
  const [beta1, beta2] = ADAM_BETAS;
  const nextMean = add(mul(mean, beta1), mul(gradient, 1 - beta1));
  const nextSquare = add(mul(squares, beta2), mul(square(gradient), 1 - beta2));
  const spread = rsqrt(add(mul(nextSquare, 1 / (1 - beta2 ** step)), ADAM_EPSILON ** 2));
  const change = mul(mul(nextMean, spread), rate / (1 - beta1 ** step));
  return { parameter: sub(parameter, change), memories: [nextMean, nextSquare] };
};
