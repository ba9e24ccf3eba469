/** Makes the tree of one search that of the next, where the game has gone on. */
import type { Game } from '../game.ts';
import { movesAhead } from './continuation.ts';
import type { FlightQueue } from './flightQueue.ts';
import type { Grower } from './grower.ts';
import { EXPANDED, NO_NODE } from './tree.ts';

/**
 * Makes the position after the moves played since the root the new root. The tree then has room for the moves of that root,
 * unless it is under evaluation already.
 * @param flights follow the tree
 * @param isRestricted whether restrictions count their depth from the root, which cannot move then
 * @returns false if the moves lead out of the tree, or if it is too full; it is of no use then
 */
export const keepTree = (
  grower: Grower,
  game: Game,
  flights: FlightQueue,
  isRestricted: boolean,
): boolean => {
  const ahead = movesAhead(grower.game, game);
  if (ahead === undefined || (ahead > 0 && isRestricted)) return false;
  // A search was stopped before it knew the root.
  if (ahead === 0 && flights.hasRoot) return true;
  const { tree } = grower;
  let node = 0;
  for (let i = game.moveCount - ahead; i < game.moveCount && node !== NO_NODE; i++)
    node = tree.childAt(node, game.moveAt(i).point);
  if (node === NO_NODE || tree.state[node] !== EXPANDED) return false;
  for (let i = game.moveCount - ahead; i < game.moveCount; i++) grower.game.play(game.moveAt(i).point);
  if (node === 0 && grower.reserveRoot(flights.leaves)) return true;
  // Where the root stays, the moves that it had before it was last evaluated are still there.
  tree.reroot(node);
  flights.follow(tree);
  return grower.reserveRoot(flights.leaves);
};
