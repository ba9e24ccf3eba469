/**
 * Plays the games of a schedule, several at a time, and keeps each when it is finished. Engines are kept between games;
 * one that fails is started anew. What fails by the runner's own fault is played again.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeVertex } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { BLACK, WHITE, type Color } from '../../engine/types.ts';
import { gameToSgf } from '../sgf/write.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { EngineError, GtpController } from './controller.ts';
import { gameKey } from './duplicates.ts';
import { MatchError, type EngineSpec } from './engineSpec.ts';
import { openingText, type Opening } from './openings.ts';
import { playGame, type GameSettings, type Outcome, type PlayedMove } from './playGame.ts';
import { appendResult, type GameRow } from './results.ts';
import type { ScheduledGame } from './schedule.ts';

export interface RunOptions {
  readonly engines: readonly EngineSpec[];
  readonly openings: readonly Opening[];
  readonly settings: Omit<GameSettings, 'scorer'> & { readonly scorer: 'referee' | 'players' | EngineSpec };
  readonly games: readonly ScheduledGame[];
  /** Folder of results.jsonl and games/. */
  readonly folder: string;
  readonly concurrency: number;
  /** Begins no game after this. */
  readonly signal: AbortSignal;
  /** Ends the games under way too; they are not counted. */
  readonly kill: AbortSignal;
  readonly onResult?: (row: GameRow) => void;
  readonly warn?: (message: string) => void;
  /** Asked after each game: whether enough has been played. */
  readonly isDecided?: () => boolean;
}

export const RESULTS_FILE = 'results.jsonl';
const GAMES_FOLDER = 'games';

/** Games in a row that may be void by the runner's fault or because no engine starts. */
const MOST_VOID = 3;

/** @throws MatchError if an engine cannot be started at all or too many games in a row come to nothing */
export const runMatch = async (options: RunOptions): Promise<void> => {
  mkdirSync(join(options.folder, GAMES_FOLDER), { recursive: true });
  const queue = options.games.map(game => ({ game, tries: 0 }));
  let failures = 0;
  let fatal: Error | undefined;
  const isOver = (): boolean =>
    fatal !== undefined || options.signal.aborted || (options.isDecided?.() ?? false);

  const work = async (): Promise<void> => {
    const table = new Table(options);
    const kill = (): void => table.kill();
    options.kill.addEventListener('abort', kill);
    try {
      while (!isOver()) {
        const next = queue.shift();
        if (!next) return;
        try {
          const row = await playScheduled(table, next.game, options);
          if (options.kill.aborted) return;
          appendResult(join(options.folder, RESULTS_FILE), row);
          options.onResult?.(row);
          failures =
            row.result === 'Void' && /cannot be started|did not start/.test(row.reason ?? '')
              ? failures + 1
              : 0;
        } catch (error) {
          if (options.kill.aborted) return;
          // The runner's own fault: the game does not count and is played once more.
          failures++;
          options.warn?.(`game ${next.game.id}: ${(error as Error).stack ?? String(error)}`);
          await table.restart();
          if (next.tries === 0) queue.push({ game: next.game, tries: 1 });
        }
        if (failures >= MOST_VOID)
          fatal = new MatchError(`${failures} games in a row came to nothing: the match is stopped`);
      }
    } catch (error) {
      fatal ??= error as Error;
    } finally {
      options.kill.removeEventListener('abort', kill);
      await table.close();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, work));
  if (fatal && !options.kill.aborted) throw fatal;
};

/** The engines of one worker. */
class Table {
  private readonly engines: readonly EngineSpec[];
  private readonly scorer: RunOptions['settings']['scorer'];
  private readonly running = new Map<string, GtpController>();
  private isKilled = false;

  constructor({ engines, settings }: RunOptions) {
    this.engines = engines;
    this.scorer = settings.scorer;
  }

  /** The engine of that index, started if need be; a failed start is tried once more. */
  async get(index: number): Promise<GtpController> {
    return this.open(`player ${index}`, this.engines[index]);
  }

  async getScorer(): Promise<GameSettings['scorer']> {
    return typeof this.scorer === 'string' ? this.scorer : this.open('scorer', this.scorer);
  }

  /** Ends an engine; the next game starts it anew. */
  async drop(index: number): Promise<void> {
    const key = `player ${index}`;
    const engine = this.running.get(key);
    this.running.delete(key);
    await engine?.close();
  }

  async restart(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    const engines = [...this.running.values()];
    this.running.clear();
    await Promise.all(engines.map(engine => engine.close()));
  }

  /** Ends everything at once, what is just being started too. */
  kill(): void {
    this.isKilled = true;
    for (const engine of this.running.values()) engine.kill();
  }

  private async open(key: string, spec: EngineSpec): Promise<GtpController> {
    const known = this.running.get(key);
    if (known?.isAlive) return known;
    await known?.close();
    this.running.delete(key);
    const engine = await GtpController.start(spec).catch((error: unknown) => {
      if (this.isKilled) throw error;
      return GtpController.start(spec);
    });
    this.running.set(key, engine);
    if (this.isKilled) engine.kill();
    return engine;
  }
}

