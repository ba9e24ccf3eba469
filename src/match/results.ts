/** Results on disk: one line of JSON a game, added when it is finished, so that whatever happens a match can go on. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { MatchError } from './engineSpec.ts';
import type { Pentanomial } from './statistics.ts';

/** A finished game as it is kept. */
export interface GameRow {
  readonly id: string;
  readonly pair: number;
  readonly opening: string;
  readonly black: string;
  readonly white: string;
  /** As in SGF: "B+3.5", "W+R", "B+T", "W+F", "0", "Void". */
  readonly result: string;
  readonly reason?: string;
  /** Vertices. */
  readonly moves: readonly string[];
  /** Moves of the opening among them. */
  readonly openingMoves: number;
  /** Black's win rate after each move in percent, where the mover told it. */
  readonly winrates: readonly (number | null)[];
  /** What the players count: Black's, White's. */
  readonly counts: readonly (string | null)[];
  /** Wall time of all moves of each side, in seconds. */
  readonly secondsBlack: number;
  readonly secondsWhite: number;
  /** Key that is the same for equal games up to symmetry. */
  readonly key: string;
  readonly finished: string;
}

/**
 * Reads a file of results; a last line that was cut off by a crash is removed from the file.
 * @throws MatchError naming the line if another one is damaged
 */
export const readResults = (path: string): GameRow[] => {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  const rows = new Map<string, GameRow>();
  for (const [number, line] of text.slice(0, end).split('\n').entries()) {
    if (line === '') continue;
    let row: GameRow;
    try {
      row = JSON.parse(line) as GameRow;
    } catch (error) {
      throw new MatchError(`${path}, line ${number + 1} is no result: ${(error as Error).message}`, {
        cause: error,
      });
    }
    rows.set(row.id, rows.get(row.id) ?? row);
  }
  return [...rows.values()];
};

/** Adds one line, on disk when it returns. */
export const appendResult = (path: string, row: GameRow): void => {
  const file = openSync(path, 'a');
  try {
    writeSync(file, `${JSON.stringify(row)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Points of Black: 1, 1/2, 0; undefined for a void game. */
export const blackPoints = ({ result }: GameRow): number | undefined =>
  result.startsWith('B+') ? 1 : result.startsWith('W+') ? 0 : result === '0' ? 0.5 : undefined;

/** Points of one of the two players. */
export const pointsOf = (row: GameRow, name: string): number | undefined => {
  const black = blackPoints(row);
  return black === undefined ? undefined : row.black === name ? black : 1 - black;
};

/** Complete pairs between two engines, by the points of the first. A pair with a void game does not count. */
export const countPairs = (rows: readonly GameRow[], first: string, second: string): Pentanomial => {
  const pairs = new Map<number, number[]>();
  for (const row of rows) {
    if (!between(row, first, second)) continue;
    const points = pointsOf(row, first);
    if (points === undefined) continue;
    pairs.set(row.pair, [...(pairs.get(row.pair) ?? []), points]);
  }
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (const games of pairs.values()) if (games.length === 2) counts[2 * (games[0] + games[1])]++;
  return counts;
};

export const between = ({ black, white }: GameRow, a: string, b: string): boolean =>
  (black === a && white === b) || (black === b && white === a);
