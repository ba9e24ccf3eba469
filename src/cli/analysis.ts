/** `hane analysis`: KataGo's JSON analysis protocol on standard input and output. */
import { setTimeout } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { DEFAULT_PARAMETERS } from '../../engine/search/params.ts';
import { AnalysisEngine } from '../analysis/engine.ts';
import { AnswerWriter, serveAnalysis } from '../analysis/serve.ts';
import { AnalysisSession } from '../analysis/session.ts';
import { VIEWS, parseView, type View } from '../analysis/settings.ts';
import { writeMessage } from '../gtp/output.ts';
import { BYTES_PER_MB, MOST_TREE_MB } from '../gtp/settings.ts';
import { CACHE_SIZE } from '../inference/cachingEvaluator.ts';
import { openSearchThread } from '../search/searchThread.ts';
import { applyConfig } from './config.ts';
import { openLog } from './log.ts';
import { addNetworkOptions, networkOf, type NetworkOptions } from './networkOptions.ts';
import { ownVersion } from './ownVersion.ts';
import { wholeNumber } from './position.ts';

interface AnalysisOptions extends NetworkOptions {
  readonly visits: number;
  readonly positions: number;
  readonly winratesAs: View;
  readonly cache: number;
  readonly maxTreeMb: number;
  readonly reportVersion?: string;
  readonly quitWithoutWaiting?: boolean;
  readonly log?: string;
  readonly config?: string;
}

/** Visits of a position whose query does not say. Source: KataGo, cpp/configs/analysis_example.cfg. */
const VISITS = 500;

/** Positions searched at a time: more fill the network's batches no better, and each would take longer. */
const POSITIONS = 4;

/** Positions of one batch, from all searches together. */
const MAX_BATCH = 16;

const MAX_TREE_MB = 256;

/** How long the network may take to end. */
const PATIENCE_MS = 10_000;

/** Adds the command `analysis`. */
export const addAnalysisCommand = (program: Command): void => {
  const command = program
    .command('analysis')
    .description(
      "speak KataGo's JSON analysis protocol on standard input and output, for KaTrain and others",
    );
  addNetworkOptions(command)
    .option('--visits <n>', 'visits of a position whose query does not say', wholeNumber(1), VISITS)
    .option(
      '--positions <n>',
      'positions searched at a time; they share batches',
      wholeNumber(1, 256),
      POSITIONS,
    )
    .option(
      '--winrates-as <view>',
      `from whose view to tell win rates, leads and ownership unless a query says: ${VIEWS.join(', ')}`,
      readView,
      'BLACK',
    )
    .option('--cache <n>', 'evaluations to remember', wholeNumber(0), CACHE_SIZE)
    .option(
      '--max-tree-mb <n>',
      'most memory of the tree of one position, which then ends',
      wholeNumber(1, MOST_TREE_MB),
      MAX_TREE_MB,
    )
    .option('--report-version <version>', 'answer to query_version (default: the true one)')
    .option('--quit-without-waiting', 'at the end of the input, leave what has not been answered')
    .option('--log <file>', 'add every line of the session to this file')
    .option('--config <file>', 'JSON with any of these options, by their long names')
    .action(runAnalysis);
};

const runAnalysis = async (given: AnalysisOptions, command: Command): Promise<void> => {
  if (given.config !== undefined) applyConfig(command, given.config);
  const options = command.opts<AnalysisOptions>();
  const { cache, maxTreeMb } = options;
  const log = options.log === undefined ? undefined : openLog(options.log);
  const writer = new AnswerWriter(log);
  const answer = (line: object): void => writer.write(line);
  // Queries are taken, and wait, while the network loads.
  const loading = openSearchThread(
    { ...networkOf(options), cacheSize: cache, maxBatch: MAX_BATCH, joinsBatches: true },
    changed => writeMessage(`the network runs on ${changed} from now on`),
  );
  loading.then(
    () => writeMessage('Started, ready to begin handling requests'),
    (error: unknown) => {
      writeMessage(error instanceof Error ? error.message : String(error));
      process.exit(2);
    },
  );
  const parameters = { ...DEFAULT_PARAMETERS, maxTreeBytes: maxTreeMb * BYTES_PER_MB };
  const newThinker = async () => (await loading).newSearch(parameters);
  const engine = new AnalysisEngine({ newThinker, positions: options.positions, parameters, answer });
  const session = new AnalysisSession({
    engine,
    answer,
    defaults: {
      visits: options.visits,
      playouts: undefined,
      timeMs: undefined,
      view: options.winratesAs,
      parameters: {},
    },
    version: options.reportVersion ?? ownVersion(),
    describeModel: async () => {
      const { name, maxBatch } = await loading;
      return {
        name,
        internalName: name,
        maxBatchSize: maxBatch,
        usesHumanSLProfile: false,
        usingFP16: 'false',
      };
    },
    clearCache: () => void loading.then(thread => thread.clearCache()),
  });
  const drain = options.quitWithoutWaiting ? async () => {} : () => session.drain();
  await serveAnalysis({ receive: line => session.receive(line), drain, log }, writer.gone);
  // An orderly end: ONNX Runtime aborts the process if it is torn down while it runs.
  await Promise.race([loading.then(thread => thread.close()), setTimeout(PATIENCE_MS)]);
  process.exit(0);
};

const readView = (text: string): View => {
  const view = parseView(text);
  if (!view) throw new InvalidArgumentError(`must be one of ${VIEWS.join(', ')}`);
  return view;
};
