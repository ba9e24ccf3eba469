import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { pick, type Examples, type Split } from '../../../src/models/data/examples.ts';
import { readModelData } from '../../../src/models/data/modelData.ts';
import { initialWeights, modelSpec, type ModelOptions } from '../../../src/models/registry.ts';
import { SpecBuilder, type NetworkSpec } from '../../../src/models/spec.ts';
import { startTfBackend } from '../../../src/models/tfBackend.ts';
import { runExperiment } from '../../../src/models/train/experiment.ts';
import { Learner } from '../../../src/models/train/learner.ts';
import type { Recipe, TrainOutcome } from '../../../src/models/train/recipe.ts';
import { planFor } from '../../../src/models/train/recipes.ts';
import { readRows } from '../../../src/models/train/runFiles.ts';
import { predictAll, scoreOf } from '../../../src/models/train/score.ts';
import { trainModel } from '../../../src/models/train/trainModel.ts';
import { makeDigits, makeQuestions, makeReviews } from '../../support/modelData.ts';
import { distance, drawWeights } from '../../support/networks.ts';

let folder: string;
beforeAll(async () => {
  await startTfBackend('wasm');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-train-model-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, maxRetries: 5 });
});

/** Two clouds of points, a little apart; noise in training. */
const clouds = (count: number, seed: number): Examples => {
  const random = new Random(seed);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const points = Float32Array.from({ length: 2 * count }, (_, i) => random.float() + labels[i >> 1] * 0.8);
  return {
    count,
    shape: [2],
    labels,
    classes: ['left', 'right'],
    write: (index, out, offset, chance) => {
      for (let i = 0; i < 2; i++)
        out[offset + i] = points[2 * index + i] + (chance ? 0.1 * chance.float() : 0);
    },
  };
};

/** With everything that a run has to remember: running statistics and chance within. */
const smallNetwork = (): NetworkSpec => {
  const net = new SpecBuilder();
  const hidden = net.batchNorm('norm', net.dense('hidden', net.input('point', [2]), 8), 1e-5, 0.2);
  return net.finish({ logits: net.dense('out', net.dropout('drop', net.relu('relu', hidden), 0.3), 2) });
};

const RECIPE: Recipe = {
  optimizer: { method: 'adam', betas: [0.9, 0.999], epsilon: 1e-8 },
  loss: { kind: 'crossEntropy' },
  schedule: { rate: 0.02, drops: [[0.5, 0.1]] },
  epochs: 4,
  batch: 16,
  devShare: 0.2,
};

const SPLIT: Split = { train: clouds(150, 1), test: clouds(60, 2) };

const begin = (): Parameters<typeof trainModel>[0] => ({
  spec: smallNetwork(),
  split: SPLIT,
  recipe: RECIPE,
  seed: 5,
});

