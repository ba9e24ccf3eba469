/**
 * Training steps as ONNX graphs: a tape records operations on tensors of fixed shape, derives the gradients, and writes forward and
 * backward pass as one graph for ONNX Runtime, which is the fastest thing in npm that multiplies matrices on a CPU.
 *
 * Every operation appends its ONNX nodes and remembers how a gradient flows back through it; the backward pass is made of the same
 * operations' nodes. Shapes are known when the graph is built, so a mistake shows there and not in a run.
 */
import { FLOAT32 } from '../onnx/onnxFile.ts';
import { float, int, ints } from '../onnx/graphWriter.ts';
import { Graph, sizeOf, type Tensor } from './graph.ts';

/** What an operation gives back for the gradient of its output: one gradient for each input, undefined where none is needed. */
export type Backward = (gradient: Tensor) => readonly (Tensor | undefined)[];

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

  /** 1 where positive, else 0; without gradient. */
  isPositive(a: Tensor): Tensor {
    // max(0, min(1, slope * a)): one fast operation, where a comparison and a cast are two slow ones.
    return this.raw('HardSigmoid', [a], a.dims, [float('alpha', 3e38), float('beta', 0)]);
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

  /** Whether a gradient is to flow to it. */
  isNeeded({ name }: Tensor): boolean {
    return this.differentiable.has(name);
  }

  /** Remembers how the gradient flows through an operation made of {@link raw} nodes. @returns output */
  record(output: Tensor, inputs: readonly Tensor[], backward: Backward): Tensor {
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
