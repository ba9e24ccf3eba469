/**
 * Zobrist keys: 64 random bits, as two int32 halves, for each stone on each point. The same for every board size with the
 * same stride, from a fixed seed, so hashes can be compared between processes and kept on disk.
 */
import { Random } from './random.ts';
import { MAX_SIZE } from './types.ts';

/** One more than the largest point of the largest board. */
export const MAX_POINTS = (MAX_SIZE + 1) * (MAX_SIZE + 2) + 1;

const keys = (seed: number): Int32Array => {
  const random = new Random(seed);
  return Int32Array.from({ length: MAX_POINTS * 3 }, (_, i) => (i % 3 === 0 ? 0 : random.uint32() | 0));
};

/** Low halves, at `point * 3 + stone`; 0 for EMPTY. */
export const ZOBRIST_LOW = keys(0x68616e65);
/** High halves, at `point * 3 + stone`; 0 for EMPTY. */
export const ZOBRIST_HIGH = keys(0x676f6261);
