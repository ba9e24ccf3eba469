/** What the builders of the image networks have in common: options, their checks, and the last layers. */
import type { SpecBuilder } from '../specBuilder.ts';
import { SpecError, type NetworkSpec } from '../layerTypes.ts';

export interface ImageNetworkOptions {
  /** Classes; 0 leaves out the last layer, and the output is "features". */
  readonly numClasses?: number;
  /** false leaves out all that stands behind the boards; any size of input will do then, and the output is "features". */
  readonly includeTop?: boolean;
  /** [channels, height, width] */
  readonly inputShape?: readonly [number, number, number];
  /** Share of the paper's filters and hidden units: 1 by default. Small networks of the same form for trials and tests. */
  readonly width?: number;
  /** Whether probabilities come out (as "probabilities"), not what goes into the softmax ("logits"). */
  readonly softmax?: boolean;
}

/** @throws SpecError unless `value` is a whole number from `least` */
export const checkWhole = (what: string, value: number, least: number): void => {
  if (!Number.isInteger(value) || value < least)
    throw new SpecError(`${what} ${value}: must be a whole number from ${least}`);
};

/** @throws SpecError unless it is a number of classes */
export const checkClasses = (numClasses: number): void => {
  if (!Number.isInteger(numClasses) || numClasses < 0)
    throw new SpecError(`numClasses ${numClasses}: must be a whole number, or 0 for the features alone`);
};

/** @throws SpecError unless `value` is one of `allowed` */
export const checkOneOf = <T extends string | number>(
  what: string,
  value: T,
  allowed: readonly T[],
): void => {
  if (!allowed.includes(value)) throw new SpecError(`${what} ${value}: must be one of ${allowed.join(', ')}`);
};

/** @throws SpecError if an option that image networks share is out of its range */
export const checkImageOptions = ({ numClasses = 0, inputShape, width = 1 }: ImageNetworkOptions): void => {
  checkClasses(numClasses);
  if (!(width > 0 && width <= 8)) throw new SpecError(`width ${width}: must be above 0 and at most 8`);
  if (inputShape && (inputShape.length !== 3 || inputShape.some(side => !Number.isInteger(side) || side < 1)))
    throw new SpecError(`inputShape [${inputShape.join(', ')}]: must be [channels, height, width]`);
};

/** A number of filters or units at a share of the paper's width; a multiple of `of`. */
export const widen = (count: number, width: number, of = 1): number =>
  Math.max(1, Math.round((count * width) / of)) * of;

/** Puts the last layer of a classifier on [units] of features, or none, and finishes. @param name of the last layer */
export const finishClassifier = (
  net: SpecBuilder,
  name: string,
  features: string,
  options: { readonly numClasses: number; readonly softmax?: boolean | undefined },
  others: Readonly<Record<string, string>> = {},
): NetworkSpec => {
  if (options.numClasses === 0) return net.finish({ features, ...others });
  const logits = net.dense(name, features, options.numClasses);
  if (!options.softmax) return net.finish({ logits, ...others });
  return net.finish({ probabilities: net.softmax('probabilities', logits), ...others });
};
