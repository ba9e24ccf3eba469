/**
 * One number for what the search does: fixed positions, an evaluator that knows nothing, a fixed seed and fixed visits, as
 * Stockfish's `bench`. A change that is to change nothing leaves it; one that moves it says so in its commit: `Bench: n`.
 */
import { uniformEvaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { Search } from '../../engine/search/search.ts';
import { playRandomMoves } from './randomGames.ts';

const POSITIONS = 12;
const VISITS = 200;
const SIZES = [9, 13, 19];

/** 32 bits of the visits, candidates and lines of all positions together. */
export const searchSignature = async (): Promise<number> => {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    // FNV-1a.
    hash = Math.imul(hash ^ (value & 0xffff), 0x01000193);
  };
  for (let i = 0; i < POSITIONS; i++) {
    const game = new Game({ width: SIZES[i % SIZES.length] });
    playRandomMoves(game, i * 12, new Random(i));
    const search = new Search(uniformEvaluator(), { seed: 1, batchesInFlight: 1 });
    for (let move = 0; move < 2; move++) {
      const { analysis, best } = await search.think(game, { visits: VISITS });
      for (const { point, visits, line } of analysis.candidates)
        for (const each of [point, visits, ...line]) mix(each);
      if (best !== undefined) game.play(best);
    }
  }
  return hash >>> 0;
};
