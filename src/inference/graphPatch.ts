/** Nodes and constants that are put into an ONNX graph in place of others. */
import type { Attribute } from '../onnx/graphWriter.ts';
import { FLOAT32, INT64, type OnnxNode, type OnnxTensor } from '../onnx/onnxFile.ts';

export class GraphPatch {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];

  /** Adds a node with one output. @returns the output's name, which is the node's too */
  emit(op: string, name: string, input: readonly string[], attribute: readonly Attribute[] = []): string {
    this.nodes.push({ op_type: op, name, input: [...input], output: [name], attribute });
    return name;
  }

  /** Adds a Reshape to a constant shape. */
  reshape(name: string, input: string, shape: readonly number[]): string {
    return this.emit('Reshape', name, [input, this.integers(`${name} shape`, shape)]);
  }

  /** Adds a constant of float32. @returns its name */
  floats(name: string, values: Float32Array | readonly number[], dims: readonly number[]): string {
    return this.constant(name, FLOAT32, new Uint8Array(Float32Array.from(values).buffer), dims);
  }

  /** Adds a list of int64. @returns its name */
  integers(name: string, values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.constant(name, INT64, bytes, [values.length]);
  }

  private constant(name: string, type: number, bytes: Uint8Array, dims: readonly number[]): string {
    this.constants.push({
      name,
      data_type: type,
      dims: [...dims],
      raw_data: bytes,
      float_data: [],
      int64_data: [],
    });
    return name;
  }
}
