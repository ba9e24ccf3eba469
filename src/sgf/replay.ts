/** From a game record to a position of the engine. */
import { DEFAULT_KOMI, Game } from '../../engine/game.ts';
import { makeVertex } from '../../engine/coords.ts';
import { DEFAULT_RULES } from '../../engine/rules.ts';
import { BLACK, type Illegality } from '../../engine/types.ts';
import type { GameRecord } from './record.ts';
import { SgfError } from './sgfError.ts';

/** A move that cannot be played, numbered from 1. */
export interface IllegalMove {
  readonly number: number;
  readonly reason: Illegality;
}

/**
 * The game at its start: size, komi, rules, set-up stones.
 * @throws SgfError if the set-up leaves a chain without liberties
 */
export const startGame = (record: GameRecord): Game => {
  const { width, height, komi = DEFAULT_KOMI, rules = DEFAULT_RULES, setup, toPlay, handicap } = record;
  const game = new Game({ width, height, komi, rules });
  const stones = setup.filter(({ color }) => color === BLACK).length;
  const declared = handicap >= 2 && stones === setup.length ? stones : 0;
  if (setup.length > 0 && !game.setup(setup, toPlay, declared))
    throw new SgfError('move', 'the set-up stones leave a chain without liberties');
  game.toPlay = toPlay;
  return game;
};

/**
 * Plays the moves of a record from `game.moveCount` up to `moves`, as tolerant as GTP's play: ko and superko are the players'
 * business, only an occupied point and the suicide of a single stone stop it.
 * @returns the move that stopped it, if any
 */
export const replay = (
  game: Game,
  record: GameRecord,
  moves: number = record.moves.length,
): IllegalMove | undefined => {
  for (let i = game.moveCount; i < moves; i++) {
    const { point, color } = record.moves[i];
    const reason = game.whyUnplayable(point, color);
    if (reason) return { number: i + 1, reason };
    game.play(point, color);
  }
  return undefined;
};

/**
 * The position after `moves` moves of the main line, with the player to move that the record says.
 * @param moves all by default
 * @throws SgfError if the record is shorter, or a move up to there cannot be played
 */
export const loadPosition = (record: GameRecord, moves: number = record.moves.length): Game => {
  if (!Number.isInteger(moves) || moves < 0 || moves > record.moves.length) {
    throw new SgfError('move', `move ${moves}: the main line has moves 0 to ${record.moves.length}`);
  }
  const game = startGame(record);
  const illegal = replay(game, record, moves);
  if (illegal) {
    const { point, color } = record.moves[illegal.number - 1];
    const move = `${color === BLACK ? 'B' : 'W'} ${makeVertex(point, game)}`;
    throw new SgfError('move', `move ${illegal.number}, ${move}, cannot be played: ${illegal.reason}`);
  }
  const next = record.moves[moves];
  if (next) game.toPlay = next.color;
  return game;
};
