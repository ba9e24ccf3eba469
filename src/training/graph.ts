/** An ONNX graph in the making: tensors of fixed shape, constants, nodes. What is differentiated stands in tape.ts. */
import type { Attribute } from '../onnx/graphWriter.ts';
import { FLOAT32, INT64, encodeOnnx, type OnnxModel } from '../onnx/onnxFile.ts';

/** A tensor of the graph. */
export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
}

const OPSET = 18;
const IR_VERSION = 9;

/** Constants of up to this many numbers are looked for among those there are. */
const LARGEST_SHARED = 4096;

export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, dim) => size * dim, 1);

export class Graph {
  private readonly nodes: object[] = [];
  private readonly initializers: object[] = [];
  private readonly inputs: object[] = [];
  private readonly constants = new Map<string, Tensor>();
  private count = 0;

  /** Data fed to every run. */
  input(name: string, dims: readonly number[]): Tensor {
    this.inputs.push(valueInfo(name, dims));
    return { name, dims };
  }

  /** A number, or numbers, known when the graph is built. Equal ones are kept once. */
  constant(values: readonly number[] | Float32Array, dims: readonly number[] = [values.length]): Tensor {
    const key = values.length <= LARGEST_SHARED ? `${dims.join('x')}:${values.join()}` : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known) return known;
    const name = this.fresh('constant');
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    this.initializers.push({ name, dims: [...dims], data_type: FLOAT32, raw_data: bytes });
    const tensor = { name, dims };
    if (key !== undefined) this.constants.set(key, tensor);
    return tensor;
  }

  /** A node without gradient. */
  raw(
    op: string,
    inputs: readonly Tensor[],
    dims: readonly number[],
    attribute: readonly Attribute[] = [],
  ): Tensor {
    const name = this.fresh(op);
    this.nodes.push({ op_type: op, input: inputs.map(input => input.name), output: [name], name, attribute });
    return { name, dims };
  }

  /** Without gradient. */
  zeros(dims: readonly number[]): Tensor {
    return this.raw('Expand', [this.constant([0]), this.integers(dims)], dims);
  }

  /** Whole numbers for shapes and axes. */
  integers(values: readonly number[]): Tensor {
    const key = `i:${values.join()}`;
    const known = this.constants.get(key);
    if (known) return known;
    const name = this.fresh('integers');
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push({ name, dims: [values.length], data_type: INT64, raw_data: bytes });
    const tensor = { name, dims: [values.length] };
    this.constants.set(key, tensor);
    return tensor;
  }

  /** The graph with these outputs as an ONNX file. */
  build(outputs: Readonly<Record<string, Tensor>>): Uint8Array {
    const copies = Object.entries(outputs).map(([name, tensor]) => ({
      op_type: 'Identity',
      input: [tensor.name],
      output: [name],
      name: `output ${name}`,
      attribute: [],
    }));
    const model = {
      ir_version: IR_VERSION,
      opset_import: [{ domain: '', version: OPSET }],
      producer_name: 'hane',
      graph: {
        name: 'training',
        node: [...this.nodes, ...copies],
        initializer: this.initializers,
        input: this.inputs,
        output: Object.entries(outputs).map(([name, { dims }]) => valueInfo(name, dims)),
      },
    };
    return encodeOnnx(model as unknown as OnnxModel);
  }

  private fresh(prefix: string): string {
    return `${prefix}_${this.count++}`;
  }
}

const valueInfo = (name: string, dims: readonly number[]): object => ({
  name,
  type: { tensor_type: { elem_type: FLOAT32, shape: { dim: dims.map(dim => ({ dim_value: dim })) } } },
});
