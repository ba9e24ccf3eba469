/** What our own layers for TensorFlow.js have in common. */
import type { layers, Shape } from '@tensorflow/tfjs-layers';

export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** The one input of a layer, which TensorFlow.js hands over alone or in a list. */
export const single = <T>(value: T | T[]): T => (Array.isArray(value) ? value[0] : value);

/** The shape of the one input of a layer. */
export const shapeOf = (shape: Shape | Shape[]): Shape =>
  Array.isArray(shape[0]) ? shape[0] : (shape as Shape);
