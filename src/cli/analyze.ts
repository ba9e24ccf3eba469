/** `hane analyze`: games move by move, or one position. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { analyzeGames, type GamesOptions } from './analyzeGames.ts';
import { analyzePosition, type PositionOptions } from './analyzePosition.ts';
import { UserError } from './errors.ts';
import { addNetworkOptions } from './networkOptions.ts';
import { symmetriesOption, wholeNumber } from './position.ts';

type AnalyzeOptions = PositionOptions & GamesOptions;

/** Visits of each position of a game: a few hundred moves in about a minute on two cores. */
const VISITS = 100;

/** Adds the command `analyze`. */
export const addAnalyzeCommand = (program: Command): void => {
  const command = program
    .command('analyze')
    .description(
      'search every position of games: win rates, what each move lost, best lines; or show one position',
    )
    .argument('<path>', 'an SGF file; without --move also a folder or an archive (.tar, .tar.gz, .tgz, .zip)')
    .option('--visits <n>', 'visits of each position', wholeNumber(1), VISITS)
    .option('--seed <n>', 'seed of the search', wholeNumber(0, 2 ** 32 - 1), 1)
    .option(
      '--game <n>',
      'which game of a file with several (default: all, with --move the first)',
      wholeNumber(1),
    )
    .option(
      '--out <path>',
      'a folder for pages, annotated SGF files and graphs, where an interrupted run goes on; or a picture, .svg or .png: of the win rates, with --move of the position',
    )
    .option('--move <n>', 'show the move probabilities after this many moves', wholeNumber(0))
    .option('--top <n>', 'with --move: moves to list', wholeNumber(1), 10)
    .option(
      '--symmetries <1|8>',
      'with --move: evaluate the board as it stands, or the mean of all 8 ways to look at it',
      symmetriesOption,
      1,
    )
    .action(async (path: string, options: AnalyzeOptions) => {
      if (options.out !== undefined) await checkOut(options.out);
      await (options.move === undefined ? analyzeGames(path, options) : analyzePosition(path, options));
    });
  addNetworkOptions(command);
};

/** A path with an ending is a picture, unless it is a folder already. */
const checkOut = async (path: string): Promise<void> => {
  const ending = extname(path).toLowerCase();
  if (ending === '' || ending === '.svg' || ending === '.png') return;
  const isFolder = await stat(path).then(
    found => found.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new UserError(
      `${path}: the file has to end in .svg or .png; the name of a new folder has no ending`,
    );
};
