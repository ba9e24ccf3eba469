/**
 * Tactical positions, each with one thing to do: Black is to capture, to kill, to escape or to live, on the left. What is drawn is the
 * fight; the rest of the board is settled, so that the fight decides the game: above row 10 it belongs to whoever attacks, below to
 * whoever defends. Made by hand, and by filling corners by chance; what the answers are was found by reading (slowReader.ts).
 *
 * `X` black, `O` white, `o` or `x` the chain that the fight is about, `a` the answers, `.` other points of the fight, `_` points
 * that have nothing to do with it.
 */
import { pointAt } from '../../../engine/coords.ts';
import { Game } from '../../../engine/game.ts';
import { BLACK, WHITE, opposite, type Color, type Point, type SetupStone } from '../../../engine/types.ts';
import { rowsOf } from '../../support/diagram.ts';
import type { Fight } from '../../support/slowReader.ts';
import { CORNERS } from './corners.ts';

export interface Tactic {
  readonly name: string;
  readonly kind: 'capture' | 'net' | 'snapback' | 'ladder' | 'life and death';
  /** How the fight is read, see {@link Fight}: 2 for a ladder, 3 for a loose one. */
  readonly mostLiberties?: number;
  /** Row of the board, from above, in which the drawing begins at the left edge. */
  readonly top: number;
  readonly rows: string;
}

export interface TacticalPosition extends Fight {
  readonly game: Game;
  readonly answers: readonly Point[];
}

const SIZE = 19;
/** Columns kept free for what is drawn. */
const FREE_COLUMNS = 9;
/** A drawing at the top keeps so many rows free. */
const FREE_ROWS = 6;
/** The attacker's last row; the defender's first is the next one. */
const BORDER = 9;

/** Sets a tactic up on a whole board, with a komi that makes the fight decide. */
export const setUp = ({ name, top, rows: text, mostLiberties }: Tactic): TacticalPosition => {
  const rows = rowsOf(text);
  const drawnRows = top === 0 ? FREE_ROWS : top + rows.length;
  const at = (x: number, y: number): string => rows[y - top]?.[x] ?? '_';
  const target = rows.join('').match(/[xo]/)![0];
  const defender: Color = target === 'x' ? BLACK : WHITE;
  const stones: SetupStone[] = [];
  const region: Point[] = [];
  const answers: Point[] = [];
  let targetPoint: Point | undefined;
  let local = 0;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const point = pointAt(x, y, SIZE);
      const isDrawn = x < FREE_COLUMNS && y >= top && y < drawnRows;
      const mark = isDrawn ? at(x, y) : '_';
      const stone = isDrawn ? stoneOf(mark) : settledStone(x, y, defender);
      if (stone !== undefined) stones.push({ point, color: stone });
      if (mark === 'a' || mark === '.') region.push(point);
      if (mark === 'a') answers.push(point);
      if (mark === target) targetPoint = point;
      if (y <= BORDER && (mark === 'a' || mark === '.' || stone === defender)) local++;
    }
  }
  // Half of what the fight is about goes to each side; a defender has all below the border.
  const defended = SIZE * (SIZE - BORDER - 1) + local / 2;
  const attackersLead = SIZE * SIZE - 2 * defended;
  const komi = Math.floor(defender === WHITE ? attackersLead : -attackersLead) + 0.5;
  const game = new Game({ komi });
  if (!game.setup(stones, BLACK)) throw new Error(`${name}: a chain without liberties`);
  return { game, answers, region, target: targetPoint!, mostLiberties };
};

const stoneOf = (mark: string): Color | undefined => {
  if (mark === 'X' || mark === 'x') return BLACK;
  return mark === 'O' || mark === 'o' ? WHITE : undefined;
};

/** Walls on both sides of the border, and stones here and there behind them. */
const settledStone = (x: number, y: number, defender: Color): Color | undefined => {
  if (y === BORDER || (y < BORDER && x % 3 === 2 && y % 3 === 1)) return opposite(defender);
  if (y === BORDER + 1 || (y > BORDER + 1 && x % 3 === 1 && (y === 12 || y === 14 || y === 17)))
    return defender;
  return undefined;
};

