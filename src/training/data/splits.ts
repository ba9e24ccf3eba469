/**
 * Which games a network learns from and which it is measured on. The split follows from the content of a game, so that the same
 * game lands in the same split in every dataset, whatever archive it came from.
 */

export const SPLITS = ['train', 'validation', 'test'] as const;
/** train: to learn from. validation: to choose by. test: to report on, once. */
export type Split = (typeof SPLITS)[number];

/** Share of the games in each split; the rest is for training. */
export interface SplitShares {
  readonly validation: number;
  readonly test: number;
}

export const DEFAULT_SHARES: SplitShares = { validation: 0.02, test: 0.02 };

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a, mixed at the end (MurmurHash3's finalizer) so that its upper bits are fit for {@link splitOf}. */
export const hashBytes = (bytes: Uint8Array): number => {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** The split of a game. @param hash of its content, a whole number under 2^32 */
export const splitOf = (hash: number, { validation, test }: SplitShares = DEFAULT_SHARES): Split => {
  const place = hash / 2 ** 32;
  return place < validation ? 'validation' : place < validation + test ? 'test' : 'train';
};
