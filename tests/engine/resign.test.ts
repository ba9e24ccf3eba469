import { expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Resignation, resignThreshold } from '../../engine/resign.ts';
import { handicapPoints } from '../../engine/coords.ts';
import { PASS } from '../../engine/types.ts';

const gameOf = (moves: number, handicap = 0): Game => {
  const game = new Game();
  if (handicap > 0) game.placeHandicap(handicapPoints(handicap, game)!);
  for (let i = 0; i < moves; i++) game.play(PASS);
  return game;
};

const evaluation = (value: number | undefined): Parameters<Resignation['isDue']>[1] => ({
  policy: new Float32Array(362),
  value,
  lead: undefined,
  ownership: undefined,
});

test('three lost evaluations in a row are a reason to resign, two are not', () => {
  const resignation = new Resignation();
  const asks = (moves: number, value: number | undefined): boolean =>
    resignation.isDue(gameOf(moves), evaluation(value));
  expect([asks(100, -0.99), asks(102, -0.99), asks(104, -0.99)]).toEqual([false, false, true]);
  expect([asks(106, 0), asks(108, -0.99), asks(110, -0.99), asks(112, -0.99)]).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

test('asking again at the same move does not count again', () => {
  const resignation = new Resignation();
  const asks = (moves: number): boolean => resignation.isDue(gameOf(moves), evaluation(-1));
  expect([asks(100), asks(100), asks(100), asks(102), asks(102), asks(104)]).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
});

test('each player has an own count, and a new game begins anew', () => {
  const resignation = new Resignation();
  const asks = (moves: number, value: number): boolean => resignation.isDue(gameOf(moves), evaluation(value));
  for (const moves of [100, 101, 102, 103]) expect(asks(moves, -1)).toBe(false);
  expect(asks(50, -1)).toBe(false);
  expect(asks(104, -1)).toBe(false);
});

test('nobody resigns early, without a value, or with a threshold of 0', () => {
  const isEver = (moves: number, value: number | undefined, threshold?: number): boolean => {
    const resignation = new Resignation();
    return [0, 2, 4, 6].some(more => resignation.isDue(gameOf(moves + more), evaluation(value), threshold));
  };
  expect(isEver(20, -1)).toBe(false);
  expect(isEver(100, undefined)).toBe(false);
  expect(isEver(100, -1, 0)).toBe(false);
  expect(isEver(100, -1)).toBe(true);
});

test('White with handicap against it waits: the threshold grows from its share to the whole', () => {
  // After an even number of moves White is to move in a handicap game.
  const early = resignThreshold(gameOf(80, 4), 0.05);
  const middle = resignThreshold(gameOf(140, 4), 0.05);
  const late = resignThreshold(gameOf(240, 4), 0.05);
  expect(early).toBeLessThan(middle);
  expect(middle).toBeLessThan(late);
  expect(late).toBe(0.05);
  expect(early).toBeGreaterThan(0.05 / 5);
  expect(resignThreshold(gameOf(80, 9), 0.05)).toBeLessThan(early);
  // Black, and both in an even game, do not wait.
  expect(resignThreshold(gameOf(81, 4), 0.05)).toBe(0.05);
  expect(resignThreshold(gameOf(80), 0.05)).toBe(0.05);
});
