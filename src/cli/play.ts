/** `hane play`: a game against hane in the terminal. */
import { createInterface } from 'node:readline';
import { InvalidArgumentError, type Command } from 'commander';
import { handicapPoints } from '../../engine/coords.ts';
import { DEFAULT_KOMI, Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { DEFAULT_RULES, RULE_SETS, parseRules } from '../../engine/rules.ts';
import { BLACK, WHITE, type Color, type Rules } from '../../engine/types.ts';
import { SearchPlayer } from '../gtp/searchPlayer.ts';
import { defaultSettings, type Settings } from '../gtp/settings.ts';
import { openSearchThread } from '../search/searchThread.ts';
import { UserError } from './errors.ts';
import { addNetworkOptions, type NetworkOptions } from './networkOptions.ts';
import { PlaySession } from './playSession.ts';
import { finiteNumber, usesColor, wholeNumber } from './position.ts';
import { addSearchOptions, makeParameters, readTemperature, type SearchOptions } from './searchOptions.ts';

interface PlayOptions extends NetworkOptions, SearchOptions {
  readonly color: Color;
  readonly size: number;
  readonly komi: number;
  readonly handicap: number;
  readonly rules: Rules;
  readonly temperature?: number;
  readonly policyOnly?: boolean;
  readonly seed?: number;
}

/** Adds the command `play`. */
export const addPlayCommand = (program: Command): void => {
  const command = program.command('play');
  command
    .description('play against hane in the terminal')
    .option('--color <black|white>', 'your color', parseColor, BLACK)
    .option('--size <n>', 'board size; the network learned on 19', wholeNumber(2, 25), 19)
    .option('--komi <points>', 'points for White', finiteNumber, DEFAULT_KOMI)
    .option('--handicap <n>', 'handicap stones for Black', wholeNumber(0, 9), 0)
    .option('--rules <name>', Object.keys(RULE_SETS).join(', '), parseRulesOption, DEFAULT_RULES)
    .option(
      '--temperature <t>',
      'without search, draw moves from the priors: 1 as they are, lower is sharper, 0 the best',
      readTemperature,
    )
    .option('--policy-only', 'no search: the move that the network likes best')
    .option('--seed <n>', 'seed of draws and playouts (default: a different one each time)', wholeNumber(0))
    .action(runPlay);
  addSearchOptions(addNetworkOptions(command));
};

const runPlay = async (options: PlayOptions): Promise<void> => {
  const game = new Game({ width: options.size, komi: options.komi, rules: options.rules });
  if (options.handicap > 1) {
    const points = handicapPoints(options.handicap, game);
    if (!points)
      throw new UserError(
        `--handicap ${options.handicap} on ${options.size}x${options.size}: 7x7 and even sizes hold up to 4 stones, smaller boards none`,
      );
    game.placeHandicap(points);
  }
  const searches = await openSearchThread(options);
  const player = new SearchPlayer(Promise.resolve(searches), ...readPlayer(options), () => {});
  const session = new PlaySession(game, player, {
    color: options.color,
    useColor: usesColor(),
    write: text => process.stdout.write(text),
  });
  // Lines are queued while hane thinks, so that typing ahead and pipes work.
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY,
    prompt: '> ',
  });
  // Taken before hane's first move: a line that comes when nobody listens is lost.
  const typed = lines[Symbol.asyncIterator]();
  let isOpen = true;
  lines.on('SIGINT', () => lines.close()).on('close', () => (isOpen = false));
  const prompt = (): void => {
    if (isOpen) lines.prompt();
  };
  try {
    await session.start();
    prompt();
    for await (const line of typed) {
      await session.receive(line);
      if (session.isDone) break;
      prompt();
    }
    if (!session.isDone) process.stdout.write('\n');
  } finally {
    lines.close();
    await searches.close();
  }
};

/** How hane plays: it never resigns, since people like to see the end. */
const readPlayer = (options: PlayOptions): [Settings, Random] => {
  const seed = options.seed ?? Date.now();
  const settings: Settings = {
    ...defaultSettings(),
    resignBelow: 0,
    temperature: options.temperature,
    policyOnly: options.policyOnly ?? false,
    maxVisits: options.visits,
    maxPlayouts: options.playouts,
    maxTime: options.time,
    search: makeParameters(options, seed),
  };
  return [settings, new Random(seed)];
};

const parseColor = (text: string): Color => {
  if (/^(b|black)$/i.test(text)) return BLACK;
  if (/^(w|white)$/i.test(text)) return WHITE;
  throw new InvalidArgumentError('must be black or white');
};

const parseRulesOption = (text: string): Rules => {
  const rules = parseRules(text);
  if (!rules) throw new InvalidArgumentError(`must be one of ${Object.keys(RULE_SETS).join(', ')}`);
  return rules;
};
