/**
 * Training steps as ONNX graphs: a tape records operations on tensors of fixed shape, derives the gradients, and writes forward and
 * backward pass as one graph for ONNX Runtime, which is the fastest thing in npm that multiplies matrices on a CPU.
 *
 * Every operation appends its ONNX nodes and remembers how a gradient flows back through it; the backward pass is made of the same
 * operations' nodes. Shapes are known when the graph is built, so a mistake shows there and not in a run.
 */
import { FLOAT32 } from '../onnx/onnxFile.ts';
import { Graph, int, ints, sizeOf, type Tensor } from './graph.ts';

/** What an operation gives back for the gradient of its output: one gradient for each input, undefined where none is needed. */
type Backward = (gradient: Tensor) => readonly (Tensor | undefined)[];

interface Recorded {
  readonly output: Tensor;
  readonly inputs: readonly Tensor[];
  readonly backward: Backward;
}

const sameDims = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dim, i) => dim === b[i]);

export class Tape extends Graph {
  private readonly recorded: Recorded[] = [];
  private readonly differentiable = new Set<string>();
  /** Data fed to every run, with respect to which gradients can be asked for. */
  parameter(name: string, dims: readonly number[]): Tensor {
    this.differentiable.add(name);
    return this.input(name, dims);
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.binary('Add', a, b, gradient => [gradient, gradient]);
  }

  sub(a: Tensor, b: Tensor): Tensor {
    return this.binary('Sub', a, b, gradient => [gradient, this.scale(gradient, -1)]);
  }

  mul(a: Tensor, b: Tensor): Tensor {
    return this.binary('Mul', a, b, gradient => [
      this.isNeeded(a) ? this.raw('Mul', [gradient, b], broadcast(gradient.dims, b.dims)) : undefined,
      this.isNeeded(b) ? this.raw('Mul', [gradient, a], broadcast(gradient.dims, a.dims)) : undefined,
    ]);
  }

  scale(a: Tensor, factor: number): Tensor {
    return this.mul(a, this.constant([factor]));
  }

  /** The product of matrices, either transposed first. Shapes [n, k] and [k, m] after that. */
  matmul(a: Tensor, b: Tensor, { transA = false, transB = false } = {}): Tensor {
    const [n, k] = transA ? [a.dims[1], a.dims[0]] : a.dims;
    const [k2, m] = transB ? [b.dims[1], b.dims[0]] : b.dims;
    if (a.dims.length !== 2 || b.dims.length !== 2 || k !== k2)
      throw new RangeError(`cannot multiply [${a.dims.join(', ')}] and [${b.dims.join(', ')}]`);
    const output = this.raw('Gemm', [a, b], [n, m], [int('transA', +transA), int('transB', +transB)]);
    return this.record(output, [a, b], gradient => {
      const forA = (): Tensor =>
        transA
          ? this.matmul(b, gradient, { transA: transB, transB: true })
          : this.matmul(gradient, b, { transB: !transB });
      const forB = (): Tensor =>
        transB
          ? this.matmul(gradient, a, { transA: true, transB: transA })
          : this.matmul(a, gradient, { transA: !transA });
      return [this.isNeeded(a) ? forA() : undefined, this.isNeeded(b) ? forB() : undefined];
    });
  }

  relu(a: Tensor): Tensor {
    const output = this.raw('Relu', [a], a.dims);
    return this.record(output, [a], gradient => [this.mul(gradient, this.isPositive(output))]);
  }

  tanh(a: Tensor): Tensor {
    const output = this.raw('Tanh', [a], a.dims);
    return this.record(output, [a], gradient => [
      this.mul(gradient, this.sub(this.constant([1]), this.mul(output, output))),
    ]);
  }

  /** log(1 + e^a). */
  softplus(a: Tensor): Tensor {
    const output = this.raw('Softplus', [a], a.dims);
    return this.record(output, [a], gradient => [this.mul(gradient, this.raw('Sigmoid', [a], a.dims))]);
  }

  /** a^-1/2. */
  rsqrt(a: Tensor): Tensor {
    const output = this.raw('Reciprocal', [this.raw('Sqrt', [a], a.dims)], a.dims);
    return this.record(output, [a], gradient => [
      this.mul(gradient, this.scale(this.mul(output, this.mul(output, output)), -0.5)),
    ]);
  }

  /** Logarithm of the softmax over the last axis. */
  logSoftmax(a: Tensor): Tensor {
    const output = this.raw('LogSoftmax', [a], a.dims, [int('axis', -1)]);
    return this.record(output, [a], gradient => [
      this.sub(
        gradient,
        this.mul(this.raw('Exp', [output], output.dims), this.sum(gradient, [a.dims.length - 1])),
      ),
    ]);
  }

