/**
 * Teacher labels find their games: a list says which SGF file each game number of the labels is, and a label belongs to the
 * position after its number of moves.
 */
import { basename } from 'node:path';
import { opposite, type Color } from '../../../engine/types.ts';
import { LABEL_BYTES, LabelError, Labels } from '../labels.ts';
import { DatasetError } from './datasetError.ts';
import { GameReader } from './gameRecord.ts';
import { readMaybePacked } from './readMaybePacked.ts';
import { sourceOf } from './sources.ts';
import type { ShardWriter } from './shardWriter.ts';
import type { Tally } from './tally.ts';

const HEADER = 'game,archive,member';

/**
 * Reads a list of games: a line `game,archive,member` each, the game's number, the archive's path and the path within it.
 * @returns source by number
 * @throws DatasetError naming the line that is none
 */
export const readLabelGames = async (path: string): Promise<Map<number, string>> => {
  const text = new TextDecoder().decode(await readMaybePacked(path));
  const games = new Map<number, string>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || (i === 0 && line === HEADER)) continue;
    const match = /^(\d+),([^,]+),(.+)$/.exec(line);
    if (!match || Number(match[1]) > 0xffffffff)
      throw new DatasetError(`${path}, line ${i + 1}: "${line}" is not ${HEADER}`);
    games.set(Number(match[1]), sourceOf(match[2], match[3]));
  }
  return games;
};

/** The games of a dataset, as labels look them up. */
export interface JoinTarget {
  readonly records: readonly Uint8Array[];
  /** Index of each game by its source, duplicates under their own names too. */
  readonly indexOf: ReadonlyMap<string, number>;
}

interface Found {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly game: number;
  readonly ply: number;
}

/**
 * Writes the labels of the games that are there, renumbered, in order of game and ply; labels of one position stay in their order.
 * @param files of labels, packed or not
 * @param leftOut counts labels without a place
 * @returns labels of each game
 * @throws DatasetError if a file is damaged
 */
export const joinLabels = async (
  files: readonly string[],
  sources: ReadonlyMap<number, string>,
  target: JoinTarget,
  leftOut: Tally,
  writer: ShardWriter,
): Promise<Int32Array> => {
  const readers = target.records.map(record => new GameReader(record));
  const found: Found[] = [];
  for (const file of files) {
    const bytes = await readMaybePacked(file);
    const labels = openLabels(bytes, file);
    for (let i = 0; i < labels.count; i++) {
      const source = sources.get(labels.game(i));
      const game = source === undefined ? undefined : target.indexOf.get(source);
      const reason = whyHomeless(labels, i, source, game === undefined ? undefined : readers[game]);
      if (reason === undefined) found.push({ bytes, at: i * LABEL_BYTES, game: game!, ply: labels.ply(i) });
      else leftOut.add(reason, `${basename(file)} label ${i}: ${source ?? `game ${labels.game(i)}`}`);
    }
  }
  const counts = new Int32Array(target.records.length);
  for (const { bytes, at, game } of found.toSorted((a, b) => a.game - b.game || a.ply - b.ply)) {
    const label = bytes.slice(at, at + LABEL_BYTES);
    new DataView(label.buffer).setUint32(0, game, true);
    await writer.add(label);
    counts[game]++;
  }
  return counts;
};

const openLabels = (bytes: Uint8Array, file: string): Labels => {
  try {
    return new Labels(bytes, file);
  } catch (error) {
    if (error instanceof LabelError) throw new DatasetError(error.message, { cause: error });
    throw error;
  }
};

const whyHomeless = (
  labels: Labels,
  i: number,
  source: string | undefined,
  game: GameReader | undefined,
): string | undefined => {
  if (source === undefined) return 'a game that the list of games lacks';
  if (game === undefined) return 'a game that is not in the dataset';
  const ply = labels.ply(i);
  if (ply > game.moveCount(0)) return 'a position after the end of its game';
  return mayMove(game, ply, labels.toPlay(i)) ? undefined : "a position where it is the other player's turn";
};

/** Whether a player moves at this point of the game, or would by turns. */
const mayMove = (game: GameReader, ply: number, color: Color): boolean => {
  if (ply < game.moveCount(0) && game.moveColor(0, ply) === color) return true;
  return color === (ply === 0 ? game.toPlay(0) : opposite(game.moveColor(0, ply - 1)));
};
