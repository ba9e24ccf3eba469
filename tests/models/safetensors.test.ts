import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SafetensorsError, decodeSafetensors, encodeSafetensors } from '../../src/models/safetensors.ts';

test('what is written is read back', () => {
  const names = fc.uniqueArray(
    fc.string({ minLength: 1 }).filter(name => name !== '__metadata__' && name !== '__proto__'),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(
      names,
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      fc.string(),
      (keys, dims, note) => {
        const size = dims.reduce((product, dim) => product * dim, 1);
        const tensors = new Map(
          keys.map((key, i) => [
            key,
            { dims, data: Float32Array.from({ length: size }, (_, k) => i + k / 7) },
          ]),
        );
        const read = decodeSafetensors(encodeSafetensors(tensors, { note }), 'x');
        expect(read.tensors).toEqual(tensors);
        expect(read.metadata).toEqual({ note });
      },
    ),
  );
});

test('numbers begin at a multiple of 8, as the format wants', () => {
  const bytes = encodeSafetensors(new Map([['a', { dims: [1], data: Float32Array.of(1.5) }]]));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect((8 + length) % 8).toBe(0);
  expect(new Float32Array(bytes.slice(8 + length).buffer)[0]).toBe(1.5);
});

const file = (header: unknown, data = new Uint8Array(8)): Uint8Array => {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
};

test('double precision is read as single, from a buffer that begins anywhere', () => {
  const data = Buffer.alloc(8);
  data.writeDoubleLE(0.1);
  const bytes = file({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, data);
  const { tensors } = decodeSafetensors(Buffer.concat([Buffer.alloc(3), bytes]).subarray(3), 'x');
  expect(tensors.get('a')!.data[0]).toBe(Math.fround(0.1));
});

describe('what is no such file is refused with its name:', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(3), '3 bytes are too few'],
    ['a header that goes on', Buffer.from('ffffffff00000000', 'hex'), 'does not end within its 8 bytes'],
    ['no JSON', file('{'), 'its header is no JSON'],
    [
      'half precision',
      file({ a: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } }),
      '"a" is F16, not F32 or F64',
    ],
    ['no shape', file({ a: { dtype: 'F32' } }), '"a" has no shape or no place'],
    [
      'numbers cut off',
      file({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }),
      '"a" [3] does not fill bytes 0 to 12 of 8',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'w.safetensors')).toThrow(SafetensorsError);
    expect(() => decodeSafetensors(bytes, 'w.safetensors')).toThrow(message);
    expect(() => decodeSafetensors(bytes, 'w.safetensors')).toThrow('w.safetensors');
  });
});
