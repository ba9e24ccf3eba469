/**
 * A match of `hane gtp` against GNU Go: area scoring, komi 7.5, colors swapped.
 *
 *     npm run build && npm run long:gnugo -- --games 20 --out results
 *
 * Each pair of games begins with the first 8 moves of another KGS game, so that no two pairs are alike; both play on from
 * there. Our own board watches over legality (simple ko only, since GNU Go knows no superko). A game ends by two passes or a
 * resignation. Its score is ours: dead stones by playouts, then area; GNU Go's own count is reported beside it. Writes every game as SGF and a
 * summary as JSON.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeVertex, parseVertex } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { judge } from '../../engine/judge.ts';
import { RULE_SETS } from '../../engine/rules.ts';
import { finalScore, makeScore } from '../../engine/score.ts';
import { BLACK, WHITE, type Color } from '../../engine/types.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { gameToSgf } from '../../src/sgf/write.ts';
import { GtpProcess } from '../support/gtpProcess.ts';
import { readOpenings, type Opening } from '../support/openings.ts';
import { sharedPath } from '../support/shared.ts';
import { wilson } from '../support/statistics.ts';

const KOMI = 7.5;
const OPENING_MOVES = 8;
/** Twice the board: no sound game is longer. */
const MAX_MOVES = 722;

interface Player {
  readonly name: string;
  readonly engine: GtpProcess;
}

interface Summary {
  readonly wins: string;
  readonly asBlack: string;
  readonly asWhite: string;
  readonly winRate: number;
  /** 95 % interval of the win rate (Wilson), which is honest also when all games are won. */
  readonly interval: readonly [number, number];
  readonly meanMoves: number;
  readonly void: number;
  readonly disagreements: readonly string[];
}

interface Played {
  readonly game: number;
  readonly opening: string;
  readonly haneColor: 'black' | 'white';
  /** By our count; "Void" if the move limit was reached. */
  readonly result: string;
  readonly winner: string;
  readonly moves: number;
  /** GNU Go's `final_score` of a game that ended by passes. */
  readonly gnugoScore?: string;
  readonly agrees?: boolean;
  readonly seconds: number;
}

const { values: options } = parseArgs({
  options: {
    games: { type: 'string', default: '20' },
    gnugo: { type: 'string' },
    level: { type: 'string', default: '10' },
    openings: { type: 'string' },
    out: { type: 'string', default: 'gnugo-match' },
    seed: { type: 'string', default: '1' },
  },
});

const findGnugo = (): string => {
  const candidates = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/games'].map(folder =>
    join(folder, 'gnugo'),
  );
  const found = options.gnugo ?? candidates.find(path => existsSync(path));
  if (found === undefined)
    throw new Error('GNU Go is not in PATH: install it (apt-get install gnugo) or name it with --gnugo');
  return found;
};

const letterOf = (color: Color): 'B' | 'W' => (color === BLACK ? 'B' : 'W');

/** Plays from an opening to the end. @returns the result by the board's own rules, e.g. "B+R"; undefined after two passes or at the move limit */
const playOut = async (game: Game, players: readonly [Player, Player]): Promise<string | undefined> => {
  while (!game.isOver && game.moveCount < MAX_MOVES) {
    const color = game.toPlay;
    const [mover, other] = color === BLACK ? players : [players[1], players[0]];
    const answer = await mover.engine.send(`genmove ${letterOf(color)}`);
    const opponent = letterOf(color === BLACK ? WHITE : BLACK);
    if (/^resign$/i.test(answer)) return `${opponent}+R`;
    const point = parseVertex(answer, game);
    const illegality = point === undefined ? 'no vertex' : game.whyIllegal(point);
    if (point === undefined || illegality) {
      process.stdout.write(`move ${game.moveCount + 1}, ${answer} by ${mover.name}: ${illegality}\n`);
      return `${opponent}+F`;
    }
    game.play(point);
    await other.engine.send(`play ${letterOf(color)} ${makeVertex(point, game)}`);
  }
  return undefined;
};