describe('a run', () => {
  test('learns, and counts by the best dev score', async () => {
    const before = memory().numTensors;
    const { isFinished, rows, chosenEpoch, test: score } = await trainModel(begin());
    expect([isFinished, rows.length]).toEqual([true, 4]);
    expect(score!.error).toBeLessThan(0.2);
    const best = Math.max(...rows.map(row => row.dev!.accuracy));
    expect(chosenEpoch).toBe(rows.findLast(row => row.dev!.accuracy === best)!.epoch);
    expect(rows[0].dev!.examples).toBe(30);
    expect(rows.map(({ rate }) => rate)).toEqual([0.02, 0.02, 0.002, 0.002]);
    expect(memory().numTensors).toBe(before);
  });

  /** Stops after so many steps, begins again with the folder, until it is done. */
  const inParts = async (steps: number): Promise<TrainOutcome> => {
    for (;;) {
      const stop = new AbortController();
      let taken = 0;
      const onStep = (): void => {
        if (++taken === steps) stop.abort();
      };
      const outcome = await trainModel({ ...begin(), folder, resume: true, signal: stop.signal, onStep });
      if (outcome.isFinished) return outcome;
    }
  };

  test.each([3, 8])('that is stopped every %d steps ends where an unbroken one does', async steps => {
    const whole = await trainModel(begin());
    const parts = await inParts(steps);
    expect(parts.chosenEpoch).toBe(whole.chosenEpoch);
    expect(parts.test).toEqual(whole.test);
    for (const [name, values] of whole.weights) expect(parts.weights.get(name), name).toEqual(values);
    const strip = ({ loss, dev, test: score, trainError }: TrainOutcome['rows'][number]): unknown => ({
      loss: loss.toFixed(6),
      dev,
      score,
      trainError,
    });
    expect((await readRows(folder)).map(strip)).toEqual(whole.rows.map(strip));
  });

  test('is another one with another seed', async () => {
    const [a, b] = [await trainModel(begin()), await trainModel({ ...begin(), seed: 6 })];
    expect(distance(a.weights.get('out.weight')!, b.weights.get('out.weight')!)).toBeGreaterThan(0.01);
  });

  test('writes what came out', async () => {
    const { test: score } = await trainModel({ ...begin(), folder, about: { network: 'small' } });
    const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as Record<string, unknown>;
    expect(result).toMatchObject({ network: 'small', seed: 5, parameters: 58, epochs: 4, test: score });
  });

  test('is not begun over another one, and not gone on with as something else', async () => {
    await trainModel({ ...begin(), folder });
    await expect(trainModel({ ...begin(), folder })).rejects.toThrow(/holds a run: --resume goes on with it/);
    await expect(trainModel({ ...begin(), folder, resume: true, seed: 6 })).rejects.toThrow(
      /seed was 5 and cannot become 6/,
    );
    const faster: Recipe = { ...RECIPE, schedule: { ...RECIPE.schedule, rate: 1 } };
    await expect(trainModel({ ...begin(), folder, resume: true, recipe: faster })).rejects.toThrow(
      /recipe\.schedule\.rate was 0\.02 and cannot become 1: take another --out/,
    );
  });

  test('ends when the loss is no number', async () => {
    const recipe: Recipe = {
      ...RECIPE,
      optimizer: { method: 'sgd', momentum: 0, weightDecay: 0 },
      schedule: { rate: 1e30 },
    };
    await expect(trainModel({ ...begin(), recipe })).rejects.toThrow(
      /step \d+: the loss is NaN: begin with a lower rate/,
    );
  });

  test('needs examples that fit the network', async () => {
    const wide = { ...SPLIT, train: { ...SPLIT.train, shape: [3] } };
    await expect(trainModel({ ...begin(), split: wide })).rejects.toThrow(
      'the network takes [2], the examples are [3]',
    );
    const many = { ...SPLIT, test: { ...SPLIT.test, classes: ['a', 'b', 'c'] } };
    await expect(trainModel({ ...begin(), split: many })).rejects.toThrow(
      'the network has 2 classes, the examples 3: a, b, c',
    );
  });
});

test('an auxiliary head counts by its weight', async () => {
  const make = (): NetworkSpec => {
    const net = new SpecBuilder();
    const hidden = net.dense('hidden', net.input('point', [2]), 4);
    const aux = net.softmax('aux.softmax', net.dense('aux', hidden, 2));
    return net.finish({ logits: net.dense('out', hidden, 2), aux1: aux });
  };
  const lossWith = async (weight: number): Promise<number> => {
    const learner = new Learner(make(), drawWeights(make(), 3), { ...RECIPE, auxiliary: { aux1: weight } });
    const { loss } = await learner.step(Float32Array.of(1, 2, -1, 0.5), [0, 1], 0.1, 1);
    learner.close();
    return loss;
  };
  const [none, some, full] = [await lossWith(0), await lossWith(0.3), await lossWith(1)];
  expect(some - none).toBeCloseTo(0.3 * (full - none), 5);
  expect(() => new Learner(make(), drawWeights(make(), 3), { ...RECIPE, auxiliary: { aux2: 1 } })).toThrow(
    'there is no output "aux2": logits, aux1',
  );
});

test("LeNet-5's nearest code is its class", async () => {
  await makeDigits(folder, { train: 200, test: 50 });
  const data = await readModelData(folder);
  const { spec, recipe } = planFor('lenet5', data);
  const outcome = await trainModel({
    spec,
    recipe: { ...recipe, epochs: 6, batch: 8, schedule: { rate: 1e-3 } },
    split: data.split(undefined, 1),
    seed: 1,
    weights: initialWeights('lenet5', {}, 1),
  });
  expect(outcome.test!.error).toBeLessThan(0.3);
});

test("Kim's network learns words, keeps padding at 0 and the last layer's columns short", async () => {
  const questions = Array.from({ length: 60 }, (_, i) =>
    i % 2 ? `HUM:ind Who is ${i} ?` : `LOC:city Where is ${i} ?`,
  );
  await makeQuestions(folder, questions, questions.slice(0, 20));
  const data = await readModelData(folder);
  const options = { size: 8, maps: 4 };
  const plan = planFor('kim-rand', data, options);
  expect(plan.options).toEqual({ numClasses: 6, words: 65, length: 12, size: 8, maps: 4 });
  const weights = initialWeights('kim-rand', plan.options, 1);
  // Filters of size 0.01 take long to begin.
  for (const [name, values] of weights)
    if (name.startsWith('conv')) for (const i of values.keys()) values[i] *= 30;
  const { devShare: _none, ...recipe } = plan.recipe;
  const outcome = await trainModel({
    spec: plan.spec,
    recipe: { ...recipe, epochs: 30, batch: 10, schedule: { rate: 20 } },
    split: data.split(undefined, 1),
    seed: 1,
    weights,
  });
  expect(outcome.test!.error).toBe(0);
  const table = outcome.weights.get('embedding.weight')!;
  expect(table.slice(0, 8)).toEqual(new Float32Array(8));
  expect(distance(table, weights.get('embedding.weight')!)).toBeGreaterThan(0.01);
  const columns = outcome.weights.get('fc.weight')!;
  for (let unit = 0; unit < 6; unit++)
    expect(Math.hypot(...columns.subarray(12 * unit, 12 * unit + 12))).toBeLessThan(3.0001);
});

