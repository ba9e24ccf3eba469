/**
 * The memory of one batch, shared by the thread that encodes positions and the one that runs the network: both lay the same
 * views over one SharedArrayBuffer, so that a position travels by being written and results by being read.
 */
import type { Dimensions } from '../../engine/coords.ts';
import type { Output } from '../../engine/evaluator.ts';
import { planeSize } from '../../features/encode.ts';
import { isPerPoint, type NetworkForm } from './contract.ts';

export interface SharedBatch {
  readonly memory: SharedArrayBuffer;
  /** Shape [maxBatch, planes, height + 4, width + 4]. */
  readonly planes: Float32Array;
  /** Points / 10 for the player to move, + for White. Shape [maxBatch]. */
  readonly komi: Float32Array;
  /** Raw outputs of the network. Shape [maxBatch, area] or [maxBatch]. */
  readonly outputs: Readonly<Partial<Record<Output, Float32Array>>>;
}

/** Lays the views over `memory`, or over new memory. */
export const layOut = (
  form: NetworkForm,
  { width, height }: Dimensions,
  maxBatch: number,
  memory?: SharedArrayBuffer,
): SharedBatch => {
  const planes = maxBatch * form.planes * planeSize(width, height);
  const sizes = form.outputs.map(output => maxBatch * (isPerPoint(output) ? width * height : 1));
  const total = planes + maxBatch + sizes.reduce((sum, size) => sum + size, 0);
  const shared = memory ?? new SharedArrayBuffer(total * Float32Array.BYTES_PER_ELEMENT);
  let at = 0;
  const take = (size: number): Float32Array => {
    const view = new Float32Array(shared, at * Float32Array.BYTES_PER_ELEMENT, size);
    at += size;
    return view;
  };
  return {
    memory: shared,
    planes: take(planes),
    komi: take(maxBatch),
    outputs: Object.fromEntries(form.outputs.map((output, i) => [output, take(sizes[i])])),
  };
};
