/** An ONNX graph in the making: inputs, constants, nodes, outputs; then bytes, the same for the same calls. */
import { FLOAT32, INT64, encodeOnnx, type OnnxModel } from './onnxFile.ts';

/** Attribute types of onnx.proto. */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly i?: number;
  readonly f?: number;
  readonly ints?: readonly number[];
}

export const int = (name: string, i: number): Attribute => ({ name, type: ATTRIBUTE.int, i });
export const float = (name: string, f: number): Attribute => ({ name, type: ATTRIBUTE.float, f });
export const ints = (name: string, values: readonly number[]): Attribute => ({
  name,
  type: ATTRIBUTE.ints,
  ints: values,
});

/** Sizes of a tensor; 'n' is the batch. */
export type Dims = readonly (number | 'n')[];

/** Operators of this version, in files that ONNX Runtime has read since 1.14. */
const OPSET = 17;
const IR_VERSION = 8;

export class GraphWriter {
  private readonly nodes: object[] = [];
  private readonly initializers: object[] = [];
  private readonly inputs: object[] = [];
  private readonly outputs: object[] = [];
  private count = 0;

  /** @returns the name of the tensor, as all of these do */
  input(name: string, dims: Dims): string {
    this.inputs.push(valueInfo(name, dims));
    return name;
  }

  /** Numbers that belong to the network. */
  floats(name: string, values: Float32Array, dims: readonly number[]): string {
    return this.numbers(name, FLOAT32, values, dims);
  }

  /** The same of any type. @param type {@link FLOAT32} and its like */
  numbers(
    name: string,
    type: number,
    values: Float32Array | Int8Array | Uint8Array,
    dims: readonly number[],
  ): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    this.initializers.push({ name, dims: [...dims], data_type: type, raw_data: bytes });
    return name;
  }

  /** Whole numbers for shapes and axes. */
  integers(values: readonly number[]): string {
    const name = `integers_${this.count++}`;
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push({ name, dims: [values.length], data_type: INT64, raw_data: bytes });
    return name;
  }

  /** @param name of its output, not used before */
  node(op: string, name: string, inputs: readonly string[], attributes: readonly Attribute[] = []): string {
    this.nodes.push({ op_type: op, input: [...inputs], output: [name], name, attribute: [...attributes] });
    return name;
  }

  /** Declares a tensor of the graph an output under its own name. */
  output(name: string, dims: Dims): void {
    this.outputs.push(valueInfo(name, dims));
  }

  /** The ONNX file. */
  finish(graphName: string): Uint8Array {
    const model = {
      ir_version: IR_VERSION,
      opset_import: [{ domain: '', version: OPSET }],
      producer_name: 'hane',
      graph: {
        name: graphName,
        node: this.nodes,
        initializer: this.initializers,
        input: this.inputs,
        output: this.outputs,
      },
    };
    return encodeOnnx(model as unknown as OnnxModel);
  }
}

const valueInfo = (name: string, dims: Dims): object => ({
  name,
  type: {
    tensor_type: {
      elem_type: FLOAT32,
      shape: { dim: dims.map(dim => (dim === 'n' ? { dim_param: 'n' } : { dim_value: dim })) },
    },
  },
});
