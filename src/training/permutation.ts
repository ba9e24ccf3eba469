/**
 * A shuffled order without a list: the place of each item is computed, so that a run which was cut off goes on at item k of its
 * order with nothing remembered but k.
 *
 * A Feistel network permutes the numbers below a power of four; those that fall beyond the size are sent through again until they
 * fall within it (cycle walking: Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
 */
const ROUNDS = 4;

/** Mixes two numbers into one of 32 bits (the finaliser of MurmurHash3). */
export const mix = (a: number, b: number): number => {
  let z = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
};

/**
 * Item number `index` of the order that belongs to a key.
 * @param index from 0 to size - 1 @param size at least 1, at most 2^30 @returns from 0 to size - 1, each once
 */
export const permuted = (index: number, size: number, key: number): number => {
  const halfBits = Math.max(1, Math.ceil(Math.log2(size) / 2));
  const mask = 2 ** halfBits - 1;
  let value = index;
  do {
    let left = value >>> halfBits;
    let right = value & mask;
    for (let round = 0; round < ROUNDS; round++) {
      const next = left ^ (mix(right, key + round * 0x1000193) & mask);
      left = right;
      right = next;
    }
    value = ((left << halfBits) | right) >>> 0;
  } while (value >= size);
  return value;
};
