/** What a board picture shows, whether drawn as SVG or as text. Arrays are by policy index: y * width + x, top row first. */
import { policyIndexOf, type Dimensions } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { PASS } from '../../engine/types.ts';

export interface BoardPicture extends Dimensions {
  /** EMPTY, BLACK or WHITE. Shape [area]. */
  readonly stones: ArrayLike<number>;
  /** Policy index of the last move; none if left out. */
  readonly lastMove?: number | undefined;
  /** From 0, no color, to 1, the hottest. Shape [area]. */
  readonly heat?: ArrayLike<number> | undefined;
  /** A few characters on a point. Shape [area]. */
  readonly labels?: readonly (string | undefined)[] | undefined;
}

/** The stones and the last move of a game. */
export const pictureOf = (game: Game): BoardPicture => {
  const { board, width, height } = game;
  const last = game.moveCount > 0 ? game.moveAt(-1).point : PASS;
  return {
    width,
    height,
    stones: Array.from(board.points, point => board.stones[point]),
    lastMove: last === PASS ? undefined : policyIndexOf(last, game),
  };
};

/** The points that are marked on a board: corners, sides and centre, as on wooden boards. @returns policy indices */
export const starPoints = ({ width, height }: Dimensions): number[] => {
  const alongX = starLines(width);
  const alongY = starLines(height);
  const isSmall = Math.min(width, height) <= 13;
  const points: number[] = [];
  for (const [i, x] of alongX.entries()) {
    for (const [j, y] of alongY.entries()) {
      // Small boards have no stars on their sides.
      const isSide = (alongX.length === 3 && i === 1) !== (alongY.length === 3 && j === 1);
      if (!(isSmall && isSide)) points.push(y * width + x);
    }
  }
  return points;
};

const starLines = (length: number): number[] => {
  if (length < 7) return length % 2 === 1 && length > 2 ? [(length - 1) / 2] : [];
  const near = length < 13 ? 2 : 3;
  const far = length - 1 - near;
  return length % 2 === 1 && length > 7 ? [near, (length - 1) / 2, far] : [near, far];
};
