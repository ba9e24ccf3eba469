/** `hane models train` as a process. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTrained } from '../../src/models/trained.ts';
import { hane } from '../support/hane.ts';
import { makeDigits, makeReviews } from '../support/modelData.ts';

const TIME = { timeout: 120_000 };

let folder: string;
let digits: string;
let reviews: string;
beforeAll(async () => {
  digits = await mkdtemp(join(tmpdir(), 'hane-digits-'));
  reviews = await mkdtemp(join(tmpdir(), 'hane-reviews-'));
  folder = await mkdtemp(join(tmpdir(), 'hane-models-train-'));
  await makeDigits(digits, { train: 80, test: 20 });
  const lines = (word: string): string[] =>
    Array.from({ length: 40 }, (_, i) => `a ${word} film of ${i} hours`);
  await makeReviews(reviews, { positive: lines('fine'), negative: lines('poor') });
});
afterAll(async () => {
  for (const path of [folder, digits, reviews]) await rm(path, { recursive: true, maxRetries: 5 });
});

const train = (name: string, data: string, out: string, ...args: string[]): string[] => [
  'models',
  'train',
  name,
  '--data',
  data,
  '--out',
  out,
  '--backend',
  'wasm',
  ...args,
];

const readJson = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;

test('several seeds are trained, measured and put together', TIME, async () => {
  const out = join(folder, 'seeds');
  const args = ['--epochs', '2', '--batch', '8', '--members', '2'];
  const ended = await hane(train('lenet5-modern', digits, out, ...args));
  expect(ended.code).toBe(0);
  expect(ended.err).toContain(
    'lenet5-modern: 61706 parameters; mnist: 80 examples to learn from, 20 to test; 2 epochs in batches of 8 on WebAssembly',
  );
  expect(ended.err).toMatch(
    /seed-2: epoch 2: loss [\d.]+; errors: training [\d.]+ %, test [\d.]+ %; \d+ examples\/s/,
  );
  expect(ended.out).toMatch(
    /^seed-1: test error [\d.]+ %\nseed-2: .*\ntest error: mean .*\nensemble of 2: test error [\d.]+ %\n$/,
  );
  const result = await readJson(join(out, 'result.json'));
  expect(result).toMatchObject({
    network: 'lenet5-modern',
    data: 'mnist',
    members: [{ name: 'seed-1' }, { name: 'seed-2' }],
  });
  const { weights: _numbers, ...trained } = await readTrained(join(out, 'seed-2', 'weights.safetensors'));
  expect(trained).toMatchObject({
    name: 'lenet5-modern',
    options: { numClasses: 10, inputShape: [1, 32, 32] },
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    preprocessing: { shape: [1, 32, 32], isInk: true },
  });
  for (const file of ['weights.safetensors', 'log.jsonl', 'curves.svg', 'result.json'])
    expect((await stat(join(out, 'seed-1', file))).size).toBeGreaterThan(50);
  expect(await readFile(join(out, 'curves.svg'), 'utf8')).toContain('ensemble');

  const again = await hane(train('lenet5-modern', digits, out, ...args, '--resume'));
  expect([again.code, again.out]).toEqual([0, ended.out]);
  expect(again.err).not.toContain('epoch 1:');
});

test('a run that is interrupted goes on to the same end', TIME, async () => {
  const out = join(folder, 'parts');
  const args = ['--epochs', '6', '--batch', '2'];
  const stopped = await hane(train('lenet5-modern', digits, out, ...args), {
    onStderr: (text, child) => {
      if (text.includes('epoch 2:')) child.kill('SIGINT');
    },
  });
  expect(stopped.code).toBe(130);
  expect(stopped.err).toContain('stopped; --resume goes on');
  const refused = await hane(train('lenet5-modern', digits, out, ...args));
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringContaining('holds a run: --resume goes on with it'),
  ]);
  const ended = await hane(train('lenet5-modern', digits, out, ...args, '--resume'));
  expect(ended.code).toBe(0);
  const whole = join(folder, 'whole');
  await hane(train('lenet5-modern', digits, whole, ...args));
  const weights = (path: string): Promise<Buffer> => readFile(join(path, 'weights.safetensors'));
  expect(Buffer.compare(await weights(out), await weights(whole))).toBe(0);
});

test('options go to the network, and reviews are learned from in folds', TIME, async () => {
  const out = join(folder, 'folds');
  const small = ['--option', 'maps=2', '--option', 'size=4', '--epochs', '1', '--folds', '2'];
  const ended = await hane(train('kim-rand', reviews, out, ...small));
  expect(ended.code).toBe(0);
  expect(await readJson(join(out, 'fold-1', 'result.json'))).toMatchObject({
    options: { numClasses: 2, length: 14, maps: 2, size: 4 },
    member: 'fold-1',
    recipe: { batch: 50, devShare: 0.1 },
  });
  expect(ended.out).toMatch(/fold-0: .*\nfold-1: .*\ntest error: mean/);
  const { vocabulary } = await readTrained(join(out, 'fold-1', 'weights.safetensors'));
  expect(vocabulary?.words.slice(0, 7)).toEqual(['a', 'poor', 'film', 'of', '0', 'hours', '1']);
});

test('given vectors are in the tables, and a run is gone on with by the same ones only', TIME, async () => {
  const out = join(folder, 'vectors');
  const path = join(folder, 'vectors.txt');
  const small = ['--option', 'maps=2', '--epochs', '1', '--vectors', path];
  await writeFile(path, 'fine 0.5 -0.5 1\nhen 1 2 3\nfilm 1 0.25 -1\n');
  const ended = await hane(train('kim-multichannel', reviews, out, ...small));
  expect([ended.code, ended.err]).toEqual([
    0,
    // The six numbers have the mean 1.25 / 6 and the variance 3.5625 / 6 - (1.25 / 6)^2 = 0.5503 = 1.285^2 / 3.
    expect.stringContaining(
      `${path}: 2 of the 46 words have vectors, of 3 numbers; the others are drawn between -1.28 and 1.28\n`,
    ),
  ]);
  const { weights, vocabulary, options } = await readTrained(join(out, 'weights.safetensors'));
  expect(options.size).toBe(3);
  const rowOf = (table: string, word: string): number[] => {
    const row = vocabulary!.words.indexOf(word) + 1;
    return [...weights.get(table)!.subarray(3 * row, 3 * row + 3)];
  };
  // Of the two channels one is learned.
  expect(rowOf('embedding.static.weight', 'fine')).toEqual([0.5, -0.5, 1]);
  expect(rowOf('embedding.static.weight', 'film')).toEqual([1, 0.25, -1]);
  expect(rowOf('embedding.weight', 'fine')).not.toEqual([0.5, -0.5, 1]);
  for (const word of ['fine', 'poor', 'hours'])
    for (const [i, value] of rowOf('embedding.static.weight', word).entries())
      expect(rowOf('embedding.weight', word)[i]).toBeCloseTo(value, 1);

  const wide = await hane(
    train('kim-static', reviews, join(folder, 'wide'), ...small, '--option', 'size=300'),
  );
  expect([wide.code, wide.err]).toEqual([
    2,
    `hane: ${path}, line 1: has vectors of 3 numbers, the network takes 300\n`,
  ]);
  const again = await hane(train('kim-multichannel', reviews, out, ...small, '--resume'));
  expect([again.code, again.out]).toEqual([0, ended.out]);
  const without = train('kim-multichannel', reviews, out, ...small.slice(0, 4), '--option', 'size=3');
  const lost = await hane([...without, '--resume']);
  expect([lost.code, lost.err]).toEqual([
    2,
    expect.stringMatching(/: vectors was \{"found":2,.* and cannot become not given: take another --out\n$/),
  ]);
  expect(lost.err).toContain('kim-multichannel begins with vectors by chance: --vectors brings given ones');
  await writeFile(path, 'fine 0.5 -0.5 2\nfilm 1 0.25 -1\n');
  const other = await hane(train('kim-multichannel', reviews, out, ...small, '--resume'));
  expect([other.code, other.err]).toEqual([2, expect.stringMatching(/: vectors\.sha256 was "/)]);
});

test.each([
  [['lenet6', 'digits'], 'there is no network "lenet6": one of lenet5,'],
  [['kim-rand', 'digits'], 'kim-rand takes sentences, not mnist'],
  [['lenet5', 'reviews'], 'lenet5 takes pictures, not mr'],
  [['lenet5', 'digits', '--folds', '2'], 'mnist has a test set of its own: without --folds'],
  [['kim-rand', 'reviews', '--members', '2'], 'mr has no test set: --folds in place of --members'],
  [['lenet5-modern', 'digits', '--option', 'maps=2'], 'lenet5-modern has no option "maps"'],
  [['alphago-policy-192', 'digits'], 'alphago-policy-192 learns from games: hane train does that'],
  [['lenet5', 'none'], 'cannot read the folder'],
  [
    ['lenet5-modern', 'digits', '--option', 'numClasses=5'],
    'lenet5-modern has the output "logits" of 5 here, mnist has 10 classes',
  ],
  [['lenet5-modern', 'digits', '--init', 'none'], 'cannot read none: ENOENT'],
  [['kim-static', 'reviews', '--vectors', 'none'], 'cannot read none: ENOENT'],
  [
    ['kim-rand', 'reviews', '--vectors', 'none'],
    'kim-rand begins without given vectors: --vectors is for kim-static, kim-non-static and kim-multichannel',
  ],
  [['kim-static', 'digits', '--vectors', 'none'], '--vectors is for words, mnist has none'],
  [['kim-static', 'reviews', '--vectors', 'package.json'], 'package.json, line 1: is no word with numbers'],
])('%j is refused, and nothing is written', TIME, async ([name, kind, ...args], message) => {
  const data = { digits, reviews, none: join(folder, 'none') }[kind]!;
  const out = join(folder, 'refused');
  const { code, err } = await hane(train(name, data, out, ...args));
  expect([code, err]).toEqual([2, expect.stringContaining(`hane: ${message}`)]);
  expect(existsSync(out)).toBe(false);
});

test('what is no folder holds no run', TIME, async () => {
  const { code, err } = await hane(train('lenet5-modern', digits, 'package.json'));
  expect([code, err]).toEqual([
    2,
    expect.stringContaining('hane: cannot make the folder package.json: EEXIST'),
  ]);
});
