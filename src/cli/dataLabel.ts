/** `hane data label`: what an analysis engine says of positions of game records, for a network to learn from. */
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { MatchError, splitCommand } from '../match/engineSpec.ts';
import { EngineGone } from '../training/label/engineKeeper.ts';
import { labelGames, type LabelCounts } from '../training/label/labelGames.ts';
import { LabelError } from '../training/labels.ts';
import { UserError } from './errors.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { finiteNumber, wholeNumber } from './position.ts';
import { ProgressLine } from './progressLine.ts';

interface LabelCommandOptions {
  readonly engine: string;
  readonly out: string;
  readonly list?: string;
  readonly visits: number;
  readonly perGame: number;
  readonly seed: number;
  readonly komiVariation: number;
  readonly inFlight: number;
  readonly timeout: number;
  readonly startTimeout: number;
}

/** Adds the command `data label`. @param data the command `data` */
export const addDataLabelCommand = (data: Command): void => {
  data
    .command('label')
    .description(
      "label positions of games with any engine that speaks KataGo's JSON analysis protocol; it is told the moves before each position (ignorePreRootHistory = false)",
    )
    .argument('<paths...>', 'SGF files, folders, .tar, .tar.gz, .zip')
    .requiredOption('--engine <command>', 'such as "katago analysis -config analysis.cfg -model net.bin.gz"')
    .requiredOption('--out <file.bin>', 'the labels; what is there is kept, and its games are skipped')
    .option('--list <file.csv>', 'which game each number is (default: games.csv beside the labels)')
    .option(
      '--visits <n>',
      'visits a position; the policy is the raw one whatever they are',
      wholeNumber(1),
      1,
    )
    .option('--per-game <n>', 'positions of a game, at random', wholeNumber(1), 24)
    .option('--seed <n>', 'of the choice of positions and komi', wholeNumber(0), 1)
    .option(
      '--komi-variation <points>',
      'move komi by up to so many points in half of the games',
      finiteNumber,
      0,
    )
    .option('--in-flight <n>', 'games under way at once', wholeNumber(1, 1000), 16)
    .option('--timeout <s>', 'longest time without an answer', wholeNumber(1, 1_000_000), 300)
    .option('--start-timeout <s>', 'longest time to the first answer', wholeNumber(1, 1_000_000), 900)
    .action((paths: readonly string[], options: LabelCommandOptions) => label(paths, options).catch(explain));
};

const label = async (paths: readonly string[], options: LabelCommandOptions): Promise<void> => {
  const command = splitCommand(options.engine);
  if (command.length === 0) throw new UserError('--engine: the command of an engine is needed');
  if (!options.out.endsWith('.bin')) throw new UserError(`--out ${options.out}: the file has to end in .bin`);
  const stop = new AbortController();
  const kill = new AbortController();
  const progress = new ProgressLine();
  const warn = (message: string): void => {
    progress.clear();
    process.stderr.write(`hane: ${message}\n`);
  };
  const onSignal = (): void => {
    if (stop.signal.aborted) kill.abort();
    else {
      stop.abort();
      warn('finishing the games under way; once more to stop at once');
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const counts = await labelGames({
      ...options,
      paths,
      command,
      list: options.list ?? join(dirname(options.out), 'games.csv'),
      timeoutMs: 1000 * options.timeout,
      startMs: 1000 * options.startTimeout,
      stop: stop.signal,
      kill: kill.signal,
      onProgress: ({ files, total, positions, games }) =>
        progress.show({ done: files, total, count: positions, unit: 'positions', text: `${games} games` }),
      warn,
    });
    progress.clear();
    process.stdout.write(describeCounts(counts));
  } finally {
    progress.clear();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    if (stop.signal.aborted) process.exitCode = INTERRUPTED;
  }
};

/** What was done, a line each. */
const describeCounts = ({ games, positions, known, restarts, problems }: LabelCounts): string =>
  [
    `${positions} positions of ${games} games labelled`,
    ...(known > 0 ? [`${known} games had labels`] : []),
    ...(restarts > 0 ? [`the engine was started anew ${restarts} times`] : []),
    ...problems.map(({ reason, count, examples }) => `${count} x ${reason}: ${examples[0]}`),
    '',
  ].join('\n');

const explain = (error: unknown): void => {
  const isExpected =
    error instanceof EngineGone || error instanceof LabelError || error instanceof MatchError;
  if (!isExpected) throw error;
  process.stderr.write(`hane: ${error.message}\n`);
  process.exitCode ||= 2;
};
