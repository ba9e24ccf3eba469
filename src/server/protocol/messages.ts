/**
 * The messages between the page and the server, as JSON texts over a websocket at {@link SOCKET_PATH}. docs/protocol.md tells
 * the story; the server checks what comes in with schema.ts.
 */
import type {
  AnalysisMode,
  BoardChange,
  BoardSize,
  BoardState,
  ColorLetter,
  Seat,
  ThinkingSeconds,
} from './board.ts';

/** Grows when a message changes its meaning or loses a field; new fields and messages do not change it. */
export const PROTOCOL_VERSION = 1;

export const SOCKET_PATH = '/socket';

/** Most characters of a message from the page, the record that it loads included. */
export const MOST_MESSAGE_CHARACTERS: number = 1024 * 1024;

/** Most bytes of a game record: base64 makes 4 characters of 3 bytes. */
export const MOST_SGF_BYTES: number = 700 * 1024;

/** Most moves of a board, variations included. */
export const MOST_NODES = 20_000;

/** What a new game is played with. */
export interface NewGame {
  readonly size: BoardSize;
  readonly komi: number;
  readonly rules: 'chinese' | 'japanese' | 'aga' | 'tromp-taylor';
  /** 0, or 2 to 9 stones; at most 4 where the board has no more star points. */
  readonly handicap: number;
  readonly black: Seat;
  readonly white: Seat;
  readonly seconds: ThinkingSeconds;
}

/** What the page asks for. Those that change a board need the right to write; a board must have been opened. */
export type ClientRequest =
  /** First of all. */
  | { readonly type: 'hello'; readonly protocol: number; readonly token?: string | undefined }
  /** Makes a board and opens it. */
  | { readonly type: 'create'; readonly game: NewGame }
  /** Looks at a board from now on, instead of the one before. */
  | { readonly type: 'open'; readonly board: string }
  /** Looks at no board any more. */
  | { readonly type: 'leave' }
  /** Plays at the position of `node`, which must be the current one: if somebody was faster, the move is refused. */
  | { readonly type: 'play'; readonly node: number; readonly vertex: string }
  /** Puts another position on the board, for all who look; hane then waits. */
  | { readonly type: 'goto'; readonly node: number }
  /** Back to before the last human move; it stays in the tree as a variation. */
  | { readonly type: 'undo' }
  /** Takes a node out of the tree, with all below it. */
  | { readonly type: 'remove'; readonly node: number }
  /** Has hane play the next move, whosever turn it is. */
  | { readonly type: 'genmove' }
  /** Whether hane moves by itself. */
  | { readonly type: 'setPlaying'; readonly isPlaying: boolean }
  | {
      readonly type: 'setPlayers';
      readonly black: Seat;
      readonly white: Seat;
      readonly seconds: ThinkingSeconds;
    }
  | { readonly type: 'setAnalysis'; readonly mode: AnalysisMode }
  | { readonly type: 'resign'; readonly color: ColorLetter }
  /** Begins agreeing on dead stones, or asks hane anew which they are. */
  | { readonly type: 'score' }
  /** Takes the chain at a point for dead, or for alive again. */
  | { readonly type: 'toggleDead'; readonly vertex: string }
  /** Ends the game with the score as it stands. */
  | { readonly type: 'acceptScore' }
  /** Back from scoring to playing. */
  | { readonly type: 'cancelScore' }
  /** Replaces the board's game by a record, its variations included. @field sgf bytes of the file in base64 */
  | { readonly type: 'load'; readonly sgf: string }
  /**
   * What the network says of any node, for the one who asks only: `done` comes at once, an `analysis` when the network has
   * answered. One that still waits gives way to the next.
   */
  | { readonly type: 'look'; readonly node: number };

/** A request as sent. Each is answered by `done` or `error` with its id, in order. */
export type ClientMessage = ClientRequest & {
  /** A whole number of the page's own. */
  readonly id: number;
};

/** A move that is considered. */
export interface CandidateInfo {
  readonly vertex: string;
  /** 0 for a move that only has its prior. */
  readonly visits: number;
  /** Probability by the network alone. */
  readonly prior: number;
  /** Black's win rate after it, 0 to 1; left out if not known. */
  readonly winrate?: number;
  /** Black's lead after it; left out if not known. */
  readonly lead?: number;
  /** The move and what is expected to follow. */
  readonly line: readonly string[];
}

/**
 * What is known of a position. Arrays go by rows from the upper left corner; probabilities are rounded to
 * {@link PROBABILITY_DIGITS} digits after the point.
 */
export interface PositionAnalysis {
  readonly node: number;
  readonly toPlay: ColorLetter;
  /** Visits of the search; 1 if only the network was asked. */
  readonly visits: number;
  readonly winrate?: number;
  readonly lead?: number;
  /** Probability of each point and, last, of passing. Shape [area + 1]. */
  readonly policy: readonly number[];
  /** The same of the move that a strong human would play, without passing. Shape [area]. */
  readonly expert?: readonly number[];
  /** Whose each point becomes, from -1 White's to 1 Black's. Shape [area]. */
  readonly ownership?: readonly number[];
  /** Best first. */
  readonly candidates: readonly CandidateInfo[];
  /** How long the network took for its one evaluation, waiting included. */
  readonly evaluationMs: number;
}

export const PROBABILITY_DIGITS = 5;

export const ERROR_CODES = [
  'malformed',
  'version',
  'forbidden',
  'notFound',
  'noBoard',
  'stale',
  'illegal',
  'invalid',
  'full',
  'tooFast',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export type ServerMessage =
  /** Answers `hello`. */
  | {
      readonly type: 'welcome';
      readonly protocol: number;
      /** Of hane. */
      readonly version: string;
      readonly network: string;
      /** What the network says beside the policy: value, lead, ownership, expert, pass. */
      readonly outputs: readonly string[];
      /** Whether this page may change boards. */
      readonly canWrite: boolean;
    }
  /** A whole board: after `create`, `open` and `load`, also of others'. */
  | { readonly type: 'board'; readonly state: BoardState }
  /** What has changed. If `revision` is not the next one, something was missed: open the board again. */
  | {
      readonly type: 'change';
      readonly board: string;
      readonly revision: number;
      readonly change: BoardChange;
    }
  | { readonly type: 'analysis'; readonly board: string; readonly analysis: PositionAnalysis }
  /** `notice` says what of a record could not be kept. */
  | { readonly type: 'done'; readonly id: number; readonly notice?: string }
  /** `id` is left out if the message had none that could be read. */
  | {
      readonly type: 'error';
      readonly id?: number;
      readonly code: ErrorCode;
      readonly message: string;
    }
  /** The server ends; it will be back. */
  | { readonly type: 'goodbye' };
