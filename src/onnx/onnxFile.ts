/**
 * Reading and writing ONNX files: the part of onnx.proto (ONNX 1.17, Apache-2.0) that plain networks use, through protobufjs.
 * Fields the schema leaves out (training info, functions, sparse tensors, value_info) are dropped on a rewrite.
 */
import protobuf from 'protobufjs';

const SCHEMA = `
syntax = "proto3";
package onnx;
message AttributeProto {
  string name = 1; int32 type = 20; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5;
  repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9;
}
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; string domain = 7;
  repeated AttributeProto attribute = 5;
}
message TensorProto {
  repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int64 int64_data = 7;
  string name = 8; bytes raw_data = 9;
}
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TypeProto { TensorTypeProto tensor_type = 1; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message StringStringEntryProto { string key = 1; string value = 2; }
message ModelProto {
  int64 ir_version = 1; repeated OperatorSetIdProto opset_import = 8; string producer_name = 2; string producer_version = 3;
  GraphProto graph = 7; repeated StringStringEntryProto metadata_props = 14;
}`;

/** Bytes that are no ONNX model; the message names them. */
export class OnnxError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OnnxError';
  }
}

/** Numbers in 64-bit fields; shapes and axes are far below 2^53. */
type Int64 = number | { toNumber(): number };

export interface OnnxTensor {
  dims: Int64[];
  /** {@link FLOAT32} and its like. */
  data_type: number;
  name: string;
  float_data: number[];
  int64_data: Int64[];
  raw_data: Uint8Array;
}

export interface OnnxAttribute {
  name: string;
  f?: number;
  i?: Int64;
  ints?: readonly Int64[];
  t?: OnnxTensor | null;
}

export interface OnnxNode {
  input: string[];
  output: string[];
  name: string;
  op_type: string;
  attribute: readonly OnnxAttribute[];
}

export interface OnnxValueInfo {
  name: string;
  type: { tensor_type: { elem_type: number; shape: { dim: { dim_value?: Int64; dim_param?: string }[] } } };
}

export interface OnnxModel {
  graph: { node: OnnxNode[]; initializer: OnnxTensor[]; input: OnnxValueInfo[]; output: OnnxValueInfo[] };
  /** What a file says of itself. */
  metadata_props?: readonly { readonly key: string; readonly value: string }[];
}

/** Types of a tensor's numbers. */
export const FLOAT32 = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const INT32 = 6;
export const INT64 = 7;

/** Key of a rounded network's metadata: the SHA-256 of the network in float32 that it was made of. */
export const FLOAT_SHA256 = 'hane.float_sha256';

const modelType = protobuf.parse(SCHEMA, { keepCase: true }).root.lookupType('onnx.ModelProto');

/** @param name for the message @throws OnnxError if the bytes are no ONNX model */
export const decodeOnnx = (bytes: Uint8Array, name: string): OnnxModel => {
  try {
    const model = modelType.decode(bytes) as unknown as OnnxModel;
    if (model.graph?.node?.length > 0) return model;
  } catch (error) {
    throw new OnnxError(`${name} is not an ONNX file: ${(error as Error).message}`, { cause: error });
  }
  throw new OnnxError(`${name} is not an ONNX file: it has no graph`);
};

export const encodeOnnx = (model: OnnxModel): Uint8Array => modelType.encode(model).finish();

export const toNumber = (value: Int64): number => (typeof value === 'number' ? value : value.toNumber());

/** A copy that begins at the start of its buffer, which a Buffer's slice does not. */
const ownBytes = ({ raw_data: bytes }: OnnxTensor): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/** The values of a float32 tensor, as a copy. */
export const floatsOf = (tensor: OnnxTensor): Float32Array =>
  tensor.raw_data.length > 0
    ? new Float32Array(ownBytes(tensor).buffer)
    : Float32Array.from(tensor.float_data);

/** The values of an int64 tensor. */
export const integersOf = (tensor: OnnxTensor): number[] =>
  tensor.raw_data.length > 0
    ? Array.from(new BigInt64Array(ownBytes(tensor).buffer), Number)
    : tensor.int64_data.map(toNumber);

/** Replaces the values of a tensor. */
export const setFloats = (tensor: OnnxTensor, values: Float32Array): void => {
  tensor.float_data = [];
  tensor.raw_data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
};

export const setIntegers = (tensor: OnnxTensor, values: readonly number[]): void => {
  tensor.int64_data = [];
  tensor.raw_data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
};
