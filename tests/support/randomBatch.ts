/** Positions of random games, with a move, a winner and a lead that have nothing to do with them. */
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { encode, encodeColor } from '../../features/encode.ts';
import { COLOR, VALUE_PLANES } from '../../features/planes.ts';
import { PLANE_SIZE, makeBatch, type Batch } from '../../src/training/batch.ts';
import { playRandomMoves } from './randomGames.ts';

/** A batch with every target; the same for the same seed. */
export const randomBatch = (positions: number, seed: number, planes = 48): Batch => {
  const batch = makeBatch(planes, positions);
  const random = new Random(seed);
  for (let n = 0; n < positions; n++) {
    const game = new Game();
    playRandomMoves(game, 5 + random.below(150), random);
    const start = n * planes * PLANE_SIZE;
    encode(game, batch.planes, start);
    if (planes === VALUE_PLANES) encodeColor(game, batch.planes, start + COLOR * PLANE_SIZE);
    const move = random.below(361);
    batch.policy[n * 362 + move] = 1;
    batch.expert[n * 361 + move] = 1;
    batch.reply[n * 361 + random.below(361)] = 1;
    batch.chance[n] = random.below(2);
    batch.lead[n] = 20 * random.float() - 10;
    // Owners are to be seen on the board: the head for them looks no further.
    for (let i = 0; i < 361; i++)
      batch.ownership[n * 361 + i] = game.board.stones[game.board.points[i]] === game.toPlay ? 1 : -1;
  }
  for (const weight of [
    'policyWeight',
    'expertWeight',
    'replyWeight',
    'chanceWeight',
    'leadWeight',
    'ownershipWeight',
  ] as const)
    batch[weight].fill(1);
  return batch;
};
