import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { drawnReach, wordTable } from '../../../src/models/data/wordTable.ts';
import { readWordVectors } from '../../../src/models/data/wordVectors.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-vectors-'));
  path = join(folder, 'vectors');
});
afterEach(async () => {
  await rm(folder, { recursive: true, maxRetries: 5 });
});

const read = async (
  content: string | Uint8Array,
  words: readonly string[],
  size?: number,
): Promise<object> => {
  await writeFile(path, content);
  const found = await readWordVectors(path, words, size);
  return {
    size: found.size,
    ...Object.fromEntries([...found.vectors].map(([word, row]) => [word, [...row]])),
  };
};

/** As word2vec writes it. @param behind what follows each word's numbers: its own program writes a line's end, others nothing */
const binary = (rows: Readonly<Record<string, readonly number[]>>, behind = '\n', said?: number): Buffer => {
  const [first] = Object.values(rows);
  const parts = Object.entries(rows).map(([word, numbers]) => {
    const bytes = Buffer.alloc(4 * numbers.length);
    for (const [i, number] of numbers.entries()) bytes.writeFloatLE(number, 4 * i);
    return Buffer.concat([Buffer.from(`${word} `), bytes, Buffer.from(behind)]);
  });
  return Buffer.concat([Buffer.from(`${said ?? parts.length} ${first.length}\n`), ...parts]);
};

const GLOVE = 'the 0.5 -1 2e-1\nfilm 1 2 3\n, 4 5 6\n';
const WORDS = ['film', ',', 'unheard'];
const FOUND = { size: 3, film: [1, 2, 3], ',': [4, 5, 6] };
const ROWS = { the: [0.5, -1, 0.25], film: [1, 2, 3], ',': [4, 5, 6] };

describe('wanted words are found in', () => {
  test.each<[string, string | Uint8Array]>([
    ['the text of GloVe', GLOVE],
    ['the text of word2vec', `3 3\n${GLOVE}`],
    ['the text of fastText, with a space behind the numbers', `3 3\n${GLOVE.replaceAll('\n', ' \n')}`],
    ['text without a last line end', GLOVE.trimEnd()],
    ['text with tabs and the line ends of Windows', GLOVE.replaceAll(' ', '\t').replaceAll('\n', '\r\n')],
    ['text that is packed', gzipSync(GLOVE)],
    ['the binary form of word2vec', binary(ROWS)],
    ['the binary form without line ends', binary(ROWS, '')],
    ['the binary form that is packed', gzipSync(binary(ROWS))],
  ])('%s', async (_, content) => {
    expect(await read(content, WORDS)).toEqual(FOUND);
    expect(await read(content, WORDS, 3)).toEqual(FOUND);
  });
});

test('words are not only of ASCII, and may have spaces in them', async () => {
  const words = ['naïve', 'a\u0085b', '. . .', 'at name@domain.com', 'b'];
  const text = words.map((word, i) => `${word} ${i} 0.5\n`).join('');
  expect(await read(`5 2\n${text}`, words)).toEqual({
    size: 2,
    ...Object.fromEntries(words.map((word, i) => [word, [i, 0.5]])),
  });
});

test('of a word that comes twice the first counts, and case is the word', async () => {
  expect(await read('a 1\nA 2\na 3\n', ['a'])).toEqual({ size: 1, a: [1] });
});

test('a file that comes in many pieces is read as one', async () => {
  const random = new Random(5);
  const rows = Object.fromEntries(
    Array.from({ length: 9000 }, (_, i) => [
      `w${i}`,
      Array.from({ length: 60 }, () => Math.fround(random.float() - 0.5)),
    ]),
  );
  const wanted = Object.keys(rows).filter((_, i) => i % 13 === 0);
  const expected = { size: 60, ...Object.fromEntries(wanted.map(word => [word, rows[word]])) };
  const text = Object.entries(rows).map(([word, numbers]) => `${word} ${numbers.join(' ')}\n`);
  for (const content of [text.join(''), binary(rows)]) {
    expect(content.length).toBeGreaterThan(2 << 20);
    expect(await read(content, wanted)).toEqual(expected);
  }
});

