/**
 * What is put right after each step. TensorFlow.js's own constraints are not applied in training (models.fit assigns the variables
 * directly), so they stand here.
 */
import {
  add,
  concat,
  div,
  minimum,
  mul,
  slice,
  sqrt,
  square,
  sum,
  tidy,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { TfParameter } from '../tfModel.ts';

export type Constraint =
  /** The weights of each unit of a dense layer are scaled down to this norm: Kim 2014, section 2.1. */
  | { readonly kind: 'maxNorm'; readonly parameter: string; readonly limit: number }
  /** The first row stays 0: an embedding's padding. */
  | { readonly kind: 'zeroRow'; readonly parameter: string };

/** Added to norms before anything is divided by them. */
const TINY = 1e-7;

/** @throws RangeError naming a parameter that is none */
export const checkConstraints = (
  constraints: readonly Constraint[],
  parameters: readonly TfParameter[],
): void => {
  for (const { parameter } of constraints)
    if (!parameters.some(({ name }) => name === parameter))
      throw new RangeError(
        `there is no parameter "${parameter}" to constrain: ${parameters.map(({ name }) => name).join(', ')}`,
      );
};

/** The parameter's value as the constraint wants it; `value` in TensorFlow.js's own layout. */
export const constrain = (constraint: Constraint, value: Tensor): Tensor =>
  tidy(() => {
    if (constraint.kind === 'zeroRow') {
      const [rows, ...rest] = value.shape;
      const others = slice(value, [1, ...rest.map(() => 0)], [rows - 1, ...rest]);
      return concat([zeros([1, ...rest]), others], 0);
    }
    // [inputs, units]: a unit is a column.
    const norms = sqrt(sum(square(value), 0, true));
    return mul(value, div(minimum(norms, constraint.limit), add(norms, TINY)));
  });
