/** Vectors of words out of pieces of a file; wordVectors.ts reads the file. */
import { ModelDataError } from './modelDataError.ts';

/** Vectors of those words that were asked for and found. */
export interface WordVectors {
  /** Numbers of a word. */
  readonly size: number;
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

/** Takes a file in pieces. */
export interface VectorParser {
  /** @returns how many bytes it is done with; the others have to come again with what follows them */
  take(bytes: Buffer): number;
  /** @param rest what {@link take} left of the last piece @throws ModelDataError if that is not the end */
  end(rest: Buffer): WordVectors;
  /** @throws ModelDataError that names the place of what is not taken yet */
  fail(what: string): never;
}

/** Makes a parser of one form. @param path for messages @param size of a vector: as the file has it unless given */
export type ParserOf = (path: string, wanted: ReadonlySet<string>, size: number | undefined) => VectorParser;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const isBlank = (byte: number): boolean => byte === SPACE || byte === 0x09 || byte === 0x0d;

/** @param allowed size of a vector @throws ModelDataError if it is another one */
const checkSize = (size: number, allowed: number | undefined, fail: (what: string) => never): void => {
  if (size < 1) fail('is no word with numbers');
  if (allowed !== undefined && size !== allowed)
    fail(`has vectors of ${size} numbers, the network takes ${allowed}`);
};

const checkCount = (path: string, count: number, said: number | undefined): void => {
  if (said !== undefined && count !== said)
    throw new ModelDataError(
      `${path} has ${count} words, its first line says ${said}: it is cut off or damaged`,
    );
};

/** Lines of a word and its numbers, between spaces or tabs. */
export const textParser: ParserOf = (path, wanted, allowed) => {
  const vectors = new Map<string, Float32Array>();
  let size = 0;
  let line = 0;
  let said: number | undefined;
  let count = 0;

  const fail = (what: string): never => {
    throw new ModelDataError(`${path}, line ${line}: ${what}`);
  };

  const numberOf = (text: string): number => {
    const value = Number(text);
    if (text === '' || !Number.isFinite(value))
      fail(`"${text.slice(0, 40)}" is no number: a line is a word and ${size} numbers`);
    return value;
  };

  const keep = (word: string, numbers: readonly string[]): void => {
    const vector = Float32Array.from(numbers, numberOf);
    if (wanted.has(word) && !vectors.has(word)) vectors.set(word, vector);
  };

  /** "words size", or a word whose numbers say what the size is. */
  const takeFirst = (text: string): void => {
    const [, words, numbers] = /^(\d+)[ \t]+(\d+)$/.exec(text) ?? [];
    const fields = text.split(/[ \t]+/);
    size = words === undefined ? fields.length - 1 : Number(numbers);
    checkSize(size, allowed, fail);
    if (words !== undefined) said = Number(words);
    else {
      count++;
      keep(fields[0], fields.slice(1));
    }
  };

  /** Some words of GloVe have spaces in them: then the last numbers are its own. */
  const takeOther = (text: string): void => {
    const fields = text.split(/[ \t]+/);
    const more = fields.slice(1, -size);
    if (fields.length <= size || more.every(field => Number.isFinite(Number(field))))
      fail(`"${fields[0].slice(0, 40)}" has ${fields.length - 1}, the others ${size} numbers`);
    keep([fields[0], ...more].join(' '), fields.slice(-size));
  };

  const takeLine = (bytes: Buffer, start: number, behind: number): void => {
    line++;
    let end = behind;
    while (end > start && isBlank(bytes[end - 1])) end--;
    if (end === start) return;
    if (size === 0) {
      takeFirst(bytes.toString('utf8', start, end));
      return;
    }
    count++;
    // Most lines are of words that nobody wants: no text is made of their numbers.
    let numbers = 0;
    let wordEnd = end;
    for (let at = start; at < end; at++)
      if (isBlank(bytes[at])) {
        if (wordEnd === end) wordEnd = at;
        if (!isBlank(bytes[at + 1])) numbers++;
      }
    if (numbers !== size) takeOther(bytes.toString('utf8', start, end));
    else {
      const word = bytes.toString('utf8', start, wordEnd);
      if (wanted.has(word))
        keep(
          word,
          bytes
            .toString('latin1', wordEnd, end)
            .trim()
            .split(/[ \t]+/),
        );
    }
  };

  return {
    fail: what => {
      line++;
      return fail(what);
    },
    take: bytes => {
      let at = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
        takeLine(bytes, at, end);
        at = end + 1;
      }
      return at;
    },
    end: rest => {
      if (rest.length > 0) takeLine(rest, 0, rest.length);
      if (size === 0) fail('there is no word with numbers');
      checkCount(path, count, said);
      return { size, vectors };
    },
  };
};

/** A line "words size", then each word, a space and its numbers: float32, the low byte first; a line's end may follow. */
export const binaryParser: ParserOf = (path, wanted, allowed) => {
  const vectors = new Map<string, Float32Array>();
  let size = 0;
  let said = 0;
  let count = 0;

  const fail = (what: string): never => {
    throw new ModelDataError(`${path}, ${size === 0 ? 'line 1' : `word ${count + 1}`}: ${what}`);
  };

  const takeHead = (bytes: Buffer): number => {
    const end = bytes.indexOf(NEWLINE);
    const [words, numbers] = bytes.toString('latin1', 0, end).trim().split(' ').map(Number);
    checkSize(numbers, allowed, fail);
    [said, size] = [words, numbers];
    return end + 1;
  };

  const keep = (word: string, bytes: Buffer, start: number): void => {
    if (!wanted.has(word) || vectors.has(word)) return;
    const vector = Float32Array.from({ length: size }, (_, i) => bytes.readFloatLE(start + 4 * i));
    if (!vector.every(value => Number.isFinite(value)))
      fail(`"${word}" has what is no number among its ${size}`);
    vectors.set(word, vector);
  };

  return {
    fail,
    take: bytes => {
      let at = size === 0 ? takeHead(bytes) : 0;
      while (count < said) {
        const start = bytes[at] === NEWLINE ? at + 1 : at;
        const numbers = bytes.indexOf(SPACE, start) + 1;
        if (numbers === 0 || numbers + 4 * size > bytes.length) break;
        keep(bytes.toString('utf8', start, numbers - 1), bytes, numbers);
        count++;
        at = numbers + 4 * size;
      }
      return at;
    },
    end: rest => {
      if (count < said) fail(`the file ends here, its first line says ${said} words`);
      if (rest.toString('latin1').trim() !== '')
        throw new ModelDataError(`${path} goes on after the ${said} words of its first line`);
      return { size, vectors };
    },
  };
};