  /** 0.5 a^2 / beta near 0, |a| - beta / 2 beyond beta. */
  smoothL1(a: Tensor, beta: number): Tensor {
    const clipped = this.raw('Clip', [a, this.constant([-beta], []), this.constant([beta], [])], a.dims);
    // clipped * (a - clipped / 2) / beta is both branches at once.
    const half = this.raw('Mul', [clipped, this.constant([0.5])], a.dims);
    const rest = this.raw('Sub', [a, half], a.dims);
    const output = this.raw(
      'Mul',
      [this.raw('Mul', [clipped, rest], a.dims), this.constant([1 / beta])],
      a.dims,
    );
    return this.record(output, [a], gradient => [this.mul(gradient, this.scale(clipped, 1 / beta))]);
  }

  /** Sum over axes, which stay as 1. */
  sum(a: Tensor, axes: readonly number[]): Tensor {
    const dims = a.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const output = this.raw('ReduceSum', [a, this.integers(axes)], dims, [int('keepdims', 1)]);
    return this.record(output, [a], gradient => [
      this.raw('Expand', [gradient, this.integers(a.dims)], a.dims),
    ]);
  }

  /** Sum over everything. @returns shape [1] */
  total(a: Tensor): Tensor {
    return this.reshape(
      this.sum(
        a,
        a.dims.map((_, axis) => axis),
      ),
      [1],
    );
  }

  /** Maximum over one axis, which stays as 1; the gradient is shared by equal ones. */
  max(a: Tensor, axis: number): Tensor {
    const dims = a.dims.map((dim, i) => (i === axis ? 1 : dim));
    const output = this.raw('ReduceMax', [a, this.integers([axis])], dims, [int('keepdims', 1)]);
    return this.record(output, [a], gradient => {
      const isMost = this.raw('Cast', [this.raw('Equal', [a, output], a.dims)], a.dims, [int('to', FLOAT32)]);
      const ties = this.raw('ReduceSum', [isMost, this.integers([axis])], dims, [int('keepdims', 1)]);
      return [this.raw('Mul', [isMost, this.raw('Div', [gradient, ties], dims)], a.dims)];
    });
  }

  reshape(a: Tensor, dims: readonly number[]): Tensor {
    if (sizeOf(a.dims) !== sizeOf(dims))
      throw new RangeError(`[${a.dims.join(', ')}] cannot become [${dims.join(', ')}]`);
    const output = this.raw('Reshape', [a, this.integers(dims)], dims);
    return this.record(output, [a], gradient => [this.reshape(gradient, a.dims)]);
  }

  transpose(a: Tensor, order: readonly number[]): Tensor {
    const dims = order.map(axis => a.dims[axis]);
    const output = this.raw('Transpose', [a], dims, [ints('perm', order)]);
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return this.record(output, [a], gradient => [this.transpose(gradient, inverse)]);
  }

  /** Indices from `start` up to but not including `end` of one axis. */
  slice(a: Tensor, axis: number, start: number, end: number): Tensor {
    const dims = a.dims.map((dim, i) => (i === axis ? end - start : dim));
    const output = this.raw(
      'Slice',
      [a, this.integers([start]), this.integers([end]), this.integers([axis])],
      dims,
    );
    return this.record(output, [a], gradient => {
      const pads = a.dims.map((_, i) => (i === axis ? start : 0));
      const after = a.dims.map((dim, i) => (i === axis ? dim - end : 0));
      return [this.raw('Pad', [gradient, this.integers([...pads, ...after])], a.dims)];
    });
  }

  concat(parts: readonly Tensor[], axis: number): Tensor {
    const dims = parts[0].dims.map((dim, i) =>
      i === axis ? parts.reduce((size, part) => size + part.dims[axis], 0) : dim,
    );
    const output = this.raw('Concat', parts, dims, [int('axis', axis)]);
    return this.record(output, parts, gradient => {
      let at = 0;
      return parts.map(part => {
        const start = at;
        at += part.dims[axis];
        return this.isNeeded(part) ? this.slice(gradient, axis, start, at) : undefined;
      });
    });
  }

