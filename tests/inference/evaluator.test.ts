import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { BLACK, PASS, WHITE } from '../../engine/types.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { PLANES } from '../../features/planes.ts';
import { SYMMETRIES, symmetryMap } from '../../features/symmetry.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { WEIGHTS_FOLDER, readManifest } from '../../src/inference/manifest.ts';
import { playMoves } from '../support/diagram.ts';
import { playRandomMoves } from '../support/randomGames.ts';

let evaluator: Evaluator;
beforeAll(async () => {
  evaluator = await openEvaluator({ threads: 2, maxBatch: 8, kernel: 'float' });
});
afterAll(() => evaluator.close());

interface Outputs {
  readonly policy: readonly number[];
  readonly expert: readonly number[];
  readonly value: number;
  readonly lead: number;
  readonly ownership: readonly number[];
}

const evaluate = async (games: readonly Game[], symmetry = 0): Promise<Outputs[]> => {
  const batch = evaluator.begin();
  const slots = games.map(game => batch.add(game, symmetry));
  await batch.run();
  const results = slots.map(slot => ({
    policy: Array.from(batch.policy(slot)),
    expert: Array.from(batch.expert(slot)!),
    value: batch.value(slot)!,
    lead: batch.lead(slot)!,
    ownership: Array.from(batch.ownership(slot)!),
  }));
  batch.release();
  return results;
};

const randomGame = (seed: number, moves: number, size = 19): Game => {
  const game = new Game({ width: size, height: size });
  playRandomMoves(game, moves, new Random(seed));
  return game;
};

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('it says what a bare ONNX Runtime session says, with illegal moves left out', async () => {
  const { networks, default: name } = await readManifest();
  const { file } = networks.find(network => network.name === name)!;
  const session = await InferenceSession.create(join(WEIGHTS_FOLDER, file));
  const games = [0, 30, 120, 260].map((moves, i) => randomGame(i, moves));
  const results = await evaluate(games);
  for (const [i, game] of games.entries()) {
    const planes = new Float32Array(PLANES * planeSize(19, 19));
    encode(game, planes);
    const bonus = game.toPlay === WHITE ? game.whiteBonus : -game.whiteBonus;
    const raw = await session.run({
      planes: new Tensor('float32', planes, [1, PLANES, 23, 23]),
      komi: new Tensor('float32', [bonus / 10], [1]),
    });
    const logits = [...(raw['policy'].data as Float32Array), (raw['pass'].data as Float32Array)[0]];
    const weights = logits.map((logit, k) =>
      k === 361 || game.isLegal(game.board.points[k]) ? Math.exp(logit) : 0,
    );
    const total = sum(weights);
    expect(
      largestDifference(
        results[i].policy,
        weights.map(weight => weight / total),
      ),
    ).toBeLessThan(1e-5);
    expect(Math.abs(results[i].value - (raw['value'].data as Float32Array)[0])).toBeLessThan(1e-4);
    expect(Math.abs(results[i].lead - (raw['lead'].data as Float32Array)[0])).toBeLessThan(1e-2);
    expect(
      largestDifference(results[i].ownership, Array.from(raw['ownership'].data as Float32Array)),
    ).toBeLessThan(1e-4);
  }
  await session.release();
});

test('priors add up to 1 and are 0 exactly where a move is illegal, superko included', async () => {
  const game = randomGame(9, 300);
  const [{ policy, expert }] = await evaluate([game]);
  expect(sum(policy)).toBeCloseTo(1, 5);
  expect(sum(expert)).toBeCloseTo(1, 5);
  for (let i = 0; i < 361; i++) expect(policy[i] > 0).toBe(game.isLegal(game.board.points[i]));
});

test('seen through a symmetry, a position is evaluated as the position turned that way', async () => {
  const moves = 'D4 Q16 C16 R4 F3 C10 K10'.split(' ').join(' ');
  const game = playMoves(new Game(), moves);
  for (let symmetry = 1; symmetry < SYMMETRIES; symmetry++) {
    const map = symmetryMap(symmetry, game);
    const turned = new Game();
    for (let i = 0; i < game.moveCount; i++) {
      const { point, color } = game.moveAt(i);
      turned.play(turned.board.points[map[game.board.indexOf[point]]], color);
    }
    const [through] = await evaluate([game], symmetry);
    const [plain] = await evaluate([turned]);
    const back = (values: readonly number[]): number[] => through.ownership.map((_, i) => values[map[i]]);
    expect(largestDifference(through.policy.slice(0, 361), back(plain.policy))).toBeLessThan(1e-5);
    expect(largestDifference(through.expert, back(plain.expert))).toBeLessThan(1e-5);
    expect(largestDifference(through.ownership, back(plain.ownership))).toBeLessThan(1e-4);
    expect(Math.abs(through.value - plain.value)).toBeLessThan(1e-4);
  }
});

