/** Whether one game goes on from another, so that what was thought about the first still holds. */
import type { Game } from '../game.ts';
import { opposite, type SetupStone } from '../types.ts';

/**
 * How many moves `next` is ahead of `game`: 0 if it is the same position with the same past. Undefined if it is another game, has
 * gone back, or a player has moved twice in a row since.
 */
export const movesAhead = (game: Game, next: Game): number | undefined => {
  if (!isSameStart(game, next) || next.moveCount < game.moveCount) return undefined;
  for (let i = 0; i < game.moveCount; i++) {
    const a = game.moveAt(i);
    const b = next.moveAt(i);
    if (a.point !== b.point || a.color !== b.color) return undefined;
  }
  let { toPlay } = game;
  for (let i = game.moveCount; i < next.moveCount; i++) {
    if (next.moveAt(i).color !== toPlay) return undefined;
    toPlay = opposite(toPlay);
  }
  return next.toPlay === toPlay ? next.moveCount - game.moveCount : undefined;
};

const isSameStart = (a: Game, b: Game): boolean =>
  a.width === b.width &&
  a.height === b.height &&
  a.whiteBonus === b.whiteBonus &&
  a.rules.ko === b.rules.ko &&
  a.rules.scoring === b.rules.scoring &&
  a.rules.suicide === b.rules.suicide &&
  a.firstPlayer === b.firstPlayer &&
  isSameSetup(a.setupStones, b.setupStones);

const isSameSetup = (a: readonly SetupStone[], b: readonly SetupStone[]): boolean =>
  a.length === b.length && a.every((stone, i) => stone.point === b[i].point && stone.color === b[i].color);
