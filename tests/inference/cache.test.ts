import { expect, test } from 'vitest';
import { ScriptedEvaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { CachingEvaluator } from '../../src/inference/cachingEvaluator.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { playMoves } from '../support/diagram.ts';
import { playRandomMoves } from '../support/randomGames.ts';

/** Counts how often it is asked. */
const counting = (): { inner: ScriptedEvaluator; asked: () => number } => {
  let count = 0;
  const inner = new ScriptedEvaluator(
    game => {
      count++;
      return { policy: new Float32Array(game.board.area).fill(1), value: count / 100 };
    },
    ['policy', 'value'],
  );
  return { inner, asked: () => count };
};

const ask = async (cache: CachingEvaluator, game: Game, symmetry = 0): Promise<number> => {
  const batch = cache.begin();
  const slot = batch.add(game, symmetry);
  await batch.run();
  const value = batch.value(slot)!;
  batch.release();
  return value;
};

test('the same position is evaluated once', async () => {
  const { inner, asked } = counting();
  const cache = new CachingEvaluator(inner);
  const first = await ask(cache, playMoves(new Game(), 'D4 Q16'));
  expect(await ask(cache, playMoves(new Game(), 'D4 Q16'))).toBe(first);
  expect(asked()).toBe(1);
  expect(cache.counts).toEqual({ asked: 2, remembered: 1 });
  cache.clear();
  expect(await ask(cache, playMoves(new Game(), 'D4 Q16'))).not.toBe(first);
});

test('whatever an evaluation depends on makes another position', async () => {
  const { inner, asked } = counting();
  const cache = new CachingEvaluator(inner);
  const games = [
    new Game(),
    new Game({ komi: 6.5 }),
    new Game({ width: 19, height: 18 }),
    playMoves(new Game(), 'pass'),
    playMoves(new Game(), 'D4 Q16 D16'),
    playMoves(new Game(), 'D16 Q16 D4'),
    playMoves(new Game(), 'D4 Q16 D16 pass pass'),
  ];
  for (const game of games) await ask(cache, game);
  expect(asked()).toBe(games.length);
  await ask(cache, games[0], 3);
  expect(asked()).toBe(games.length + 1);
  for (const game of games) await ask(cache, game);
  expect(asked()).toBe(games.length + 1);
});

test('a ko that may not be taken back yet makes another position than one that may', async () => {
  const { inner, asked } = counting();
  const cache = new CachingEvaluator(inner);
  const ko = 'B4 C4 A3 D3 B2 C2 C3 B3';
  const game = playMoves(new Game({ width: 5, height: 5 }), ko);
  await ask(cache, game);
  // The same stones, the same last moves, but the ko has been set up instead of played.
  const other = new Game({ width: 5, height: 5 });
  other.rules = { ...other.rules, ko: 'simple' };
  for (let i = 0; i < game.moveCount; i++) other.play(game.moveAt(i).point, game.moveAt(i).color);
  await ask(cache, other);
  expect(asked()).toBe(1);
  playMoves(game, 'E1 E5');
  playMoves(other, 'E1 E5');
  expect(game.isLegal(game.board.points[7])).toBe(other.isLegal(other.board.points[7]));
});

test('what was not used for longest is forgotten first', async () => {
  const { inner, asked } = counting();
  const cache = new CachingEvaluator(inner, 2);
  const [a, b, c] = ['A1', 'B1', 'C1'].map(move => playMoves(new Game(), move));
  for (const game of [a, b, a, c, a]) await ask(cache, game);
  expect(asked()).toBe(3);
  await ask(cache, b);
  expect(asked()).toBe(4);
});

test('a batch may hold remembered and new positions, and answers as without memory', async () => {
  const inner = await openEvaluator({ threads: 1, maxBatch: 4 });
  const cache = new CachingEvaluator(inner);
  const games = [10, 40, 80, 120].map((moves, i) => {
    const game = new Game();
    playRandomMoves(game, moves, new Random(i));
    return game;
  });
  await ask(cache, games[1]);
  await ask(cache, games[3]);
  const [plain, cached] = [inner.begin(), cache.begin()];
  for (const game of games) {
    plain.add(game);
    cached.add(game);
  }
  expect(() => cached.add(games[0])).toThrow('batch is full: at most 4 positions');
  await Promise.all([plain.run(), cached.run()]);
  for (let slot = 0; slot < 4; slot++) {
    const difference = plain
      .policy(slot)
      .map((prior, i) => Math.abs(prior - cached.policy(slot)[i]))
      .reduce((a, b) => Math.max(a, b));
    expect(difference).toBeLessThan(1e-5);
    expect(cached.value(slot)).toBeCloseTo(plain.value(slot)!, 4);
    expect(cached.ownership(slot)).toHaveLength(361);
    expect(cached.expert(slot)).toHaveLength(361);
    expect(cached.lead(slot)).toBeCloseTo(plain.lead(slot)!, 3);
  }
  plain.release();
  cached.release();
  await cache.close();
});
