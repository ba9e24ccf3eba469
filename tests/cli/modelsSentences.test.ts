/** `hane models run` with sentences, on a network whose answers can be worked out by hand. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeWeightsFile } from '../../src/models/modelFiles.ts';
import { modelSpec } from '../../src/models/registry.ts';
import { describeWeights, type WeightsDescription } from '../../src/models/trained.ts';
import { hane, type Ended } from '../support/hane.ts';
import { makeReviews } from '../support/modelData.ts';

/** One filter over one word: its number, or 0 if that is below 0. Of the greatest number x, the logits are -x and x. */
const OPTIONS = { numClasses: 2, words: 5, size: 1, length: 7, windows: [1], maps: 1 };
/** Padding, "bad", "film", "fine", "good". */
const TABLE = [0, -1, 0, 1, 2];
const DESCRIPTION: WeightsDescription = {
  network: 'kim-rand',
  options: OPTIONS,
  classes: ['negative', 'positive'],
  vocabulary: { words: ['bad', 'film', 'fine', 'good'], keepsCase: false },
};

let folder: string;
let weights: string;

const writeWeights = async (name: string, description: WeightsDescription): Promise<string> => {
  const path = join(folder, name);
  const values = new Map(
    Object.entries({
      'embedding.weight': TABLE,
      'conv1.weight': [1],
      'conv1.bias': [0],
      'fc.weight': [-1, 1],
      'fc.bias': [0, 0],
    }).map(([of, numbers]) => [of, Float32Array.from(numbers)]),
  );
  await writeWeightsFile(path, modelSpec('kim-rand', OPTIONS), values, describeWeights(description));
  return path;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-sentences-'));
  weights = await writeWeights('weights.safetensors', DESCRIPTION);
});
afterAll(async () => {
  await rm(folder, { recursive: true, maxRetries: 5 });
});

const ask = (args: readonly string[], input = '', path = weights): Promise<Ended> =>
  hane(['models', 'run', 'kim-rand', '--weights', path, ...args], { input });

/** 1 / (1 + exp(-2x)) for x of 2 and 1. */
const GOOD = '1 positive: 98.20 %\n0 negative: 1.80 %\n';
const FINE = '1 positive: 88.08 %\n0 negative: 11.92 %\n';

test('a sentence has classes with probabilities, cleaned as in training', async () => {
  expect(await ask(['A Good film!'])).toEqual({
    code: 0,
    out: GOOD,
    err: '"A Good film!": unknown and left out: a !\n',
  });
});

test('several sentences, and lines of standard input, are answered one by one', async () => {
  const { code, out } = await ask(['good', '-', 'fine'], 'bad film\n\n  \nfine bad\r\n');
  const even = '  0 negative: 50.00 %\n  1 positive: 50.00 %\n';
  const inside = (text: string): string => text.replace(/^(?=.)/gm, '  ');
  expect([code, out]).toEqual([
    0,
    `good\n${inside(GOOD)}bad film\n${even}fine bad\n${inside(FINE)}fine\n${inside(FINE)}`,
  ]);
});

test('as many lines as there are come back, in their order', async () => {
  const words = Array.from({ length: 150 }, (_, i) => (i % 3 === 0 ? 'good' : 'fine'));
  const { out } = await ask(['-', '--json'], words.join('\n'));
  const rows = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { sentence: string; logits: number[] });
  expect(rows.map(({ sentence }) => sentence)).toEqual(words);
  expect(rows.map(({ logits }) => logits[1])).toEqual(words.map(word => (word === 'good' ? 2 : 1)));
});

test('what is too long loses its end, and that is said', async () => {
  const { out, err } = await ask(['bad film fine good']);
  expect([out, err]).toEqual([FINE, '"bad film fine good": too long, left out at its end: good\n']);
});

test.each(['', 'Wuthering Heights'])('nothing is said of %j, in which no word is known', async sentence => {
  expect((await ask([sentence])).out).toBe('no word of it is known\n');
  expect(JSON.parse((await ask([sentence, '--json'])).out)).toMatchObject({ sentence, logits: null });
});

test('other names of classes, and fewer of them', async () => {
  const names = join(folder, 'names.txt');
  await writeFile(names, 'schlecht\ngut\n');
  expect((await ask(['good', '--classes', names, '--top', '1'])).out).toBe('1 gut: 98.20 %\n');
  await writeFile(names, 'schlecht\n');
  const { code, err } = await ask(['good', '--classes', names]);
  expect([code, err]).toEqual([2, `hane: ${names} has 1 names, kim-rand 2 classes\n`]);
});

test('weights that say nothing take words, options and classes from the data that they were trained on', async () => {
  const silent = await writeWeights('silent.safetensors', {});
  const reviews = await mkdtemp(join(folder, 'reviews-'));
  const args = ['A good film', '--data', reviews];
  for (const option of ['size=1', 'maps=1', 'windows=[1]']) args.push('--option', option);
  await makeReviews(reviews, { negative: ['bad film'], positive: ['fine good'] });
  expect((await ask(args, '', silent)).out).toBe(GOOD);
  await makeReviews(reviews, { negative: ['bad film'], positive: ['very fine good'] });
  const other = await ask(args, '', silent);
  expect([other.code, other.err]).toEqual([
    2,
    `hane: ${silent}: "embedding.weight" is [5, 1], not [6, 1]: it is of another network\n`,
  ]);
});

test('weights have to say their words', async () => {
  const { vocabulary: _words, ...rest } = DESCRIPTION;
  const { code, err } = await ask(['good'], '', await writeWeights('wordless.safetensors', rest));
  expect([code, err]).toEqual([
    2,
    'hane: the weights do not say their words: --data with the folder they were trained on\n',
  ]);
});

test.each<[string[], string]>([
  [['kim-rand', '-'], 'there are no sentences on standard input'],
  [['lenet5', 'a.png', 'b.png'], 'lenet5 takes one picture, not 2'],
  [['lenet5', 'a.png', '--data', 'mr'], '--data is for sentences, lenet5 takes pictures'],
  [['alphago-policy-192', 'a.png'], 'alphago-policy-192 takes neither pictures nor sentences'],
])('%j is refused', async (args, message) => {
  const { code, err } = await hane(['models', 'run', ...args, '--weights', weights]);
  expect([code, err]).toEqual([2, `hane: ${message}\n`]);
});
