/**
 * A dataset in memory: games to replay and labels to learn from, in buffers that threads share. The form on disk is in
 * summary.ts (the folder), gameRecord.ts (the games) and ../labels.ts (the labels); build.ts makes it.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pointOfPolicyIndex } from '../../../engine/coords.ts';
import type { Game } from '../../../engine/game.ts';
import type { Color, Move } from '../../../engine/types.ts';
import { LABEL_BYTES, LabelError, Labels } from '../labels.ts';
import { DatasetError } from './datasetError.ts';
import { BOARD, GameReader, type ResultKind, type StoredGame } from './gameRecord.ts';
import type { Split } from './splits.ts';
import { SUMMARY_FILE, parseSummary, type DatasetSummary, type Shard } from './summary.ts';

export { SPLITS, type Split } from './splits.ts';

/** A dataset's buffers, to hand to another thread; they are shared, not copied. */
export interface DatasetMemory {
  /** Game records one after another. */
  readonly games: SharedArrayBuffer;
  /** Where each record begins, and where the last one ends. Float64 [games + 1]. */
  readonly starts: SharedArrayBuffer;
  /** Labels in order of game and ply; their game is the index here. */
  readonly labels: SharedArrayBuffer;
  /** First label of each game, and one past the last. Int32 [games + 1]. */
  readonly labelStarts: SharedArrayBuffer;
}

export class Dataset {
  /** Number of games. */
  readonly games: number;
  /** Labels of all games; `labels.game(k)` is a game of this dataset. */
  readonly labels: Labels;
  private readonly shared: DatasetMemory;
  private readonly reader: GameReader;
  private readonly starts: Float64Array;
  private readonly labelStarts: Int32Array;

  private constructor(memory: DatasetMemory) {
    this.shared = memory;
    this.reader = new GameReader(new Uint8Array(memory.games));
    this.starts = new Float64Array(memory.starts);
    this.labelStarts = new Int32Array(memory.labelStarts);
    this.games = this.starts.length - 1;
    this.labels = new Labels(new Uint8Array(memory.labels));
  }

  /** Reads a whole dataset. @throws DatasetError naming the file if one is missing, damaged or of another version */
  static async open(folder: string): Promise<Dataset> {
    const summary = await readSummary(folder);
    const games = await readShards(folder, summary.shards.games);
    const starts = indexGames(folder, games, summary);
    const labels = await readShards(folder, summary.shards.labels);
    const labelStarts = indexLabels(folder, labels, starts.length - 1);
    return new Dataset({
      games,
      starts: starts.buffer,
      labels,
      labelStarts: labelStarts.buffer,
    });
  }

  /** The dataset that another thread opened. */
  static from(memory: DatasetMemory): Dataset {
    return new Dataset(memory);
  }

  /** What {@link Dataset.from} takes. */
  memory(): DatasetMemory {
    return this.shared;
  }

  split(game: number): Split {
    return this.reader.split(this.starts[game]);
  }

  /** Indices of the games of a split, ascending. */
  gamesOf(split: Split): Int32Array {
    const all = Int32Array.from({ length: this.games }, (_, game) => game);
    return all.filter(game => this.split(game) === split);
  }

  /** Everything that is known of a game, as new objects. */
  game(game: number): StoredGame {
    return this.reader.game(this.starts[game], game);
  }

  /** False for games that a machine played: their moves are no targets for the expert head. */
  isHuman(game: number): boolean {
    return this.reader.isHuman(this.starts[game]);
  }

  /** In points for White; undefined if unknown. */
  komi(game: number): number | undefined {
    return this.reader.komi(this.starts[game]);
  }

  /** Whether it began without handicap and from the empty board. */
  isEven(game: number): boolean {
    const at = this.starts[game];
    return this.reader.handicap(at) === 0 && this.reader.setupCount(at) === 0;
  }

  /** Who won; undefined if nobody did or nobody knows. */
  winner(game: number): Color | undefined {
    return this.reader.winner(this.starts[game]);
  }

  resultKind(game: number): ResultKind {
    return this.reader.resultKind(this.starts[game]);
  }

  moveCount(game: number): number {
    return this.reader.moveCount(this.starts[game]);
  }

  /** Move number `ply`, from 0. Assumes that it exists. */
  moveAt(game: number, ply: number): Move {
    const at = this.starts[game];
    return {
      color: this.reader.moveColor(at, ply),
      point: pointOfPolicyIndex(this.reader.moveIndex(at, ply), BOARD),
    };
  }

  /** Labels of a game: from the first up to, but without, the second. */
  labelRange(game: number): readonly [first: number, end: number] {
    return [this.labelStarts[game], this.labelStarts[game + 1]];
  }