  /**
   * A convolution over boards that lie flat behind one another with zeros between: all of them are one picture for it.
   * @param a shape [inputs, length]
   * @param weights shape [outputs, inputs, size, size], size odd
   * @param stride length of one row of a board with the zeros behind it: at least size / 2 of them, as there are zero rows below
   * @returns shape [outputs, length]; what stands between the boards is to be set to zero again
   */
  convolve(a: Tensor, weights: Tensor, stride: number): Tensor {
    const [channels, length] = a.dims;
    const [outputs, inputs, size] = weights.dims;
    if (inputs !== channels || length % stride !== 0)
      throw new RangeError(
        `weights [${weights.dims.join(', ')}] for ${channels} channels, ${length} numbers in rows of ${stride}`,
      );
    const output = this.convolution(a, weights, [outputs, inputs, size], stride);
    return this.record(output, [a, weights], gradient => {
      const turned = (): Tensor => {
        const swapped = this.raw(
          'Transpose',
          [weights],
          [inputs, outputs, size, size],
          [ints('perm', [1, 0, 2, 3])],
        );
        const flat = this.raw(
          'Reshape',
          [swapped, this.integers([inputs, outputs, size * size])],
          [inputs, outputs, size * size],
        );
        const backwards = this.integers(
          Array.from({ length: size * size }, (_, tap) => size * size - 1 - tap),
        );
        const reversed = this.raw('Gather', [flat, backwards], flat.dims, [int('axis', 2)]);
        return this.raw('Reshape', [reversed, this.integers(swapped.dims)], swapped.dims);
      };
      return [
        this.isNeeded(a) ? this.convolution(gradient, turned(), [inputs, outputs, size], stride) : undefined,
        this.kernelGradient(a, gradient, size, stride),
      ];
    });
  }

  /** One picture through ONNX Runtime's own convolution. */
  private convolution(
    a: Tensor,
    weights: Tensor,
    [outputs, inputs, size]: readonly [number, number, number],
    stride: number,
  ): Tensor {
    const [, length] = a.dims;
    const rows = length / stride;
    const picture = this.raw(
      'Reshape',
      [a, this.integers([1, inputs, rows, stride])],
      [1, inputs, rows, stride],
    );
    const radius = (size - 1) / 2;
    const convolved = this.raw(
      'Conv',
      [picture, weights],
      [1, outputs, rows, stride],
      [ints('kernel_shape', [size, size]), ints('pads', [radius, radius, radius, radius])],
    );
    return this.raw('Reshape', [convolved, this.integers([outputs, length])], [outputs, length]);
  }

  /** For each tap, the product of the gradient and the input moved by that tap. */
  private kernelGradient(a: Tensor, gradient: Tensor, size: number, stride: number): Tensor {
    const [inputs, length] = a.dims;
    const [outputs] = gradient.dims;
    const radius = (size - 1) / 2;
    const margin = radius * stride + radius;
    const zeros = this.zeros([inputs, margin]);
    const padded = this.raw('Concat', [zeros, a, zeros], [inputs, length + 2 * margin], [int('axis', 1)]);
    const taps = Array.from({ length: size * size }, (_, tap) => {
      const start = Math.floor(tap / size) * stride + (tap % size);
      const moved = this.raw(
        'Slice',
        [padded, this.integers([start]), this.integers([start + length]), this.integers([1])],
        a.dims,
      );
      const product = this.raw(
        'Gemm',
        [gradient, moved],
        [outputs, inputs],
        [int('transA', 0), int('transB', 1)],
      );
      return this.raw('Reshape', [product, this.integers([outputs, inputs, 1])], [outputs, inputs, 1]);
    });
    const joined = this.raw('Concat', taps, [outputs, inputs, size * size], [int('axis', 2)]);
    const dims = [outputs, inputs, size, size];
    return this.raw('Reshape', [joined, this.integers(dims)], dims);
  }

