/** A game as plain data, to go to another thread. */
import { Game } from '../../engine/game.ts';
import { WHITE, type Color, type Move, type Rules, type SetupStone } from '../../engine/types.ts';

/** All that a game depends on. */
export interface Position {
  readonly width: number;
  readonly height: number;
  readonly komi: number;
  readonly rules: Rules;
  readonly setup: readonly SetupStone[];
  readonly handicap: number;
  readonly firstPlayer: Color;
  readonly moves: readonly Move[];
  readonly toPlay: Color;
}

/** Takes a game apart. */
export const makePosition = (game: Game): Position => ({
  width: game.width,
  height: game.height,
  komi: game.komi,
  rules: game.rules,
  setup: game.setupStones,
  handicap: game.setupStones.length > 0 ? game.handicap : 0,
  firstPlayer: game.firstPlayer,
  moves: Array.from({ length: game.moveCount }, (_, i) => game.moveAt(i)),
  toPlay: game.toPlay,
});

/** Plays a game again from its parts. */
export const gameOf = ({ setup, handicap, firstPlayer, moves, toPlay, ...options }: Position): Game => {
  const game = new Game(options);
  if (setup.length > 0 || firstPlayer === WHITE) game.setup(setup, firstPlayer, handicap);
  for (const { point, color } of moves) game.play(point, color);
  game.toPlay = toPlay;
  return game;
};
