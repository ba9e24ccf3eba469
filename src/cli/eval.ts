/** `hane eval`: how often a network finds the human's move and the teacher's, and how well it judges positions. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { Evaluator } from '../../engine/evaluator.ts';
import { BACKEND_CHOICES, type BackendChoice } from '../inference/backends.ts';
import { Dataset, SPLITS, type Split } from '../training/data/dataset.ts';
import { DatasetError } from '../training/data/datasetError.ts';
import { drawEvalPage, drawEvalSvg } from '../training/eval/drawEvalReport.ts';
import { drawEvalText } from '../training/eval/drawEvalText.ts';
import { compareNetworks, evaluateNetwork } from '../training/eval/evaluateNetwork.ts';
import { datasetPositions, type PositionSource } from '../training/eval/positions.ts';
import { readGamesToEval } from '../training/eval/readGamesToEval.ts';
import { UserError } from './errors.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { openNetwork, readBackend } from './networkOptions.ts';
import { wholeNumber, writeOutput } from './position.ts';
import { ProgressLine, grouped } from './progressLine.ts';

interface EvalCommandOptions {
  readonly games?: readonly string[];
  readonly dataset?: string;
  readonly split: Split | 'all';
  readonly positions: number;
  readonly labels: number;
  readonly seed: number;
  readonly upright?: boolean;
  readonly threads?: number;
  readonly backend?: BackendChoice;
  readonly json?: boolean;
  readonly out?: string;
}

/** Adds the command `eval`. */
export const addEvalCommand = (program: Command): void => {
  program
    .command('eval')
    .description("measure a network on positions of games: human moves, results, a teacher's labels")
    .argument('<network>', 'a name of weights/manifest.json, or an ONNX file of the same form')
    .argument('[other]', 'a second network, compared on the same positions')
    .option('--games <paths...>', 'SGF files, folders, .tar, .tar.gz, .zip')
    .option('--dataset <folder>', 'a dataset made by hane data build')
    .option('--split <name>', `of the dataset: ${SPLITS.join(', ')} or all`, readSplit, 'validation')
    .option('--positions <n>', 'positions with a human move, at most', wholeNumber(0), 10_000)
    .option('--labels <n>', 'positions with a label, at most', wholeNumber(0), 10_000)
    .option('--seed <n>', 'of the choice of positions and symmetries', wholeNumber(0), 1)
    .option('--upright', 'the board as it stands, in place of a random symmetry')
    .option('--threads <n>', 'threads for the network (default: one a core, at most 4)', wholeNumber(1))
    .option(
      '--backend <name>',
      `what runs the network: ${BACKEND_CHOICES.join(', ')} (default: auto)`,
      readBackend,
    )
    .option('--json', 'print everything as JSON')
    .option('--out <file>', 'write a report, .svg or .html')
    .action((network: string, other: string | undefined, options: EvalCommandOptions) =>
      runEval(network, other, options).catch(explain),
    );
};

const readSplit = (text: string): Split | 'all' => {
  const split = [...SPLITS, 'all' as const].find(one => one === text);
  if (split === undefined) throw new InvalidArgumentError(`must be one of ${SPLITS.join(', ')}, all`);
  return split;
};

const runEval = async (
  network: string,
  other: string | undefined,
  options: EvalCommandOptions,
): Promise<void> => {
  const { out } = options;
  const ending = out === undefined ? undefined : extname(out).toLowerCase();
  if (ending !== undefined && ending !== '.svg' && ending !== '.html')
    throw new UserError(`--out ${out}: the file has to end in .svg or .html`);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const progress = new ProgressLine();
  const networks: Evaluator[] = [];
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const source = await openSource(options);
    for (const name of other === undefined ? [network] : [network, other])
      networks.push(await openNetwork({ ...options, network: name, kernel: 'float' }));
    const settings = {
      seed: options.seed,
      isUpright: options.upright ?? false,
      signal: stop.signal,
      onProgress: (done: number, total: number) =>
        progress.show({ done, total, count: done, unit: 'positions' }),
    };
    const [first, second] = networks;
    process.stderr.write(`measuring on ${grouped(source.total)} positions\n`);
    const report = second
      ? await compareNetworks(first, second, source, settings)
      : await evaluateNetwork(first, source, settings);
    progress.clear();
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : drawEvalText(report));
    const title = networks.map(({ name }) => name).join(' - ');
    if (out !== undefined)
      await writeOutput(out, ending === '.svg' ? drawEvalSvg(report, title) : drawEvalPage(report, title));
  } finally {
    progress.clear();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await Promise.all(networks.map(evaluator => evaluator.close()));
    if (stop.signal.aborted) process.exitCode = INTERRUPTED;
  }
};

const openSource = async (options: EvalCommandOptions): Promise<PositionSource> => {
  const { games, dataset, split } = options;
  if ((games === undefined) === (dataset === undefined))
    throw new UserError('what to measure on: either --games PATHS or --dataset FOLDER');
  const opened = games === undefined ? await Dataset.open(dataset!) : await readGames(games);
  const isWhole = games !== undefined || split === 'all';
  const source = datasetPositions(opened, { ...options, split: isWhole ? undefined : split });
  if (source.total === 0) throw new UserError(`no position to measure on in ${dataset ?? games!.join(', ')}`);
  return source;
};

const readGames = async (paths: readonly string[]): Promise<Dataset> => {
  const { dataset, leftOut } = await readGamesToEval(paths, availableParallelism());
  for (const { reason, count, examples } of leftOut)
    process.stderr.write(`hane: left out ${count} x ${reason}: ${examples[0]}\n`);
  return dataset;
};

const explain = (error: unknown): void => {
  if (!(error instanceof DatasetError)) throw error;
  process.stderr.write(`hane: ${error.message}\n`);
  process.exitCode ||= 2;
};