export const TACTICS: readonly Tactic[] = [
  {
    name: 'net against a friend',
    kind: 'net',
    top: 5,
    rows: `
      _ _ X X X X X _ _
      _ X O O o . . X _
      _ X X X a a . X _
      _ _ _ X . O . X _
      X X X X . O . X X
      O O O O O O O O O`,
  },
  {
    name: 'net of two at the edge',
    kind: 'net',
    top: 5,
    rows: `
      _ X X _ _ _ _ _ _
      X O o a . X _ _ _
      X X . . . X _ _ _
      . . . . . X _ _ _
      X X O . . X X X X
      O O O O O O O O O`,
  },
  {
    name: 'snapback deep',
    kind: 'snapback',
    top: 4,
    rows: `
      _ X X X _ _ _ _ _
      X X O X _ _ _ _ _
      X O O X _ _ _ _ _
      X O . X X _ _ _ _
      X o a O X X X X X
      X X O O O O O O O
      O X O O _ _ _ _ _
      O O O _ _ _ _ _ _`,
  },
  {
    name: 'snapback of five',
    kind: 'snapback',
    top: 4,
    rows: `
      _ _ X X X X _ _ _
      _ X O O O O X _ _
      _ X X X X o X _ _
      _ _ _ X a a X _ _
      _ _ _ X O a O X X
      X X X X O X X O X
      O O O O O O O O O`,
  },
  {
    name: 'throw in',
    kind: 'capture',
    top: 5,
    rows: `
      _ X X X X X _ _ _
      X X O O . O X _ _
      X O O X . X X X X
      X o X X X O O O X
      X a X O . O _ O X
      O O O O O O O O O`,
  },
  {
    name: 'snapback',
    kind: 'snapback',
    top: 4,
    rows: `
      _ _ X _ _ _ _ _ _
      _ X O X _ _ _ _ _
      _ X O X X _ _ _ _
      _ X O . X _ _ _ _
      _ X o a O X X X X
      X X X O O O X X X
      O O X O O O O O O
      O O O O _ _ _ _ _`,
  },
  {
    name: 'no way under the wall',
    kind: 'capture',
    top: 6,
    rows: `
      X X X X X _ _ _ _
      O O o . X X _ _ _
      X X a . . X X X X
      X X . . O O O O O
      O O O . O O O O O
      O O O O O O O O O`,
  },
  {
    name: 'ladder',
    kind: 'ladder',
    mostLiberties: 2,
    top: 3,
    rows: `
      X X X X X X _ _ _
      X O O O X X X _ _
      O O O o . . X X _
      X X X a . . . X X
      O O X . . . . X X
      O O O O . . X X X
      O _ O O O X X X X
      O O O O O O O O O`,
  },
  {
    // From the right it is broken by the stone below.
    name: 'ladder one way',
    kind: 'ladder',
    mostLiberties: 2,
    top: 3,
    rows: `
      _ _ X X _ _ _ _ _
      _ X o . . . _ _ _
      _ X a . . . . _ _
      _ _ . . . . . X _
      _ _ O . . . . X _
      _ _ _ . . . X _ _
      _ _ _ _ X X _ _ _`,
  },
  {
    name: 'out of a ladder by capturing',
    kind: 'ladder',
    mostLiberties: 2,
    top: 3,
    rows: `
      _ _ _ _ _ _ _ _ _
      _ X O O _ _ _ _ _
      X O x . O _ _ _ _
      . a O . . _ _ _ _
      . . . . . _ _ _ _`,
  },
  {
    name: 'loose ladder',
    kind: 'ladder',
    mostLiberties: 3,
    top: 3,
    rows: `
      X X X _ _ _ X _ _
      X . . . . . X _ _
      X o o a . . X _ _
      . X X X X . X _ _
      X _ X X X _ X _ _`,
  },
  {
    name: 'three in a row',
    kind: 'life and death',
    top: 0,
    rows: `
      . a . O X
      O O O o X
      X X X X X`,
  },
  {
    name: 'bent three',
    kind: 'life and death',
    top: 0,
    rows: `
      a . O X
      . O O X
      O o X X
      X X X _`,
  },
  {
    name: 'pyramid four',
    kind: 'life and death',
    top: 0,
    rows: `
      . a . O X
      O . O O X
      O O o X X
      X X X X _`,
  },
  {
    name: 'bulky five',
    kind: 'life and death',
    top: 0,
    rows: `
      . a . O X
      . . O O X
      O O o X X
      X X X X _`,
  },
  {
    name: 'rectangular six',
    kind: 'life and death',
    top: 0,
    rows: `
      . a . O X
      . a . O X
      O O O o X
      X X X X X`,
  },
  {
    name: 'one two point',
    kind: 'life and death',
    top: 0,
    rows: `
      . . O . X _ _
      . a . O X _ _
      O O O o X _ _
      X X X X X _ _`,
  },
  {
    name: 'eye stealing',
    kind: 'life and death',
    top: 0,
    rows: `
      . . . O a X
      . O O . O X
      O O X O o X
      X X X X X X`,
  },
  ...CORNERS.map((rows, i) => ({ name: `corner ${i + 1}`, kind: 'life and death' as const, top: 0, rows })),
];
