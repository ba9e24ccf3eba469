/** What the page says of players, moves and results. */
import type { Dimensions } from '../../engine/coords.ts';
import {
  FULL_SIZE,
  SEARCH_LEVEL,
  type BoardState,
  type ColorLetter,
  type Seat,
  type ThinkingSeconds,
} from '../server/protocol/board.ts';
import { countBelow, type MoveIndex } from './moveIndex.ts';

export const colorName = (color: ColorLetter): 'Black' | 'White' => (color === 'B' ? 'Black' : 'White');

export const otherColor = (color: ColorLetter): ColorLetter => (color === 'B' ? 'W' : 'B');

/** Who plays a color: "You" on a board against hane, the record's name, "hane". */
export const playerName = (state: BoardState, color: ColorLetter, canWrite: boolean): string => {
  const seat = color === 'B' ? state.black : state.white;
  const other = color === 'B' ? state.white : state.black;
  const name = color === 'B' ? state.names.black : state.names.white;
  if (seat !== 'human') return 'hane';
  return name ?? (other !== 'human' && canWrite ? 'You' : colorName(color));
};

/** How strong hane plays a color, "level 9"; undefined where it does not. */
export const levelName = (state: BoardState, color: ColorLetter): string | undefined => {
  const seat = color === 'B' ? state.black : state.white;
  return seat === 'human' ? undefined : `level ${seat}`;
};

/** A player in a list or a record: "hane, level 10 (1 s)". */
export const haneName = (level: Exclude<Seat, 'human'>, seconds: ThinkingSeconds): string =>
  level === SEARCH_LEVEL ? `hane, level 10 (${seconds} s)` : `hane, level ${level}`;

/** "Black D4", "White passes". */
export const moveName = (color: ColorLetter, vertex: string): string =>
  vertex === 'pass' ? `${colorName(color)} passes` : `${colorName(color)} ${vertex}`;

/** What goes with a node that is removed: "12. Black D4 and the 3 moves after it". */
export const removalName = (index: MoveIndex, node: number): string => {
  const move = index.byId.get(node);
  const below = countBelow(index, node);
  return [
    move ? `${index.depths.get(node)}. ${moveName(move.color, move.vertex)}` : 'Start',
    below > 0 ? ` and ${below === 1 ? 'the move' : `the ${below} moves`} after it` : '',
  ].join('');
};

/** The size of a board, and what it means for hane: "9×9, where hane is weaker". */
export const sizeName = ({ width, height }: Dimensions): string =>
  `${width}×${height}${isFullSize({ width, height }) ? '' : ', where hane is weaker'}`;

/** What is to be known before hane plays on a board of that size; undefined on the one that its network learned. */
export const sizeNote = (size: Dimensions): string | undefined =>
  isFullSize(size) ? undefined : 'The network learned on 19×19; here hane is weaker.';

const isFullSize = ({ width, height }: Dimensions): boolean => width === FULL_SIZE && height === FULL_SIZE;

/** A move as a screen reader says it, with what it took. */
export const announcement = (color: ColorLetter, vertex: string, captured: number): string =>
  captured === 0
    ? moveName(color, vertex)
    : `${moveName(color, vertex)}, ${captured} ${captured === 1 ? 'stone' : 'stones'} captured`;

/** "B+3.5" as a sentence: "Black wins by 3.5 points". What is not understood is given as it is. */
export const resultName = (result: string): string => {
  if (/^(0|draw)$/i.test(result)) return 'A draw';
  const match = /^([BW])\+(.*)$/i.exec(result);
  if (!match) return result;
  const winner = match[1].toUpperCase() === 'B' ? 'Black' : 'White';
  const how = match[2].toLowerCase();
  if (how.startsWith('r')) return `${winner} wins by resignation`;
  if (how.startsWith('t')) return `${winner} wins on time`;
  if (how.startsWith('f')) return `${winner} wins by forfeit`;
  return Number(how) > 0 ? `${winner} wins by ${how} ${how === '1' ? 'point' : 'points'}` : `${winner} wins`;
};

/**
 * What goes on, in a few words; the same above the board and in the title of the window.
 * @param isEnd whether the game ended at the position that is shown: only there is it over
 */
export const statusName = (
  state: BoardState,
  toPlay: ColorLetter,
  { canWrite, isEnd }: { readonly canWrite: boolean; readonly isEnd: boolean },
): string => {
  if (state.scoring) return 'Scoring';
  if (state.result !== null) return isEnd ? resultName(state.result) : `${colorName(toPlay)} to play`;
  if (state.isThinking) return 'hane is thinking';
  const seat = toPlay === 'B' ? state.black : state.white;
  const other = toPlay === 'B' ? state.white : state.black;
  if (seat !== 'human' && !state.isPlaying) return `${colorName(toPlay)} to play, hane waits`;
  return seat === 'human' && other !== 'human' && canWrite ? 'Your move' : `${colorName(toPlay)} to play`;
};
