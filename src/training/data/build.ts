/**
 * Makes a dataset: reads game records on several threads, leaves out what cannot be used or was not asked for, joins labels, and
 * writes the folder beside its place first, so that it is there whole or not at all. The same input gives the same bytes.
 */
import { readdir, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readRecords } from '../../sgf/archive.ts';
import { DatasetError } from './datasetError.ts';
import { describeFilters, type GameFilters } from './filters.ts';
import { GameReader } from './gameRecord.ts';
import { GameStore } from './gameStore.ts';
import { joinLabels, readLabelGames } from './labelJoin.ts';
import { parseFiles } from './parsePool.ts';
import type { Outcome, SourceFile } from './readGame.ts';
import { writeShards } from './shardWriter.ts';
import { readSources, sourceOf } from './sources.ts';
import { SPLITS, type Split, type SplitShares } from './splits.ts';
import { SUMMARY_FILE, makeSummary, type DatasetSummary, type SourceCounts } from './summary.ts';
import { Tally } from './tally.ts';

export interface BuildOptions {
  /** SGF files, folders and archives of games between people. */
  readonly paths: readonly string[];
  /** The same, of games that machines played. */
  readonly machinePaths: readonly string[];
  /** The folder to make. */
  readonly out: string;
  /** Whether a dataset there may be replaced. */
  readonly force: boolean;
  readonly filters: GameFilters;
  readonly shares: SplitShares;
  /** List of the games of the validation split, in place of its share. */
  readonly holdOut?: string | undefined;
  /** Files of labels, and the list of their games. */
  readonly labels: readonly string[];
  readonly labelGames?: string | undefined;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly shardBytes?: number | undefined;
}

export interface BuildProgress {
  readonly files: number;
  /** Files in all; undefined until they are counted. */
  readonly total: number | undefined;
  readonly games: number;
  readonly kept: number;
}

/**
 * @returns what `dataset.json` says
 * @throws DatasetError if something cannot be read or is in the way, or on the signal; SgfError if a path holds no records
 */
