/** `hane gtp`: the Go Text Protocol on standard input and output. */
import { setTimeout } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { Random } from '../../engine/random.ts';
import { RESIGN_BELOW } from '../../engine/resign.ts';
import { LAG_SECONDS } from '../../engine/search/clock.ts';
import { GtpEngine, type Identity } from '../gtp/engine.ts';
import { writeMessage } from '../gtp/output.ts';
import { SearchPlayer } from '../gtp/searchPlayer.ts';
import { serveGtp } from '../gtp/serve.ts';
import { SEARCH_STRENGTH, defaultSettings, type Settings } from '../gtp/settings.ts';
import { CACHE_SIZE } from '../inference/cachingEvaluator.ts';
import type { SymmetryCount } from '../inference/evaluate.ts';
import { openSearchThread } from '../search/searchThread.ts';
import { applyConfig } from './config.ts';
import { openLog } from './log.ts';
import { addNetworkOptions, networkOf, type NetworkOptions } from './networkOptions.ts';
import { ownVersion } from './ownVersion.ts';
import { symmetriesOption, wholeNumber } from './position.ts';
import { addSearchOptions, makeParameters, readTemperature, type SearchOptions } from './searchOptions.ts';

interface GtpOptions extends NetworkOptions, SearchOptions {
  readonly ponder?: boolean;
  readonly lag: number;
  readonly policyOnly?: boolean;
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
  addSearchOptions(addNetworkOptions(command))
    .option('--ponder', 'think on while the opponent does')
    .option(
      '--lag <seconds>',
      'time kept back of every move on a clock, for the way to the controller',
      readLag,
      LAG_SECONDS,
    )
    .option('--policy-only', 'no search at all: moves and analysis by the network alone')
    .option(
      '--symmetries <1|8>',
      'without search, evaluate the board as it stands, or the mean of all 8 ways to look at it',
      symmetriesOption,
      1,
    )
    .option(
      '--strength <n>',
      `${SEARCH_STRENGTH} searches; ${SEARCH_STRENGTH - 1} plays the network's best move without search, lower ones worse`,
      wholeNumber(1, SEARCH_STRENGTH),
      SEARCH_STRENGTH,
    )
    .option(
      '--temperature <t>',
      'draw moves from the priors in place of --strength, without search: 1 as they are, lower is sharper, 0 the best',
      readTemperature,
    )
    .option('--seed <n>', 'seed of draws and playouts (default: a different one each time)', wholeNumber(0))
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
  const loading = openSearchThread(
    { ...networkOf(options), maxBatch: MAX_BATCH, cacheSize: options.cache },
    backend => writeMessage(`the network runs on ${backend} from now on`),
  );
  loading.catch((error: unknown) => {
    writeMessage(error instanceof Error ? error.message : String(error));
    process.exit(2);
  });
  const seed = options.seed ?? Date.now();
  const settings = makeSettings(options, seed);
  const player = new SearchPlayer(loading, settings, new Random(seed), writeMessage);
  const engine = new GtpEngine(player, readIdentity(options), {
    friendlyPass: !(options.cleanup ?? false),
    settings,
  });
  await serveGtp(engine, loading, { isQuiet: options.quiet ?? false, ...(log ? { log } : {}) });
  // An orderly end: ONNX Runtime aborts the process if it is torn down while it loads or runs. A signal ends it at once.
  await Promise.race([loading.then(searches => searches.close()), setTimeout(PATIENCE_MS)]);
  process.exit(0);
};

const makeSettings = (options: GtpOptions, seed: number): Settings => ({
  ...defaultSettings(),
  resignBelow: options.resign ? options.resignBelow : 0,
  strength: options.strength,
  temperature: options.temperature,
  symmetries: options.symmetries,
  policyOnly: options.policyOnly ?? false,
  maxVisits: options.visits,
  maxPlayouts: options.playouts,
  maxTime: options.time,
  lagBuffer: options.lag,
  pondering: options.ponder ?? false,
  search: makeParameters(options, seed),
});

const readIdentity = ({ gtpName, gtpVersion }: GtpOptions): Identity => ({
  name: gtpName,
  version: gtpVersion ?? ownVersion(),
});

const readLag = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 60))
    throw new InvalidArgumentError('must be a number from 0 to 60');
  return value;
};

const readShare = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 0.5))
    throw new InvalidArgumentError('must be a number from 0 to 0.5');
  return value;
};
