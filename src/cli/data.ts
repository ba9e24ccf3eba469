/** `hane data build`: game records and labels to a dataset, and `hane data info`: what is in one. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { buildDataset } from '../training/data/build.ts';
import { Dataset, readSummary } from '../training/data/dataset.ts';
import { DatasetError } from '../training/data/datasetError.ts';
import { DEFAULT_FILTERS } from '../training/data/filters.ts';
import { drawOverview } from '../training/data/overview.ts';
import { describeDataset } from '../training/data/describe.ts';
import { DEFAULT_SHARES } from '../training/data/splits.ts';
import {
  filtersOf,
  readRange,
  readRank,
  readResultKinds,
  readShare,
  readSize,
  type FilterOptions,
} from './dataOptions.ts';
import { addDataLabelCommand } from './dataLabel.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { wholeNumber, writePicture } from './position.ts';
import { ProgressLine, grouped } from './progressLine.ts';

interface BuildCommandOptions extends FilterOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly machineGames: readonly string[];
  readonly holdOut?: string;
  readonly validationShare: number;
  readonly testShare?: number;
  readonly labels: readonly string[];
  readonly labelGames?: string;
  readonly threads: number;
}

/** Adds the commands `data build` and `data info`. @returns `data`, for more commands under it */
export const addDataCommand = (program: Command): Command => {
  const data = program.command('data').description('make datasets to train on, and look at them');
  addBuildCommand(data);
  addDataLabelCommand(data);
  data
    .command('info')
    .description('say what is in a dataset')
    .argument('<folder>', 'the dataset')
    .option('--out <file>', 'draw lengths, years, results and ranks, .svg or .png')
    .option('--json', 'print dataset.json')
    .action((folder: string, options: { out?: string; json?: boolean }) =>
      showInfo(folder, options).catch(explain),
    );
  return data;
};

const addBuildCommand = (data: Command): void => {
  data
    .command('build')
    .description('make a dataset of game records: SGF files, folders, .tar, .tar.gz, .zip')
    .argument('[paths...]', 'games between people')
    .requiredOption('--out <folder>', 'the dataset to make')
    .option('--force', 'replace the dataset that is there')
    .option('--machine-games <paths...>', 'games that machines played: no targets for the expert head', [])
    .option('--min-rank <rank>', 'lowest rank of both players: 3k, 6d, 1p', readRank)
    .option('--max-rank <rank>', 'highest rank of both players', readRank)
    .option(
      '--result <kinds>',
      'how games may have ended, with commas: counted, resignation, time, forfeit, won, draw, void, unknown; known is all but the last two',
      readResultKinds,
    )
    .option('--size <n>', 'board size: datasets hold 19x19 only', readSize, 19)
    .option('--min-moves <n>', 'shortest game', wholeNumber(0), DEFAULT_FILTERS.minMoves)
    .option('--max-moves <n>', 'longest game', wholeNumber(0))
    .option('--max-handicap <n>', 'most handicap stones', wholeNumber(0))
    .option('--komi <min:max>', 'points for White; games of unknown komi are left out', readRange)
    .option('--years <from:to>', 'when it was played', readRange)
    .option(
      '--validation-share <share>',
      'share of the games to validate with',
      readShare,
      DEFAULT_SHARES.validation,
    )
    .option(
      '--test-share <share>',
      `share of the games to test with (default: ${DEFAULT_SHARES.test}, with --hold-out 0)`,
      readShare,
    )
    .option('--hold-out <file>', 'list of the games to validate with, archive/member a line, .gz or not')
    .option('--labels <files...>', 'teacher labels, .gz or not', [])
    .option('--label-games <file>', 'list of their games: game,archive,member a line, .gz or not')
    .option('--threads <n>', 'threads that read games', wholeNumber(1, 256), availableParallelism())
    .action((paths: readonly string[], options: BuildCommandOptions) => build(paths, options).catch(explain));
};

const build = async (paths: readonly string[], options: BuildCommandOptions): Promise<void> => {
  const { machineGames, labels, labelGames, holdOut, validationShare, testShare } = options;
  if (paths.length + machineGames.length === 0)
    throw new DatasetError('no games: name SGF files, folders or archives');
  if (labels.length > 0 !== (labelGames !== undefined))
    throw new DatasetError('--labels and --label-games belong together: the list says whose labels they are');
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const progress = new ProgressLine();
  try {
    const summary = await buildDataset({
      ...options,
      paths,
      machinePaths: machineGames,
      force: options.force ?? false,
      filters: filtersOf(options),
      shares: {
        validation: validationShare,
        test: testShare ?? (holdOut === undefined ? DEFAULT_SHARES.test : 0),
      },
      signal: stop.signal,
      onProgress: ({ files, total, games, kept }) =>
        progress.show({ done: files, total, count: games, unit: 'games', text: `${grouped(kept)} kept` }),
    });
    progress.clear();
    process.stdout.write(describeDataset(summary));
  } finally {
    progress.clear();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    if (stop.signal.aborted) process.exitCode = INTERRUPTED;
  }
};

const showInfo = async (folder: string, options: { out?: string; json?: boolean }): Promise<void> => {
  const summary = await readSummary(folder);
  process.stdout.write(
    options.json ? `${JSON.stringify(summary, undefined, 2)}\n` : describeDataset(summary),
  );
  if (options.out !== undefined)
    await writePicture(options.out, drawOverview(await Dataset.open(folder), basename(resolve(folder))));
};

const explain = (error: unknown): void => {
  if (!(error instanceof DatasetError)) throw error;
  process.stderr.write(`hane: ${error.message}\n`);
  process.exitCode ||= 2;
};
