/**
 * The 8 symmetries of a square board: bit 0 mirrors left-right, bit 1 mirrors top-bottom, bit 2 then transposes.
 * On a rectangular board only those without a transposition keep the shape.
 */
import type { Dimensions } from '../engine/coords.ts';

export const SYMMETRIES = 8;

const TRANSPOSED = 4;

/** The symmetry that undoes `symmetry`: only the two quarter turns are not their own. */
export const inverseSymmetry = (symmetry: number): number =>
  symmetry === 5 ? 6 : symmetry === 6 ? 5 : symmetry;

/** Whether a board of these dimensions looks into itself under `symmetry`. */
export const keepsShape = (symmetry: number, { width, height }: Dimensions): boolean =>
  symmetry < TRANSPOSED || width === height;

/** The symmetry that has the effect of `first` and then `second`. */
export const composeSymmetries = (first: number, second: number): number => {
  const swapped = first >= TRANSPOSED ? ((second & 1) << 1) | ((second >> 1) & 1) : second & 3;
  return ((first & 3) ^ swapped) | ((first ^ second) & TRANSPOSED);
};

const maps = new Map<number, Int16Array>();

/**
 * Where each point goes: `map[i]` is the policy index that point `i` has after the symmetry.
 * @returns shape [area]; shared, not to be changed
 * @throws RangeError for a transposition of a rectangular board
 */
export const symmetryMap = (symmetry: number, dimensions: Dimensions): Int16Array => {
  const { width, height } = dimensions;
  const key = (symmetry * 32 + width) * 32 + height;
  let map = maps.get(key);
  if (map) return map;
  if (
    !Number.isInteger(symmetry) ||
    symmetry < 0 ||
    symmetry >= SYMMETRIES ||
    !keepsShape(symmetry, dimensions)
  ) {
    throw new RangeError(
      `symmetry ${symmetry} of a ${width}x${height} board: 0 to 7, on rectangular boards 0 to 3`,
    );
  }
  map = new Int16Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const mirroredX = symmetry & 1 ? width - 1 - x : x;
      const mirroredY = symmetry & 2 ? height - 1 - y : y;
      map[y * width + x] =
        symmetry & TRANSPOSED ? mirroredX * width + mirroredY : mirroredY * width + mirroredX;
    }
  }
  maps.set(key, map);
  return map;
};

/**
 * Transforms a map of points: out[map[i]] = values[i]; what lies behind the points (a pass) stays where it is.
 * @param values shape [area] or [area + 1]; @param out of the same shape, another array
 */
export const applySymmetry = (
  symmetry: number,
  dimensions: Dimensions,
  values: Float32Array,
  out: Float32Array,
): void => {
  const map = symmetryMap(symmetry, dimensions);
  for (let i = 0; i < map.length; i++) out[map[i]] = values[i];
  for (let i = map.length; i < values.length; i++) out[i] = values[i];
};
