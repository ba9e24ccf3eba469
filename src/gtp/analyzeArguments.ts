/**
 * The arguments of the analysis commands: `[color] [interval] {key value...}`, as KataGo and Leela Zero take them and Sabaki,
 * Lizzie, LizzieYzy and CGOS send them.
 */
import type { AnalysisOptions } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import type { Color, Point } from '../../engine/types.ts';
import { readColor, readInteger, readNumber, readVertex } from './arguments.ts';
import { GtpError } from './gtpError.ts';
import type { InfoOptions } from './info.ts';

export interface AnalyzeRequest {
  readonly color: Color;
  /** Seconds between lines; undefined if none was asked for. */
  readonly interval: number | undefined;
  readonly options: AnalysisOptions;
  readonly info: InfoOptions;
}

const FLAGS = [
  'rootInfo',
  'ownership',
  'ownershipStdev',
  'movesOwnership',
  'movesOwnershipStdev',
  'pvVisits',
  'pvEdgeVisits',
  'noResultValue',
] as const;

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text);

/** Moves a player is to leave out, or to choose from. */
interface Restriction {
  readonly color: Color;
  readonly points: ReadonlySet<Point>;
}

/** Reads "D4,Q16,pass" and Leela Zero's rectangles "a1:c3". */
const readPoints = (text: string | undefined, game: Game): Set<Point> => {
  const points = new Set<Point>();
  for (const part of (text ?? '').split(',')) {
    const [from, to] = part.split(':').map(vertex => readVertex(vertex, game));
    if (to === undefined) {
      points.add(from);
      continue;
    }
    const stride = game.width + 1;
    for (const point of game.board.points) {
      const isInside =
        between(point % stride, from % stride, to % stride) &&
        between(Math.floor(point / stride), Math.floor(from / stride), Math.floor(to / stride));
      if (isInside) points.add(point);
    }
  }
  return points;
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
  const flags = new Map<string, boolean>();
  const avoid: Restriction[] = [];
  const allow: Restriction[] = [];
  let minMoves: number | undefined;
  let maxMoves: number | undefined;
  while (args.length > 0) {
    const key = args.shift()!;
    if (isNumber(key)) interval = readNumber(key) / 100;
    else if (key === 'interval') interval = readNumber(args.shift()) / 100;
    else if (key === 'minmoves') minMoves = readCount(args.shift());
    else if (key === 'maxmoves') maxMoves = readCount(args.shift());
    else if (key === 'avoid' || key === 'allow') {
      const restriction = { color: readColor(args.shift()), points: readPoints(args.shift(), game) };
      if (readInteger(args.shift()) < 1) throw new GtpError('the depth must be at least 1');
      (key === 'avoid' ? avoid : allow).push(restriction);
    } else if (form === 'kata' && FLAGS.some(flag => flag === key)) {
      const value = args.shift();
      if (value !== 'true' && value !== 'false') throw new GtpError(`${key} must be true or false`);
      flags.set(key, value === 'true');
    } else throw new GtpError(`cannot parse argument ${JSON.stringify(key.slice(0, 40))}`);
  }
  if (interval !== undefined && interval < 0) throw new GtpError('the interval must not be negative');
  for (const { color: restricted } of allow) {
    if (avoid.some(other => other.color === restricted))
      throw new GtpError('avoid and allow for the same color');
  }
  if (allow.length > 1 && allow[0].color === allow[1].color)
    throw new GtpError('allow more than once for the same color');
  const avoided = avoid.filter(restriction => restriction.color === color);
  const allowed = allow.find(restriction => restriction.color === color);
  const isAllowed = (point: Point): boolean =>
    !avoided.some(({ points }) => points.has(point)) && (allowed?.points.has(point) ?? true);
  return {
    color,
    interval,
    options: {
      ...(avoided.length > 0 || allowed ? { isAllowed } : {}),
      ...(minMoves === undefined ? {} : { minMoves }),
      ...(maxMoves === undefined ? {} : { maxMoves }),
    },
    info: {
      form,
      rootInfo: flags.get('rootInfo') ?? false,
      ownership: flags.get('ownership') ?? false,
      movesOwnership: flags.get('movesOwnership') ?? false,
      pvVisits: flags.get('pvVisits') ?? flags.get('pvEdgeVisits') ?? false,
    },
  };
};

const readCount = (text: string | undefined): number => {
  const count = readInteger(text);
  if (count < 0) throw new GtpError('a number of moves must not be negative');
  return Math.max(1, count);
};
