/** Positions as what a network reads. */
import type { Game } from '../../../engine/game.ts';
import { encode, encodeColor } from '../../../features/encode.ts';
import { COLOR, VALUE_PLANES } from '../../../features/planes.ts';
import { encodeKomi } from '../../../features/scales.ts';
import type { NetworkOutput } from '../../inference/networkSession.ts';
import { PLANE_SIDE, PLANE_SIZE } from '../batch.ts';

/** @param planes 48, or 49 with the color to move @returns inputs `planes` and `komi` of positions on 19x19 */
export const feedsOf = (
  games: readonly Game[],
  planes: number,
): { readonly planes: NetworkOutput; readonly komi: NetworkOutput } => {
  const data = new Float32Array(games.length * planes * PLANE_SIZE);
  for (const [i, game] of games.entries()) {
    const at = i * planes * PLANE_SIZE;
    encode(game, data, at);
    if (planes === VALUE_PLANES) encodeColor(game, data, at + COLOR * PLANE_SIZE);
  }
  const komi = Float32Array.from(games, ({ whiteBonus, toPlay }) => encodeKomi(whiteBonus, toPlay));
  return {
    planes: { data, dims: [games.length, planes, PLANE_SIDE, PLANE_SIDE] },
    komi: { data: komi, dims: [games.length] },
  };
};