const playGame = async (number: number, opening: Opening, hane: Player, gnugo: Player): Promise<Played> => {
  const started = performance.now();
  const players: [Player, Player] = number % 2 === 1 ? [hane, gnugo] : [gnugo, hane];
  const game = new Game({ komi: KOMI, rules: RULE_SETS.chinese });
  for (const { engine } of players)
    for (const command of ['boardsize 19', 'clear_board', `komi ${KOMI}`]) await engine.send(command);
  for (const { point, color } of opening.moves) {
    for (const { engine } of players) await engine.send(`play ${letterOf(color)} ${makeVertex(point, game)}`);
    game.play(point, color);
  }
  const decided = await playOut(game, players).catch((error: Error) => {
    // An engine that crashes makes the game void, not the match.
    process.stdout.write(`game ${number}, move ${game.moveCount + 1}: ${error.message}\n`);
    return 'Void';
  });
  const result = decided ?? (game.isOver ? makeScore(finalScore(game, judge(game))) : 'Void');
  const gnugoScore =
    decided === undefined && game.isOver ? await gnugo.engine.send('final_score') : undefined;
  const winner = result.startsWith('B')
    ? players[0].name
    : result.startsWith('W')
      ? players[1].name
      : 'nobody';
  const file = `game-${String(number).padStart(3, '0')}.sgf`;
  const sgf = gameToSgf(game, {
    black: players[0].name,
    white: players[1].name,
    result,
    comment: `Opening: ${opening.source}${gnugoScore === undefined ? '' : `\nGNU Go counts ${gnugoScore}`}`,
  });
  writeFileSync(join(options.out, file), sgf);
  return {
    game: number,
    opening: opening.source,
    haneColor: players[0] === hane ? 'black' : 'white',
    result,
    winner,
    moves: game.moveCount,
    // GNU Go writes "B+3.5"; compared as a number, since it also writes "B+3.0".
    ...(gnugoScore === undefined ? {} : { gnugoScore, agrees: scoreOf(gnugoScore) === scoreOf(result) }),
    seconds: Math.round((performance.now() - started) / 1000),
  };
};

const scoreOf = (text: string): number =>
  (text.startsWith('W') ? -1 : 1) * Number(text.replace(/^[BW]\+/, ''));

const summarize = (played: readonly Played[], name: string): Summary => {
  const wins = (games: readonly Played[]): string =>
    `${games.filter(({ winner }) => winner === name).length} of ${games.length}`;
  const share = played.filter(({ winner }) => winner === name).length / played.length;
  return {
    wins: wins(played),
    asBlack: wins(played.filter(({ haneColor }) => haneColor === 'black')),
    asWhite: wins(played.filter(({ haneColor }) => haneColor === 'white')),
    winRate: share,
    interval: wilson(share, played.length),
    meanMoves: played.reduce((sum, { moves }) => sum + moves, 0) / played.length,
    void: played.filter(({ result }) => result === 'Void').length,
    disagreements: played
      .filter(({ agrees }) => agrees === false)
      .map(({ game, result, gnugoScore }) => `game ${game}: ${result}, GNU Go counts ${gnugoScore}`),
  };
};

const games = Number(options.games);
if (!Number.isInteger(games) || games < 1)
  throw new Error(`--games ${options.games}: must be a whole number from 1`);
const source = options.openings ?? sharedPath('data/kgs-6d');
if (source === undefined)
  throw new Error('no games to take openings from: name a folder or archive of SGF files with --openings');
const openings = await readOpenings(source, OPENING_MOVES, Math.ceil(games / 2));
mkdirSync(options.out, { recursive: true });
const start = async (program: string, args: readonly string[]): Promise<Player> => {
  const engine = new GtpProcess(program, args);
  return { name: `${await engine.send('name')} ${await engine.send('version')}`, engine };
};
const hane = await start(process.execPath, [join(packageRoot, 'dist', 'src', 'cli', 'main.js'), 'gtp']);
/** A fresh process for each game: after several games in one, GNU Go 3.8 has been seen to crash. */
const startGnugo = (seed: number): Promise<Player> =>
  start(findGnugo(), ['--mode', 'gtp', '--level', options.level, '--chinese-rules', '--seed', `${seed}`]);
let gnugoName = '';
const played: Played[] = [];
for (let number = 1; number <= games; number++) {
  const gnugo = await startGnugo(Number(options.seed) + number - 1);
  gnugoName = gnugo.name;
  const result = await playGame(number, openings[Math.floor((number - 1) / 2)], hane, gnugo);
  await gnugo.engine.end();
  played.push(result);
  const count = result.gnugoScore === undefined ? '' : ` (GNU Go counts ${result.gnugoScore})`;
  process.stdout.write(
    `game ${number}: hane ${result.haneColor}, ${result.result}${count}, ${result.moves} moves, ${result.seconds} s\n`,
  );
  const summary = {
    players: [hane.name, gnugoName],
    level: Number(options.level),
    komi: KOMI,
    ...summarize(played, hane.name),
    games: played,
  };
  writeFileSync(join(options.out, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
}
process.stdout.write(`${JSON.stringify(summarize(played, hane.name), undefined, 2)}\n`);
await hane.engine.end();
