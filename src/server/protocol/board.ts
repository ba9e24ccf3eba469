/**
 * What a board is, to the server and to the page: the tree of moves, where in it the game stands, who plays, what came out.
 * Plain data, so that it travels as JSON; the functions here are pure and run on both sides.
 *
 * Everything is from Black's view unless it says otherwise, and a point is a GTP vertex ("D4", "pass").
 */
import { parseVertex } from '../../../engine/coords.ts';
import { Game } from '../../../engine/game.ts';
import { parseRules, type RuleSetName } from '../../../engine/rules.ts';
import { BLACK, WHITE, type Color } from '../../../engine/types.ts';

/** Sizes that a new game offers; a loaded record may have any size from 1 to 25, rectangular too. */
export const BOARD_SIZES = [9, 13, 19] as const;
export type BoardSize = (typeof BOARD_SIZES)[number];

/** The network learned on this size; on others hane plays, but weaker. */
export const FULL_SIZE: BoardSize = 19;

/** Strengths of hane: 1 to 9 of the bare policy (engine/strength.ts), 10 searches. */
export const LEVELS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
export type Level = (typeof LEVELS)[number];
export const SEARCH_LEVEL: Level = 10;

/** Seconds that level 10 may think about a move. */
export const THINKING_SECONDS = [1, 3, 10] as const;
export type ThinkingSeconds = (typeof THINKING_SECONDS)[number];

/** Who plays a color: whoever sits at a browser, or hane. */
export type Seat = 'human' | Level;

export const ANALYSIS_MODES = ['off', 'policy', 'search'] as const;
/** What is found out about the position on the board: nothing, what the network says at once, or a search that goes on. */
export type AnalysisMode = (typeof ANALYSIS_MODES)[number];

/** A color in a message. */
export const COLOR_LETTERS = ['B', 'W'] as const;
export type ColorLetter = (typeof COLOR_LETTERS)[number];

export const colorOf = (letter: ColorLetter): Color => (letter === 'B' ? BLACK : WHITE);
export const letterOf = (color: Color): ColorLetter => (color === BLACK ? 'B' : 'W');

/** How a game begins. */
export interface Start {
  readonly width: number;
  readonly height: number;
  readonly komi: number;
  readonly rules: RuleSetName;
  /** Stones of {@link setup} that count as handicap. */
  readonly handicap: number;
  readonly setup: readonly { readonly color: ColorLetter; readonly vertex: string }[];
  readonly toPlay: ColorLetter;
  /** What a loaded record says at its beginning. */
  readonly comment?: string;
}

/** Id of the root, the position at the start. */
export const ROOT = 0;

/** A move and the position after it. Ids are never used again; those of one parent are in the order in which they came. */
export interface MoveNode {
  /** At least 1. */
  readonly id: number;
  readonly parent: number;
  readonly color: ColorLetter;
  readonly vertex: string;
  /** What a record says beside the move. */
  readonly comment?: string;
}

/** What the network says of the position at a node, for the graph. */
export interface Outlook {
  readonly node: number;
  /** Black's win rate, 0 to 1; left out if the network does not know. */
  readonly winrate?: number;
  /** Black's lead in points, komi included; left out if the network does not know. */
  readonly lead?: number;
}

/** Agreeing on dead stones after two passes. */
export interface Scoring {
  /** Vertices of the stones taken for dead. */
  readonly dead: readonly string[];
  /** As GTP's final_score, with these dead stones: "B+3.5", "W+0.5", "0". */
  readonly score: string;
  /** Vertices that are each color's, but for those of its living stones. */
  readonly territory: Readonly<Record<ColorLetter, readonly string[]>>;
}

