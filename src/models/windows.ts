/** Where windows of convolutions and pools stand on a board, and how many there are. */
import { SpecError, type Pads, type Pair, type Window } from './layerTypes.ts';

/** One number for both axes, or two. */
export type Size = number | Pair;

/**
 * 'valid' pads nothing; 'same' gives ceil(size / stride) points, an odd rest below and on the right (as TensorFlow); a number pads
 * every side (as torch); two are [height, width]; four are [top, left, bottom, right].
 */
export type Padding = 'valid' | 'same' | number | Pair | Pads;

export interface WindowOptions {
  readonly kernel: Size;
  readonly stride?: Size | undefined;
  readonly padding?: Padding | undefined;
  /** Whether a window at the end may stand over the edge, if it begins before it. */
  readonly ceil?: boolean | undefined;
}

export const pairOf = (size: Size): Pair => (typeof size === 'number' ? [size, size] : size);

/**
 * The window with its padding in numbers, with what a last one over the edge needs.
 * @param board [height, width]
 * @throws SpecError if a size is no whole number above 0, or a window does not fit on the board
 */
export const resolveWindow = (name: string, board: Pair, options: WindowOptions): Window => {
  const { padding = 'valid', ceil = false } = options;
  const kernel = pairOf(options.kernel);
  const stride = pairOf(options.stride ?? 1);
  for (const size of [...kernel, ...stride])
    if (!Number.isInteger(size) || size < 1)
      throw new SpecError(`${name}: a kernel or stride of ${size}: must be a whole number from 1`);
  const [top, left, bottom, right] = padsOf(padding, board, kernel, stride);
  const rest = [0, 1].map(axis => {
    const padded = board[axis] + (axis === 0 ? top + bottom : left + right);
    if (padded < kernel[axis])
      throw new SpecError(
        `${name}: a window of ${kernel.join('x')} does not fit on [${board.join(', ')}] with its padding`,
      );
    if (!ceil) return 0;
    const over = (stride[axis] - ((padded - kernel[axis]) % stride[axis])) % stride[axis];
    const start = padded + over - kernel[axis];
    // A window that would see padding alone is none.
    return start >= board[axis] + (axis === 0 ? top : left) ? 0 : over;
  });
  return { kernel, stride, pads: [top, left, bottom + rest[0], right + rest[1]] };
};

const padsOf = (padding: Padding, board: Pair, kernel: Pair, stride: Pair): Pads => {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    const all = [0, 1].map(axis => {
      const count = Math.ceil(board[axis] / stride[axis]);
      return Math.max(0, (count - 1) * stride[axis] + kernel[axis] - board[axis]);
    });
    const before = all.map(pad => Math.floor(pad / 2));
    return [before[0], before[1], all[0] - before[0], all[1] - before[1]];
  }
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  return padding.length === 2 ? [padding[0], padding[1], padding[0], padding[1]] : padding;
};

/** [height, width] of what windows give. */
export const outputSize = (board: Pair, { kernel, stride, pads }: Window): Pair => {
  const along = (axis: 0 | 1): number =>
    Math.floor((board[axis] + pads[axis] + pads[axis + 2] - kernel[axis]) / stride[axis]) + 1;
  return [along(0), along(1)];
};

/** Whether every window stands over a point of the board at least. */
export const seesBoard = (board: Pair, window: Window): boolean => {
  const windows = outputSize(board, window);
  return [0, 1].every(axis => {
    const before = window.pads[axis];
    return before < window.kernel[axis] && (windows[axis] - 1) * window.stride[axis] - before < board[axis];
  });
};

/** Whether every point has a window. */
export const isSteady = ({ stride }: Window): boolean => stride.every(step => step === 1);

/** Whether a window keeps the size of a board with as much padding on either side. */
export const isCentred = (window: Window): boolean =>
  isSteady(window) && window.pads.every((pad, side) => 2 * pad === window.kernel[side % 2] - 1);

/** Whether the windows stand where TensorFlow's padding 'same' puts them. How far padding goes beyond the last does not count. */
export const isSame = (board: Pair, window: Window): boolean => {
  const { kernel, stride, pads } = window;
  const same: Window = { kernel, stride, pads: padsOf('same', board, kernel, stride) };
  return (
    pads[0] === same.pads[0] &&
    pads[1] === same.pads[1] &&
    outputSize(board, window).join() === outputSize(board, same).join()
  );
};

export const isUnpadded = ({ pads }: Window): boolean => pads.every(pad => pad === 0);

/** Rows of each part of an axis: from `start` to `end` - 1. */
const adaptiveParts = (size: number, parts: number): { start: number; end: number }[] =>
  Array.from({ length: parts }, (_, part) => ({
    start: Math.floor((part * size) / parts),
    end: Math.ceil(((part + 1) * size) / parts),
  }));

/** A matrix [parts, size] that takes the mean of each part of an axis. */
export const partMeans = (size: number, parts: number): Float32Array => {
  const means = new Float32Array(parts * size);
  for (const [part, { start, end }] of adaptiveParts(size, parts).entries())
    means.fill(1 / (end - start), part * size + start, part * size + end);
  return means;
};
