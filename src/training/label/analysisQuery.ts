/**
 * Questions to an analysis engine: positions of a game, with the moves before them. The protocol is KataGo's (its
 * docs/Analysis_Engine.md): one line of JSON each.
 */
import { makeVertex, pointAt } from '../../../engine/coords.ts';
import {
  BLACK,
  PASS,
  WHITE,
  opposite,
  type Color,
  type Move,
  type SetupStone,
} from '../../../engine/types.ts';

/** Labels are of this board only; the form has no room for another. */
export const LABEL_SIZE = 19;

const BOARD = { width: LABEL_SIZE, height: LABEL_SIZE } as const;

type PlayerAndVertex = readonly ['B' | 'W', string];

/** A query without its id. */
export interface AnalysisQuery {
  readonly rules: Readonly<Record<string, string | boolean>>;
  readonly komi: number;
  readonly boardXSize: number;
  readonly boardYSize: number;
  readonly initialStones: readonly PlayerAndVertex[];
  readonly initialPlayer: 'B' | 'W';
  readonly moves: readonly PlayerAndVertex[];
  /** Moves played before each position that is asked for. */
  readonly analyzeTurns: readonly number[];
  readonly maxVisits: number;
  readonly includePolicy: true;
  readonly includeOwnership: true;
  readonly overrideSettings: Readonly<Record<string, string | boolean>>;
}

/** Those the labels are by: area, simple ko, no suicide, nothing for handicap stones; komi says it all. */
const TEACHER_RULES = {
  ko: 'SIMPLE',
  scoring: 'AREA',
  tax: 'NONE',
  suicide: false,
  hasButton: false,
  whiteHandicapBonus: '0',
} as const;

const SETTINGS = {
  // Else the moves before the position are hidden from the network, and it judges clearly worse.
  ignorePreRootHistory: false,
  reportAnalysisWinratesAs: 'SIDETOMOVE',
} as const;

/** A game on 19x19 as far as an engine is told of it; a StoredGame is one. */
export interface AskedGame {
  readonly setup: readonly SetupStone[];
  readonly toPlay: Color;
  readonly moves: readonly Move[];
}

export interface QueryOptions {
  readonly komi: number;
  readonly visits: number;
}

/** @param turns moves played before each position, at least one, in order */
export const makeQuery = (
  { setup, toPlay, moves }: AskedGame,
  turns: readonly number[],
  { komi, visits }: QueryOptions,
): AnalysisQuery => ({
  rules: TEACHER_RULES,
  komi,
  boardXSize: LABEL_SIZE,
  boardYSize: LABEL_SIZE,
  initialStones: setup.map(({ color, point }) => [color === BLACK ? 'B' : 'W', makeVertex(point, BOARD)]),
  initialPlayer: letterOf(toPlay),
  moves: moves.slice(0, turns.at(-1)).map(({ color, point }) => [letterOf(color), makeVertex(point, BOARD)]),
  analyzeTurns: turns,
  maxVisits: visits,
  includePolicy: true,
  includeOwnership: true,
  overrideSettings: SETTINGS,
});

const letterOf = (color: Color): 'B' | 'W' => (color === BLACK ? 'B' : 'W');

/** Who moves after the first `turn` moves, as engines take it: the opponent of the last player. */
export const playerAt = ({ toPlay, moves }: AskedGame, turn: number): Color =>
  turn === 0 ? toPlay : opposite(moves[turn - 1].color);

/**
 * A game that Black has won beyond doubt, for finding out from whose view an engine reports: Black has played all over the
 * board, White has passed. The last move but one leaves Black to move, the last one White.
 */
export const WON_BY_BLACK: AskedGame = {
  setup: [],
  toPlay: BLACK,
  moves: Array.from({ length: 71 }, (_, i): Move =>
    i % 2 === 0
      ? { color: BLACK, point: pointAt(2 + 3 * ((i / 2) % 6), 2 + 3 * Math.floor(i / 12), LABEL_SIZE) }
      : { color: WHITE, point: PASS },
  ),
};
