/**
 * From a network's logits to priors: the softmax over the legal moves. Networks index points as the planes do (policy index
 * y * width + x, see engine/coords.ts), and put passing behind them where they have it.
 */
import type { Game } from '../engine/game.ts';

/**
 * Marks the legal moves of the player to move, superko included: 1 or 0 by policy index.
 * @param out shape [area] from `offset`
 */
export const markLegal = (game: Game, out: Uint8Array, offset = 0): void => {
  const { points, area } = game.board;
  for (let i = 0; i < area; i++) out[offset + i] = game.isLegal(points[i]) ? 1 : 0;
};

/**
 * Turns logits into priors over the legal moves, undoing the symmetry the network saw the board in.
 * @param logits shape [area] from `at`, in the network's orientation
 * @param legal shape [area] from `legalAt`, in the board's orientation
 * @param map as symmetry.ts `symmetryMap` of the symmetry the position was encoded with
 * @param pass logit of passing; -Infinity where the network has none, or to leave passing out
 * @param out shape [area] or [area + 1]: priors, pass last; all 0 if there is no legal move and no pass
 */
export const softmaxLegal = (
  logits: Float32Array,
  at: number,
  legal: Uint8Array,
  legalAt: number,
  map: Int16Array,
  pass: number,
  out: Float32Array,
): void => {
  const area = map.length;
  let largest = pass;
  for (let i = 0; i < area; i++) {
    const logit = logits[at + map[i]];
    if (legal[legalAt + i] === 1 && logit > largest) largest = logit;
  }
  out.fill(0);
  if (largest === -Infinity) return;
  let sum = 0;
  for (let i = 0; i < area; i++) {
    if (legal[legalAt + i] === 0) continue;
    out[i] = Math.exp(logits[at + map[i]] - largest);
    sum += out[i];
  }
  if (out.length > area) {
    out[area] = Math.exp(pass - largest);
    sum += out[area];
  }
  for (let i = 0; i < out.length; i++) out[i] /= sum;
};
