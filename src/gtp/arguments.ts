/** Reading the arguments of commands; each function throws a GtpError where there is nothing of the kind. */
import { parseVertex, type Dimensions } from '../../engine/coords.ts';
import { BLACK, WHITE, type Color, type Point } from '../../engine/types.ts';
import { GtpError } from './gtpError.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** `b`, `w`, `black`, `white` in any case. @throws GtpError `syntax error` */
export const readColor = (text: string | undefined): Color => {
  switch (text?.toLowerCase()) {
    case 'b':
    case 'black':
      return BLACK;
    case 'w':
    case 'white':
      return WHITE;
    default:
      throw new GtpError('syntax error');
  }
};

/**
 * A vertex of the board, or `pass`, in any case.
 * @throws GtpError `syntax error` if it is none, `illegal move` if it is a vertex of larger boards only
 */
export const readVertex = (text: string | undefined, board: Dimensions): Point => {
  const point = text === undefined ? undefined : parseVertex(text, board);
  if (point !== undefined) return point;
  throw new GtpError(text !== undefined && /^[a-hj-z][0-9]+$/i.test(text) ? 'illegal move' : 'syntax error');
};

/** Any finite number, also without digits before or after the point. @throws GtpError `syntax error` */
export const readNumber = (text: string | undefined): number => {
  const number = text !== undefined && NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(number)) throw new GtpError('syntax error');
  return number;
};

/** A whole number of any size and sign. @throws GtpError `syntax error` */
export const readInteger = (text: string | undefined): number => {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) throw new GtpError('syntax error');
  return readNumber(text);
};
