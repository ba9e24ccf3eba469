import { describe, expect, test } from 'vitest';
import { WHITE } from '../../engine/types.ts';
import {
  ghostsOf,
  koPlace,
  mayPlay,
  signMap,
  spokenPoint,
  type SpokenMarks,
} from '../../src/web/board/stones.ts';
import { diagram, playMoves } from '../support/diagram.ts';

const PLAIN: SpokenMarks = { lastMove: undefined, dead: [] };

/** Black to move; C3 takes a white stone, and White may not retake at once. */
const ko = () =>
  diagram(`
    . . . . .
    . X O . .
    X O . O .
    . X O . .
    . . . . .
  `);

test('stones are signs, row by row from the upper left', () => {
  const game = diagram(`
    X . .
    . O .
  `);
  expect(signMap(game)).toEqual([
    [1, 0, 0],
    [0, -1, 0],
  ]);
});

describe('ghost stones of a line', () => {
  test('are numbered, the player to move first', () => {
    const game = diagram('. . . . .\n. . . . .\n. . . . .', { toPlay: WHITE });
    expect(ghostsOf(game, ['A1', 'B2', 'pass', 'C3'])).toEqual({
      stones: [
        { x: 0, y: 2, sign: -1, number: 1 },
        { x: 1, y: 1, sign: 1, number: 2 },
        { x: 2, y: 0, sign: 1, number: 4 },
      ],
      captured: [],
    });
  });

  test('take what they capture off the board', () => {
    const game = diagram(`
      . X .
      X O .
      . X .
    `);
    const { stones, captured } = ghostsOf(game, ['C2']);
    expect(stones).toEqual([{ x: 2, y: 1, sign: 1, number: 1 }]);
    expect(captured).toEqual([{ x: 1, y: 1 }]);
  });

  test('end before a move that is forbidden or none', () => {
    const game = diagram('. . .\n. . .\n. . .');
    expect(ghostsOf(game, ['A1', 'A1', 'B2']).stones).toHaveLength(1);
    expect(ghostsOf(game, ['A1', 'Z9', 'B2']).stones).toHaveLength(1);
    expect(ghostsOf(game, []).stones).toEqual([]);
  });

  test('leave the game as it was', () => {
    const game = playMoves(diagram('. . .\n. . .\n. . .'), 'A1 B2');
    ghostsOf(game, ['C3', 'C2']);
    expect(game.moveCount).toBe(2);
    expect(signMap(game).flat().filter(Boolean)).toHaveLength(2);
  });
});

describe('a point in words', () => {
  const game = playMoves(diagram('. . . .\n. . . .\n. X X .\n. . . .'), 'A1 D4');
  const at = (x: number, y: number, marks = PLAIN): string => spokenPoint(game, { x, y }, marks);

  test.each([
    [0, 0, 'A4, empty'],
    [1, 2, 'B2, black stone, 6 liberties'],
    [3, 0, 'D4, white stone, 2 liberties'],
  ])('%d, %d is %s', (x, y, text) => expect(at(x, y)).toBe(text));

  test('one liberty is one', () => {
    const atari = diagram('X O .\n. . .\n. . .');
    expect(spokenPoint(atari, { x: 0, y: 0 }, PLAIN)).toBe('A3, black stone, 1 liberty');
  });

  test('says the last move and dead stones', () => {
    expect(spokenPoint(game, { x: 3, y: 0 }, { lastMove: 'D4', dead: ['D4'] })).toBe(
      'D4, white stone, 2 liberties, last move, dead',
    );
  });

  test('says whose it is where that is agreed on', () => {
    const territory = { B: ['A4'], W: ['B4'] };
    expect(at(0, 0, { ...PLAIN, territory })).toBe("A4, empty, Black's");
    expect(at(0, 1, { ...PLAIN, territory })).toBe("A3, empty, nobody's");
  });

  test('says why a move is forbidden', () => {
    const suicide = diagram('. O .\nO O .\n. . .');
    expect(spokenPoint(suicide, { x: 0, y: 0 }, PLAIN)).toBe('A3, empty, suicide here');
  });
});

test('a ko is marked for the player who may not retake', () => {
  const game = playMoves(ko(), 'C3');
  expect(koPlace(ko())).toBeUndefined();
  expect(koPlace(game)).toEqual({ x: 1, y: 2 });
  expect(mayPlay(game, { x: 1, y: 2 })).toBe(false);
  expect(mayPlay(game, { x: 4, y: 4 })).toBe(true);
});
