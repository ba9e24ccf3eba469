import { expect, test } from 'vitest';
import { Board } from '../../engine/board.ts';
import { playoutOwnership } from '../../engine/judge.ts';
import { Playouts } from '../../engine/playouts.ts';
import { Random } from '../../engine/random.ts';
import { BLACK, WHITE } from '../../engine/types.ts';
import { diagram } from '../support/diagram.ts';

test('the same seed plays the same games, another seed others', () => {
  const run = (seed: number): number[] => {
    const sums = new Int32Array(81);
    const playouts = new Playouts(9, 9, new Random(seed));
    const scores = Array.from({ length: 20 }, () => playouts.run(new Board(9, 9), BLACK, sums));
    return [...scores, ...sums];
  };
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test('a playout ends with a score that its owners add up to, and leaves the board it began with', () => {
  const board = new Board(13, 7);
  const playouts = new Playouts(13, 7, new Random(5));
  for (let i = 0; i < 50; i++) {
    const sums = new Int32Array(board.area);
    const score = playouts.run(board, i % 2 === 0 ? BLACK : WHITE, sums);
    expect(score).toBe(sums.reduce((sum, owner) => sum + owner, 0));
    expect(Math.abs(score)).toBeLessThanOrEqual(board.area);
  }
  expect([...board.points].every(point => board.stones[point] === 0)).toBe(true);
});

test('groups with two eyes live through every playout, whoever begins', () => {
  const text = `
    . X . X O . O .
    X X X X O O O O
    X . X . . . O .
    . . . . . . . .`;
  const { board } = diagram(text);
  for (const toPlay of [BLACK, WHITE] as const) {
    const ownership = playoutOwnership(board, toPlay, { playouts: 300 });
    expect(Array.from(ownership.subarray(0, 4))).toEqual([1, 1, 1, 1]);
    expect(Array.from(ownership.subarray(4, 8))).toEqual([-1, -1, -1, -1]);
  }
});

test('a chain in atari that cannot run is lost when the opponent moves', () => {
  const { board } = diagram(`
    O X . X .
    . X X X X
    X X . X .`);
  expect(playoutOwnership(board, BLACK)[0]).toBeGreaterThan(0.9);
});

test('three points in a row with the middle taken are one eye: the stone inside kills', () => {
  const { board } = diagram(`
    . O . X O . O
    X X X X O O O
    O O O O O . O
    . O . O O O O`);
  const ownership = playoutOwnership(board, WHITE, { playouts: 400 });
  expect(ownership[3]).toBeLessThan(-0.9);
});

test('the empty board is nobody’s on average', () => {
  const ownership = playoutOwnership(new Board(9, 9), BLACK, { playouts: 2000 });
  const mean = ownership.reduce((sum, owner) => sum + owner, 0) / ownership.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
});

test.each([
  [1, 1],
  [1, 2],
  [2, 2],
  [25, 25],
  [3, 25],
])('playouts end on a board of %i by %i', (width, height) => {
  const board = new Board(width, height);
  const playouts = new Playouts(width, height, new Random(1));
  const sums = new Int32Array(board.area);
  for (let i = 0; i < 10; i++) playouts.run(board, BLACK, sums);
  expect(Math.max(...sums.map(Math.abs))).toBeLessThanOrEqual(10);
});