  /**
   * Brings a 19x19 game to a position: after `ply` moves, with the player to move who did move there. Between games without set-up
   * stones nothing is allocated.
   * @param ply 0 to the number of moves
   */
  replayInto(target: Game, game: number, ply: number = this.moveCount(game)): void {
    const { reader } = this;
    const at = this.starts[game];
    const first = reader.toPlay(at);
    if (reader.setupCount(at) === 0 && target.setupStones.length === 0 && target.firstPlayer === first)
      while (target.undo());
    else target.setup(reader.setup(at), first, reader.handicap(at));
    for (let i = 0; i < ply; i++)
      target.play(pointOfPolicyIndex(reader.moveIndex(at, i), BOARD), reader.moveColor(at, i));
    if (ply < reader.moveCount(at)) target.toPlay = reader.moveColor(at, ply);
    else if (ply === 0) target.toPlay = first;
  }
}

/** What `dataset.json` in a folder says. @throws DatasetError if there is none, or it is no such file */
export const readSummary = async (folder: string): Promise<DatasetSummary> => {
  const path = join(folder, SUMMARY_FILE);
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new DatasetError(`${folder} is no dataset: cannot read ${path}: ${error.message}`, {
      cause: error,
    });
  });
  return parseSummary(text, path);
};

/** All shards of one kind in one buffer, each checked against its size and hash. */
const readShards = async (folder: string, shards: readonly Shard[]): Promise<SharedArrayBuffer> => {
  // Sizes first: what a damaged list says is no amount of memory to ask for.
  for (const { file, bytes } of shards) {
    const path = join(folder, file);
    const { size } = await stat(path).catch(error => cannotRead(path, error as Error));
    if (size !== bytes) throw new DatasetError(`${path} is damaged: ${size} bytes, not ${bytes}`);
  }
  const memory = new SharedArrayBuffer(shards.reduce((sum, { bytes }) => sum + bytes, 0));
  let at = 0;
  for (const { file, bytes, sha256 } of shards) {
    const path = join(folder, file);
    const content = await readFile(path).catch(error => cannotRead(path, error as Error));
    const found = createHash('sha256').update(content).digest('hex');
    if (found !== sha256 || content.length !== bytes)
      throw new DatasetError(`${path} is damaged: its SHA-256 is ${found}, not ${sha256}`);
    new Uint8Array(memory).set(content, at);
    at += bytes;
  }
  return memory;
};

const cannotRead = (path: string, error: Error): never => {
  throw new DatasetError(`cannot read ${path}: ${error.message}`, { cause: error });
};

/** Where each game begins. */
const indexGames = (
  folder: string,
  memory: SharedArrayBuffer,
  summary: DatasetSummary,
): Float64Array<SharedArrayBuffer> => {
  const reader = new GameReader(new Uint8Array(memory));
  const starts = new Float64Array(
    new SharedArrayBuffer((summary.games + 1) * Float64Array.BYTES_PER_ELEMENT),
  );
  let at = 0;
  for (let game = 0; game < summary.games; game++) {
    const size = reader.sizeAt(at);
    if (size === undefined)
      throw new DatasetError(`${folder}: game ${game} of ${summary.games} is no game record`);
    at += size;
    starts[game + 1] = at;
  }
  if (at !== memory.byteLength)
    throw new DatasetError(`${folder}: more than the ${summary.games} games that ${SUMMARY_FILE} counts`);
  return starts;
};

/** Where the labels of each game begin. */
const indexLabels = (
  folder: string,
  memory: SharedArrayBuffer,
  games: number,
): Int32Array<SharedArrayBuffer> => {
  const starts = new Int32Array(new SharedArrayBuffer((games + 1) * Int32Array.BYTES_PER_ELEMENT));
  const labels = checkedLabels(folder, memory);
  for (let i = 0; i < labels.count; i++) {
    const game = labels.game(i);
    if (game >= games || (i > 0 && game < labels.game(i - 1)))
      throw new DatasetError(
        `${folder}: label ${i} is of game ${game}: out of order, or of none of ${games} games`,
      );
    starts[game + 1] = i + 1;
  }
  for (let game = 1; game <= games; game++) starts[game] = Math.max(starts[game], starts[game - 1]);
  return starts;
};

const checkedLabels = (folder: string, memory: SharedArrayBuffer): Labels => {
  try {
    return new Labels(new Uint8Array(memory), `labels of ${folder} (${LABEL_BYTES} bytes each)`);
  } catch (error) {
    if (error instanceof LabelError) throw new DatasetError(error.message, { cause: error });
    throw error;
  }
};
