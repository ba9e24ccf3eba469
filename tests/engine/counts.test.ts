/** Numbers published by Tromp and Farnebäck, "Combinatorics of Go" (2006), and Tromp's page on legal positions. */
import { expect, test } from 'vitest';
import { Board } from '../../engine/board.ts';
import { Game } from '../../engine/game.ts';
import { RULE_SETS } from '../../engine/rules.ts';
import { EMPTY, type SetupStone } from '../../engine/types.ts';

test.each([
  [1, 1, 1],
  [2, 1, 5],
  [2, 2, 57],
  [3, 2, 489],
  [3, 3, 12675],
])('a %i x %i board has %i legal positions', (width, height, legal) => {
  const area = width * height;
  const board = new Board(width, height);
  let count = 0;
  for (let code = 0; code < 3 ** area; code++) {
    const stones = Array.from(board.points, (point, i): SetupStone => ({
      point,
      color: (Math.floor(code / 3 ** i) % 3) as SetupStone['color'],
    }));
    board.setStones(stones);
    if (!board.hasChainWithoutLiberties()) count++;
  }
  expect(count).toBe(legal);
});

/** Positions that play can reach from the empty board, whoever moves. */
const countReachable = (width: number, height: number): number => {
  const game = new Game({ width, height, rules: { ...RULE_SETS['tromp-taylor'], ko: 'simple' } });
  const key = (stones: readonly SetupStone[]): string => stones.map(({ color }) => color).join('');
  const read = (): SetupStone[] =>
    Array.from(game.board.points, point => ({
      point,
      color: game.board.stones[point] as SetupStone['color'],
    }));
  const seen = new Set([key(read())]);
  const open = [read()];
  for (let stones = open.pop(); stones; stones = open.pop()) {
    for (const { point, color } of stones) {
      if (color !== EMPTY) continue;
      for (const toPlay of [1, 2] as const) {
        game.setup(stones, toPlay);
        if (game.whyIllegal(point, toPlay)) continue;
        game.play(point, toPlay);
        const next = read();
        if (seen.has(key(next))) continue;
        seen.add(key(next));
        open.push(next);
      }
    }
  }
  return seen.size;
};

test.each([
  [2, 2, 57],
  [3, 2, 489],
])('play reaches all legal positions of a %i x %i board', (width, height, legal) => {
  expect(countReachable(width, height)).toBe(legal);
});

/**
 * The number of games without passes in which no position comes back (simple paths in the game graph, either player to move at
 * any time, suicide of several stones allowed): 1 x 1: 1, 1 x 2: 9, 1 x 3: 907. 1 x 4 and 2 x 2 have billions.
 */
const countGames = (game: Game): number => {
  let games = 1;
  for (const point of game.board.points) {
    for (const color of [1, 2] as const) {
      if (game.whyIllegal(point, color)) continue;
      game.play(point, color);
      games += countGames(game);
      game.undo();
    }
  }
  return games;
};

test.each([
  [1, 1, 1],
  [2, 1, 9],
  [3, 1, 907],
])('positional superko leaves %i x %i boards the published number of games', (width, height, games) => {
  expect(countGames(new Game({ width, height, rules: RULE_SETS['tromp-taylor'] }))).toBe(games);
});
