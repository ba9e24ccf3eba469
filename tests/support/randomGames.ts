/** Seeded random games, which reach more odd positions (suicides refused, kos, long chains) than played ones. */
import type { Game } from '../../engine/game.ts';
import { isTrueEye } from '../../engine/eyes.ts';
import type { Random } from '../../engine/random.ts';
import { PASS } from '../../engine/types.ts';

const TRIES = 20;
/** One move in so many is a pass, so that passes turn up among the last moves. */
const PASS_EVERY = 60;

/** Plays one random legal move that fills no eye of its own; a pass now and then, and where none is found. */
export const playRandomMove = (game: Game, random: Random): void => {
  const { points, area } = game.board;
  if (random.below(PASS_EVERY) !== 0) {
    for (let i = 0; i < TRIES; i++) {
      const point = points[random.below(area)];
      if (!game.isLegal(point) || isTrueEye(game.board, point, game.toPlay)) continue;
      game.play(point);
      return;
    }
  }
  game.play(PASS);
};

export const playRandomMoves = (game: Game, count: number, random: Random): void => {
  for (let i = 0; i < count; i++) playRandomMove(game, random);
};
