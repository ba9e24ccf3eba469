/**
 * Safetensors files, the form in which weights travel between frameworks: a length, a header of JSON, then the numbers.
 * Source: https://github.com/huggingface/safetensors, "Format". Only float32 is written; float32 and float64 are read.
 */

/** Numbers and their shape. */
export interface NamedTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Bytes that are no safetensors file; the message says what is wrong. */
export class SafetensorsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SafetensorsError';
  }
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const METADATA = '__metadata__';
/** A header longer than this is no header. */
const LONGEST_HEADER = 100_000_000;
/** Numbers begin at a multiple of this. */
const ALIGNMENT = 8;

/** @param metadata texts that the file carries along */
export const encodeSafetensors = (
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header[METADATA] = metadata;
  let at = 0;
  for (const [name, { dims, data }] of tensors) {
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((8 + text.length) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + at);
  bytes.fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let offset = start;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
};

/**
 * @param name for messages
 * @param isIgnored which tensors are passed over, of whatever type
 * @throws SafetensorsError if the bytes are cut off, the header is damaged, or a tensor is neither F32 nor F64
 */
export const decodeSafetensors = (
  bytes: Uint8Array,
  name: string,
  isIgnored: (tensor: string) => boolean = () => false,
): { readonly tensors: Map<string, NamedTensor>; readonly metadata: Readonly<Record<string, string>> } => {
  const fail = (what: string, cause?: unknown): never => {
    throw new SafetensorsError(`${name} is no safetensors file: ${what}`, { cause });
  };
  if (bytes.length < 8) return fail(`${bytes.length} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const start = 8 + length;
  if (length > LONGEST_HEADER || start > bytes.length)
    return fail(`its header of ${length} bytes does not end within its ${bytes.length} bytes`);
  let header: Record<string, HeaderEntry | Record<string, string>>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as typeof header;
  } catch (error) {
    return fail(`its header is no JSON (${(error as Error).message})`, error);
  }
  const tensors = new Map<string, NamedTensor>();
  for (const [tensor, entry] of Object.entries(header)) {
    if (tensor === METADATA || isIgnored(tensor)) continue;
    const { dtype, shape, data_offsets: offsets } = entry as HeaderEntry;
    const size = dtype === 'F32' ? 4 : dtype === 'F64' ? 8 : fail(`"${tensor}" is ${dtype}, not F32 or F64`);
    if (!Array.isArray(shape) || !Array.isArray(offsets)) return fail(`"${tensor}" has no shape or no place`);
    const count = shape.reduce((product, dim) => product * dim, 1);
    const [from, to] = offsets;
    if (to - from !== count * size || start + to > bytes.length)
      return fail(
        `"${tensor}" [${shape.join(', ')}] does not fill bytes ${from} to ${to} of ${bytes.length - start}`,
      );
    // A copy: the numbers need not begin at a multiple of their size. (A Buffer's slice would be none.)
    const own = Uint8Array.from(bytes.subarray(start + from, start + to)).buffer;
    tensors.set(tensor, {
      dims: shape,
      data: dtype === 'F32' ? new Float32Array(own) : Float32Array.from(new Float64Array(own)),
    });
  }
  return { tensors, metadata: (header[METADATA] ?? {}) as Readonly<Record<string, string>> };
};
