import { expect, test } from 'vitest';
import { NakadeReader } from '../../engine/nakade.ts';
import { WHITE } from '../../engine/types.ts';
import { diagram, markedPoint } from '../support/diagram.ts';

/** Each white shape, `a` the point that completes it and `.` the prey's last liberty. */
test.each([
  { shape: 'two', kills: true, text: 'O a . X\nX X X X' },
  { shape: 'three in a row', kills: true, text: 'O O a . X\nX X X X X' },
  { shape: 'bent three', kills: true, text: 'O O . X\na X X X\nX X X X' },
  { shape: 'square four', kills: true, text: 'O O . X\nO a X X\nX X X X' },
  { shape: 'pyramid four', kills: true, text: 'O O O . X\nX a X X X\nX X X X X' },
  { shape: 'four in a row', kills: false, text: 'O O O a . X\nX X X X X X' },
  { shape: 'bent four', kills: false, text: 'O O O . X\na X X X X\nX X X X X' },
  { shape: 'bulky five', kills: true, text: 'O O a . X\nO O X X X\nX X X X X' },
  {
    shape: 'cross of five',
    kills: true,
    text: 'X X X X X X\nX X O X X X\nX O a O . X\nX X O X X X\nX X X X X X',
  },
  { shape: 'five in a row', kills: false, text: 'O O O O a . X\nX X X X X X X' },
  { shape: 'rabbity six', kills: true, text: 'O O X X X\nO O a . X\nX O X X X\nX X X X X' },
  { shape: 'six in two rows', kills: false, text: 'O O O . X\nO O a X X\nX X X X X' },
])('giving up $shape inside an eye space kills: $kills', ({ text, kills }) => {
  const { board } = diagram(text);
  expect(new NakadeReader().isNakade(board, markedPoint(text, 'a'), WHITE)).toBe(kills);
});

test('it is no nakade while the prey has another liberty, or where two chains surround the shape', () => {
  const open = 'O a . X\nX X X X\n. . . .';
  expect(new NakadeReader().isNakade(diagram(open).board, markedPoint(open, 'a'), WHITE)).toBe(false);
  const seki = '. O O X a O X X .\nO . O X . O X . X';
  expect(new NakadeReader().isNakade(diagram(seki).board, markedPoint(seki, 'a'), WHITE)).toBe(false);
});
