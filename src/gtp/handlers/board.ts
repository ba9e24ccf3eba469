/** The board as text for people; no program parses it. */
import { BLACK, WHITE, type Color } from '../../../engine/types.ts';
import { pictureOf } from '../../draw/boardPicture.ts';
import { drawBoardText } from '../../draw/boardText.ts';
import type { Handler } from './handler.ts';

export const boardHandlers: Record<string, Handler> = {
  showboard: ({ engine: { game } }) => {
    const { board, komi, toPlay, moveCount } = game;
    const captures = (color: Color): string =>
      `${color === BLACK ? 'Black' : 'White'} has captured ${board.captures[color]}`;
    const below = [
      `${toPlay === BLACK ? 'Black' : 'White'} to play move ${moveCount + 1}, komi ${komi}`,
      `${captures(BLACK)}, ${captures(WHITE)}`,
    ];
    // It begins below the status, so that all columns stand under one another.
    return ['', drawBoardText(pictureOf(game)), ...below].join('\n');
  },
};
