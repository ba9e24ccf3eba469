import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeCifar10 } from '../../../src/models/data/cifar.ts';
import { decodeIdx } from '../../../src/models/data/mnist.ts';
import { readModelData } from '../../../src/models/data/modelData.ts';
import { readMr, readTrec } from '../../../src/models/data/sentences.ts';
import {
  cleanWords,
  longestOf,
  makeVocabulary,
  sentenceReader,
  writeRow,
} from '../../../src/models/data/words.ts';
import { idxFile, makeDigits, makeQuestions, makeReviews } from '../../support/modelData.ts';
import { sharedPath } from '../../support/shared.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-model-data-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, maxRetries: 5 });
});

describe('IDX files', () => {
  test('have dimensions and bytes', () => {
    const { dims, values } = decodeIdx(idxFile([2, 3], [1, 2, 3, 4, 5, 255]), 'a');
    expect([dims, [...values]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 255],
    ]);
  });

  test.each([
    [Uint8Array.of(0, 0), '2 bytes are too few'],
    [Uint8Array.of(1, 0, 8, 0), 'it does not begin with two bytes of 0'],
    [Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), 'its numbers are of type 13, not 8 (bytes)'],
    [Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1), 'its header is cut off'],
    [idxFile([2, 3], [1, 2, 3]), 'it has 3 numbers, not 2 x 3'],
  ])('that are none are refused: %#', (bytes, message) => {
    expect(() => decodeIdx(bytes, 'a.idx')).toThrow(`a.idx is no IDX file: ${message}`);
  });
});

test('digits are found in a folder, packed or not', async () => {
  await makeDigits(folder, { train: 6, test: 4 });
  const data = await readModelData(folder);
  expect([data.kind, data.shape, data.classes.length]).toEqual(['mnist', [1, 32, 32], 10]);
  const { train, test: testSet } = data.split(undefined, 1);
  expect([train.count, testSet.count, train.labels[3]]).toEqual([6, 4, 3]);
  expect(() => data.split(0, 1)).toThrow('mnist has a test set of its own and no folds');
});

test('labels that are not of the images are named', async () => {
  await makeDigits(folder, { train: 6, test: 4 });
  await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxFile([3], [1, 2, 3]));
  await expect(readModelData(folder)).rejects.toThrow(/t10k-labels-idx1-ubyte has 3 labels for 4 images/);
  await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxFile([4], [1, 2, 10, 3]));
  await expect(readModelData(folder)).rejects.toThrow(/label 10 of image 2: 0 to 9 only/);
});

test('pictures of CIFAR-10 come with their labels', () => {
  const bytes = new Uint8Array(2 * 3073).fill(7);
  bytes[0] = 9;
  bytes[3073] = 2;
  bytes[3073 + 1 + 1024] = 200;
  const { count, labels, pixels } = decodeCifar10(bytes, 'a.bin');
  expect([count, [...labels]]).toEqual([2, [9, 2]]);
  expect([pixels[0], pixels[3072 + 1024]]).toEqual([7, 200]);
  expect(() => decodeCifar10(bytes.subarray(1), 'a.bin')).toThrow(
    'a.bin is no CIFAR-10 file: 6145 bytes are not records of 3073',
  );
  bytes[0] = 10;
  expect(() => decodeCifar10(bytes, 'a.bin')).toThrow('label 10 of picture 0: 0 to 9 only');
});

test('several files of CIFAR-10 are one set', async () => {
  const record = (label: number): Uint8Array => new Uint8Array(3073).fill(label);
  await writeFile(join(folder, 'data_batch_1.bin'), record(1));
  await writeFile(join(folder, 'data_batch_2.bin.gz'), gzipSync(record(2)));
  await writeFile(join(folder, 'test_batch.bin'), record(3));
  const { train, test: testSet } = (await readModelData(folder)).split(undefined, 1);
  expect([train.count, train.labels[0], train.labels[1], testSet.labels[0]]).toEqual([2, 1, 2, 3]);
});

test.each([
  ["It's a film, isn't it?", ['it', "'s", 'a', 'film', ',', 'is', "n't", 'it', '?']],
  ["they've said (we'll see)!", ['they', "'ve", 'said', '(', 'we', "'ll", 'see', ')', '!']],
  ['caf\u00e9 . . . 7 "stars"', ['caf', '7', 'stars']],
  ['', []],
])('%j is cleaned as in Kim 2014', (text, words) => {
  expect(cleanWords(text)).toEqual(words);
});

test('a byte that Unicode takes for the end of a line ends no review', async () => {
  await makeReviews(folder, { positive: ['good\u0085 film', 'fine'], negative: ['bad'] });
  const reviews = await readMr(folder);
  expect(reviews).toEqual([
    { words: ['bad'], label: 0 },
    { words: ['good', 'film'], label: 1 },
    { words: ['fine'], label: 1 },
  ]);
});

