/** The graph of a game: what the network says after each move of the line shown. Black's view. */
import { ROOT, type MoveNode, type Outlook } from '../../server/protocol/board.ts';
import { leadText, moveText, percentText } from '../board/numbers.ts';

/** One position of the line. */
export interface GraphPoint {
  readonly node: number;
  /** What led to it: "Start", "Black D4". */
  readonly move: string;
  /** Black's, 0 to 1; undefined as long as it is not known. */
  readonly winrate?: number | undefined;
  /** Black's, in points. */
  readonly lead?: number | undefined;
}

/**
 * The positions of a line, the start first.
 * @param line moves from the start, as lineTo gives them; may go on beyond the position on the board
 */
export const graphPoints = (line: readonly MoveNode[], outlooks: readonly Outlook[]): GraphPoint[] => {
  const byNode = new Map(outlooks.map(outlook => [outlook.node, outlook]));
  const point = (node: number, move: string): GraphPoint => {
    const outlook = byNode.get(node);
    return { node, move, winrate: outlook?.winrate, lead: outlook?.lead };
  };
  return [
    point(ROOT, 'Start'),
    ...line.map(({ id, color, vertex }) =>
      point(id, `${color === 'B' ? 'Black' : 'White'} ${moveText(vertex)}`),
    ),
  ];
};

/** A short game does not fill the graph: it has room for this many moves at least. */
const LEAST_MOVES = 30;

/** Moves from the left edge to the right one. */
export const graphSpan = (positions: number): number => Math.max(LEAST_MOVES, positions - 1);

/** The position nearest to a place in the graph. @param part 0 at the left edge to 1 at the right one */
export const positionAt = (part: number, positions: number): number =>
  Math.min(positions - 1, Math.max(0, Math.round(part * graphSpan(positions))));

/** A curve of the graph in a box of 100 by 100, the origin at the upper left. */
export interface Curve {
  /** Lines through known values, interrupted where one is missing; a value alone is a dot. */
  readonly line: string;
  /** What lies between the lines and the middle. */
  readonly area: string;
}

/** @param values known ones from -1 at the bottom to 1 at the top, by position */
export const curveOf = (values: readonly (number | undefined)[]): Curve => {
  const span = graphSpan(values.length);
  let line = '';
  let area = '';
  for (let i = 0; i < values.length; i++) {
    if (values[i] === undefined) continue;
    const first = i;
    let run = '';
    for (; i < values.length; i++) {
      const value = values[i];
      if (value === undefined) break;
      run += `${run === '' ? 'M' : 'L'}${round((i / span) * 100)} ${round(heightOf(value))}`;
    }
    line += i - first === 1 ? `${run}h0` : run;
    area += `${run}V50H${round((first / span) * 100)}Z`;
  }
  return { line, area };
};

/** From the top of a box of 100; what is beyond the scale lies on its edge. */
export const heightOf = (value: number): number => 50 - 50 * Math.min(1, Math.max(-1, value));

const round = (value: number): number => Math.round(value * 100) / 100;

const LEAD_SCALES = [5, 10, 20, 40, 80, 160, 400];

/** Points at the top of the graph of leads: what holds all but outliers. */
export const leadScale = (points: readonly GraphPoint[]): number => {
  const largest = Math.max(0, ...points.map(({ lead }) => Math.abs(lead ?? 0)));
  return LEAD_SCALES.find(scale => scale >= largest) ?? LEAD_SCALES[LEAD_SCALES.length - 1];
};

/** Win rate and lead of a position as text: "56.3 %, +2.4"; undefined if neither is known. */
export const graphText = ({ winrate, lead }: GraphPoint): string | undefined => {
  const parts: string[] = [];
  if (winrate !== undefined) parts.push(percentText(winrate));
  if (lead !== undefined) parts.push(`${leadText(lead)} points`);
  return parts.length > 0 ? parts.join(', ') : undefined;
};

/** Which position it is, "12. Black D4"; the first is only "Start". */
export const placeText = (position: number, { move }: GraphPoint): string =>
  position === 0 ? move : `${position}. ${move}`;

/** What Page Up and Page Down step over. */
const PAGE = 10;

/** The position that a key leads to; undefined for keys that mean nothing here. */
export const stepInGraph = (key: string, index: number, positions: number): number | undefined => {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageUp: index - PAGE,
    PageDown: index + PAGE,
    Home: 0,
    End: positions - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.min(positions - 1, Math.max(0, target));
};
