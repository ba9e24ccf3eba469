import { expect, test } from 'vitest';
import { BLACK, WHITE, type Move } from '../../../engine/types.ts';
import type { AskedGame } from '../../../src/training/label/analysisQuery.ts';
import { choosePositions } from '../../../src/training/label/choosePositions.ts';

/** Black and White in turns. */
const game = (moves: number): AskedGame => ({
  setup: [],
  toPlay: BLACK,
  moves: Array.from({ length: moves }, (_, i): Move => ({ color: i % 2 === 0 ? BLACK : WHITE, point: i })),
});

const choose = (source: string, options: { seed?: number; komiVariation?: number; moves?: number } = {}) =>
  choosePositions(game(options.moves ?? 100), source, 6.5, {
    seed: options.seed ?? 1,
    perGame: 5,
    komiVariation: options.komiVariation ?? 30,
  });

test('a seed and a name choose the same again, another seed or name something else', () => {
  expect(choose('a.sgf')).toEqual(choose('a.sgf'));
  expect(choose('a.sgf', { seed: 2 })).not.toEqual(choose('a.sgf'));
  expect(choose('b.sgf')).not.toEqual(choose('a.sgf'));
});

test('each position is chosen once, in order, and a short game gives all that it has', () => {
  for (const name of ['a.sgf', 'b.sgf', 'c.sgf']) {
    const { turns } = choose(name);
    expect(turns).toHaveLength(5);
    expect(turns).toEqual([...new Set(turns)].toSorted((a, b) => a - b));
  }
  expect(choose('a.sgf', { moves: 3 }).turns).toEqual([0, 1, 2]);
});

test("komi is the record's, moved in half of the games where that is asked for", () => {
  const komi = Array.from({ length: 2000 }, (_, i) => choose(`game ${i}`).komi);
  // 1 in 60 of the moved ones is moved by nothing.
  const moved = komi.filter(points => points !== 6.5).length;
  expect(moved).toBeGreaterThan(900);
  expect(moved).toBeLessThan(1080);
  expect(Math.min(...komi)).toBeGreaterThanOrEqual(6.5 - 30);
  expect(Math.max(...komi)).toBeLessThanOrEqual(6.5 + 30);
  expect(komi.every(points => Number.isInteger(2 * points))).toBe(true);
  expect(choose('game 1', { komiVariation: 0 }).komi).toBe(6.5);
});
