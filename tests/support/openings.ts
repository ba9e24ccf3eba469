/** The first moves of real games, as openings of matches. */
import { makeVertex } from '../../engine/coords.ts';
import { BLACK, PASS, WHITE, type Move } from '../../engine/types.ts';
import type { GameRecord } from '../../src/sgf/record.ts';
import { readGames } from './records.ts';

/** Games between two that give an opening: neighbours in an archive are often by the same players. */
const STRIDE = 41;

export interface Opening {
  /** The record's name in its archive, and the moves as vertices. */
  readonly source: string;
  readonly moves: readonly Move[];
}

/**
 * The first moves of even games on 19x19, Black and White by turns, no two alike.
 * @param path a folder or archive of SGF files
 * @throws Error if there are too few
 */
export const readOpenings = async (path: string, length: number, count: number): Promise<Opening[]> => {
  const openings = new Map<string, Opening>();
  let plain = 0;
  for await (const { name, record } of readGames(path)) {
    if (openings.size >= count) break;
    if (!isPlain(record, length) || plain++ % STRIDE !== 0) continue;
    const moves = record.moves.slice(0, length);
    const key = moves.map(({ point }) => makeVertex(point, record)).join(' ');
    if (!openings.has(key)) openings.set(key, { source: `${name}: ${key}`, moves });
  }
  if (openings.size < count)
    throw new Error(`only ${openings.size} of ${count} different openings in ${path}`);
  return [...openings.values()];
};

const isPlain = ({ width, height, handicap, setup, moves }: GameRecord, length: number): boolean =>
  width === 19 &&
  height === 19 &&
  handicap === 0 &&
  setup.length === 0 &&
  moves.length >= length &&
  moves
    .slice(0, length)
    .every(({ color, point }, i) => point !== PASS && color === (i % 2 === 0 ? BLACK : WHITE));