test('questions keep their case', async () => {
  await makeQuestions(folder, ['HUM:ind Who is Who ?'], ['NUM:date When ?']);
  const { train, test: testSet } = await readTrec(folder);
  expect(train).toEqual([{ words: ['Who', 'is', 'Who', '?'], label: 3 }]);
  expect(testSet[0].label).toBe(5);
  const { vocabulary } = await readModelData(folder);
  expect(vocabulary).toEqual({ words: ['Who', 'is', '?', 'When'], keepsCase: true });
});

test('a line that is no question is named', async () => {
  await makeQuestions(folder, ['HUM:ind Who ?', 'ANIMAL:cat Which ?'], []);
  await expect(readTrec(folder)).rejects.toThrow(
    /TREC\.train, line 2: "ANIMAL:cat Which \?" is no question of a class ABBR, DESC, ENTY, HUM, LOC, NUM/,
  );
});

test('a row is a sentence between zeros; what is unknown is left out and what is too long is cut', () => {
  const vocabulary = makeVocabulary([{ words: ['a', 'b', 'a', 'c'], label: 0 }]);
  expect(vocabulary.size).toBe(4);
  const rowOf = (words: string[], length: number): number[] => {
    const out = new Float32Array(length + 2).fill(-1);
    writeRow(words, vocabulary, length, out, 1);
    return [...out];
  };
  expect(rowOf(['c', 'x', 'a'], 10)).toEqual([-1, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, -1]);
  expect(rowOf(['c', 'b', 'a'], 6)).toEqual([-1, 0, 0, 0, 0, 3, 2, -1]);
});

test('a text becomes the row that it had in training', async () => {
  await makeReviews(folder, { negative: ["It's bad, very bad"], positive: ['fine'] });
  const data = await readModelData(folder);
  const { vocabulary, shape } = data;
  expect(vocabulary).toEqual({ words: ['it', "'s", 'bad', ',', 'very', 'fine'], keepsCase: false });
  const read = sentenceReader(vocabulary!, shape[0]);
  const { train, test: testSet } = data.split(0, 1);
  const written = [train, testSet].flatMap(examples =>
    Array.from({ length: examples.count }, (_, i) => {
      const out = new Float32Array(shape[0]);
      examples.write(i, out, 0);
      return [...out];
    }),
  );
  expect(written).toContainEqual([...read("It's BAD, very bad").row]);
  expect(written).toContainEqual([...read('fine').row]);
  expect([...read('fine').row]).toEqual([0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test('a text says which of its words are not seen', () => {
  const read = sentenceReader({ words: ['Who', 'is', 'it'], keepsCase: true }, 6);
  expect(read('Who who it is')).toEqual({
    row: Float32Array.of(0, 0, 0, 0, 1, 3),
    count: 2,
    unknown: ['who'],
    cut: ['is'],
  });
  expect(read('!')).toEqual({ row: new Float32Array(6), count: 0, unknown: ['!'], cut: [] });
});

test('a folder of anything else says what is known', async () => {
  await writeFile(join(folder, 'a.txt'), '');
  await expect(readModelData(folder)).rejects.toThrow(/has no data that is known here: MNIST/);
  await expect(readModelData(join(folder, 'none'))).rejects.toThrow(/cannot read the folder/);
});

const mr = sharedPath('data/mr');
const trec = sharedPath('data/trec');

test.skipIf(!mr)("reviews are as in Kim's table 1", async () => {
  const reviews = await readMr(mr!);
  const { size } = makeVocabulary(reviews);
  expect([reviews.length, size - 1, longestOf(reviews)]).toEqual([10_662, 18_765, 56]);
  const tenths = Array.from({ length: 10 }, async (_, fold) => (await readModelData(mr!)).split(fold, 1));
  const tests = (await Promise.all(tenths)).map(split => split.test.count);
  expect(tests.reduce((sum, count) => sum + count)).toBe(10_662);
  expect(Math.min(...tests)).toBeGreaterThan(950);
});

test.skipIf(!trec)("questions are as in Kim's table 1", async () => {
  const { train, test: testSet } = await readTrec(trec!);
  const { size } = makeVocabulary([...train, ...testSet]);
  expect([train.length, testSet.length, size - 1]).toEqual([5452, 500, 9592]);
});

const mnist = sharedPath('data/mnist');

test.skipIf(!mnist)('the first digits of MNIST are 5, 0 and 4', async () => {
  const { train, test: testSet } = (await readModelData(mnist!)).split(undefined, 1);
  expect([train.count, testSet.count]).toEqual([10_000, 10_000]);
  expect([train.labels[0], train.labels[1], train.labels[2]]).toEqual([5, 0, 4]);
});
