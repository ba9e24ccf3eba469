import { expect, test } from 'vitest';
import type { Board } from '../../engine/board.ts';
import type { Game } from '../../engine/game.ts';
import { pointAt } from '../../engine/coords.ts';
import { LadderReader } from '../../engine/ladder.ts';
import { opposite, type Point } from '../../engine/types.ts';
import { diagram, markedPoint } from '../support/diagram.ts';

const reader = new LadderReader();

const neighborsOf = (board: Board, point: Point): Point[] => [
  point - board.stride,
  point - 1,
  point + 1,
  point + board.stride,
];

/** Whether the move of the player to move on a mark captures an adjacent chain of two liberties in a ladder. */
const isCaptureAt = (game: Game, point: Point): boolean => {
  const { board, toPlay } = game;
  return neighborsOf(board, point).some(
    prey =>
      board.stones[prey] === opposite(toPlay) &&
      board.libertiesOf(prey) === 2 &&
      reader.captures(board, point, toPlay, prey),
  );
};

/** Whether the move of the player to move on `point` saves its chain at `prey`, which is in atari. */
const isEscapeAt = (game: Game, point: Point, prey: Point): boolean => {
  const { board, toPlay } = game;
  expect(board.libertiesOf(prey)).toBe(1);
  const answers = new Int16Array(32);
  const count = reader.collectAnswers(board, prey, toPlay, answers);
  expect(answers.slice(0, count)).toContain(point);
  return board.isLegal(point, toPlay) && reader.saves(board, point, toPlay, prey);
};

/** A ladder that Black starts with `a` and that runs to the lower right, on a board of this size; rows from the 5th on may be given. */
const ladder = (size: number, lower: readonly string[] = []): string => {
  const pad = (row: string): string => row.padEnd(size, '.');
  const rows = [pad(''), pad('..XX'), pad('.XOb'), pad('..a'), ...lower.map(pad)];
  while (rows.length < size) rows.push(pad(''));
  return rows.join('\n');
};

test.each([
  { name: 'a ladder that runs into the edge works', text: ladder(9), works: true },
  { name: 'a ladder across 19 lines works', text: ladder(19), works: true },
  { name: 'a breaker on its way breaks it', text: ladder(9, ['', '', '......O']), works: false },
  {
    name: 'a breaker beside its way, one line off, breaks it',
    text: ladder(9, ['', '', '', '......O']),
    works: false,
  },
  { name: 'a stone far off its way does not', text: ladder(9, ['', '', '', '.O']), works: true },
  { name: "an attacker's stone on its way does not", text: ladder(9, ['', '', '......X']), works: true },
  {
    name: 'an attacker in atari that can be taken breaks it',
    text: `
      . . . . . . . . .
      . O X X . . . . .
      O X O b . . . . .
      . . a . . . . . .
      . . . . . . . . .
      . . . . . . . . .
      . . . . . . . . .`,
    works: false,
  },
  {
    name: 'taking an attacker does not help where the chain stays in atari',
    text: `
      X O a b X .
      X O O O X .
      X X X X . .
      . . . . . .`,
    works: true,
  },
  {
    name: 'along the edge',
    text: `
      . . . . . .
      . . X . . .
      b O O a . .
      X X X . . .
      . . . . . .`,
    works: false,
  },
])('$name', ({ text, works }) => {
  const game = diagram(text);
  expect(isCaptureAt(game, markedPoint(text, 'a'))).toBe(works);
  expect(isCaptureAt(game, markedPoint(text, 'b'))).toBe(text.includes('X O a b X'));
});

test.each([
  {
    name: 'a chain that runs out to three liberties is saved',
    text: '. . O . . .\n. O X a . .\n. . O . . .\n. . . . . .',
    saved: true,
  },
  {
    name: 'a chain that is caught again after running is not',
    text: `
      . O O O .
      . O X a .
      . . O . .
      . . . . O
      . . . . .`,
    saved: false,
  },
])('$name', ({ text, saved }) => {
  const game = diagram(text);
  const rows = text
    .trim()
    .split('\n')
    .map(row => row.replaceAll(' ', ''));
  const y = rows.findIndex(row => row.includes('X'));
  expect(isEscapeAt(game, markedPoint(text, 'a'), pointAt(rows[y].indexOf('X'), y, rows[0].length))).toBe(
    saved,
  );
});
