/** Rules that turn a gradient into a step. What a rule remembers is of the parameter's shape, zeros before the first step. */
import { add, div, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';

export type OptimizerOptions =
  /** Momentum as in Caffe and torch: the velocity gathers gradients, and a step is rate x velocity. */
  | { readonly method: 'sgd'; readonly momentum: number; readonly weightDecay: number }
  /** Zeiler 2012. Its step is in the parameter's own unit: a rate of 1 is the paper's. */
  | { readonly method: 'adadelta'; readonly decay: number; readonly epsilon: number }
  /** Kingma and Ba 2014. */
  | { readonly method: 'adam'; readonly betas: readonly [number, number]; readonly epsilon: number };

export const METHODS = ['sgd', 'adadelta', 'adam'] as const;

/** So many tensors does each remember of a parameter. */
export const MEMORIES: Readonly<Record<OptimizerOptions['method'], number>> = {
  sgd: 1,
  adadelta: 2,
  adam: 2,
};

/** A parameter after the step, and what is remembered. */
export interface Updated {
  readonly parameter: Tensor;
  readonly memories: readonly Tensor[];
}

/**
 * @param step of this update, from 1
 * @param decays whether the parameter is one that weight decay pulls on: those that multiply, not biases and gains
 */
export const update = (
  options: OptimizerOptions,
  parameter: Tensor,
  gradient: Tensor,
  memories: readonly Tensor[],
  rate: number,
  step: number,
  decays: boolean,
): Updated => {
  if (options.method === 'sgd') {
    const { momentum, weightDecay } = options;
    const pull = decays && weightDecay > 0 ? add(gradient, mul(parameter, weightDecay)) : gradient;
    const velocity = add(mul(memories[0], momentum), pull);
    return { parameter: sub(parameter, mul(velocity, rate)), memories: [velocity] };
  }
  if (options.method === 'adadelta') {
    const { decay, epsilon } = options;
    const squares = follow(memories[0], square(gradient), decay);
    const change = mul(sqrt(div(add(memories[1], epsilon), add(squares, epsilon))), gradient);
    const changes = follow(memories[1], square(change), decay);
    return { parameter: sub(parameter, mul(change, rate)), memories: [squares, changes] };
  }
  const [beta1, beta2] = options.betas;
  const mean = follow(memories[0], gradient, beta1);
  const squares = follow(memories[1], square(gradient), beta2);
  const spread = add(sqrt(mul(squares, 1 / (1 - beta2 ** step))), options.epsilon);
  const change = mul(div(mean, spread), rate / (1 - beta1 ** step));
  return { parameter: sub(parameter, change), memories: [mean, squares] };
};

/** An average that forgets: `decay` of what it was, the rest of what is new. */
const follow = (average: Tensor, fresh: Tensor, decay: number): Tensor =>
  add(mul(average, decay), mul(fresh, 1 - decay));
