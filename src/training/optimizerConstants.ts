/**
 * Numbers of the optimisers, the same on every engine: optimizer.ts and tf/optimizer.ts compute with them. Where the methods come
 * from, and they with them, stands in optimizer.ts.
 */
import type { Method } from './engines.ts';

/** What each method remembers of a parameter: so many tensors of the parameter's shape, zeros before the first step. */
export const MEMORIES: Readonly<Record<Method, number>> = { muon: 1, adamw: 2, sgd: 1 };

/** Decay of Adam's averages of gradients and of their squares, a step. */
export const ADAM_BETAS = [0.9, 0.98] as const;
/** Kept apart from zero by this, the root of the second average divides the first. */
export const ADAM_EPSILON = 1e-8;

/** Decay of Nesterov's momentum, a step. */
export const MUON_MOMENTUM = 0.95;
export const SGD_MOMENTUM = 0.9;

/** Coefficients of x, x^3 and x^5 in Muon's Newton-Schulz polynomial, and how often it is applied. */
export const NEWTON_SCHULZ = [3.4445, -4.775, 2.0315] as const;
export const NEWTON_SCHULZ_STEPS = 5;
/** Added to the sum of a matrix's squares before it is scaled to 1, so that a matrix of zeros stays one. */
export const NEWTON_SCHULZ_EPSILON = 1e-14;
