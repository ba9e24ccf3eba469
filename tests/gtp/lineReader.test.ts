import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONGEST_LINE, LineReader } from '../../src/gtp/lineReader.ts';

fc.configureGlobal({ seed: 1 });

const read = (chunks: readonly Uint8Array[]): string[] => {
  const lines: string[] = [];
  const reader = new LineReader(line => lines.push(line));
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return lines;
};

test('lines end at LF only', () => {
  expect(read([Buffer.from('a\r\nb\rc\n\n\u2028d\ne')])).toEqual(['a\r', 'b\rc', '', '\u2028d', 'e']);
});

test('the input may end with or without a line feed', () => {
  expect(read([Buffer.from('name\n')])).toEqual(['name']);
  expect(read([Buffer.from('name')])).toEqual(['name']);
  expect(read([])).toEqual([]);
});

test('lines are the same however the bytes are cut into chunks', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '\r', '\n', 'é', '囲', '🀄') });
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const chunks: Buffer[] = [];
      let start = 0;
      for (const cut of cuts) chunks.push(bytes.subarray(start, (start += cut)));
      chunks.push(bytes.subarray(start));
      const lines = whole.split('\n');
      expect(read(chunks)).toEqual(lines.at(-1) === '' ? lines.slice(0, -1) : lines);
    }),
  );
});

test('bytes that are not UTF-8 become replacement characters', () => {
  expect(read([Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xe5])])).toEqual(['a\ufffdb', '\ufffd']);
});

test('a line of any length is read, and beyond 16 million characters cut off', () => {
  expect(read([Buffer.from('x'.repeat(1_000_000) + '\nname\n')]).map(line => line.length)).toEqual([
    1_000_000, 4,
  ]);
  const chunk = Buffer.alloc(LONGEST_LINE / 4, 'x');
  expect(read([chunk, chunk, chunk, chunk, chunk, Buffer.from('\nname\n')]).map(line => line.length)).toEqual(
    [LONGEST_LINE, 4],
  );
});
