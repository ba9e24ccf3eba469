/** Pools as they are defined, window by window and point by point, with their gradients. For tests. */
import type { Pair, Window } from '../../src/models/spec.ts';

export interface SlowPool {
  /** [height, width] of windows. */
  readonly size: Pair;
  /** [rows, size, channels] */
  readonly pooled: Float32Array;
  /** What the sum of the windows times their `upstream` changes by with each number of the board. */
  readonly gradient: Float32Array;
}

/**
 * @param board [rows, height, width, channels]; no two numbers of a window are equal
 * @param upstream what each window counts for, by its place
 */
export const slowPool = (
  mode: 'max' | 'mean',
  board: Float32Array,
  [rows, height, width, channels]: readonly number[],
  { kernel, stride, pads }: Window,
  upstream: (place: number) => number,
): SlowPool => {
  const [top, left, bottom, right] = pads;
  const pooled: number[] = [];
  const gradient = new Float32Array(board.length);
  const tops: number[] = [];
  for (let y = -top; y + kernel[0] <= height + bottom; y += stride[0]) tops.push(y);
  const lefts: number[] = [];
  for (let x = -left; x + kernel[1] <= width + right; x += stride[1]) lefts.push(x);
  for (let row = 0; row < rows; row++)
    for (const y0 of tops)
      for (const x0 of lefts)
        for (let channel = 0; channel < channels; channel++) {
          const seen: number[] = [];
          for (let y = y0; y < y0 + kernel[0]; y++)
            for (let x = x0; x < x0 + kernel[1]; x++)
              if (y >= 0 && y < height && x >= 0 && x < width)
                seen.push(((row * height + y) * width + x) * channels + channel);
          const values = seen.map(at => board[at]);
          const weight = upstream(pooled.length);
          if (mode === 'max') {
            const most = Math.max(...values);
            pooled.push(most);
            gradient[seen[values.indexOf(most)]] += weight;
          } else {
            pooled.push(values.reduce((sum, value) => sum + value, 0) / values.length);
            for (const at of seen) gradient[at] += weight / seen.length;
          }
        }
  return { size: [tops.length, lefts.length], pooled: Float32Array.from(pooled), gradient };
};
