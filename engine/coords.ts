/**
 * Coordinate systems, all for a board of `width` x `height`, and the conversions between them.
 *
 * | system        | upper left | upper right         | lower left             | pass           | used by                  |
 * |---------------|------------|---------------------|------------------------|----------------|--------------------------|
 * | x, y          | 0, 0       | width - 1, 0        | 0, height - 1          |                | everything below         |
 * | point         | stride + 1 | stride + width      | height * stride + 1    | PASS           | engine, features         |
 * | policy index  | 0          | width - 1           | (height - 1) * width   | width * height | networks, planes         |
 * | vertex (GTP)  | A19        | T19                 | A1                     | pass           | GTP, terminal            |
 * | SGF point     | aa         | sa                  | as                     | empty, tt      | SGF                      |
 *
 * `stride` is `width + 1`: one column of wall serves as the right edge of a row and the left edge of the next.
 * The vertex row is for 19x19; GTP leaves out the letter I.
 */
import { MAX_SIZE, PASS, type Point } from './types.ts';

/** Width and height of a board in points, each 1 to {@link MAX_SIZE}. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

const COLUMN_LETTERS = 'ABCDEFGHJKLMNOPQRSTUVWXYZ';
const SGF_LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Whether both sides are whole numbers from 1 to {@link MAX_SIZE}. */
export const isBoardSize = (width: number, height: number): boolean =>
  Number.isInteger(width) &&
  Number.isInteger(height) &&
  width >= 1 &&
  height >= 1 &&
  width <= MAX_SIZE &&
  height <= MAX_SIZE;

/** @param x column from the left, 0-based; @param y row from the top, 0-based; both on the board */
export const pointAt = (x: number, y: number, width: number): Point => x + 1 + (y + 1) * (width + 1);

/** Column from the left, 0-based, of a point on a board of this width. */
export const xOf = (point: Point, width: number): number => (point % (width + 1)) - 1;

/** Row from the top, 0-based, of a point on a board of this width. */
export const yOf = (point: Point, width: number): number => Math.floor(point / (width + 1)) - 1;

/** Policy index of a point on the board or of PASS (width * height). */
export const policyIndexOf = (point: Point, { width, height }: Dimensions): number =>
  point === PASS ? width * height : yOf(point, width) * width + xOf(point, width);

/** Point of a policy index; width * height gives PASS. */
export const pointOfPolicyIndex = (index: number, { width, height }: Dimensions): Point =>
  index === width * height ? PASS : pointAt(index % width, Math.floor(index / width), width);

/** Reads a GTP vertex ("D4", "q16", "pass", any case); undefined if it is none or off the board. */
export const parseVertex = (text: string, { width, height }: Dimensions): Point | undefined => {
  if (text.toLowerCase() === 'pass') return PASS;
  const match = /^([A-HJ-Za-hj-z])([1-9][0-9]?)$/.exec(text);
  if (!match) return undefined;
  const x = COLUMN_LETTERS.indexOf(match[1].toUpperCase());
  const row = Number(match[2]);
  return x < width && row <= height ? pointAt(x, height - row, width) : undefined;
};

/** GTP vertex of a point on the board, in capitals, or "pass". */
export const makeVertex = (point: Point, { width, height }: Dimensions): string =>
  point === PASS ? 'pass' : `${COLUMN_LETTERS[xOf(point, width)]}${height - yOf(point, width)}`;

/** The letter of a column, A to Z without I. */
export const columnLetter = (x: number): string => COLUMN_LETTERS[x];

/** Reads an SGF point of two lower-case letters; undefined if it is none or off the board (also for the passes "" and "tt"). */
export const parseSgfPoint = (text: string, { width, height }: Dimensions): Point | undefined => {
  if (text.length !== 2) return undefined;
  const x = SGF_LETTERS.indexOf(text[0]);
  const y = SGF_LETTERS.indexOf(text[1]);
  return x >= 0 && y >= 0 && x < width && y < height ? pointAt(x, y, width) : undefined;
};

/** SGF text of a point on the board; a pass is empty, as in FF[4]. */
export const makeSgfPoint = (point: Point, { width }: Dimensions): string =>
  point === PASS ? '' : `${SGF_LETTERS[xOf(point, width)]}${SGF_LETTERS[yOf(point, width)]}`;

/**
 * Where `fixed_handicap` puts the stones, in the order of the GTP 2 specification, section 4.1.1: lower left, upper right,
 * upper left, lower right, then sides, with the centre for 5, 7 and 9.
 * @returns undefined where the specification places none: fewer than 2, more than 9 (4 on even sizes and on 7), under 7, not square
 */
export const handicapPoints = (count: number, { width, height }: Dimensions): Point[] | undefined => {
  if (width !== height || width < 7 || !Number.isInteger(count) || count < 2) return undefined;
  if (count > (width % 2 === 0 || width === 7 ? 4 : 9)) return undefined;
  const near = width < 13 ? 2 : 3;
  const far = width - 1 - near;
  const middle = (width - 1) / 2;
  const corners = [
    [near, far],
    [far, near],
    [near, near],
    [far, far],
  ] as const;
  const sides = [
    [near, middle],
    [far, middle],
    [middle, far],
    [middle, near],
  ] as const;
  const spots: (readonly [number, number])[] = corners.slice(0, Math.min(count, 4));
  if (count >= 6) spots.push(sides[0], sides[1]);
  if (count >= 8) spots.push(sides[2], sides[3]);
  if (count >= 5 && count % 2 === 1) spots.push([middle, middle]);
  return spots.map(([x, y]) => pointAt(x, y, width));
};
