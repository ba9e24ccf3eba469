/** Whether who won a game tells something of its positions: one answer for learning from results and for measuring by them. */
import type { Color } from '../../../engine/types.ts';
import type { Dataset } from './dataset.ts';
import { LARGEST_KOMI } from './komi.ts';

/** Below this, on KGS, stands a handicap or a difference in rank, and the result says little of the position. */
const LEAST_EVEN_KOMI = 5;

/**
 * Who won, if that tells something of the positions of a game: it began even, without set-up stones, with a komi from 5 to 15, and
 * did not end by time or forfeit.
 * @param game index in the dataset
 * @returns undefined if it tells nothing, or if nobody is known to have won
 */
export const tellingWinner = (
  dataset: Pick<Dataset, 'komi' | 'isEven' | 'resultKind' | 'winner'>,
  game: number,
): Color | undefined => {
  const komi = dataset.komi(game);
  if (komi === undefined || komi < LEAST_EVEN_KOMI || komi > LARGEST_KOMI) return undefined;
  if (!dataset.isEven(game)) return undefined;
  const kind = dataset.resultKind(game);
  return kind === 'time' || kind === 'forfeit' ? undefined : dataset.winner(game);
};
