import { expect, test } from 'vitest';
import { isSensible, isTrueEye } from '../../engine/eyes.ts';
import { BLACK, EMPTY, WHITE } from '../../engine/types.ts';
import { diagram, markedPoint } from '../support/diagram.ts';

const CENTRE = 'in the centre';
const EDGE = 'on the edge';
const CORNER = 'in the corner';

test.each([
  { where: CENTRE, what: 'with free diagonals', isEye: true, text: '. X . \n X a X \n . X .' },
  { where: CENTRE, what: 'with friends on all diagonals', isEye: true, text: 'X X X \n X a X \n X X X' },
  {
    where: CENTRE,
    what: 'with one opponent on a diagonal',
    isEye: true,
    text: '. O X . . \n . X a X . \n . . X . .',
  },
  {
    where: CENTRE,
    what: 'with two opponents on diagonals',
    isEye: false,
    text: '. O X . . \n . X a X . \n . . X O .',
  },
  {
    where: CENTRE,
    what: 'with three opponents on diagonals',
    isEye: false,
    text: '. O X O . \n . X a X . \n . . X O .',
  },
  { where: CENTRE, what: 'with an empty neighbour', isEye: false, text: '. X . \n X a X \n . . .' },
  {
    where: CENTRE,
    what: "with an opponent's stone as neighbour",
    isEye: false,
    text: '. X . \n X a X \n . O .',
  },
  { where: EDGE, what: 'with free diagonals', isEye: true, text: 'X a X \n . X . \n . . .' },
  { where: EDGE, what: 'with one opponent on a diagonal', isEye: false, text: 'X a X \n O X . \n . . .' },
  { where: EDGE, what: 'with an empty neighbour', isEye: false, text: 'X a . \n . X . \n . . .' },
  { where: CORNER, what: 'with a free diagonal', isEye: true, text: 'a X . \n X . . \n . . .' },
  { where: CORNER, what: 'with a friend on the diagonal', isEye: true, text: '. . . \n . X X \n . X a' },
  { where: CORNER, what: 'with an opponent on the diagonal', isEye: false, text: 'a X . \n X O . \n . . .' },
  { where: CORNER, what: 'of a board of one row', isEye: true, text: 'a X .' },
  { where: CENTRE, what: 'of a board of one row', isEye: true, text: 'X a X . .' },
])('$where, $what: a true eye is $isEye', ({ isEye, text }) => {
  const { board } = diagram(text);
  const point = markedPoint(text, 'a');
  expect(isTrueEye(board, point, BLACK)).toBe(isEye);
  expect(isTrueEye(board, point, WHITE)).toBe(false);
});

test('two eyes that share their last liberties are true: their owner leaves both', () => {
  const text = `
    a X b X O
    X X X X O
    O O O O O
    . . . . .`;
  const game = diagram(text);
  for (const mark of ['a', 'b']) {
    expect(isTrueEye(game.board, markedPoint(text, mark), BLACK)).toBe(true);
    expect(isSensible(game, markedPoint(text, mark), BLACK)).toBe(false);
    expect(isSensible(game, markedPoint(text, mark), WHITE)).toBe(false);
  }
});

test('a move is sensible where it is legal and fills no true eye', () => {
  const game = diagram(`
    . X . O
    X O . .
    . . . .`);
  const sensible = Array.from(game.board.points, point => isSensible(game, point, BLACK));
  expect(sensible).toEqual(Array.from(game.board.points, point => game.board.stones[point] === EMPTY));
});
