/**
 * The arguments of the analysis commands: `[color] [interval] {key value...}`, as KataGo and Leela Zero take them and Sabaki,
 * Lizzie, LizzieYzy and CGOS send them.
 */
import type { Game } from '../../engine/game.ts';
import type { Restriction } from '../../engine/search/restrictions.ts';
import { PASS, type Color, type Point } from '../../engine/types.ts';
import { readColor, readInteger, readNumber, readVertex } from './arguments.ts';
import { GtpError } from './gtpError.ts';
import { INFO_FLAGS, type InfoFlag, type InfoOptions } from './info.ts';
import type { View } from './player.ts';

export interface AnalyzeRequest {
  readonly color: Color;
  /** Seconds between lines; undefined if none was asked for. */
  readonly interval: number | undefined;
  /** Without the times of its reports. */
  readonly view: View;
  readonly info: InfoOptions;
}

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text);

/** Reads "D4,Q16,pass" and Leela Zero's rectangles "a1:c3". */
const readPoints = (text: string | undefined, game: Game): Set<Point> => {
  const points = new Set<Point>();
  for (const part of (text ?? '').split(',')) {
    const corners = part.split(':').map(vertex => readVertex(vertex, game));
    if (corners.length === 1) points.add(corners[0]);
    else for (const point of readRectangle(corners, game)) points.add(point);
  }
  return points;
};

/** The points from corner to corner. */
const readRectangle = (corners: readonly Point[], game: Game): Point[] => {
  if (corners.length > 2 || corners.includes(PASS)) throw new GtpError('syntax error');
  const [from, to] = corners;
  const stride = game.width + 1;
  return Array.from(game.board.points).filter(
    point =>
      between(point % stride, from % stride, to % stride) &&
      between(Math.floor(point / stride), Math.floor(from / stride), Math.floor(to / stride)),
  );
};

const between = (value: number, a: number, b: number): boolean =>
  value >= Math.min(a, b) && value <= Math.max(a, b);

/** @throws GtpError before anything of the analysis has been written */
export const readAnalyzeRequest = (
  words: readonly string[],
  game: Game,
  form: InfoOptions['form'],
): AnalyzeRequest => {
  const args = [...words];
  let color = game.toPlay;
  let interval: number | undefined;
  if (/^(b|w|black|white)$/i.test(args[0] ?? '')) color = readColor(args.shift());
  const flags = new Set<InfoFlag>();
  const restrictions: Restriction[] = [];
  let minMoves: number | undefined;
  let maxMoves: number | undefined;
  while (args.length > 0) {
    const key = args.shift()!;
    if (isNumber(key)) interval = readNumber(key) / 100;
    else if (key === 'interval') interval = readNumber(args.shift()) / 100;
    else if (key === 'minmoves') minMoves = readCount(args.shift());
    else if (key === 'maxmoves') maxMoves = readCount(args.shift());
    else if (key === 'avoid' || key === 'allow') {
      const restricted = readColor(args.shift());
      const points = [...readPoints(args.shift(), game)];
      const plies = readInteger(args.shift());
      if (plies < 1) throw new GtpError('the depth must be at least 1');
      restrictions.push({ kind: key, color: restricted, points, plies });
    } else {
      const flag = form === 'kata' ? INFO_FLAGS.find(known => known === key) : undefined;
      if (!flag) throw new GtpError(`cannot parse argument ${JSON.stringify(key.slice(0, 40))}`);
      const value = args.shift();
      if (value !== 'true' && value !== 'false') throw new GtpError(`${key} must be true or false`);
      if (value === 'true') flags.add(flag);
      else flags.delete(flag);
    }
  }
  if (interval !== undefined && interval < 0) throw new GtpError('the interval must not be negative');
  checkRestrictions(restrictions);
  return {
    color,
    interval,
    view: {
      restrictions,
      ...(minMoves === undefined ? {} : { minMoves }),
      ...(maxMoves === undefined ? {} : { maxMoves }),
      movesOwnership: flags.has('movesOwnership') || flags.has('movesOwnershipStdev'),
    },
    info: { form, flags },
  };
};

/** @throws GtpError where KataGo and Leela Zero refuse them */
const checkRestrictions = (restrictions: readonly Restriction[]): void => {
  const allowed = restrictions.filter(({ kind }) => kind === 'allow').map(({ color }) => color);
  for (const { kind, color } of restrictions)
    if (kind === 'avoid' && allowed.includes(color)) throw new GtpError('avoid and allow for the same color');
  if (new Set(allowed).size < allowed.length) throw new GtpError('allow more than once for the same color');
};

const readCount = (text: string | undefined): number => {
  const count = readInteger(text);
  if (count < 0) throw new GtpError('a number of moves must not be negative');
  return Math.max(1, count);
};
