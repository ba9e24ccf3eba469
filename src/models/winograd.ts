/**
 * Convolutions with fewer multiplications (Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms
 * for Convolutional Neural Networks", 2016): m outputs of a kernel of k taps are sums of n = m + k - 1 products instead of m * k,
 *
 *     y = A ((G w) * (B x))    along each axis of the board, one axis after the other.
 *
 * Usually x is cut into overlapping tiles, and B and A multiply tile by tile. Here the cutting is part of the matrices: one matrix
 * takes a whole column of a board to all of its tiles, another takes all tiles back, zero padding included. They are mostly zero,
 * yet one large product is faster than gathering tiles, needs no rows beyond the board, and its adjoint is its transpose.
 */

/** The matrices of F(m, k) by Cook and Toom's construction. */
export interface CookToom {
  /** A, shape [m, n]. */
  readonly output: readonly (readonly number[])[];
  /** G, shape [n, k]. */
  readonly kernel: readonly (readonly number[])[];
  /** B, shape [n, n]. */
  readonly input: readonly (readonly number[])[];
}

/** Coefficients, constant first, of the polynomial with these roots and leading coefficient 1. */
const polynomial = (roots: readonly number[]): number[] =>
  roots.reduce<number[]>(
    (known, root) =>
      Array.from({ length: known.length + 1 }, (_, i) => (known[i - 1] ?? 0) - root * (known[i] ?? 0)),
    [1],
  );

/**
 * Polynomials are multiplied by their values at points, the last of which is infinity: a row of `kernel` is the kernel at a point.
 * @param points n - 1 different numbers
 * @param taps k
 */
export const cookToom = (points: readonly number[], taps: number): CookToom => {
  const n = points.length + 1;
  const m = n - taps + 1;
  const others = points.map(point => points.filter(other => other !== point));
  const pad = (row: readonly number[]): number[] => [...row, ...Array<number>(n - row.length).fill(0)];
  return {
    output: Array.from({ length: m }, (_, i) => [...points.map(point => point ** i), i === m - 1 ? 1 : 0]),
    kernel: [
      ...points.map((point, j) => {
        const divisor = others[j].reduce((product, other) => product * (point - other), 1);
        return Array.from({ length: taps }, (_, k) => point ** k / divisor);
      }),
      Array.from({ length: taps }, (_, k) => (k === taps - 1 ? 1 : 0)),
    ],
    input: [...others.map(roots => pad(polynomial(roots))), polynomial(points)],
  };
};

/** Points by size of the kernel, small ones first: rounding errors grow with their powers. With more of them tiles are larger. */
export const WINOGRAD_POINTS: Readonly<Record<number, readonly number[]>> = {
  3: [0, 1, -1, 2, -2, 1 / 2],
  5: [0, 1, -1, 2, -2, 1 / 2, -1 / 2],
  7: [0, 1, -1, 2, -2, 1 / 2, -1 / 2],
};

/** A convolution along one axis of a board: kernel transformed, board transformed, multiplied, transformed back. */
export interface AxisTransform {
  /** Values of the kernel, n, and tiles that an axis is cut into. */
  readonly frequencies: number;
  readonly tiles: number;
  /** Points of an axis behind the convolution. */
  readonly outputs: number;
  /** Shape [frequencies * tiles, inputs]: row `a * tiles + t` is value a of tile t. */
  readonly input: Float32Array;
  /** Shape [outputs, frequencies * tiles]. */
  readonly output: Float32Array;
  /** Along both axes at once: shape [frequencies * frequencies, size * size]. */
  readonly kernel: Float32Array;
}

/**
 * The matrices for an axis of `inputs` points.
 * @param size of the kernel along an axis
 * @param padding zeros before the first point and behind the last
 * @throws RangeError for a size other than 3, 5 and 7, or an axis that the kernel does not fit on
 */
export const axisTransform = (inputs: number, size: number, padding: number): AxisTransform => {
  const points = WINOGRAD_POINTS[size];
  if (!points)
    throw new RangeError(`a kernel of size ${size}: one of ${Object.keys(WINOGRAD_POINTS).join(', ')}`);
  const outputs = inputs + 2 * padding - size + 1;
  if (outputs < 1) throw new RangeError(`a kernel of size ${size} does not fit on ${inputs} points`);
  const { output: a, kernel: g, input: b } = cookToom(points, size);
  const [m, n] = [a.length, b.length];
  const tiles = Math.ceil(outputs / m);
  const rows = n * tiles;
  const input = new Float32Array(rows * inputs);
  const output = new Float32Array(outputs * rows);
  for (let value = 0; value < n; value++)
    for (let tile = 0; tile < tiles; tile++) {
      const row = value * tiles + tile;
      for (let i = 0; i < n; i++) {
        const at = tile * m + i - padding;
        if (at >= 0 && at < inputs) input[row * inputs + at] = b[value][i];
      }
      for (let i = 0; i < m; i++) {
        const at = tile * m + i;
        if (at < outputs) output[at * rows + row] = a[i][value];
      }
    }
  const kernel = new Float32Array(n * n * size * size);
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) kernel[((y * n + x) * size + i) * size + j] = g[y][i] * g[x][j];
  return { frequencies: n, tiles, outputs, input, output, kernel };
};

/** @param matrix shape [rows, columns] @returns shape [columns, rows] */
export const transposed = (matrix: Float32Array, rows: number, columns: number): Float32Array => {
  const result = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j];
  return result;
};

/**
 * G w G' for every pair of channels, in double precision.
 * @param weight shape [filters, channels, size, size] @param g shape [n, size] @returns shape [n * n, channels, filters]
 */
export const transformKernel = (
  weight: Float32Array,
  filters: number,
  channels: number,
  size: number,
  g: readonly (readonly number[])[],
): Float32Array => {
  const n = g.length;
  const result = new Float32Array(n * n * channels * filters);
  const half = new Float64Array(n * size);
  for (let filter = 0; filter < filters; filter++)
    for (let channel = 0; channel < channels; channel++) {
      const from = (filter * channels + channel) * size * size;
      for (let a = 0; a < n; a++)
        for (let x = 0; x < size; x++) {
          let sum = 0;
          for (let y = 0; y < size; y++) sum += g[a][y] * weight[from + y * size + x];
          half[a * size + x] = sum;
        }
      for (let a = 0; a < n; a++)
        for (let b = 0; b < n; b++) {
          let sum = 0;
          for (let x = 0; x < size; x++) sum += g[b][x] * half[a * size + x];
          result[((a * n + b) * channels + channel) * filters + filter] = sum;
        }
    }
  return result;
};
