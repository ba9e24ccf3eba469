/** A board as it begins. */
import { handicapPoints, makeVertex } from '../../engine/coords.ts';
import type { BoardState, Start } from './protocol/board.ts';
import { ROOT } from './protocol/board.ts';
import type { NewGame } from './protocol/messages.ts';
import { RequestError } from './requestError.ts';

/** @throws RequestError `invalid` if the board has no points for that handicap */
export const makeStart = ({ size, komi, rules, handicap }: NewGame): Start => {
  const dimensions = { width: size, height: size };
  const points = handicap === 0 ? [] : handicapPoints(handicap, dimensions);
  if (!points)
    throw new RequestError('invalid', `handicap ${handicap}: a board of ${size}x${size} has no such points`);
  return {
    ...dimensions,
    komi,
    rules,
    handicap,
    setup: points.map(point => ({ color: 'B', vertex: makeVertex(point, dimensions) })),
    toPlay: handicap > 0 ? 'W' : 'B',
  };
};

/** A new board, on which hane begins at once if it is its turn. @throws RequestError as {@link makeStart} */
export const makeBoard = (board: string, game: NewGame): BoardState => ({
  board,
  revision: 0,
  start: makeStart(game),
  black: game.black,
  white: game.white,
  seconds: game.seconds,
  names: {},
  nodes: [],
  current: ROOT,
  isPlaying: true,
  isThinking: false,
  analysis: 'policy',
  scoring: null,
  result: null,
  resultNode: null,
  outlooks: [],
  viewers: 0,
});
