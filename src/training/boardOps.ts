/**
 * Layers on boards for training. A board tensor has shape [height, width, positions, channels]: an axis of the board is taken
 * through a Winograd transform as rows of one matrix (winograd.ts), a convolution's products are over channels, and numbers of a
 * channel have the same remainder, so that whatever goes by channel goes along long rows.
 */
import { ints } from '../onnx/graphWriter.ts';
import type { Tensor } from './graph.ts';
import { recordNormalize, type Normalized } from './normalize.ts';
import type { Tape } from './tape.ts';
import { axisTransform, transposed, type AxisTransform } from '../models/winograd.ts';

export class BoardOps {
  private readonly tape: Tape;

  constructor(tape: Tape) {
    this.tape = tape;
  }

  /** @param planes as networks take them, shape [positions, planes, height, width] */
  input(planes: Tensor): Tensor {
    const [positions, channels, height, width] = planes.dims;
    // As matrices: ONNX Runtime is twenty times slower at moving four axes.
    const flat = this.tape.reshape(planes, [positions * channels, height * width]);
    return this.tape.reshape(this.tape.transpose(flat, [1, 0]), [height, width, positions, channels]);
  }

  /**
   * A convolution without bias.
   * @param weights shape [outputs, inputs, size, size]
   * @param padding of zeros on each side; (size - 1) / 2 keeps the board's size
   * @throws RangeError for shapes that do not go together and sizes without a transform
   */
  convolve(a: Tensor, weights: Tensor, padding: number): Tensor {
    const [height, width, , channels] = a.dims;
    const [, inputs, size, across] = weights.dims;
    if (inputs !== channels || across !== size || height !== width)
      throw new RangeError(`weights [${weights.dims.join(', ')}] for boards [${a.dims.join(', ')}]`);
    if (size === 1) return this.pointwise(a, this.tape.reshape(weights, weights.dims.slice(0, 2)));
    return new Convolution(this.tape, a, weights, axisTransform(height, size, padding)).record();
  }

  /** The same weights, shape [outputs, inputs], at each point. */
  pointwise(a: Tensor, weights: Tensor): Tensor {
    const [height, width, positions, channels] = a.dims;
    const flat = this.tape.reshape(a, [height * width * positions, channels]);
    const product = this.tape.matmul(flat, weights, { transB: true });
    return this.tape.reshape(product, [height, width, positions, weights.dims[0]]);
  }

  /** Batch normalisation of each channel. @param gain, bias shape [channels] */
  normalize(a: Tensor, gain: Tensor, bias: Tensor, epsilon: number): Normalized {
    return recordNormalize(this.tape, a, gain, bias, epsilon);
  }

  /** Mean of each channel over the board. @returns shape [positions, channels] */
  mean(a: Tensor): Tensor {
    const [height, width, positions, channels] = a.dims;
    const area = height * width;
    const share = this.tape.constant(new Float32Array(area).fill(1 / area), [1, area]);
    const sums = this.tape.matmul(share, this.tape.reshape(a, [area, positions * channels]));
    return this.tape.reshape(sums, [positions, channels]);
  }

  /** Largest number of each channel on the board. @returns shape [positions, channels] */
  maximum(a: Tensor): Tensor {
    const [height, width, positions, channels] = a.dims;
    const rows = this.tape.reshape(a, [height * width, positions * channels]);
    return this.tape.reshape(this.tape.max(rows, 0), [positions, channels]);
  }

  /** Channels first, points of the board last. @returns shape [channels, positions, height * width] */
  points(a: Tensor): Tensor {
    const [height, width, positions, channels] = a.dims;
    const flat = this.tape.reshape(a, [height * width, positions, channels]);
    return this.tape.transpose(flat, [2, 1, 0]);
  }
}

/** One convolution: forward by the transforms, backward by their transposes, which is exact up to rounding. */
class Convolution {
  private readonly tape: Tape;
  private readonly a: Tensor;
  private readonly weights: Tensor;
  private readonly transform: AxisTransform;
  /** Rows of a transformed axis. */
  private readonly rows: number;

  constructor(tape: Tape, a: Tensor, weights: Tensor, transform: AxisTransform) {
    this.tape = tape;
    this.a = a;
    this.weights = weights;
    this.transform = transform;
    this.rows = transform.frequencies * transform.tiles;
  }

