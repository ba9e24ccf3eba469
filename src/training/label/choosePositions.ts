/** Which positions of a game are labelled, and by what komi. Both follow from a seed and the game's name alone. */
import { Random } from '../../../engine/random.ts';
import { komiToTell } from '../data/komi.ts';
import { hashBytes } from '../data/splits.ts';
import { playerAt, type AskedGame } from './analysisQuery.ts';

export interface ChoiceOptions {
  readonly seed: number;
  /** Positions of a game, if it has so many. */
  readonly perGame: number;
  /** In half of the games komi is moved by up to this many points either way, so that a network learns what komi does. */
  readonly komiVariation: number;
}

export interface Choice {
  /** Moves played before each position, ascending. */
  readonly turns: readonly number[];
  /** In points for White, a multiple of 1/2. */
  readonly komi: number;
}

/**
 * Positions in which the player moved whose turn it was; none twice.
 * @param source the game's name
 * @param komi of the record
 */
export const choosePositions = (
  game: AskedGame,
  source: string,
  komi: number | undefined,
  { seed, perGame, komiVariation }: ChoiceOptions,
): Choice => {
  const random = new Random(
    (hashBytes(new TextEncoder().encode(source)) ^ Math.imul(seed, 0x9e3779b1)) >>> 0,
  );
  const turns: number[] = [];
  for (let turn = 0; turn < game.moves.length; turn++)
    if (playerAt(game, turn) === game.moves[turn].color) turns.push(turn);
  // The first of a shuffle.
  const count = Math.min(perGame, turns.length);
  for (let i = 0; i < count; i++) {
    const j = i + random.below(turns.length - i);
    [turns[i], turns[j]] = [turns[j], turns[i]];
  }
  const isMoved = random.below(2) === 1;
  const shift = isMoved ? Math.round((2 * random.float() - 1) * komiVariation) : 0;
  return {
    turns: turns.slice(0, count).toSorted((a, b) => a - b),
    komi: Math.round(2 * (komiToTell(komi) + shift)) / 2,
  };
};
