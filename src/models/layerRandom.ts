/**
 * Chance inside layers: dropout's masks, which blocks stochastic depth leaves out. Every draw takes its seed from one stream, which
 * a training loop sets before each step; a run that was cut off so draws again what it would have drawn.
 */
import { Random } from '../../engine/random.ts';

let stream = new Random(1);

/** Begins the stream anew; the training loop does before every step (train/trainModel.ts). */
export const seedLayers = (seed: number): void => {
  stream = new Random(seed);
};

/** A seed for one draw: `randomUniform(shape, 0, 1, 'float32', drawLayerSeed())`. TensorFlow.js draws anew for every new seed. */
export const drawLayerSeed = (): number => stream.uint32();

/** One number in [0, 1), for a decision that a whole batch shares. */
export const drawLayerNumber = (): number => stream.float();
