/**
 * A game tree as a game record: board, rules, players, result, set-up stones and the moves of the main line, typed.
 * SGF's texts are free, and real files use the freedom; what cannot be understood is left undefined, never guessed.
 */
import { isBoardSize, parseSgfPoint, type Dimensions } from '../../engine/coords.ts';
import { parseRules } from '../../engine/rules.ts';
import {
  BLACK,
  EMPTY,
  PASS,
  WHITE,
  opposite,
  type Color,
  type Move,
  type Rules,
  type SetupStone,
} from '../../engine/types.ts';
import type { SgfNode } from './parse.ts';
import { SgfError } from './sgfError.ts';

/** How a game ended. A margin is in points; `by` is how else it was won. */
export type Result =
  | { readonly winner: Color; readonly margin: number }
  | { readonly winner: Color; readonly by: 'resignation' | 'time' | 'forfeit' | 'unknown' }
  | { readonly winner: 'draw' }
  | { readonly winner: 'void' };

export interface GameRecord extends Dimensions {
  /** KM as a number; undefined if missing or no number. May be odd: KGS has 0.5 for handicap games, Chinese servers 375 for 3.75. */
  readonly komi: number | undefined;
  /** HA; 0 if missing. */
  readonly handicap: number;
  /** RU understood; undefined if missing or unknown. */
  readonly rules: Rules | undefined;
  readonly result: Result | undefined;
  readonly black: string | undefined;
  readonly white: string | undefined;
  readonly blackRank: string | undefined;
  readonly whiteRank: string | undefined;
  readonly date: string | undefined;
  readonly setup: readonly SetupStone[];
  readonly toPlay: Color;
  /** The main line, up to the first node that this reader cannot follow. */
  readonly moves: readonly RecordMove[];
  /** What was left out, in words; empty for a plain game. */
  readonly problems: readonly string[];
}

/** A move with what its node says beside. */
export interface RecordMove extends Move {
  readonly comment: string | undefined;
}

/**
 * @throws SgfError if it is another game than Go or the board is not from 1x1 to 25x25
 */
export const readRecord = (root: SgfNode): GameRecord => {
  const text = (name: string): string | undefined => root.properties[name]?.[0]?.trim() || undefined;
  const game = text('GM');
  if (game !== undefined && Number(game) !== 1)
    throw new SgfError('size', `GM[${game}]: not a game of Go, which is GM[1]`);
  const dimensions = parseSize(text('SZ'));
  const problems: string[] = [];
  const nodes = mainLine(root);
  const setup = new Map<number, SetupStone>();
  let toPlay = parsePlayer(text('PL'));
  const moves: RecordMove[] = [];

  for (const [number, node] of nodes.entries()) {
    const stones = setupStones(node, dimensions, problems);
    if (stones.length > 0 && moves.length > 0) {
      problems.push(`set-up stones after move ${moves.length}: the rest is left out`);
      break;
    }
    for (const stone of stones) setup.set(stone.point, stone);
    if (moves.length === 0) toPlay = parsePlayer(node.properties['PL']?.[0]) ?? toPlay;
    const played = nodeMoves(node, dimensions);
    if (played === undefined) {
      problems.push(
        `node ${number}: "${node.properties['B']?.[0] ?? node.properties['W']?.[0]}" is no point of the board: the rest is left out`,
      );
      break;
    }
    moves.push(...played);
  }

  const stones = [...setup.values()].filter(({ color }) => color !== EMPTY);
  const handicap = parseHandicap(text('HA'));
  const isHandicap = handicap >= 2 && stones.length > 0 && stones.every(({ color }) => color === BLACK);
  return {
    ...dimensions,
    komi: parseNumber(text('KM')),
    handicap,
    rules: parseRuleText(text('RU')),
    result: parseResult(text('RE')),
    black: text('PB'),
    white: text('PW'),
    blackRank: text('BR'),
    whiteRank: text('WR'),
    date: text('DT'),
    setup: stones,
    toPlay: toPlay ?? (isHandicap ? WHITE : (moves[0]?.color ?? BLACK)),
    moves,
    problems,
  };
};

/** The nodes from the root along first children. */
export const mainLine = (root: SgfNode): SgfNode[] => {
  const nodes = [root];
  for (let node = root.children[0]; node !== undefined; node = node.children[0]) nodes.push(node);
  return nodes;
};

