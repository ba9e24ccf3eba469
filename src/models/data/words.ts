/**
 * Sentences as rows of word numbers, the way Kim's own code makes them (https://github.com/yoonkim/CNN_sentence, process_data.py and
 * conv_net_sentence.py; Kim 2014).
 */
import type { Examples } from './examples.ts';

export interface Sentence {
  readonly words: readonly string[];
  /** Its class, from 0. */
  readonly label: number;
}

/** Words of one data set by number, from 1; 0 is padding. */
export interface Vocabulary {
  readonly numbers: ReadonlyMap<string, number>;
  /** Rows of an embedding: the words and the padding. */
  readonly size: number;
}

/** What it takes to make rows of sentences again: files of weights carry it along. */
export interface KeptVocabulary {
  /** The first has the number 1. */
  readonly words: readonly string[];
  /** Whether "Who" is another word than "who". */
  readonly keepsCase: boolean;
}

/** Rows of zeros before a sentence, so that the longest filter (5 words) sees its first word in every place. */
const FRONT = 4;

/** In the order of Kim's clean_str. He wrote brackets and question marks with a backslash before them, by mistake. */
const CLEANING: readonly (readonly [RegExp, string])[] = [
  [/[^A-Za-z0-9(),!?'`]/g, ' '],
  [/'s/g, " 's"],
  [/'ve/g, " 've"],
  [/n't/g, " n't"],
  [/'re/g, " 're"],
  [/'d/g, " 'd"],
  [/'ll/g, " 'll"],
  [/,/g, ' , '],
  [/!/g, ' ! '],
  [/\(/g, ' ( '],
  [/\)/g, ' ) '],
  [/\?/g, ' ? '],
];

/**
 * The words of a text.
 * @param keepsCase as Kim has it for TREC
 */
export const cleanWords = (text: string, keepsCase = false): string[] => {
  const clean = CLEANING.reduce((result, [pattern, by]) => result.replace(pattern, by), text);
  const words = clean.split(/\s+/).filter(word => word !== '');
  return keepsCase ? words : words.map(word => word.toLowerCase());
};

/** Every word of the sentences, numbered as they come. */
export const makeVocabulary = (sentences: Iterable<Sentence>): Vocabulary => {
  const numbers = new Map<string, number>();
  for (const { words } of sentences)
    for (const word of words) if (!numbers.has(word)) numbers.set(word, numbers.size + 1);
  return { numbers, size: numbers.size + 1 };
};

/** Words that have been numbered before. */
export const vocabularyOf = (words: readonly string[]): Vocabulary => ({
  numbers: new Map(words.map((word, i) => [word, i + 1])),
  size: words.length + 1,
});

/** Numbers of a row for sentences of up to `longest` words: padding of 4 on either side. */
export const rowLength = (longest: number): number => longest + 2 * FRONT;

/**
 * A sentence's row: zeros, its words' numbers, zeros. Words that the vocabulary has not are left out; a sentence that is too long
 * loses its end.
 */
export const writeRow = (
  words: readonly string[],
  { numbers }: Vocabulary,
  length: number,
  out: Float32Array,
  offset = 0,
): void => {
  out.fill(0, offset, offset + length);
  let at = FRONT;
  for (const word of words) {
    const number = numbers.get(word);
    if (number !== undefined && at < length) out[offset + at++] = number;
  }
};

/** @param length of a row, by {@link rowLength} */
export const sentenceExamples = (
  sentences: readonly Sentence[],
  vocabulary: Vocabulary,
  length: number,
  classes: readonly string[],
): Examples => ({
  count: sentences.length,
  shape: [length],
  labels: Int32Array.from(sentences, ({ label }) => label),
  classes,
  write: (index, out, offset) => writeRow(sentences[index].words, vocabulary, length, out, offset),
});

/** A sentence as a network takes it, and what of it the network does not see. */
export interface SentenceRow {
  readonly row: Float32Array;
  /** How many of its words are in the row. With 0 a network is asked about padding alone. */
  readonly count: number;
  /** Words that the vocabulary has not, in their order. */
  readonly unknown: readonly string[];
  /** Known words at the end that the row has no place for. */
  readonly cut: readonly string[];
}

/**
 * Makes rows of texts as they were made for training; {@link writeRow} says what becomes of words without a number or a place.
 * @param length of a row: what the network takes
 */
export const sentenceReader = (
  { words, keepsCase }: KeptVocabulary,
  length: number,
): ((text: string) => SentenceRow) => {
  const vocabulary = vocabularyOf(words);
  return text => {
    const all = cleanWords(text, keepsCase);
    const known = all.filter(word => vocabulary.numbers.has(word));
    const row = new Float32Array(length);
    writeRow(known, vocabulary, length, row);
    const count = Math.min(known.length, Math.max(0, length - FRONT));
    const unknown = all.filter(word => !vocabulary.numbers.has(word));
    return { row, count, unknown, cut: known.slice(count) };
  };
};

/** Words of the longest sentence. */
export const longestOf = (sentences: readonly Sentence[]): number =>
  sentences.reduce((longest, { words }) => Math.max(longest, words.length), 0);