  /**
   * Batch normalisation of each row over what the mask leaves: (a - mean) / sqrt(variance + epsilon) * gain + bias. One operation,
   * since made of single ones it took a sixth of a training step.
   * @param mask 1 where `a` counts, shape [1, length]; everything counts without one
   * @param count numbers of a row that count
   * @returns output unmasked, mean and variance of shape [rows, 1]
   */
  normalize(
    a: Tensor,
    mask: Tensor | undefined,
    count: number,
    gain: Tensor,
    bias: Tensor,
    epsilon: number,
  ): { output: Tensor; mean: Tensor; variance: Tensor } {
    const [rows] = a.dims;
    const perRow = [rows, 1];
    const op = (name: string, x: Tensor, y: Tensor): Tensor =>
      this.raw(name, [x, y], broadcast(x.dims, y.dims));
    const sum = (name: string, x: Tensor): Tensor =>
      this.raw(name, [x, this.integers([1])], perRow, [int('keepdims', 1)]);
    const share = this.constant([1 / count]);
    const counted = mask ? op('Mul', a, mask) : a;
    const mean = op('Mul', sum('ReduceSum', counted), share);
    const squares = op('Mul', sum('ReduceSumSquare', counted), share);
    const variance = this.raw('Relu', [op('Sub', squares, op('Mul', mean, mean))], perRow);
    const spread = this.raw('Sqrt', [op('Add', variance, this.constant([epsilon]))], perRow);
    const rate = this.raw('Reciprocal', [spread], perRow);
    const scale = op('Mul', rate, gain);
    const shift = op('Sub', bias, op('Mul', mean, scale));
    const output = this.record(op('Add', op('Mul', counted, scale), shift), [a, gain, bias], upstream => {
      const gradient = mask ? op('Mul', upstream, mask) : upstream;
      const forBias = sum('ReduceSum', gradient);
      const product = sum('ReduceSum', op('Mul', gradient, counted));
      const forGain = op('Mul', rate, op('Sub', product, op('Mul', mean, forBias)));
      // gradient * scale + counted * slope + level is the textbook's scale * (g - mean(g) - normalised * mean(g * normalised)).
      const slope = this.scaled(op('Mul', op('Mul', scale, rate), forGain), -1 / count);
      const level = op('Sub', this.scaled(op('Mul', scale, forBias), -1 / count), op('Mul', mean, slope));
      const whole = op('Add', op('Add', op('Mul', gradient, scale), op('Mul', counted, slope)), level);
      return [mask ? op('Mul', whole, mask) : whole, forGain, forBias];
    });
    return { output, mean, variance };
  }

  /** {@link scale} without gradient. */
  private scaled(a: Tensor, factor: number): Tensor {
    return this.raw('Mul', [a, this.constant([factor])], a.dims);
  }

  /** Gradients of a number with respect to parameters. @param loss shape [1] */
  gradients(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
    if (sizeOf(loss.dims) !== 1) throw new RangeError(`a loss is one number, not [${loss.dims.join(', ')}]`);
    const gradients = new Map<string, Tensor>([[loss.name, this.constant([1], loss.dims)]]);
    // Operations of the backward pass are appended to the same list; they are not walked.
    const forward = this.recorded.slice();
    for (const { output, inputs, backward } of forward.toReversed()) {
      const gradient = gradients.get(output.name);
      if (!gradient) continue;
      for (const [i, part] of backward(gradient).entries()) {
        const { name } = inputs[i];
        if (!part || !this.differentiable.has(name)) continue;
        const known = gradients.get(name);
        gradients.set(name, known ? this.raw('Add', [known, part], part.dims) : part);
      }
    }
    return parameters.map(parameter => gradients.get(parameter.name) ?? this.zeros(parameter.dims));
  }

  private isNeeded({ name }: Tensor): boolean {
    return this.differentiable.has(name);
  }

  private record(output: Tensor, inputs: readonly Tensor[], backward: Backward): Tensor {
    if (inputs.some(input => this.isNeeded(input))) {
      this.differentiable.add(output.name);
      this.recorded.push({ output, inputs, backward });
    }
    return output;
  }

  private binary(op: string, a: Tensor, b: Tensor, backward: Backward): Tensor {
    const dims = broadcast(a.dims, b.dims);
    return this.record(this.raw(op, [a, b], dims), [a, b], gradient => {
      const [forA, forB] = backward(gradient);
      return [
        forA && this.isNeeded(a) ? this.sumTo(forA, a.dims) : undefined,
        forB && this.isNeeded(b) ? this.sumTo(forB, b.dims) : undefined,
      ];
    });
  }

  /** Undoes broadcasting: sums over what was repeated. */
  private sumTo(a: Tensor, dims: readonly number[]): Tensor {
    if (sameDims(a.dims, dims)) return a;
    const extra = a.dims.length - dims.length;
    const axes = a.dims.flatMap((dim, axis) =>
      axis < extra || (dims[axis - extra] === 1 && dim !== 1) ? [axis] : [],
    );
    const kept = a.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const summed =
      axes.length === 0 ? a : this.raw('ReduceSum', [a, this.integers(axes)], kept, [int('keepdims', 1)]);
    return sameDims(kept, dims) ? summed : this.raw('Reshape', [summed, this.integers(dims)], dims);
  }

  private isPositive(a: Tensor): Tensor {
    const greater = this.raw('Greater', [a, this.constant([0])], a.dims);
    return this.raw('Cast', [greater], a.dims, [int('to', FLOAT32)]);
  }
}

/** The shape of an operation on two shapes, as NumPy has it. */
const broadcast = (a: readonly number[], b: readonly number[]): number[] => {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => {
    const x = a[i - (length - a.length)] ?? 1;
    const y = b[i - (length - b.length)] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw new RangeError(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not go together`);
    return Math.max(x, y);
  });
};
