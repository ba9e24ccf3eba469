/** The boards that this browser has seen moves on, newest first. */
import type { BoardState } from '../../server/protocol/board.ts';
import { recall, remember } from '../storage.ts';
import { levelName, playerName } from '../words.ts';

export interface RecentBoard {
  readonly board: string;
  /** "You (Black) against hane, level 9". */
  readonly title: string;
  readonly moves: number;
  readonly result: string | null;
  /** When it was last seen to change, in milliseconds since 1970. */
  readonly timeMs: number;
}

const MOST_RECENT = 20;

const isRecent = (value: unknown): value is RecentBoard => {
  if (typeof value !== 'object' || value === null) return false;
  const { board, title, moves, timeMs } = value as Partial<Record<keyof RecentBoard, unknown>>;
  return (
    typeof board === 'string' &&
    typeof title === 'string' &&
    typeof moves === 'number' &&
    typeof timeMs === 'number'
  );
};

export const recentBoards = (): readonly RecentBoard[] =>
  recall('recent', value => (Array.isArray(value) ? value.filter(isRecent) : undefined)) ?? [];

/** Puts a board first in the list. */
export const keepRecent = (state: BoardState, timeMs: number = Date.now()): void => {
  const [black, white] = (['B', 'W'] as const).map(color =>
    [playerName(state, color, true), levelName(state, color) ?? []].flat().join(', '),
  );
  const title = `${black} – ${white}`;
  const entry: RecentBoard = {
    board: state.board,
    title,
    moves: state.nodes.length,
    result: state.result,
    timeMs,
  };
  const others = recentBoards().filter(({ board }) => board !== state.board);
  remember('recent', [entry, ...others].slice(0, MOST_RECENT));
};

export const forgetRecent = (board: string): void =>
  remember(
    'recent',
    recentBoards().filter(each => each.board !== board),
  );