const playScheduled = async (
  table: Table,
  game: ScheduledGame,
  { engines, openings, settings, folder }: RunOptions,
): Promise<GameRow> => {
  const opening = openings[game.pair % openings.length];
  const indices: Record<Color, number> = { [BLACK]: game.black, [WHITE]: game.white };
  const outcome = await seat(table, indices, opening, settings, engines);
  for (const color of outcome.failed) await table.drop(indices[color]);
  const names = [engines[game.black].name, engines[game.white].name] as const;
  const row = makeRow(game, names, opening, outcome, settings.size);
  await writeFileAtomic(join(folder, GAMES_FOLDER, `${game.id}.sgf`), makeRecord(row, outcome, settings));
  return row;
};

/** Both engines at the board; one that cannot be started has lost, unless neither can. */
const seat = async (
  table: Table,
  indices: Record<Color, number>,
  opening: Opening,
  settings: RunOptions['settings'],
  engines: readonly EngineSpec[],
): Promise<Outcome> => {
  const started = await Promise.allSettled([table.get(indices[BLACK]), table.get(indices[WHITE])]);
  const [black, white] = started;
  if (black.status === 'fulfilled' && white.status === 'fulfilled') {
    const scorer = await table.getScorer();
    return playGame({ [BLACK]: black.value, [WHITE]: white.value }, opening.moves, { ...settings, scorer });
  }
  const reasons = started.flatMap(entry =>
    entry.status === 'rejected' ? [(entry.reason as Error).message] : [],
  );
  for (const entry of started)
    if (entry.status === 'rejected' && !(entry.reason instanceof EngineError)) throw entry.reason;
  const isBoth = reasons.length === 2;
  const winner = black.status === 'rejected' ? 'W' : 'B';
  return {
    result: isBoth ? 'Void' : `${winner}+F`,
    reason: isBoth
      ? `neither ${engines[indices[BLACK]].name} nor the other did not start: ${reasons[0]}`
      : reasons[0],
    moves: [],
    failed: [],
  };
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const makeRow = (
  game: ScheduledGame,
  [black, white]: readonly [string, string],
  opening: Opening,
  { result, reason, moves, counts }: Outcome,
  size: number,
): GameRow => {
  const board = { width: size, height: size };
  const secondsOf = (color: Color): number =>
    round(
      moves.reduce((sum, move) => sum + (move.color === color ? move.seconds : 0), 0),
      2,
    );
  return {
    id: game.id,
    pair: game.pair,
    opening: `${opening.source}: ${openingText(opening, size)}`,
    black,
    white,
    result,
    ...(reason === undefined ? {} : { reason }),
    moves: moves.map(({ point }) => makeVertex(point, board)),
    openingMoves: Math.min(moves.length, opening.moves.length),
    winrates: moves.map(({ winrate, color }) =>
      winrate === undefined ? null : round(100 * (color === BLACK ? winrate : 1 - winrate), 1),
    ),
    counts: [counts?.[0] ?? null, counts?.[1] ?? null],
    secondsBlack: secondsOf(BLACK),
    secondsWhite: secondsOf(WHITE),
    key: gameKey(moves, size),
    finished: new Date().toISOString(),
  };
};

/** The game as SGF, with what the engines thought: SBKV and SBKS draw Sabaki's graphs. */
const makeRecord = (
  row: GameRow,
  { moves }: Outcome,
  { size, komi, rules }: RunOptions['settings'],
): string => {
  const game = new Game({ width: size, komi, rules });
  for (const { point, color } of moves) game.play(point, color);
  const header = {
    black: row.black,
    white: row.white,
    result: row.result,
    date: row.finished.slice(0, 10),
    comment: [`Opening: ${row.opening}`, ...(row.reason === undefined ? [] : [row.reason])].join('\n'),
  };
  return gameToSgf(game, header, i => annotate(moves[i]));
};

const annotate = ({
  color,
  winrate,
  lead,
  visits,
  seconds,
  comment: said,
}: PlayedMove): Record<string, readonly string[]> => {
  if (winrate === undefined) return said === undefined ? {} : { C: [said] };
  const sign = color === BLACK ? 1 : -1;
  const black = 100 * (color === BLACK ? winrate : 1 - winrate);
  const comment = [
    `win rate ${(100 * winrate).toFixed(1)} %`,
    ...(lead === undefined ? [] : [`lead ${lead.toFixed(1)}`]),
    ...(visits === undefined ? [] : [`${visits} visits`]),
    `${seconds.toFixed(2)} s`,
  ].join(', ');
  return {
    SBKV: [black.toFixed(2)],
    ...(lead === undefined ? {} : { SBKS: [(sign * lead).toFixed(2)] }),
    C: [said === undefined ? comment : `${comment}\n${said}`],
  };
};