  record(): Tensor {
    const { tape, a, weights, transform, rows } = this;
    const [height, , , inputs] = a.dims;
    const [outputs] = weights.dims;
    const tiles = this.tiled(this.bothAxes(a, transform.input, rows, height));
    const kernel = this.transformKernel();
    const products = this.product(tiles, kernel);
    const output = this.bothAxes(this.untiled(products, outputs), transform.output, transform.outputs, rows);
    return tape.record(output, [a, weights], gradient => {
      const spread = transposed(transform.output, transform.outputs, rows);
      const forProducts = this.tiled(this.bothAxes(gradient, spread, rows, transform.outputs));
      const collect = transposed(transform.input, rows, height);
      return [
        tape.isNeeded(a)
          ? this.bothAxes(
              this.untiled(this.product(forProducts, this.swapped(kernel)), inputs),
              collect,
              height,
              rows,
            )
          : undefined,
        this.kernelGradient(this.product(this.swapped(tiles), forProducts)),
      ];
    });
  }

  /** Multiplies both axes of the board by a matrix of shape [to, from]. */
  private bothAxes(a: Tensor, matrix: Float32Array, to: number, from: number): Tensor {
    const { tape } = this;
    const [, , positions, channels] = a.dims;
    const long = positions * channels;
    const by = tape.constant(matrix, [to, from]);
    const rows = tape.raw('MatMul', [by, this.reshape(a, [from, from * long])], [to, from * long]);
    const columns = tape.raw('MatMul', [by, this.reshape(rows, [to, from, long])], [to, to, long]);
    return this.reshape(columns, [to, to, positions, channels]);
  }

  /** From [rows, rows, positions, channels] to [frequencies, tiles, frequencies, tiles * positions, channels]. */
  private tiled(a: Tensor): Tensor {
    const { frequencies, tiles } = this.transform;
    const [, , positions, channels] = a.dims;
    return this.reshape(a, [frequencies, tiles, frequencies, tiles * positions, channels]);
  }

  private untiled(a: Tensor, channels: number): Tensor {
    return this.reshape(a, [this.rows, this.rows, this.a.dims[2], channels]);
  }

  /** U, shape [frequencies, 1, frequencies, inputs, outputs]. */
  private transformKernel(): Tensor {
    const { tape, weights } = this;
    const { frequencies, kernel } = this.transform;
    const [outputs, inputs, size] = weights.dims;
    const taps = tape.raw(
      'Transpose',
      [weights],
      [size, size, inputs, outputs],
      [ints('perm', [2, 3, 1, 0])],
    );
    const values = tape.raw(
      'MatMul',
      [
        tape.constant(kernel, [frequencies ** 2, size * size]),
        this.reshape(taps, [size * size, inputs * outputs]),
      ],
      [frequencies ** 2, inputs * outputs],
    );
    return this.reshape(values, [frequencies, 1, frequencies, inputs, outputs]);
  }

  /** @param a gradient of U for each tile row, shape [frequencies, tiles, frequencies, inputs, outputs] */
  private kernelGradient(a: Tensor): Tensor {
    const { tape, weights } = this;
    const { frequencies, kernel } = this.transform;
    const [outputs, inputs, size] = weights.dims;
    const summed = tape.raw(
      'ReduceSum',
      [a, tape.integers([1])],
      [frequencies, 1, frequencies, inputs, outputs],
    );
    const back = transposed(kernel, frequencies ** 2, size * size);
    const taps = tape.raw(
      'MatMul',
      [
        tape.constant(back, [size * size, frequencies ** 2]),
        this.reshape(summed, [frequencies ** 2, inputs * outputs]),
      ],
      [size * size, inputs * outputs],
    );
    const square = this.reshape(taps, [size, size, inputs, outputs]);
    return tape.raw('Transpose', [square], weights.dims, [ints('perm', [3, 2, 0, 1])]);
  }

  /** Matrices of the last two axes; ONNX Runtime makes it one operation with the product that follows. */
  private swapped(a: Tensor): Tensor {
    const [x, y, z, rows, columns] = a.dims;
    return this.tape.raw('Transpose', [a], [x, y, z, columns, rows], [ints('perm', [0, 1, 2, 4, 3])]);
  }

  /** Products of the last two axes. */
  private product(a: Tensor, b: Tensor): Tensor {
    const [x, y, z, rows] = a.dims;
    return this.tape.raw('MatMul', [a, b], [x, y, z, rows, b.dims[4]]);
  }

  private reshape(a: Tensor, dims: readonly number[]): Tensor {
    return this.tape.raw('Reshape', [a, this.tape.integers(dims)], dims);
  }
}
