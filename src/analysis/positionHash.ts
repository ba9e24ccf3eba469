/** Names of positions that tools use to find the same one again. */
import { createHash } from 'node:crypto';
import { policyIndexOf } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { NO_POINT } from '../../engine/types.ts';
import { SYMMETRIES, keepsShape, symmetryMap } from '../../features/symmetry.ts';

const DIGITS = 32;

/**
 * KataGo's `thisHash` and `symHash`, though not its numbers: 32 hexadecimal digits each, of stones, player to move and simple
 * ko; the second is the same for positions that are alike up to symmetry.
 */
export const hashPosition = (game: Game): { readonly thisHash: string; readonly symHash: string } => {
  const hashes = Array.from({ length: SYMMETRIES }, (_, symmetry) => symmetry)
    .filter(symmetry => keepsShape(symmetry, game))
    .map(symmetry => hashIn(game, symmetry));
  return { thisHash: hashes[0], symHash: hashes.reduce((least, hash) => (hash < least ? hash : least)) };
};

/** Symmetry 0 leaves the board as it is. */
const hashIn = (game: Game, symmetry: number): string => {
  const { board, width, height, toPlay } = game;
  const map = symmetryMap(symmetry, game);
  const stones = new Uint8Array(board.area);
  for (let i = 0; i < board.area; i++) stones[map[i]] = board.stones[board.points[i]];
  const hasKo = board.koPoint !== NO_POINT && board.koColor === toPlay;
  const ko = hasKo ? map[policyIndexOf(board.koPoint, game)] : -1;
  const text = `${width}x${height} ${toPlay} ${ko} ${stones.join('')}`;
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS).toUpperCase();
};
