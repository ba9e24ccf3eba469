/** Pictures of another size: each new point is the mean of the old ones under a triangle, as Pillow's bilinear filter. */
import type { Pair } from './layerTypes.ts';

/** A picture as numbers from 0 to 255, row by row, the channels of a point together. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red, green, blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Float32Array;
}

/** @param size [height, width] */
export const resizeImage = (image: RawImage, [height, width]: Pair): RawImage => {
  if (height === image.height && width === image.width) return image;
  const { channels } = image;
  const across = weightsFor(image.width, width);
  const down = weightsFor(image.height, height);
  const narrow = new Float32Array(image.height * width * channels);
  for (let y = 0; y < image.height; y++)
    for (const [x, { start, weights }] of across.entries())
      for (const [i, weight] of weights.entries())
        for (let channel = 0; channel < channels; channel++)
          narrow[(y * width + x) * channels + channel] +=
            weight * image.data[(y * image.width + start + i) * channels + channel];
  const data = new Float32Array(height * width * channels);
  const row = width * channels;
  for (const [y, { start, weights }] of down.entries())
    for (const [i, weight] of weights.entries())
      for (let at = 0; at < row; at++) data[y * row + at] += weight * narrow[(start + i) * row + at];
  return { width, height, channels, data };
};

/** For each new point the first old one that counts, and how much it and those behind it count. */
const weightsFor = (from: number, to: number): { start: number; weights: number[] }[] => {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, point) => {
    const centre = (point + 0.5) * scale;
    const start = Math.max(0, Math.floor(centre - reach));
    const end = Math.min(from, Math.ceil(centre + reach));
    const raw = Array.from({ length: end - start }, (__, i) =>
      Math.max(0, 1 - Math.abs((start + i + 0.5 - centre) / reach)),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { start, weights: raw.map(weight => weight / sum) };
  });
};