/** Reads RE: "B+3.5", "W+R", "B+Time", "0", "Void", and words such as "White wins by resignation". */
export const parseResult = (text: string | undefined): Result | undefined => {
  if (text === undefined) return undefined;
  if (/^(0|draw|jigo)$/i.test(text)) return { winner: 'draw' };
  if (/^void$/i.test(text)) return { winner: 'void' };
  const match = /^(b|w|black|white)\s*(?:\+|wins?\b)\s*(?:by\s+)?(.*)$/i.exec(text);
  if (!match) return undefined;
  const winner = match[1].toLowerCase().startsWith('b') ? BLACK : WHITE;
  const how = match[2].trim();
  const margin = /^(\d+(?:[.,]\d+)?)/.exec(how);
  if (margin) return { winner, margin: Number(margin[1].replace(',', '.')) };
  if (/^r/i.test(how)) return { winner, by: 'resignation' };
  if (/^t/i.test(how)) return { winner, by: 'time' };
  if (/^f/i.test(how)) return { winner, by: 'forfeit' };
  return { winner, by: 'unknown' };
};

const parseSize = (text: string | undefined): Dimensions => {
  if (text === undefined) return { width: 19, height: 19 };
  const [width, height = width] = text.split(':').map(Number);
  if (!isBoardSize(width, height))
    throw new SgfError('size', `SZ[${text}]: each side must be a whole number from 1 to 25`);
  return { width, height };
};

const parseNumber = (text: string | undefined): number | undefined => {
  const value = text === undefined ? Number.NaN : Number.parseFloat(text.replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
};

const parseHandicap = (text: string | undefined): number => {
  const value = parseNumber(text) ?? 0;
  return Number.isInteger(value) && value >= 2 ? value : 0;
};

const parseRuleText = (text: string | undefined): Rules | undefined =>
  text === undefined
    ? undefined
    : parseRules(/^nz$/i.test(text) ? 'new-zealand' : /^(goe|ing)$/i.test(text) ? 'chinese' : text);

const parsePlayer = (text: string | undefined): Color | undefined =>
  text === undefined
    ? undefined
    : /^(b|1)/i.test(text.trim())
      ? BLACK
      : /^(w|2)/i.test(text.trim())
        ? WHITE
        : undefined;

/**
 * AB, AW and AE of a node; "aa:cc" is the rectangle. A point that a property names again counts once: rectangles that cover the
 * board thousands of times take no memory.
 * @param problems takes what is left out, in words
 */
export const setupStones = (
  { properties }: SgfNode,
  dimensions: Dimensions,
  problems: string[],
): SetupStone[] => {
  const stones: SetupStone[] = [];
  for (const [name, color] of [
    ['AE', EMPTY],
    ['AB', BLACK],
    ['AW', WHITE],
  ] as const) {
    const points = new Set<number>();
    for (const value of properties[name] ?? [])
      if (!addPoints(value.trim(), dimensions, points))
        problems.push(`${name}[${value}] is no point of the board: left out`);
    for (const point of points) stones.push({ color, point });
  }
  return stones;
};

/** Adds a point or those of a rectangle. @returns whether there are any */
const addPoints = (text: string, dimensions: Dimensions, points: Set<number>): boolean => {
  const [from, to = from] = text.split(':').map(part => parseSgfPoint(part, dimensions));
  if (from === undefined || to === undefined) return false;
  const stride = dimensions.width + 1;
  for (let row = from - (from % stride); row <= to; row += stride) {
    for (let x = from % stride; x <= to % stride; x++) points.add(row + x);
  }
  return from <= to && from % stride <= to % stride;
};

/** B and W of a node, in the order written; undefined if a value is neither a point nor a pass. */
export const nodeMoves = ({ properties }: SgfNode, dimensions: Dimensions): RecordMove[] | undefined => {
  const moves: RecordMove[] = [];
  for (const [name, values] of Object.entries(properties)) {
    if (name !== 'B' && name !== 'W') continue;
    const text = values[0].trim();
    const isPass = text === '' || (text === 'tt' && dimensions.width <= 19 && dimensions.height <= 19);
    const point = isPass ? PASS : parseSgfPoint(text, dimensions);
    if (point === undefined) return undefined;
    moves.push({ color: name === 'B' ? BLACK : WHITE, point, comment: properties['C']?.[0] });
  }
  return moves;
};

/** The player who would move after the record's last move. */
export const nextPlayer = ({ moves, toPlay }: GameRecord): Color => {
  const last = moves.at(-1);
  return last ? opposite(last.color) : toPlay;
};
