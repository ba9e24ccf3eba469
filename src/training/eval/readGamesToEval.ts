/** Game records of files, folders and archives as a dataset in memory, to draw positions from. */
import { resolve } from 'node:path';
import { readRecords } from '../../sgf/archive.ts';
import { Dataset } from '../data/dataset.ts';
import { DatasetError } from '../data/datasetError.ts';
import { GameStore } from '../data/gameStore.ts';
import { parseFiles } from '../data/parsePool.ts';
import type { SourceFile } from '../data/readGame.ts';
import { sourceOf } from '../data/sources.ts';
import type { LeftOut } from '../data/summary.ts';
import { Tally } from '../data/tally.ts';

export interface GamesToEval {
  readonly dataset: Dataset;
  readonly leftOut: readonly LeftOut[];
}

/** Any game with a move counts. */
const FILTERS = { minMoves: 1 } as const;

/**
 * Reads all games on 19x19 that can be played, each once.
 * @param onProgress given the games read so far
 * @throws DatasetError if there are none; SgfError if a path holds no records
 */
export const readGamesToEval = async (
  paths: readonly string[],
  threads: number,
  onProgress?: (games: number) => void,
): Promise<GamesToEval> => {
  const store = new GameStore({ shares: { validation: 0, test: 0 }, holdOut: undefined });
  const leftOut = new Tally();
  for await (const { outcomes } of parseFiles(inputs(paths), FILTERS, threads)) {
    for (const outcome of outcomes) {
      if ('reason' in outcome) leftOut.add(outcome.reason, outcome.source);
      else if (!store.add(outcome.source, outcome.record))
        leftOut.add('the same game as one before', outcome.source);
    }
    onProgress?.(store.size);
  }
  const list = leftOut.list();
  if (store.size === 0) {
    const why = list.map(({ reason, count }) => `${count} x ${reason}`).join(', ');
    throw new DatasetError(`no game on 19x19 in ${paths.join(', ')}${why && `: ${why}`}`);
  }
  return { dataset: inMemory(store.finish()), leftOut: list };
};

async function* inputs(paths: readonly string[]): AsyncGenerator<SourceFile> {
  for (const path of paths)
    for await (const { archive, name, bytes } of readRecords(path))
      yield {
        source: sourceOf(resolve(archive), name === archive ? resolve(name) : name),
        isHuman: true,
        bytes,
      };
}

/** A dataset without labels. */
const inMemory = (records: readonly Uint8Array[]): Dataset => {
  const games = new SharedArrayBuffer(records.reduce((sum, { length }) => sum + length, 0));
  const starts = new SharedArrayBuffer((records.length + 1) * Float64Array.BYTES_PER_ELEMENT);
  const at = new Float64Array(starts);
  for (const [i, record] of records.entries()) {
    new Uint8Array(games).set(record, at[i]);
    at[i + 1] = at[i] + record.length;
  }
  const labelStarts = new SharedArrayBuffer((records.length + 1) * Int32Array.BYTES_PER_ELEMENT);
  return Dataset.from({ games, starts, labels: new SharedArrayBuffer(0), labelStarts });
};
