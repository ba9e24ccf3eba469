/** Positions for commands that look at what a network says of some hundred of them. */
import { isSensible } from '../../engine/eyes.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { PASS } from '../../engine/types.ts';
import { readRecords } from '../sgf/archive.ts';
import { parseSgf } from '../sgf/parse.ts';
import { readRecord } from '../sgf/record.ts';
import { loadPosition } from '../sgf/replay.ts';
import { SgfError } from '../sgf/sgfError.ts';
import { UserError } from './errors.ts';

/**
 * One position a game, on 19x19 and after a number of moves drawn from a seed.
 * @param games a record, an archive or a folder of them; games played at random if left out
 * @param positions most of them
 * @throws UserError if there is no such game
 */
export const samplePositions = async (games: string | undefined, positions: number): Promise<Game[]> => {
  const random = new Random(1);
  if (games === undefined) return Array.from({ length: positions }, () => playAtRandom(random));
  const found: Game[] = [];
  for await (const { bytes } of readRecords(games)) {
    if (found.length === positions) break;
    try {
      const record = readRecord(parseSgf(bytes)[0]);
      if (record.width !== 19 || record.height !== 19) continue;
      found.push(loadPosition(record, random.below(record.moves.length + 1)));
    } catch (error) {
      if (!(error instanceof SgfError)) throw error;
    }
  }
  if (found.length === 0) throw new UserError(`${games} has no game on 19x19`);
  return found;
};

const MOST_RANDOM_MOVES = 250;

const playAtRandom = (random: Random): Game => {
  const game = new Game();
  const moves = random.below(MOST_RANDOM_MOVES);
  while (game.moveCount < moves) {
    const points = Array.from(game.board.points).filter(point => isSensible(game, point, game.toPlay));
    game.play(points.length > 0 ? points[random.below(points.length)] : PASS);
    if (game.isOver) break;
  }
  return game;
};
