/**
 * True eyes: the points a sensible player never fills. Source: the definition of the sensibleness plane (features/planes.ts),
 * the usual one of Monte Carlo Go: all neighbours are friends, and the opponent holds at most one diagonal point, none at the edge.
 */
import type { Board } from './board.ts';
import type { Game } from './game.ts';
import { WALL, opposite, type Color, type Point } from './types.ts';

/** Whether the empty `point` is a true eye of `color`. */
export const isTrueEye = (board: Board, point: Point, color: Color): boolean => {
  const { stones, stride } = board;
  for (let side = 0; side < 4; side++) {
    const stone = stones[point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride)];
    if (stone !== color && stone !== WALL) return false;
  }
  const enemy = opposite(color);
  let enemies = 0;
  let atEdge = false;
  for (let corner = 0; corner < 4; corner++) {
    const stone = stones[point + (corner & 1 ? 1 : -1) + (corner & 2 ? stride : -stride)];
    if (stone === enemy) enemies++;
    else if (stone === WALL) atEdge = true;
  }
  return enemies < (atEdge ? 1 : 2);
};

/** Whether `color` may play `point` by the rules and would not fill a true eye of its own. */
export const isSensible = (game: Game, point: Point, color: Color): boolean =>
  game.isLegal(point, color) && !isTrueEye(game.board, point, color);
