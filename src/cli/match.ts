/** `hane match`: engines against each other, and `hane match merge`: the parts of one match that ran on many machines. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { RULE_SETS, parseRules } from '../../engine/rules.ts';
import { openEvaluator } from '../inference/evaluator.ts';
import { MatchError, nameApart, parseEngine, readEngines, type EngineSpec } from '../match/engineSpec.ts';
import {
  openingsFromList,
  openingsFromPolicy,
  openingsFromRecords,
  type Opening,
} from '../match/openings.ts';
import { appendResult, readResults, type GameRow } from '../match/results.ts';
import { makeReport } from '../match/report.ts';
import { RESULTS_FILE, runMatch } from '../match/runner.ts';
import { makeSchedule, type Mode } from '../match/schedule.ts';
import type { SprtSettings } from '../match/statistics.ts';
import { drawSummary, summarize } from '../match/summary.ts';
import { parseTimeControl } from '../match/timeControl.ts';
import { makeTwogtpTable } from '../match/twogtp.ts';
import { LiveTable } from '../match/liveTable.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { INTERRUPTED } from './exitStatus.ts';
import { readAdjudication, readMode, readOption, readRules, readShard, readSprt } from './matchOptions.ts';
import { finiteNumber, wholeNumber } from './position.ts';

interface MatchOptions {
  readonly engine: readonly EngineSpec[];
  readonly engines?: string;
  readonly mode: Mode;
  readonly pairs: number;
  readonly openings?: string;
  readonly openingMoves: number;
  readonly size: number;
  readonly komi: number;
  readonly rules: string;
  readonly time: string;
  readonly margin: number;
  readonly moveSeconds: number;
  readonly maxMoves?: number;
  readonly adjudicate?: { readonly moves: number; readonly below: number };
  readonly scorer: string;
  readonly concurrency: number;
  readonly shard: { readonly index: number; readonly count: number };
  readonly sprt?: SprtSettings;
  readonly seed: number;
  readonly out: string;
  readonly title?: string;
  readonly json?: boolean;
}

/** What has to be the same for results to belong to one match. */
const SETTINGS_FILE = 'match.json';
const REPORT_FILE = 'report.html';

/** Adds the commands `match` and `match merge`. */
export const addMatchCommand = (program: Command): void => {
  const match = program
    .command('match')
    .description('play engines against each other and say which is stronger, with error bars')
    .enablePositionalOptions()
    .option(
      '--engine <command>',
      'an engine, at least twice: NAME=COMMAND ARGUMENTS, or cmd="..." name=... cwd=... init="a;b" env.K=V',
      (text: string, list: readonly EngineSpec[]) => [...list, readOption(parseEngine, text)],
      [] as readonly EngineSpec[],
    )
    .option('--engines <file>', 'JSON list of engines: name, command, cwd, env, init')
    .option('--mode <mode>', 'match, round-robin, gauntlet: the first against all others', readMode, 'match')
    .option('--pairs <n>', 'pairs of games for each pairing, colors swapped', wholeNumber(1), 10)
    .option(
      '--openings <path>',
      'folder, archive or file of SGF games, or .txt with a list of moves a line (default: drawn from the policy of our network)',
    )
    .option('--opening-moves <n>', 'moves of an opening', wholeNumber(0, 100), 8)
    .option('--size <n>', 'board size', wholeNumber(2, 25), 19)
    .option('--komi <points>', 'points for White', finiteNumber, 7.5)
    .option('--rules <name>', Object.keys(RULE_SETS).join(', '), readRules, 'chinese-ogs')
    .option(
      '--time <clock>',
      'seconds: 300 (absolute), 300+5 (Fischer), 300+5x30 (byo-yomi), or none',
      'none',
    )
    .option('--margin <s>', 'grace on the clock', finiteNumber, 0.5)
    .option('--move-seconds <s>', 'longest move without a clock', finiteNumber, 600)
    .option(
      '--max-moves <n>',
      'longer games are void (default: two and a half times the board)',
      wholeNumber(1),
    )
    .option(
      '--adjudicate <moves,share>',
      'end a game when both engines give one side less than this win rate for so many moves, e.g. 6,0.05',
      readAdjudication,
    )
    .option('--scorer <who>', 'referee, players, or the command of a third engine', 'referee')
    .option('--concurrency <n>', 'games at a time', wholeNumber(1), 1)
    .option('--shard <i/n>', 'play only part i (1 to n) of the match', readShard, { index: 0, count: 1 })
    .option('--sprt <elo0,elo1[,alpha,beta]>', 'stop when a sequential test has decided', readSprt)
    .option('--seed <n>', 'of the openings drawn from the policy', wholeNumber(0), 1)
    .option('--out <folder>', 'results, games and report; an interrupted match goes on there', 'match')
    .option('--title <text>', 'title of the report')
    .option('--json', 'print the summary as JSON')
    .action((options: MatchOptions) => runMatchCommand(options).catch(explain));
  match
    .command('merge')
    .description('put the results of shards together: hane match merge --out whole part1 part2 ...')
    .argument('<folders...>', 'folders of the parts')
    .option('--out <folder>', 'folder of the whole', 'match')
    .action((folders: readonly string[], { out }: { readonly out: string }) =>
      mergeParts(folders, out).catch(explain),
    );
};

