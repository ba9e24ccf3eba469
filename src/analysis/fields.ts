/** Reading the fields of a query. Errors are worded as KataGo words them (cpp/command/analysis.cpp): tools compare texts. */
import { parseVertex, pointAt, type Dimensions } from '../../engine/coords.ts';
import { BLACK, MAX_SIZE, PASS, WHITE, type Color, type Move, type Point } from '../../engine/types.ts';
import { QueryError } from './queryError.ts';

/** A JSON object of the outside. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A whole number. @returns undefined if the field is not there @throws QueryError if it is anything else */
export const readInteger = (
  fields: Fields,
  field: string,
  [least, most]: readonly [number, number],
  message: string,
): number | undefined => {
  const value = readNumber(fields, field, [least, most], message);
  if (value !== undefined && !Number.isInteger(value)) throw new QueryError(field, message);
  return value;
};

/** As {@link readInteger}, with fractions. */
export const readNumber = (
  fields: Fields,
  field: string,
  [least, most]: readonly [number, number],
  message: string,
): number | undefined => {
  const value = fields[field];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw new QueryError(field, message);
  return value;
};

/** False if the field is not there. */
export const readFlag = (fields: Fields, field: string): boolean => {
  const value = fields[field];
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw new QueryError(field, 'Must be a boolean');
  return value;
};

/** @returns undefined if the field is not there */
export const readIntegers = (fields: Fields, field: string, message: string): number[] | undefined => {
  const value = fields[field];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(item => Number.isInteger(item)))
    throw new QueryError(field, message);
  return value as number[];
};

/** @returns undefined if the text names no player */
export const parsePlayer = (text: unknown): Color | undefined => {
  const name = typeof text === 'string' ? text.toLowerCase() : '';
  if (name === 'b' || name === 'black') return BLACK;
  if (name === 'w' || name === 'white') return WHITE;
  return undefined;
};

/** @returns undefined if the field is not there */
export const readPlayer = (fields: Fields, field: string): Color | undefined => {
  if (fields[field] === undefined) return undefined;
  const player = parsePlayer(fields[field]);
  if (player === undefined) throw new QueryError(field, 'Must be "b" or "w"');
  return player;
};

/** Both sides, 2 to {@link MAX_SIZE}. */
export const readBoardSize = (fields: Fields): Dimensions => {
  const message = `Must provide an integer from 2 to ${MAX_SIZE}`;
  const read = (field: string): number => {
    const size = readInteger(fields, field, [2, MAX_SIZE], message);
    if (size === undefined) throw new QueryError(field, message);
    return size;
  };
  return { width: read('boardXSize'), height: read('boardYSize') };
};

/** Reads "D4", "pass", and KataGo's "(3,15)": x and y from the top left, from 0. */
const parseLocation = (text: string, board: Dimensions): Point | undefined => {
  const match = /^\((\d+),(\d+)\)$/.exec(text);
  if (!match) return parseVertex(text, board);
  const [x, y] = [Number(match[1]), Number(match[2])];
  return x < board.width && y < board.height ? pointAt(x, y, board.width) : undefined;
};

/** A list of vertices, passes among them. @throws QueryError */
export const readLocations = (fields: Fields, field: string, board: Dimensions): Point[] => {
  const value = fields[field];
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string'))
    throw new QueryError(field, 'Must be an array of GTP board vertices');
  return value.map(text => {
    const point = parseLocation(text, board);
    if (point === undefined) throw new QueryError(field, `Could not parse board location: ${text}`);
    return point;
  });
};

/** A list of pairs of a player and a vertex. @param allowsPass whether a vertex may be a pass @throws QueryError */
export const readMoves = (fields: Fields, field: string, board: Dimensions, allowsPass: boolean): Move[] => {
  const message = 'Must be an array of pairs of the form: ["b" or "w", GTP board vertex]';
  const value = fields[field];
  if (!Array.isArray(value)) throw new QueryError(field, message);
  return value.map((item: unknown) => {
    if (!Array.isArray(item) || item.length !== 2 || !item.every(part => typeof part === 'string'))
      throw new QueryError(field, message);
    const [player, location] = item as [string, string];
    const color = parsePlayer(player);
    if (color === undefined) throw new QueryError(field, `Could not parse player: ${player}`);
    const point = parseLocation(location, board);
    if (point === undefined || (point === PASS && !allowsPass))
      throw new QueryError(field, `Could not parse board location: ${location}`);
    return { color, point };
  });
};
