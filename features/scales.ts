/** The units in which networks take and give points of the score. What trains, exports and plays has to agree on them. */
import { WHITE, type Color } from '../engine/types.ts';

/** Points that count as 1 in the input `komi`, and in the sum of the ownership map that the value head adds to it. */
export const KOMI_SCALE = 10;

/**
 * Points that count as 1 in the value head before the output `lead`, which is in points itself. What judges a lead, the loss and the
 * proof of an export, judges it in this unit, too.
 */
export const LEAD_SCALE = 20;

/**
 * The input `komi`: what White is given beside the board, in tens of points, for the player to move: above 0 if that is White.
 * @param whitePoints komi and compensation for a handicap, as game.whiteBonus
 */
export const encodeKomi = (whitePoints: number, toPlay: Color): number =>
  (toPlay === WHITE ? whitePoints : -whitePoints) / KOMI_SCALE;
