/**
 * Vectors of words in the forms in which they are published: text with a word and its numbers on each line, after a line "words size"
 * (word2vec, fastText) or without one (GloVe), and word2vec's binary form. Files have gigabytes and millions of words, so that they are
 * read in pieces, and numbers of wanted words only.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ModelDataError } from './modelDataError.ts';
import { binaryParser, textParser, type VectorParser, type WordVectors } from './vectorParsers.ts';

export type { WordVectors } from './vectorParsers.ts';

const CHUNK = 1 << 20;
/** A line, or a word with its numbers, is not longer. */
const LONGEST = 1 << 20;

/** How far a file is looked at to see what it is. */
const SIGNS = 4096;
/** Bytes below this stand in no text, but for tabs and line ends; among a few binary numbers there are some for certain. */
const PRINTABLE = 0x20;
const LINES = ['\t', '\n', '\r'].map(sign => sign.charCodeAt(0));

/**
 * @param path of a file, packed by gzip or not; its form is seen by what is in it
 * @param words that are wanted, in the case that the file has
 * @param size that vectors have to have: that of the file unless given
 * @throws ModelDataError naming the file and the line (in the binary form the word) that is damaged, of another size, or cut off
 */
export const readWordVectors = async (
  path: string,
  words: Iterable<string>,
  size?: number,
): Promise<WordVectors> => {
  const wanted = new Set(words);
  let parser: VectorParser | undefined;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of await openChunks(path)) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      parser ??= (isBinary(bytes) ? binaryParser : textParser)(path, wanted, size);
      rest = bytes.subarray(parser.take(bytes));
      if (rest.length > LONGEST) parser.fail(`is longer than ${LONGEST} bytes`);
    }
  } catch (error) {
    if (error instanceof ModelDataError) throw error;
    throw new ModelDataError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (!parser) throw new ModelDataError(`${path} is empty: a line is a word and its numbers`);
  return parser.end(rest);
};

const openChunks = async (path: string): Promise<AsyncIterable<Buffer>> => {
  const file = await open(path);
  const first = Buffer.alloc(4);
  try {
    await file.read(first, 0, first.length, 0);
  } finally {
    await file.close();
  }
  if (first.toString('latin1') === 'PK\x03\x04')
    throw new ModelDataError(`${path} is a zip archive: unpack it; gzip may stay`);
  const source = createReadStream(path, { highWaterMark: CHUNK });
  const isPacked = first[0] === 0x1f && first[1] === 0x8b;
  // An error comes out where the chunks are read.
  return isPacked ? pipeline(source, createGunzip({ chunkSize: CHUNK }), () => {}) : source;
};

const isBinary = (bytes: Buffer): boolean => {
  const start = bytes.subarray(0, SIGNS);
  const isControl = (byte: number): boolean => byte < PRINTABLE && !LINES.includes(byte);
  return /^\d+ \d+\r?\n/.test(start.toString('latin1')) && start.some(isControl);
};