/** A whole board. */
export interface BoardState {
  /** Its name in links: nobody guesses it. */
  readonly board: string;
  /** Grows with every update. */
  readonly revision: number;
  readonly start: Start;
  readonly black: Seat;
  readonly white: Seat;
  readonly seconds: ThinkingSeconds;
  /** Names of the players that a loaded record has. */
  readonly names: { readonly black?: string; readonly white?: string };
  /** All moves, parents before children. The root is not among them. */
  readonly nodes: readonly MoveNode[];
  /** The node whose position is on the board. */
  readonly current: number;
  /** Whether hane moves by itself when it is its turn; looking back and around pauses that. */
  readonly isPlaying: boolean;
  /** Whether hane thinks about its move now. */
  readonly isThinking: boolean;
  readonly analysis: AnalysisMode;
  readonly scoring: Scoring | null;
  /** Once the game is over: "B+R", "W+3.5", "0". */
  readonly result: string | null;
  /** Where it came out; null as {@link result}. Variations from before it go on. */
  readonly resultNode: number | null;
  readonly outlooks: readonly Outlook[];
  /** Browsers that look at it. */
  readonly viewers: number;
}

/** What has changed of a board: `nodes` and `outlooks` are those to add or replace, `removed` nodes go with all below. */
export interface BoardChange extends Partial<
  Omit<BoardState, 'board' | 'revision' | 'start' | 'names' | 'nodes' | 'outlooks'>
> {
  readonly nodes?: readonly MoveNode[];
  readonly removed?: readonly number[];
  readonly outlooks?: readonly Outlook[];
}

/** The board after a change. */
export const applyChange = (state: BoardState, change: BoardChange, revision: number): BoardState => {
  const { nodes = [], removed = [], outlooks = [], ...fields } = change;
  const gone = new Set(removed);
  const isKept = ({ id, parent }: MoveNode): boolean => {
    if (gone.has(id) || gone.has(parent)) gone.add(id);
    return !gone.has(id);
  };
  const renewed = new Set(outlooks.map(({ node }) => node));
  const kept = removed.length > 0 ? state.nodes.filter(isKept) : state.nodes;
  return {
    ...state,
    ...fields,
    revision,
    nodes: nodes.length > 0 ? [...kept, ...nodes] : kept,
    outlooks:
      outlooks.length > 0 || removed.length > 0
        ? [...state.outlooks.filter(({ node }) => !renewed.has(node) && !gone.has(node)), ...outlooks]
        : state.outlooks,
  };
};

/** The moves from the start to a node, in order; undefined if there is no such node. Empty for {@link ROOT}. */
export const lineTo = ({ nodes }: Pick<BoardState, 'nodes'>, node: number): MoveNode[] | undefined => {
  const line: MoveNode[] = [];
  let wanted = node;
  // Parents stand before their children.
  for (let i = nodes.length - 1; i >= 0 && wanted !== ROOT; i--) {
    if (nodes[i].id !== wanted) continue;
    line.push(nodes[i]);
    wanted = nodes[i].parent;
  }
  return wanted === ROOT ? line.toReversed() : undefined;
};

/** The children of a node, the main line's first. */
export const childrenOf = ({ nodes }: Pick<BoardState, 'nodes'>, node: number): MoveNode[] =>
  nodes.filter(({ parent }) => parent === node);

/** The position at the start. Assumes that the state is well-formed, as the server's always is. */
export const startOf = ({ width, height, komi, rules, handicap, setup, toPlay }: Start): Game => {
  const game = new Game({ width, height, komi, rules: parseRules(rules)! });
  const stones = setup.map(({ color, vertex }) => ({
    color: colorOf(color),
    point: parseVertex(vertex, game)!,
  }));
  if (stones.length > 0) game.setup(stones, colorOf(toPlay), handicap);
  game.toPlay = colorOf(toPlay);
  return game;
};

/** The game up to a node. @throws RangeError if there is no such node */
export const gameAt = (state: Pick<BoardState, 'start' | 'nodes'>, node: number): Game => {
  const line = lineTo(state, node);
  if (!line) throw new RangeError(`node ${node}: there is no such node`);
  const game = startOf(state.start);
  for (const { vertex, color } of line) game.play(parseVertex(vertex, game)!, colorOf(color));
  return game;
};