describe('what is wrong is named with its place:', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['too few numbers', 'a 1 2\nfilm 1\n', 'vectors, line 2: "film" has 1, the others 2 numbers'],
    ['too many', '2 2\na 1 2\nb 1 2 3\n', 'vectors, line 3: "b" has 3, the others 2 numbers'],
    ['no number', 'a 1 2\nfilm 1 2x\n', 'vectors, line 2: "2x" is no number: a line is a word and 2 numbers'],
    [
      'not a number',
      'a 1\nfilm nan\n',
      'vectors, line 2: "nan" is no number: a line is a word and 1 numbers',
    ],
    [
      'prose',
      'It was a dark night.\n',
      'vectors, line 1: "was" is no number: a line is a word and 4 numbers',
    ],
    ['a word alone', 'film\n', 'vectors, line 1: is no word with numbers'],
    ['no text at all', Buffer.alloc(3 << 20, 7), 'vectors, line 1: is longer than 1048576 bytes'],
    ['empty lines', '\n\n', 'vectors, line 2: there is no word with numbers'],
    ['nothing', '', 'vectors is empty: a line is a word and its numbers'],
    [
      'text that is cut off',
      '3 2\na 1 2\nfilm 1 2\n',
      'vectors has 2 words, its first line says 3: it is cut off or damaged',
    ],
    ['a line that is cut off', '2 2\na 1 2\nfilm 1', 'vectors, line 3: "film" has 1, the others 2 numbers'],
    ['a binary file that is cut off', binary(ROWS).subarray(0, -3), 'vectors, word 3: the file ends here'],
    ['a binary file with fewer words', binary(ROWS, '\n', 9), 'vectors, word 4: the file ends here'],
    [
      'a binary file that goes on',
      binary(ROWS, '\n', 2),
      'vectors goes on after the 2 words of its first line',
    ],
    [
      'a binary number that is none',
      binary({ the: [0, 0], film: [1, Infinity] }),
      'vectors, word 2: "film" has what is no number among its 2',
    ],
    ['a zip archive', 'PK\x03\x04....', 'vectors is a zip archive: unpack it'],
    ['a packed file that is cut off', gzipSync(GLOVE).subarray(0, -12), 'unexpected end of file'],
  ])('%s', async (_, content, message) => {
    await expect(read(content, WORDS)).rejects.toThrow(message);
  });

  test('another size than the network takes', async () => {
    const message = /vectors, line 1: has vectors of 3 numbers, the network takes 300$/;
    for (const content of [GLOVE, `3 3\n${GLOVE}`, binary(ROWS)])
      await expect(read(content, WORDS, 300)).rejects.toThrow(message);
  });

  test('a file that is not there', async () => {
    await expect(readWordVectors(join(folder, 'none'), WORDS)).rejects.toThrow(/cannot read .*none: ENOENT/);
  });
});

describe('a table of words', () => {
  const vectors = new Map([['b', Float32Array.of(3, -3)]]);

  test('has the given vectors in their rows, zeros for padding, and others in their range', () => {
    const table = wordTable({ size: 2, vectors }, ['a', 'b', 'c'], new Random(1));
    expect([...table.subarray(0, 2), ...table.subarray(4, 6)]).toEqual([0, 0, 3, -3]);
    const drawn = [...table.subarray(2, 4), ...table.subarray(6, 8)];
    // The variance of 3 and -3 is 9; that of the numbers between -r and r is r^2 / 3.
    expect(drawnReach({ size: 2, vectors })).toBeCloseTo(Math.sqrt(27), 6);
    expect(drawn.every(value => value !== 0 && Math.abs(value) <= Math.sqrt(27))).toBe(true);
    expect(new Set(drawn).size).toBe(4);
    expect(wordTable({ size: 2, vectors }, ['a', 'b', 'c'], new Random(1))).toEqual(table);
    expect(wordTable({ size: 2, vectors }, ['a', 'b', 'c'], new Random(2))).not.toEqual(table);
  });

  test('draws with the variance of what is given, whatever its mean', () => {
    const random = new Random(3);
    const given = new Map(
      Array.from({ length: 40 }, (_, i) => [
        `${i}`,
        Float32Array.from({ length: 50 }, () => 7 + (random.float() - 0.5) / 2),
      ]),
    );
    // Kim's range of -0.25 to 0.25, moved up by 7.
    expect(drawnReach({ size: 50, vectors: given })).toBeCloseTo(0.25, 2);
    const words = Array.from({ length: 400 }, (_, i) => `x${i}`);
    const drawn = wordTable({ size: 50, vectors: given }, words, random).subarray(50);
    const variance = drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length;
    expect(variance).toBeCloseTo(0.5 ** 2 / 12, 3);
  });

  test('may have more rows than words, not fewer', () => {
    expect(wordTable({ size: 2, vectors }, ['b'], new Random(1), 4).length).toBe(8);
    expect(() => wordTable({ size: 2, vectors }, ['b'], new Random(1), 1)).toThrow(
      '1 rows are too few for 1 words',
    );
  });
});
