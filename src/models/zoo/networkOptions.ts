/** What the builders of the image networks have in common: options, and the last layers. optionKinds.ts checks them. */
import type { SpecBuilder } from '../specBuilder.ts';
import type { NetworkSpec } from '../layerTypes.ts';

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
