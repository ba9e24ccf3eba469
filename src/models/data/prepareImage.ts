/** One picture of any size as a network of ImageNet takes it: its shorter side scaled, the middle cut out, standardised. */
import { IMAGENET_STATISTICS } from './images.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Bytes of a point beside each other: 1 (grey), 3 (red, green, blue) or 4 (with opacity, which is left out). */
  readonly channels: 1 | 3 | 4;
  /** Shape [height, width, channels]. */
  readonly data: ArrayLike<number>;
}

export interface PrepareOptions {
  /** Side of the square that is cut out: 224 unless something else is said. */
  readonly size?: number;
  /** The shorter side before that: 256 for 224, and in this proportion for others. */
  readonly shorter?: number;
  readonly scale?: readonly number[];
  readonly shift?: readonly number[];
}

const SIZE = 224;
const SHORTER = 256 / 224;

/**
 * @returns red, green and blue, shape [3, size, size]; what is grey is all three
 * @throws RangeError if the picture has another number of bytes than it says
 */
export const prepareImage = (picture: Picture, options: PrepareOptions = {}): Float32Array => {
  const { width, height, channels, data } = picture;
  if (!(width > 0 && height > 0) || data.length !== width * height * channels)
    throw new RangeError(`${data.length} bytes are no picture of ${width} x ${height} x ${channels}`);
  const { size = SIZE, scale = IMAGENET_STATISTICS.scale, shift = IMAGENET_STATISTICS.shift } = options;
  const shorter = options.shorter ?? Math.round(size * SHORTER);
  const factor = shorter / Math.min(width, height);
  const columns = weightsOf(width, Math.max(size, Math.round(width * factor)), size);
  const rows = weightsOf(height, Math.max(size, Math.round(height * factor)), size);
  const out = new Float32Array(3 * size * size);
  const narrow = new Float32Array(height * size);
  for (let c = 0; c < 3; c++) {
    const channel = channels === 1 ? 0 : c;
    for (let y = 0; y < height; y++)
      for (const [x, { from, weights }] of columns.entries())
        narrow[y * size + x] = weights.reduce(
          (sum, weight, i) => sum + weight * data[(y * width + from + i) * channels + channel],
          0,
        );
    for (const [y, { from, weights }] of rows.entries())
      for (let x = 0; x < size; x++) {
        const value = weights.reduce((sum, weight, i) => sum + weight * narrow[(from + i) * size + x], 0);
        out[(c * size + y) * size + x] = value * scale[c] + shift[c];
      }
  }
  return out;
};

/** What one point of the result is made of: `weights` of the points from `from` on; their sum is 1. */
interface Mixture {
  readonly from: number;
  readonly weights: readonly number[];
}

/**
 * Scales a row of `before` points to `after` and cuts the middle `size` out: each point of the result is a triangle over the points
 * it covers, as wide as the scale, so that making a picture smaller does not skip points (as Pillow's bilinear filter).
 */
const weightsOf = (before: number, after: number, size: number): Mixture[] => {
  const ratio = before / after;
  const reach = Math.max(1, ratio);
  const cut = Math.floor((after - size) / 2);
  return Array.from({ length: size }, (_, i) => {
    const middle = (i + cut + 0.5) * ratio;
    const from = Math.max(0, Math.floor(middle - reach + 0.5));
    const to = Math.min(before, Math.floor(middle + reach + 0.5));
    const heights = Array.from({ length: to - from }, (_unused, k) =>
      Math.max(0, 1 - Math.abs((from + k + 0.5 - middle) / reach)),
    );
    const sum = heights.reduce((total, height) => total + height, 0);
    return { from, weights: heights.map(height => height / sum) };
  });
};