test('a position gets the same answer alone, in a batch, and among batches in flight', async () => {
  const games = Array.from({ length: 8 }, (_, i) => randomGame(i, 20 * i));
  const together = await evaluate(games);
  const alone = await Promise.all(games.map(async game => (await evaluate([game]))[0]));
  for (const [i, { policy }] of together.entries())
    expect(largestDifference(policy, alone[i].policy)).toBeLessThan(1e-5);
});

test('the game may change as soon as it has been added', async () => {
  const game = randomGame(3, 50);
  const [before] = await evaluate([game]);
  const batch = evaluator.begin();
  batch.add(game);
  playRandomMoves(game, 20, new Random(1));
  await batch.run();
  expect(Array.from(batch.policy(0))).toEqual(before.policy);
  batch.release();
});

describe.each([
  [9, 9],
  [13, 13],
  [5, 7],
  [25, 25],
  [1, 1],
])('a board of %i by %i', (width, height) => {
  test('gets priors over its legal moves and an owner for each point', async () => {
    const game = new Game({ width, height, komi: 0.5 });
    const [{ policy, ownership, value }] = await evaluate([game]);
    expect(policy).toHaveLength(width * height + 1);
    expect(sum(policy)).toBeCloseTo(1, 5);
    expect(ownership).toHaveLength(width * height);
    expect(Math.abs(value)).toBeLessThanOrEqual(1);
  });
});

test('the network sees that the player who is far ahead wins, from either side', async () => {
  const game = new Game({ komi: 0.5 });
  for (let i = 0; i < 30; i++) {
    game.play(game.board.points[3 + (i % 6) * 2 + 19 * (3 + 2 * Math.floor(i / 6))], BLACK);
    game.play(PASS, WHITE);
  }
  const [black] = await evaluate([game]);
  game.play(PASS);
  const [white] = await evaluate([game]);
  expect(black.value).toBeGreaterThan(0.8);
  expect(white.value).toBeLessThan(-0.8);
  expect(black.lead).toBeGreaterThan(20);
  expect(white.lead).toBeLessThan(-20);
});

test('a batch that is full, or gets another board size, or an unknown symmetry, refuses and stays usable', async () => {
  const batch = evaluator.begin();
  const game = new Game();
  expect(() => batch.add(game, 8)).toThrow('symmetry 8 of a 19x19 board: 0 to 7');
  for (let i = 0; i < 8; i++) batch.add(game);
  expect(() => batch.add(game)).toThrow('batch is full: at most 8 positions');
  batch.release();
  const next = evaluator.begin();
  next.add(new Game({ width: 7, height: 5 }));
  expect(() => next.add(game)).toThrow('a 19x19 position in a batch of 7x5: a batch holds one board size');
  expect(() => next.add(new Game({ width: 7, height: 5 }), 4)).toThrow('on rectangular boards 0 to 3');
  await next.run();
  expect(next.policy(0)).toHaveLength(36);
  next.release();
});

test('closing rejects what is in flight and what comes after', async () => {
  const closing = await openEvaluator({ threads: 1 });
  const batch = closing.begin();
  for (let i = 0; i < 8; i++) batch.add(new Game());
  const running = batch.run().catch((error: Error) => error.message);
  await closing.close();
  expect(await running).toBe('network 13x64 was closed');
  await expect(batch.run()).rejects.toThrow('network 13x64 was closed');
});

test('one whose thread has died says so, and can still be closed', async () => {
  const dying = await openEvaluator({ threads: 1, kernel: 'direct' });
  const batch = dying.begin();
  batch.add(new Game());
  expect(dying.hasEnded).toBe(false);
  await (dying as unknown as { readonly worker: Worker }).worker.terminate();
  await expect(batch.run()).rejects.toThrow('the inference thread ended with code 1');
  expect(dying.hasEnded).toBe(true);
  await dying.close();
});

test.each([
  [{ threads: 0 }, 'threads 0: must be a whole number from 1'],
  [{ maxBatch: 1.5 }, 'maxBatch 1.5: must be a whole number from 1'],
  [{ network: 'huge' }, 'unknown network "huge": one of 13x64, or the path of an .onnx file'],
  [{ network: 'no/such.onnx' }, 'cannot read the network no/such.onnx'],
])('options %j are refused with what is allowed', async (options, message) => {
  await expect(openEvaluator(options)).rejects.toThrow(message);
});
