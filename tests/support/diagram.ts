/**
 * Positions and planes as text. A position has `X` for black, `O` for white, and anything else (`.` or a mark) for empty; a
 * plane has `#` for 1 and `.` for 0. Spaces do not count.
 */
import { pointAt, parseVertex } from '../../engine/coords.ts';
import { Game, type GameOptions } from '../../engine/game.ts';
import { BLACK, EMPTY, WHITE, type Color, type Point, type SetupStone } from '../../engine/types.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { PADDING, PLANES } from '../../features/planes.ts';

export interface DiagramOptions extends Omit<GameOptions, 'width' | 'height'> {
  /** Black by default. */
  readonly toPlay?: Color;
}

/** The rows of a diagram without spaces, top row first. @throws Error unless all are of one length */
export const rowsOf = (text: string): string[] => {
  const rows = text
    .split('\n')
    .map(row => row.replaceAll(/\s/g, ''))
    .filter(row => row !== '');
  if (rows.some(row => row.length !== rows[0].length)) throw new Error(`rows of different lengths:\n${text}`);
  return rows;
};

/** A game that starts from a position as drawn. @throws Error if a chain has no liberty */
export const diagram = (text: string, { toPlay = BLACK, ...options }: DiagramOptions = {}): Game => {
  const rows = rowsOf(text);
  const game = new Game({ ...options, width: rows[0].length, height: rows.length });
  const stones: SetupStone[] = [];
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (row[x] === 'X' || row[x] === 'O')
        stones.push({ point: pointAt(x, y, row.length), color: row[x] === 'X' ? BLACK : WHITE });
    }
  });
  if (!game.setup(stones, toPlay)) throw new Error(`a chain without liberties:\n${text}`);
  return game;
};

/** The point of a mark in a diagram. @throws Error unless it is there once */
export const markedPoint = (text: string, mark: string): Point => {
  const rows = rowsOf(text);
  const index = rows.join('').indexOf(mark);
  if (mark.length !== 1 || index < 0 || rows.join('').lastIndexOf(mark) !== index)
    throw new Error(`mark ${mark}: must be there once:\n${text}`);
  const width = rows[0].length;
  return pointAt(index % width, Math.floor(index / width), width);
};

/** Plays moves by turns: vertices with spaces between, e.g. `"D4 pass E5"`. @throws Error for a move that the rules forbid */
export const playMoves = (game: Game, vertices: string): Game => {
  for (const vertex of vertices.split(' ')) {
    const point = parseVertex(vertex, game);
    const why = point === undefined ? 'no vertex' : game.whyIllegal(point);
    if (why !== undefined) throw new Error(`${vertex}: ${why}`);
    game.play(point!);
  }
  return game;
};

/** Draws the stones of a game. */
export const drawStones = (game: Game): string =>
  drawRows(game, point =>
    game.board.stones[point] === EMPTY ? '.' : game.board.stones[point] === BLACK ? 'X' : 'O',
  );

/** Draws where any of some planes of a game is 1, as {@link shape} writes it. */
export const drawPlanes = (game: Game, ...planes: readonly number[]): string => {
  const { width, height } = game;
  const size = planeSize(width, height);
  const out = new Float32Array(PLANES * size);
  encode(game, out);
  return drawRows(game, (_, x, y) => {
    const at = (y + PADDING) * (width + 2 * PADDING) + x + PADDING;
    return planes.some(plane => out[plane * size + at] === 1) ? '#' : '.';
  });
};

/** A diagram in the form in which the functions above draw, to compare with. */
export const shape = (text: string): string => rowsOf(text).join('\n');

const drawRows = ({ width, height }: Game, draw: (point: Point, x: number, y: number) => string): string =>
  Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_cell, x) => draw(pointAt(x, y, width), x, y)).join(''),
  ).join('\n');
