/**
 * A dataset is a folder:
 *
 * - `dataset.json`: what is in it, where it came from, what was left out and why ({@link DatasetSummary})
 * - `games-0000.bin` and following: game records (gameRecord.ts), in the order in which they were read
 * - `labels-0000.bin` and following: labels (../labels.ts), their game renumbered to its index here, in order of game and ply
 *
 * A record never straddles two files. Nothing in it depends on when, where, or with how many threads it was made.
 */
import { DatasetError } from './datasetError.ts';
import { SPLITS, type Split } from './splits.ts';

export const SUMMARY_FILE = 'dataset.json';
export const DATASET_VERSION = 1;
const FORMAT = 'hane-dataset';

export interface Shard {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface SplitCounts {
  readonly games: number;
  /** Positions that somebody moved in. */
  readonly positions: number;
  readonly labels: number;
}

/** Something that was left out: why, how often, and the first few sources. */
export interface LeftOut {
  readonly reason: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** An archive, folder or file that games came from. */
export interface SourceCounts {
  readonly name: string;
  readonly isHuman: boolean;
  readonly read: number;
  readonly kept: number;
}

export interface DatasetSummary {
  readonly version: typeof DATASET_VERSION;
  readonly games: number;
  readonly positions: number;
  readonly labels: number;
  readonly splits: Readonly<Record<Split, SplitCounts>>;
  /** What decided the split, in words. */
  readonly splitBy: string;
  readonly sources: readonly SourceCounts[];
  /** The filters that were asked for, as on the command line. */
  readonly filters: Readonly<Record<string, string>>;
  readonly leftOut: readonly LeftOut[];
  readonly labelsLeftOut: readonly LeftOut[];
  readonly shards: { readonly games: readonly Shard[]; readonly labels: readonly Shard[] };
}

/** The text of `dataset.json`. */
export const makeSummary = (summary: Omit<DatasetSummary, 'version'>): string =>
  `${JSON.stringify({ format: FORMAT, version: DATASET_VERSION, ...summary }, undefined, 2)}\n`;

/**
 * Reads `dataset.json`.
 * @param path for messages
 * @throws DatasetError if it is no such file, or of a version that this program does not know
 */
export const parseSummary = (text: string, path: string): DatasetSummary => {
  const fail = (what: string, cause?: unknown): never => {
    throw new DatasetError(`${path}: ${what}`, { cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(`no JSON: ${(error as Error).message}`, error);
  }
  if (!isObject(value) || value['format'] !== FORMAT) return fail(`its "format" is not "${FORMAT}"`);
  if (value['version'] !== DATASET_VERSION)
    fail(`version ${JSON.stringify(value['version'])}: this program reads version ${DATASET_VERSION}`);
  for (const [name, isRight] of Object.entries(FIELDS))
    if (!isRight(value[name])) fail(`its "${name}" is missing or not what it should be`);
  return value as unknown as DatasetSummary;
};

type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = value => typeof value === 'string';
const isCount: Check = value => Number.isSafeInteger(value) && (value as number) >= 0;
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check);
const objectOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  value =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const isShard: Check = objectOf({
  // A name in the folder itself: no way out of it.
  file: value => isText(value) && /^[a-z]+-\d+\.bin$/.test(value as string),
  bytes: isCount,
  sha256: isText,
});
const isLeftOut: Check = objectOf({ reason: isText, count: isCount, examples: listOf(isText) });
const isSplit: Check = objectOf({ games: isCount, positions: isCount, labels: isCount });

/** What each field must be. */
const FIELDS: Readonly<Record<Exclude<keyof DatasetSummary, 'version'>, Check>> = {
  games: isCount,
  positions: isCount,
  labels: isCount,
  splits: objectOf(Object.fromEntries(SPLITS.map(split => [split, isSplit]))),
  splitBy: isText,
  sources: listOf(
    objectOf({
      name: isText,
      isHuman: value => typeof value === 'boolean',
      read: isCount,
      kept: isCount,
    }),
  ),
  filters: value => isObject(value) && Object.values(value).every(isText),
  leftOut: listOf(isLeftOut),
  labelsLeftOut: listOf(isLeftOut),
  shards: objectOf({ games: listOf(isShard), labels: listOf(isShard) }),
};
