import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { policyIndexOf } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { BLACK, PASS } from '../../engine/types.ts';
import { encode } from '../../features/encode.ts';
import { symmetryMap } from '../../features/symmetry.ts';
import { PLANE_SIZE, makeBatch, type Batch } from '../../src/training/batch.ts';
import { Dataset } from '../../src/training/data/dataset.ts';
import { Feeder } from '../../src/training/feeder.ts';
import { fillPosition, type FillOptions } from '../../src/training/fillPosition.ts';
import { Sampler, type Draw } from '../../src/training/sampler.ts';
import { makeDataset } from '../support/datasets.ts';

const BOARD = { width: 19, height: 19 };
const FILL: FillOptions = { resultWeight: 0.25, policyFromMoves: false };
const [GAMES, MOVES, LABELS] = [6, 40, 5];

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-feeder-'));
  dataset = await Dataset.open(await makeDataset(folder, { games: GAMES, moves: MOVES, labels: LABELS }));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const draws = (sampler: Sampler, count: number): Draw[] =>
  Array.from({ length: count }, (_, k) => ({
    ...sampler.draw(k, { game: 0, ply: 0, label: -1, symmetry: 0 }),
  }));

const fill = (draw: Draw, options: FillOptions = FILL, planes = 48): Batch => {
  const batch = makeBatch(planes, 1);
  fillPosition(batch, 0, dataset, draw, new Game(), options);
  return batch;
};