const explain = (error: unknown): void => {
  if (!(error instanceof MatchError)) throw error;
  process.stderr.write(`hane: ${error.message}\n`);
  process.exitCode = 2;
};

const runMatchCommand = async (options: MatchOptions): Promise<void> => {
  const engines = nameApart([
    ...options.engine,
    ...(options.engines === undefined ? [] : readEngines(options.engines)),
  ]);
  if (engines.length < 2)
    throw new MatchError('a match needs at least two engines: --engine twice, or --engines FILE');
  if (options.mode === 'match' && engines.length > 2)
    throw new MatchError(`${engines.length} engines: --mode round-robin or gauntlet`);
  if (options.concurrency > availableParallelism())
    process.stderr.write(
      `hane: ${options.concurrency} games at a time on ${availableParallelism()} cores: engines will slow each other down\n`,
    );
  const time = parseTimeControl(options.time);
  const scorer =
    options.scorer === 'referee' || options.scorer === 'players'
      ? options.scorer
      : { ...parseEngine(options.scorer), name: 'scorer' };
  mkdirSync(options.out, { recursive: true });
  const settings = checkSettings(options, engines);
  const resultsPath = join(options.out, RESULTS_FILE);
  const rows = readResults(resultsPath);
  const known = new Set(rows.map(({ id }) => id));
  const schedule = makeSchedule(engines.length, options.mode, options.pairs, options.shard);
  const games = schedule.filter(({ id }) => !known.has(id));
  if (rows.length > 0)
    process.stderr.write(`going on: ${rows.length} games are played, ${games.length} are left\n`);
  const openings = games.length > 0 ? await findOpenings(options) : [];
  // Only now: a match without enough openings leaves nothing that stands in the way of the next try.
  await writeFileAtomic(join(options.out, SETTINGS_FILE), settings);

  const stop = new AbortController();
  const kill = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) kill.abort();
    else {
      stop.abort();
      process.stderr.write('\nfinishing the games under way; once more to stop at once\n');
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const names = engines.map(({ name }) => name);
  const live = new LiveTable(schedule.length);
  try {
    await runMatch({
      engines,
      openings,
      settings: {
        size: options.size,
        komi: options.komi,
        rules: parseRules(options.rules)!,
        rulesName: options.rules,
        time,
        margin: options.margin,
        moveSeconds: options.moveSeconds,
        maxMoves: options.maxMoves ?? Math.ceil(2.5 * options.size * options.size),
        adjudication: options.adjudicate,
        scorer,
      },
      games,
      folder: options.out,
      concurrency: options.concurrency,
      signal: stop.signal,
      kill: kill.signal,
      onResult: row => {
        rows.push(row);
        live.show(row, rows.length, drawSummary(summarize(rows, names, options.sprt)));
      },
      warn: message => process.stderr.write(`hane: ${message}\n`),
      isDecided: () =>
        options.sprt !== undefined &&
        summarize(rows, names, options.sprt).pairings.every(({ sprt }) => sprt?.verdict !== undefined) &&
        rows.length > 0,
    });
  } finally {
    live.clear();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await writeOutputs(options, engines, rows);
  }
  if (stop.signal.aborted) process.exitCode = INTERRUPTED;
};

