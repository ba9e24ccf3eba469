/** What training makes small, as means over a batch. Labels are one-hot rows, [n, classes]. */
import {
  add,
  concat,
  fill,
  logSoftmax,
  logSumExp,
  mean,
  mul,
  neg,
  sub,
  sum,
  type Rank,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * What a classifier's output is made of, and which loss it learns by.
 * crossEntropy: logits of a softmax. nearest and map: squared distances to each class's pattern, smallest wins (LeNet-5).
 */
export type LossOptions =
  | { readonly kind: 'crossEntropy' }
  /** Mean distance to the right pattern: eq. 8 of LeCun et al. 1998. Alone it would let all parameters collapse. */
  | { readonly kind: 'nearest' }
  /** Eq. 9: other classes' patterns push away, with a rubbish class at the constant distance j. */
  | { readonly kind: 'map'; readonly j: number };

/** Whether smaller outputs are the better ones. */
export const isDistance = ({ kind }: LossOptions): boolean => kind !== 'crossEntropy';

/** @param outputs logits or distances, shape [n, classes] */
export const lossOf = (options: LossOptions, outputs: Tensor2D, labels: Tensor2D): Scalar => {
  if (options.kind === 'map') return mapLoss(outputs, labels, options.j);
  const right = options.kind === 'nearest' ? outputs : neg<Tensor2D>(logSoftmax(outputs));
  return mean(sum(mul(right, labels), 1));
};

/** mean(y_right + log(e^-j + sum_i e^-y_i)). */
const mapLoss = (distances: Tensor2D, labels: Tensor2D, j: number): Scalar => {
  const rubbish = fill<Rank.R2>([distances.shape[0], 1], -j);
  const all = logSumExp<Tensor1D>(concat([neg<Tensor2D>(distances), rubbish], 1), 1);
  return mean(add(sum(mul(distances, labels), 1), all));
};

/** Logits whose softmax are the classes' chances: distances are those of Gaussians, so that exp(-distance) is a likelihood. */
export const logitsOf = (options: LossOptions, outputs: Tensor2D): Tensor2D =>
  isDistance(options) ? sub(0, outputs) : outputs;