describe('the sampler', () => {
  test('goes through every position of each kind once before any twice', () => {
    const sampler = new Sampler(dataset, 'train', { seed: 1, labelledShare: 0.5 });
    // Four of six games of each kind are for training.
    expect([sampler.labelled, sampler.human]).toEqual([8 * LABELS, 4 * MOVES]);
    const all = draws(sampler, 2 * sampler.human);
    const human = all.filter(({ label }) => label < 0);
    expect(new Set(human.map(({ game, ply }) => `${game} ${ply}`)).size).toBe(sampler.human);
    const labelled = all.filter(({ label }) => label >= 0).map(({ label }) => label);
    for (let epoch = 0; epoch + 1 < labelled.length / sampler.labelled; epoch++) {
      const part = labelled.slice(epoch * sampler.labelled, (epoch + 1) * sampler.labelled);
      expect(new Set(part).size).toBe(sampler.labelled);
    }
    expect(new Set(all.map(({ symmetry }) => symmetry))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    for (const { game } of all) expect(dataset.split(game)).toBe('train');
  });

  test('draws the same for the same seed, and another order for another', () => {
    const order = (seed: number): Draw[] => draws(new Sampler(dataset, 'train', { seed }), 50);
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });

  test('never draws a move of a machine without a label', () => {
    const all = draws(new Sampler(dataset, 'train', { seed: 1, labelledShare: 0 }), 300);
    for (const { game, label } of all) expect([dataset.isHuman(game), label]).toEqual([true, -1]);
  });

  test('refuses a share that the split cannot give', () => {
    expect(() => new Sampler(dataset, 'test', { seed: 1, labelledShare: 1 })).toThrow(
      'split test has no labelled position: a labelled share of 0 is all it can give',
    );
    expect(() => new Sampler(dataset, 'test', { seed: 1, labelledShare: 0 })).toThrow(
      'split test has no human game: a labelled share of 1 is all it can give',
    );
  });
});

describe('a position becomes', () => {
  const human = (even: boolean): Draw => {
    const game = dataset
      .gamesOf('train')
      .find(i => dataset.isHuman(i) && (dataset.winner(i) === BLACK) === even)!;
    return { game, ply: 8, label: -1, symmetry: 3 };
  };

  test('planes of its symmetry, komi of the player to move, move and reply', () => {
    const draw = human(true);
    const batch = fill(draw);
    const game = new Game();
    dataset.replayInto(game, draw.game, draw.ply);
    const planes = new Float32Array(48 * PLANE_SIZE);
    encode(game, planes, 0, draw.symmetry);
    expect(batch.planes).toEqual(planes);
    const sign = game.toPlay === BLACK ? -1 : 1;
    expect(batch.komi[0]).toBeCloseTo((sign * dataset.komi(draw.game)!) / 10, 5);
    const map = symmetryMap(draw.symmetry, BOARD);
    for (const [field, weight, ply] of [
      ['expert', 'expertWeight', draw.ply],
      ['reply', 'replyWeight', draw.ply + 1],
    ] as const) {
      const { point } = dataset.moveAt(draw.game, ply);
      if (point === PASS) continue;
      expect(batch[weight][0]).toBe(1);
      expect(batch[field].indexOf(1)).toBe(map[policyIndexOf(point, BOARD)]);
      expect(batch[field].reduce((sum, share) => sum + share, 0)).toBe(1);
    }
    expect([batch.policyWeight[0], batch.leadWeight[0], batch.ownershipWeight[0]]).toEqual([0, 0, 0]);
  });

  test.each([true, false])('a winning chance by the result, if Black won: %s', blackWon => {
    const draw = human(blackWon);
    const batch = fill(draw);
    const { color } = dataset.moveAt(draw.game, draw.ply);
    expect(batch.chanceWeight[0]).toBe(0.25);
    expect(batch.chance[0]).toBe((color === BLACK) === blackWon ? 1 : 0);
  });

  test.each(['time', 'forfeit'] as const)('no winning chance, if the game ended by %s', kind => {
    const ended = vi.spyOn(dataset, 'resultKind').mockReturnValue(kind);
    const { chance, chanceWeight, expertWeight } = fill(human(true));
    ended.mockRestore();
    expect([chance[0], chanceWeight[0], expertWeight[0]]).toEqual([0, 0, 1]);
  });

  test("the human's move as policy, where it is asked for", () => {
    const batch = fill(human(true), { ...FILL, policyFromMoves: true });
    expect(batch.policyWeight[0]).toBe(batch.expertWeight[0]);
    expect(batch.policy.subarray(0, 361)).toEqual(batch.expert);
  });

  test("what its teacher said, and no move of a machine's as an expert's", () => {
    for (const isHuman of [true, false]) {
      const game = dataset.gamesOf('train').find(i => dataset.isHuman(i) === isHuman)!;
      const [label] = dataset.labelRange(game);
      const ply = dataset.labels.ply(label);
      const batch = fill({ game, ply, label, symmetry: 5 });
      expect(batch.chance[0]).toBeCloseTo(0.8, 4);
      expect(batch.lead[0]).toBeCloseTo(7, 4);
      expect(Math.abs(batch.komi[0])).toBeCloseTo(0.65, 5);
      expect(batch.policy[361]).toBeCloseTo(1 / 7, 3);
      const { point } = dataset.moveAt(game, ply);
      if (point === PASS) continue;
      const index = symmetryMap(5, BOARD)[policyIndexOf(point, BOARD)];
      expect(batch.policy[index]).toBeCloseTo(6 / 7, 3);
      expect(batch.expertWeight[0]).toBe(isHuman ? 1 : 0);
      expect([batch.policyWeight[0], batch.chanceWeight[0]]).toEqual([1, 1]);
    }
  });

  test('49 planes for a value network: the last says whether Black is to move', () => {
    for (const ply of [8, 9]) {
      const draw = { ...human(true), ply };
      const batch = fill(draw, FILL, 49);
      const { color } = dataset.moveAt(draw.game, ply);
      const last = batch.planes.subarray(48 * PLANE_SIZE);
      expect(last.reduce((sum, value) => sum + value, 0)).toBe(color === BLACK ? 361 : 0);
      expect(batch.planes.subarray(0, 48 * PLANE_SIZE)).toEqual(fill(draw).planes);
    }
  });
});

describe('the feeder', () => {
  const feeder = (threads: number, first = 0): Feeder =>
    new Feeder(
      {
        memory: dataset.memory(),
        split: 'train',
        sampler: { seed: 7 },
        fill: FILL,
        planes: 48,
        positions: 4,
        threads,
      },
      first,
    );

  /** Moves and planes of some batches, as text to compare. */
  const take = async (source: Feeder, count: number): Promise<string[]> => {
    const taken: string[] = [];
    for (let i = 0; i < count; i++) {
      const batch = await source.next();
      const sums = [batch.planes, batch.policy, batch.expert, batch.chance, batch.komi].map(values =>
        values.reduce((sum, value, k) => sum + value * ((k % 97) + 1), 0),
      );
      taken.push(sums.join());
      source.giveBack(batch);
    }
    await source.close();
    return taken;
  };

  test('gives the same batches in the same order with any number of threads, and from any of them on', async () => {
    const one = await take(feeder(1), 6);
    expect(new Set(one).size).toBe(6);
    expect(await take(feeder(3), 6)).toEqual(one);
    expect(await take(feeder(2, 12), 3)).toEqual(one.slice(3));
  });

  test('that was closed gives no more', async () => {
    const source = feeder(1);
    await source.next();
    await source.close();
    await expect(source.next()).rejects.toThrow('the feeder was closed');
  });
});