test.each<[string, ModelOptions, string]>([
  ['lenet5-modern', { numClasses: 5 }, 'has the output "logits" of 5 here, mnist has 10 classes'],
  ['lenet5-modern', { inputShape: [3, 32, 32] }, 'takes 3 x 32 x 32 here, mnist has 1 x 32 x 32'],
  ['lenet5-modern', { includeTop: false }, 'has the output "features" of 16 x 5 x 5 here'],
  ['kim-rand', { words: 3 }, 'words 3: trec has 4, the padding among them'],
  ['kim-rand', { maps: 2, numClasses: 0 }, 'has the output "features" of 6 here, trec has 6 classes'],
])('%s with %o is not made for data that it does not fit', async (name, options, message) => {
  if (name === 'kim-rand') await makeQuestions(folder, ['HUM:ind Who ?'], ['NUM:date When ?']);
  else await makeDigits(folder, { train: 1, test: 1 });
  const data = await readModelData(folder);
  expect(() => planFor(name, data, options)).toThrow(message);
});

test('blocks that are left out do no harm to their running statistics', async () => {
  const options = {
    width: 0.25,
    inputShape: [3, 16, 16] as const,
    numClasses: 2,
    stochasticDepth: { survival: 0.2 },
  };
  const random = new Random(1);
  const values = Float32Array.from({ length: 8 * 768 }, () => random.float());
  const learner = new Learner(modelSpec('resnet20', options), initialWeights('resnet20', options), RECIPE);
  for (let i = 0; i < 4; i++) await learner.step(values, [0, 1, 0, 1, 0, 1, 0, 1], 0.01, i);
  for (const [name, numbers] of await learner.readWeights())
    expect(numbers.every(Number.isFinite), name).toBe(true);
  learner.close();
});

test('reviews are learned from in folds', async () => {
  await makeReviews(folder, {
    positive: Array.from({ length: 30 }, () => 'good'),
    negative: ['bad', 'worse'],
  });
  const data = await readModelData(folder);
  const folds = [0, 1, 2].map(fold => data.split(fold, 1));
  for (const { train, test: part } of folds) expect(train.count + part.count).toBe(32);
  expect(() => data.split(undefined, 1)).toThrow('mr has no test set: which of 10 folds');
});

test('several seeds are an ensemble, and what has ended is not trained again', async () => {
  const members = [1, 2].map(seed => ({ name: `seed-${seed}`, seed, split: SPLIT }));
  const trained: string[] = [];
  const options = {
    spec: smallNetwork(),
    recipe: { ...RECIPE, epochs: 2 },
    members,
    folder,
    about: {},
    isEnsemble: true,
    firstWeights: (seed: number) => drawWeights(smallNetwork(), seed),
    onMember: async ({ name }: { name: string }) => void trained.push(name),
  };
  const result = (await runExperiment(options))!;
  expect(trained).toEqual(['seed-1', 'seed-2']);
  expect(result.ensemble!.examples).toBe(60);
  expect(result.testError.mean).toBeCloseTo(
    (result.members[0].test.error + result.members[1].test.error) / 2,
    9,
  );
  expect(await runExperiment({ ...options, resume: true })).toEqual(result);
  expect(trained).toHaveLength(2);
  const slower = { ...options, recipe: { ...options.recipe, batch: 8 }, resume: true };
  await expect(runExperiment(slower)).rejects.toThrow(/seed-1: recipe\.batch was 16 and cannot become 8/);
  const alone = { ...options, members: members.slice(0, 1), resume: true };
  await expect(runExperiment(alone)).rejects.toThrow(/holds several runs: another --out for one alone/);
  const inside = { ...options, folder: join(folder, 'seed-1'), resume: true };
  await expect(runExperiment(inside)).rejects.toThrow(/seed-1 holds a run of its own/);
  const { train } = SPLIT;
  expect(pick(train, [0]).count).toBe(1);
});

test('chances of a network are those of its softmax', async () => {
  const learner = new Learner(smallNetwork(), drawWeights(smallNetwork(), 1), RECIPE);
  const chances = await predictAll(learner, SPLIT.test);
  expect(chances[0] + chances[1]).toBeCloseTo(1, 5);
  expect(scoreOf(chances, SPLIT.test.labels, 2).examples).toBe(60);
  learner.close();
});