export const buildDataset = async (options: BuildOptions): Promise<DatasetSummary> => {
  const { out, force } = options;
  await refuseToOverwrite(out, force);
  const beside = (what: string): string =>
    join(dirname(resolve(out)), `.${basename(resolve(out))}.${process.pid}.${what}`);
  const draft = beside('tmp');
  try {
    await mkdir(draft, { recursive: true });
    const summary = await writeDataset(options, draft);
    refuseInterrupted(options.signal);
    await replaceFolder(draft, out, beside('old'));
    return summary;
  } catch (error) {
    // What the system refuses: no room, no right.
    if (error instanceof Error && 'syscall' in error)
      throw new DatasetError(`cannot make ${out}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

const writeDataset = async (options: BuildOptions, folder: string): Promise<DatasetSummary> => {
  const { holdOut, labelGames, shares, shardBytes } = options;
  const held = holdOut === undefined ? undefined : await readSources(holdOut);
  const labelled = labelGames === undefined ? new Map<number, string>() : await readLabelGames(labelGames);
  const store = new GameStore({ shares, holdOut: held });
  const leftOut = new Tally();
  const sources = await readAll(options, store, leftOut);
  const records = store.finish();
  const [, games] = await writeShards(folder, 'games', shardBytes, async writer => {
    for (const record of records) await writer.add(record);
  });
  const labelsLeftOut = new Tally();
  const target = { records, indexOf: store.indexOf };
  const [labelCounts, labels] = await writeShards(folder, 'labels', shardBytes, writer =>
    joinLabels(options.labels, labelled, target, labelsLeftOut, writer),
  );
  for (const source of held ?? [])
    if (!store.indexOf.has(source)) leftOut.add('to be held out, but not among the games', source);
  const summary = {
    ...countSplits(records, labelCounts),
    splitBy: held
      ? `${basename(holdOut!)} names the validation games, a hash of the moves the test games (${shares.test})`
      : `a hash of the moves: validation ${shares.validation}, test ${shares.test}`,
    sources,
    filters: describeFilters(options.filters),
    leftOut: leftOut.list(),
    labelsLeftOut: labelsLeftOut.list(),
    shards: { games, labels },
  };
  await writeFile(join(folder, SUMMARY_FILE), makeSummary(summary));
  return { version: 1, ...summary };
};

/** Reads all games into the store. @returns what each archive or folder gave */
const readAll = async (
  options: BuildOptions,
  store: GameStore,
  leftOut: Tally,
): Promise<readonly SourceCounts[]> => {
  const { signal, onProgress, filters, threads } = options;
  const counts = new Map<string, { name: string; isHuman: boolean; read: number; kept: number }>();
  const progress = { files: 0, total: undefined as number | undefined, games: 0, kept: 0 };
  const ended = new AbortController();
  const counting = onProgress
    ? countFiles(options, ended.signal).then(
        total => (progress.total = total),
        () => undefined, // the reading meets the same error, and says it
      )
    : undefined;
  const take = (outcome: Outcome): void => {
    const { source, isHuman } = outcome;
    const name = source.split('/')[0];
    let count = counts.get(name);
    if (!count) counts.set(name, (count = { name, isHuman, read: 0, kept: 0 }));
    count.read++;
    progress.games++;
    if ('reason' in outcome) leftOut.add(outcome.reason, source);
    else if (store.add(source, outcome.record)) {
      count.kept++;
      progress.kept++;
    } else leftOut.add('the same game as one before', source);
  };
  try {
    for await (const batch of parseFiles(inputs(options), filters, threads)) {
      refuseInterrupted(signal);
      for (const outcome of batch.outcomes) take(outcome);
      progress.files += batch.files;
      onProgress?.(progress);
    }
  } finally {
    ended.abort();
    await counting;
  }
  return [...counts.values()];
};

async function* inputs({ paths, machinePaths }: BuildOptions): AsyncGenerator<SourceFile> {
  for (const [i, path] of [...paths, ...machinePaths].entries()) {
    for await (const { archive, name, bytes } of readRecords(path))
      yield { source: sourceOf(archive, name), isHuman: i < paths.length, bytes };
  }
}

/** How many files there are, so that the time left can be told. Runs beside the reading. */
const countFiles = async (
  { paths, machinePaths }: BuildOptions,
  signal: AbortSignal,
): Promise<number | undefined> => {
  let count = 0;
  for (const path of [...paths, ...machinePaths]) {
    for await (const _ of readRecords(path)) {
      if (signal.aborted) return undefined;
      count++;
    }
  }
  return count;
};

const countSplits = (
  records: readonly Uint8Array[],
  labelCounts: Int32Array,
): Pick<DatasetSummary, 'games' | 'positions' | 'labels' | 'splits'> => {
  const splits = Object.fromEntries(
    SPLITS.map(split => [split, { games: 0, positions: 0, labels: 0 }]),
  ) as Record<Split, { games: number; positions: number; labels: number }>;
  for (const [index, record] of records.entries()) {
    const reader = new GameReader(record);
    const counts = splits[reader.split(0)];
    counts.games++;
    counts.positions += reader.moveCount(0);
    counts.labels += labelCounts[index];
  }
  const sum = (field: 'games' | 'positions' | 'labels'): number =>
    SPLITS.reduce((total, split) => total + splits[split][field], 0);
  return { games: sum('games'), positions: sum('positions'), labels: sum('labels'), splits };
};

const refuseInterrupted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new DatasetError('interrupted: nothing was written');
};

/** What is in the way stays, unless it is a dataset or empty and may go. */
const refuseToOverwrite = async (out: string, force: boolean): Promise<void> => {
  const there = await stat(out).catch(() => undefined);
  if (!there) return;
  if (!there.isDirectory()) throw new DatasetError(`${out} is a file, not a folder`);
  const files = await readdir(out);
  if (files.length === 0) return;
  if (!files.includes(SUMMARY_FILE))
    throw new DatasetError(`${out} is there and is no dataset: another folder, please`);
  if (!force) throw new DatasetError(`${out} is there: --force replaces it`);
};

/** Puts a folder in the place of another. @param aside where the other waits meanwhile */
const replaceFolder = async (draft: string, place: string, aside: string): Promise<void> => {
  const hadOne = await rename(place, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(draft, place);
  } catch (error) {
    if (hadOne) await rename(aside, place);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
};
