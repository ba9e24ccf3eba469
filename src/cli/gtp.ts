/** `hane gtp`: the Go Text Protocol on standard input and output. */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { Random } from '../../engine/random.ts';
import { RESIGN_BELOW } from '../../engine/resign.ts';
import { FULL_STRENGTH } from '../../engine/strength.ts';
import { GtpEngine, type Identity } from '../gtp/engine.ts';
import { NetworkPlayer } from '../gtp/networkPlayer.ts';
import { writeMessage } from '../gtp/output.ts';
import { serveGtp, type ServeOptions } from '../gtp/serve.ts';
import { CACHE_SIZE, CachingEvaluator } from '../inference/cachingEvaluator.ts';
import type { SymmetryCount } from '../inference/evaluate.ts';
import { packageRoot } from '../packageRoot.ts';
import { applyConfig } from './config.ts';
import { UserError } from './errors.ts';
import { addNetworkOptions, openNetwork, type NetworkOptions } from './networkOptions.ts';
import { symmetriesOption, wholeNumber } from './position.ts';

interface GtpOptions extends NetworkOptions {
  readonly symmetries: SymmetryCount;
  readonly strength: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly resign: boolean;
  readonly resignBelow: number;
  readonly cleanup?: boolean;
  readonly cache: number;
  readonly gtpName: string;
  readonly gtpVersion?: string;
  readonly log?: string;
  readonly quiet?: boolean;
  readonly config?: string;
}

/** How long the network may take to load and end. It takes a fraction of a second, unless the machine is overloaded. */
const PATIENCE_MS = 10_000;

/** Positions of one batch: as many as an analysis has candidates. */
const MAX_BATCH = 16;

/** Adds the command `gtp`. */
export const addGtpCommand = (program: Command): void => {
  const command = program
    .command('gtp')
    .description('speak the Go Text Protocol, version 2, on standard input and output');
  addNetworkOptions(command)
    .option(
      '--symmetries <1|8>',
      'evaluate the board as it stands, or the mean of all 8 ways to look at it: slower and a little stronger',
      symmetriesOption,
      1,
    )
    .option(
      '--strength <n>',
      `1 to ${FULL_STRENGTH}, the strongest`,
      wholeNumber(1, FULL_STRENGTH),
      FULL_STRENGTH,
    )
    .option(
      '--temperature <t>',
      'draw moves from the priors in place of --strength: 1 as they are, lower is sharper, 0 always plays the best',
      readTemperature,
    )
    .option('--seed <n>', 'seed of the draws (default: a different one each time)', wholeNumber(0))
    .option('--no-resign', 'play every game to its end')
    .option(
      '--resign-below <share>',
      'resign when the win rate stays below this, from 0 to 0.5; later in handicap games',
      readShare,
      RESIGN_BELOW,
    )
    .option(
      '--cleanup',
      'take dead stones off the board before passing, for servers that count every stone (CGOS)',
    )
    .option('--cache <n>', 'evaluations to remember', wholeNumber(0), CACHE_SIZE)
    .option(
      '--gtp-name <name>',
      'answer to the command name; some GUIs offer more to an engine they know',
      'Hane',
    )
    .option('--gtp-version <version>', 'answer to the command version (default: the true one)')
    .option('--log <file>', 'add every line of the session to this file')
    .option('--quiet', 'do not tell on standard error what was thought of each move')
    .option('--config <file>', 'JSON with any of these options, by their long names')
    .action(runGtp);
};

const runGtp = async (given: GtpOptions, command: Command): Promise<void> => {
  if (given.config !== undefined) applyConfig(command, given.config);
  const options = command.opts<GtpOptions>();
  const log = options.log === undefined ? undefined : openLog(options.log);
  // Loading goes on while the first commands are answered: GUIs take a slow start for a hang.
  const loading = openNetwork(options, {
    maxBatch: MAX_BATCH,
    isLasting: true,
    onChange: backend => writeMessage(`the network runs on ${backend} from now on`),
  }).then(evaluator => new CachingEvaluator(evaluator, options.cache));
  loading.catch((error: unknown) => {
    writeMessage(error instanceof Error ? error.message : String(error));
    process.exit(2);
  });
  const settings = {
    resignBelow: options.resign ? options.resignBelow : 0,
    strength: options.strength,
    temperature: options.temperature,
    symmetries: options.symmetries,
  };
  const random = new Random(options.seed ?? Date.now());
  const player = new NetworkPlayer(loading, settings, random, writeMessage);
  const engine = new GtpEngine(player, readIdentity(options), {
    friendlyPass: !(options.cleanup ?? false),
    settings,
  });
  await serveGtp(engine, loading, { isQuiet: options.quiet ?? false, ...(log ? { log } : {}) });
  // An orderly end: ONNX Runtime aborts the process if it is torn down while it loads or runs. A signal ends it at once.
  await Promise.race([loading.then(evaluator => evaluator.close()), setTimeout(PATIENCE_MS)]);
  process.exit(0);
};

/** Each line with the time and its direction, written at once: a log is wanted after a crash. */
const openLog = (path: string): NonNullable<ServeOptions['log']> => {
  let file: number;
  try {
    file = openSync(path, 'a');
  } catch (error) {
    throw new UserError(`cannot write the log: ${(error as Error).message}`, { cause: error });
  }
  return (direction, text) => {
    writeSync(file, `${new Date().toISOString()} ${direction} ${text.trimEnd()}\n`);
  };
};

const readIdentity = ({ gtpName, gtpVersion }: GtpOptions): Identity => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { name: gtpName, version: gtpVersion ?? version };
};

const readTemperature = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('must be a number from 0');
  return value;
};

const readShare = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 0.5))
    throw new InvalidArgumentError('must be a number from 0 to 0.5');
  return value;
};