/**
 * Refuses to mix the results of different matches.
 * @returns what the folder keeps of this one
 */
const checkSettings = (options: MatchOptions, engines: readonly EngineSpec[]): string => {
  const path = join(options.out, SETTINGS_FILE);
  const { size, komi, rules, time, mode, openingMoves, openings, seed } = options;
  const settings = JSON.stringify(
    { engines, mode, size, komi, rules, time, openings: openings ?? null, openingMoves, seed },
    undefined,
    2,
  );
  if (existsSync(path) && readFileSync(path, 'utf8').trim() !== settings)
    throw new MatchError(
      `${options.out} holds another match (see ${path}): choose another --out, or the same settings`,
    );
  return `${settings}\n`;
};

const findOpenings = async (options: MatchOptions): Promise<Opening[]> => {
  const { openings, openingMoves, pairs, size, komi, seed } = options;
  if (openingMoves === 0) return [{ source: 'the empty board', moves: [] }];
  if (openings?.endsWith('.txt')) return openingsFromList(openings, pairs, size);
  if (openings !== undefined) return openingsFromRecords(openings, openingMoves, pairs, size);
  // Every shard has to draw the same, whatever its machine finds fastest.
  const evaluator = await openEvaluator({ kernel: 'direct' });
  try {
    return await openingsFromPolicy(evaluator, openingMoves, pairs, { size, komi, seed });
  } finally {
    await evaluator.close();
  }
};

/** What the reports are made from. */
type OutputOptions = Pick<
  MatchOptions,
  'size' | 'komi' | 'rules' | 'time' | 'out' | 'sprt' | 'title' | 'json'
>;

const writeOutputs = async (
  options: OutputOptions,
  engines: readonly EngineSpec[],
  rows: readonly GameRow[],
): Promise<void> => {
  const names = engines.map(({ name }) => name);
  const summary = summarize(rows, names, options.sprt);
  const { size, komi, rules, time } = options;
  await writeFileAtomic(
    join(options.out, REPORT_FILE),
    makeReport(rows, summary, { title: options.title ?? names.join(' - '), size, komi, rules, time }),
  );
  await writeFileAtomic(join(options.out, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  for (const { first, second } of summary.pairings) {
    const commands = [first, second].map(name =>
      engines.find(engine => engine.name === name)!.command.join(' '),
    ) as [string, string];
    const games = rows.filter(
      ({ black, white }) => [black, white].toSorted().join() === [first, second].toSorted().join(),
    );
    const file = `${first}-${second}`.replaceAll(/[^\w.-]+/g, '_');
    await writeFileAtomic(
      join(options.out, `${file}.dat`),
      makeTwogtpTable(games, { first, second, commands, size, komi }),
    );
  }
  process.stdout.write(
    options.json
      ? `${JSON.stringify(summary)}\n`
      : `${drawSummary(summary)}\nreport: ${join(options.out, REPORT_FILE)}\n`,
  );
};

const mergeParts = async (folders: readonly string[], out: string): Promise<void> => {
  const settings = folders.map(folder => {
    const path = join(folder, SETTINGS_FILE);
    if (!existsSync(path)) throw new MatchError(`${folder} holds no match: it has no ${SETTINGS_FILE}`);
    return readFileSync(path, 'utf8');
  });
  const other = settings.findIndex(text => text !== settings[0]);
  if (other > 0) throw new MatchError(`${folders[other]} and ${folders[0]} hold different matches`);
  mkdirSync(out, { recursive: true });
  const path = join(out, SETTINGS_FILE);
  if (existsSync(path) && readFileSync(path, 'utf8') !== settings[0])
    throw new MatchError(`${out} holds another match than the parts`);
  await writeFileAtomic(path, settings[0]);
  const target = join(out, RESULTS_FILE);
  const known = new Set(readResults(target).map(({ id }) => id));
  for (const folder of folders)
    for (const row of readResults(join(folder, RESULTS_FILE))) {
      if (known.has(row.id)) continue;
      known.add(row.id);
      appendResult(target, row);
    }
  const config = JSON.parse(settings[0]) as Omit<OutputOptions, 'out'> & {
    readonly engines: readonly EngineSpec[];
  };
  await writeOutputs({ ...config, out }, config.engines, readResults(target));
};
