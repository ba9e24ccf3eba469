/**
 * One batch as every training engine takes it: the network's inputs and, for each head, what to learn and how much it counts.
 * All of it lies in one buffer, so that a batch travels between threads by handing the buffer over.
 */
import { PADDING } from '../../features/planes.ts';
import { planeSize } from '../../features/encode.ts';

const SIZE = 19;
const AREA = SIZE * SIZE;

/** Numbers of one padded plane: 23 x 23. */
export const PLANE_SIZE: number = planeSize(SIZE, SIZE);
/** Width and height of a padded plane. */
export const PLANE_SIDE: number = SIZE + 2 * PADDING;

/**
 * Numbers that a position has in each target. A position that lacks a target has 0 in its weight.
 *
 * | field | meaning |
 * |---|---|
 * | policy | probabilities of the best move, passing last |
 * | expert | the move of a strong human, one-hot |
 * | reply | the move after it, one-hot |
 * | chance | winning chance of the player to move |
 * | lead | points for the player to move, komi included |
 * | ownership | in [-1, 1], 1 the player to move |
 */
export const TARGET_SIZES = {
  policy: AREA + 1,
  policyWeight: 1,
  expert: AREA,
  expertWeight: 1,
  reply: AREA,
  replyWeight: 1,
  chance: 1,
  chanceWeight: 1,
  lead: 1,
  leadWeight: 1,
  ownership: AREA,
  ownershipWeight: 1,
} as const;

export type TargetField = keyof typeof TARGET_SIZES;

/** Fields of a batch: `planes` [n, planes, 23, 23], `komi` [n] in points / 10 for the player to move, and the targets [n, size]. */
export type Batch = Readonly<Record<'planes' | 'komi' | TargetField, Float32Array>>;

/**
 * Lays a batch over a buffer, or over a new one of zeros.
 * @param planes 48, or 49 with the colour to move
 */
export const makeBatch = (planes: number, positions: number, buffer?: ArrayBuffer): Batch => {
  const sizes: Record<string, number> = { planes: planes * PLANE_SIZE, komi: 1, ...TARGET_SIZES };
  const total = Object.values(sizes).reduce((sum, size) => sum + size * positions, 0);
  const memory = buffer ?? new ArrayBuffer(total * Float32Array.BYTES_PER_ELEMENT);
  let at = 0;
  const views = Object.entries(sizes).map(([name, size]) => {
    const view = new Float32Array(memory, at * Float32Array.BYTES_PER_ELEMENT, size * positions);
    at += size * positions;
    return [name, view];
  });
  return Object.fromEntries(views) as Batch;
};
