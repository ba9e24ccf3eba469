/** What lies on the board: stones, ghost stones of a line, the ko, and all of it in words. */
import { parseVertex, pointAt, xOf, yOf } from '../../../engine/coords.ts';
import type { Game } from '../../../engine/game.ts';
import { BLACK, EMPTY, NO_POINT, PASS, WHITE, type Stone } from '../../../engine/types.ts';
import { COLOR_LETTERS, type Scoring } from '../../server/protocol/board.ts';
import { placeOf, vertexOf, type Place } from './geometry.ts';

/** 1 Black's, -1 White's, 0 nobody's: Shudan's way. */
export type Sign = -1 | 0 | 1;

export const signOf = (stone: Stone): Sign => (stone === BLACK ? 1 : stone === WHITE ? -1 : 0);

/** The stones of a position. @returns shape [height][width] */
export const signMap = ({ board, width, height }: Game): Sign[][] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => signOf(board.stones[pointAt(x, y, width)] as Stone)),
  );

/** Whose stone lies at a place. */
export const signAt = ({ board, width }: Game, { x, y }: Place): Sign =>
  signOf(board.stones[pointAt(x, y, width)] as Stone);

/** A stone of a line that is only thought of. */
export interface GhostStone extends Place {
  readonly sign: Sign;
  /** Which move of the line, from 1. */
  readonly number: number;
}

export interface Ghosts {
  readonly stones: readonly GhostStone[];
  /** Stones of the position that the line captures. */
  readonly captured: readonly Place[];
}

/**
 * What the board would look like after a line: captured stones are gone, and a point played twice has the later number. The
 * line ends before the first move that the rules forbid or that is no vertex.
 * @param line vertices, the player to move first
 */
export const ghostsOf = (game: Game, line: readonly string[]): Ghosts => {
  if (line.length === 0) return { stones: [], captured: [] };
  const after = game.clone();
  const numbers = new Map<number, number>();
  for (const [i, vertex] of line.entries()) {
    const point = parseVertex(vertex, after);
    if (point === undefined || !after.isLegal(point)) break;
    after.play(point);
    if (point !== PASS) numbers.set(point, i + 1);
  }
  const { width, board } = game;
  const at = (point: number): Place => ({ x: xOf(point, width), y: yOf(point, width) });
  const stones: GhostStone[] = [];
  for (const [point, number] of numbers) {
    const stone = after.board.stones[point] as Stone;
    if (stone !== EMPTY) stones.push({ ...at(point), sign: signOf(stone), number });
  }
  const captured: Place[] = [];
  for (const point of board.points) {
    if (board.stones[point] !== EMPTY && (after.board.stones[point] === EMPTY || numbers.has(point)))
      captured.push(at(point));
  }
  return { stones, captured };
};

/** Where the player to move may not retake a ko; undefined if nowhere. */
export const koPlace = ({ board, toPlay, width }: Game): Place | undefined =>
  board.koPoint === NO_POINT || board.koColor !== toPlay
    ? undefined
    : { x: xOf(board.koPoint, width), y: yOf(board.koPoint, width) };

/** Whether the player to move may play there. */
export const mayPlay = (game: Game, { x, y }: Place): boolean => game.isLegal(pointAt(x, y, game.width));

/** What else is to be said of a point. */
export interface SpokenMarks {
  readonly lastMove: string | undefined;
  readonly dead: readonly string[];
  readonly territory?: Scoring['territory'] | undefined;
}

/** A point as a screen reader says it: "D4, black stone, 3 liberties, last move", "K10, empty, ko". */
export const spokenPoint = (game: Game, place: Place, { lastMove, dead, territory }: SpokenMarks): string => {
  const { board, width } = game;
  const point = pointAt(place.x, place.y, width);
  const vertex = vertexOf(place, game);
  const stone = board.stones[point];
  if (stone === EMPTY) {
    if (territory) {
      const owner = COLOR_LETTERS.find(color => territory[color].includes(vertex));
      return `${vertex}, empty, ${owner === undefined ? "nobody's" : owner === 'B' ? "Black's" : "White's"}`;
    }
    const why = game.whyIllegal(point);
    return why === undefined ? `${vertex}, empty` : `${vertex}, empty, ${why} here`;
  }
  const liberties = board.libertiesOf(point);
  const parts = [
    vertex,
    `${stone === BLACK ? 'black' : 'white'} stone`,
    `${liberties} ${liberties === 1 ? 'liberty' : 'liberties'}`,
  ];
  if (lastMove !== undefined && isSamePlace(placeOf(lastMove, game), place)) parts.push('last move');
  if (dead.includes(vertex)) parts.push('dead');
  return parts.join(', ');
};

/** Whether both are the same place on the board. */
export const isSamePlace = (a: Place | undefined, b: Place | undefined): boolean =>
  a?.x === b?.x && a?.y === b?.y;
