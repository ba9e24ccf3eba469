/** Games that are the same, whichever way the board is turned: they count once as evidence, and a report says so. */
import { createHash } from 'node:crypto';
import { policyIndexOf } from '../../engine/coords.ts';
import { PASS, type Move } from '../../engine/types.ts';
import { SYMMETRIES, symmetryMap } from '../../features/symmetry.ts';
import type { GameRow } from './results.ts';

/** The same for games whose moves are the same up to symmetry. */
export const gameKey = (moves: readonly Move[], size: number): string => {
  const board = { width: size, height: size };
  let least: string | undefined;
  for (let symmetry = 0; symmetry < SYMMETRIES; symmetry++) {
    const map = symmetryMap(symmetry, board);
    const text = moves
      .map(({ color, point }) => `${color}${point === PASS ? 'p' : map[policyIndexOf(point, board)]}`)
      .join();
    if (least === undefined || text < least) least = text;
  }
  return createHash('sha256').update(least!).digest('hex').slice(0, 16);
};

/** Ids of games that were played before, each with the first of its kind. */
export const findDuplicates = (rows: readonly GameRow[]): ReadonlyMap<string, string> => {
  const first = new Map<string, string>();
  const duplicates = new Map<string, string>();
  for (const { id, key, black, white } of rows) {
    const full = `${black}\n${white}\n${key}`;
    const known = first.get(full);
    if (known === undefined) first.set(full, id);
    else duplicates.set(id, known);
  }
  return duplicates;
};
