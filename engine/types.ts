/**
 * The vocabulary of the engine: colours, points, moves, rules, results.
 *
 * A point is an index into the letterboxed arrays of a board, `x + 1 + (y + 1) * stride` (coords.ts has the table of all
 * coordinate systems). Points 0 and 1 lie in the top wall of every board, so they can stand for "no point" and "pass"
 * and still be looked up in those arrays.
 */

export const EMPTY = 0;
export const BLACK = 1;
export const WHITE = 2;
/** What surrounds the board in the letterboxed arrays; never a stone. */
export const WALL = 3;

/** A player. `3 - color` is the other one; see {@link opposite}. */
export type Color = typeof BLACK | typeof WHITE;

/** What an array of points holds: a stone, nothing, or the wall. */
export type Stone = typeof EMPTY | Color | typeof WALL;

/** Index into the letterboxed arrays of a board, or {@link PASS} or {@link NO_POINT}. */
export type Point = number;

/** Stands for "there is none", e.g. no ko point. */
export const NO_POINT: Point = 0;

/** Stands for a pass where a move is expected. */
export const PASS: Point = 1;

/** Largest width and height: the 25 letters of a GTP vertex. */
export const MAX_SIZE = 25;

export const opposite = (color: Color): Color => (3 - color) as Color;

/** A stone played or a pass. */
export interface Move {
  readonly color: Color;
  readonly point: Point;
}

/** A point set up by hand: a stone, or EMPTY to clear it. */
export interface SetupStone {
  readonly color: Color | typeof EMPTY;
  readonly point: Point;
}

export const KO_RULES = ['simple', 'positional', 'situational'] as const;
/** simple: the stone just taken may not be taken back. positional: no earlier board. situational: no earlier board with the same player to move. */
export type KoRule = (typeof KO_RULES)[number];

export const SCORINGS = ['area', 'territory'] as const;
/** area: stones and surrounded points. territory: surrounded points and prisoners, nothing in seki. */
export type Scoring = (typeof SCORINGS)[number];

export const HANDICAP_BONUSES = ['none', 'stones', 'stones-minus-one'] as const;
/** Points White gets under area scoring for the handicap stones, on top of komi. */
export type HandicapBonus = (typeof HANDICAP_BONUSES)[number];

/** A rule set, as in KataGo's rules.h, less what no server uses. Source of the presets: rules.ts. */
export interface Rules {
  readonly ko: KoRule;
  readonly scoring: Scoring;
  /** Whether a move may remove the player's own chain (of two stones and more). */
  readonly suicide: boolean;
  readonly handicapBonus: HandicapBonus;
}

/** Why a move is refused; the order is that in which {@link Game.whyIllegal} looks. */
export type Illegality = 'occupied' | 'suicide' | 'ko' | 'superko';
