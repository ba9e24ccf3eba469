/**
 * One game between two engines that are running: set up, opening, moves under the clock, end, score. Whoever fails loses; what
 * is nobody's fault is void.
 */
import { makeVertex, parseVertex } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { BLACK, WHITE, opposite, type Color, type Move, type Rules } from '../../engine/types.ts';
import { EngineError, SETUP_MS, type GtpController } from './controller.ts';
import { scoreGame, type Scorer } from './scoring.ts';
import { Clock, type TimeControl } from './timeControl.ts';

export interface GameSettings {
  readonly size: number;
  readonly komi: number;
  readonly rules: Rules;
  /** Name of the rules for `kata-set-rules`. */
  readonly rulesName: string;
  readonly time: TimeControl;
  /** Seconds of grace on the clock. */
  readonly margin: number;
  /** Longest time for a move without a clock, in seconds. */
  readonly moveSeconds: number;
  /** Moves after which a game is void. */
  readonly maxMoves: number;
  /** Both engines must see one side below this win rate for so many moves in a row; undefined: nobody is judged early. */
  readonly adjudication: { readonly moves: number; readonly below: number } | undefined;
  readonly scorer: Scorer;
}

/** What is known of one move. */
export interface PlayedMove extends Move {
  readonly seconds: number;
  /** Win rate of the mover, from 0 to 1, if the engine tells. */
  readonly winrate?: number;
  /** Lead of the mover in points. */
  readonly lead?: number;
  readonly visits?: number;
  /** What the engine says about it, in its own words. */
  readonly comment?: string;
}

export interface Outcome {
  /** "B+3.5", "W+R", "B+T", "W+F", "0" or "Void". */
  readonly result: string;
  /** Why, where the result does not say it all. */
  readonly reason?: string;
  readonly moves: readonly PlayedMove[];
  /** What each player counts: Black's answer to `final_score`, White's. */
  readonly counts?: readonly (string | undefined)[];
  /** Engines that have to be started anew. */
  readonly failed: readonly Color[];
}

/** Characters kept of an engine's comment on a move. */
const LONGEST_COMMENT = 2000;

type Players = Readonly<Record<Color, GtpController>>;

const COLORS: readonly Color[] = [BLACK, WHITE];
const letterOf = (color: Color): 'B' | 'W' => (color === BLACK ? 'B' : 'W');

/** A loss by an engine's own fault. */
class Fault extends Error {
  readonly color: Color;
  readonly letter: 'F' | 'T';
  readonly isFatal: boolean;

  constructor(color: Color, letter: 'F' | 'T', message: string, isFatal: boolean) {
    super(message);
    this.color = color;
    this.letter = letter;
    this.isFatal = isFatal;
  }
}

/** @throws only if the runner itself is at fault */
export const playGame = async (
  players: Players,
  opening: readonly Move[],
  settings: GameSettings,
): Promise<Outcome> => {
  const game = new Game({ width: settings.size, komi: settings.komi, rules: settings.rules });
  const clock = new Clock(settings.time, settings.margin);
  const moves: PlayedMove[] = [];
  try {
    await Promise.all(COLORS.map(color => prepare(players[color], color, opening, game, clock, settings)));
    for (const { point, color } of opening) {
      game.play(point, color);
      moves.push({ point, color, seconds: 0 });
    }
    const early = await playMoves(players, game, clock, moves, settings);
    if (early) return { ...early, moves, failed: [] };
    return { ...(await scoreGame(players, game, settings.scorer)), moves, failed: [] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { color, letter, isFatal, message } = error;
    return {
      result: `${letterOf(opposite(color))}+${letter}`,
      reason: message,
      moves,
      failed: isFatal ? [color] : [],
    };
  }
};

/** Turns an engine's error into its loss. */
const blame = async <T>(color: Color, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EngineError) throw new Fault(color, 'F', error.message, error.failure !== 'refused');
    throw error;
  }
};

const prepare = (
  engine: GtpController,
  color: Color,
  opening: readonly Move[],
  game: Game,
  clock: Clock,
  { size, komi, rulesName }: GameSettings,
): Promise<void> =>
  blame(
    color,
    (async () => {
      await engine.send(`boardsize ${size}`);
      await engine.send('clear_board');
      await engine.send(`komi ${komi}`);
      if (await engine.knows('kata-set-rules')) await engine.send(`kata-set-rules ${rulesName}`);
      await clock.announce(engine);
      for (const move of opening)
        await engine.send(`play ${letterOf(move.color)} ${makeVertex(move.point, game)}`);
    })(),
  );

/** Until the game is over by two passes; @returns a result that came before that */
const playMoves = async (
  players: Players,
  game: Game,
  clock: Clock,
  moves: PlayedMove[],
  settings: GameSettings,
): Promise<{ result: string; reason?: string } | undefined> => {
  const outlook = new Outlook(settings.adjudication);
  while (!game.isOver) {
    if (game.moveCount >= settings.maxMoves)
      return { result: 'Void', reason: `no end after ${settings.maxMoves} moves` };
    const color = game.toPlay;
    const engine = players[color];
    await blame(color, clock.remind(engine, color));
    const started = performance.now();
    const limit = Math.min(
      clock.limit(color),
      settings.time.kind === 'none' ? settings.moveSeconds : Infinity,
    );
    const answer = await blame(color, askMove(engine, color, limit * 1000 + SETUP_MS / 10)).catch(
      (error: unknown) => {
        const isLate = error instanceof Fault && error.isFatal && /no answer to/.test(error.message);
        if (isLate && settings.time.kind !== 'none')
          throw new Fault(color, 'T', `${engine.name} did not move in its time`, true);
        throw error;
      },
    );
    const seconds = (performance.now() - started) / 1000;
    if (!clock.spend(color, seconds))
      throw new Fault(color, 'T', `${engine.name} took ${seconds.toFixed(1)} s for its move`, false);
    if (/^resign$/i.test(answer.move)) return { result: `${letterOf(opposite(color))}+R` };
    const point = parseVertex(answer.move, game);
    const why = point === undefined ? 'no vertex' : game.whyIllegal(point, color);
    if (point === undefined || why)
      throw new Fault(
        color,
        'F',
        `${engine.name} answered "${answer.move.slice(0, 40)}" as move ${game.moveCount + 1}: ${why}`,
        false,
      );
    game.play(point, color);
    moves.push({ point, color, seconds, ...answer.thought, ...(await blame(color, askComment(engine))) });
    const loser = outlook.loserAfter(color, answer.thought.winrate);
    if (loser) return { result: `${letterOf(opposite(loser))}+R`, reason: 'adjudicated: both agree' };
    // An engine that refuses a move that the referee allows has lost its own board.
    await blame(
      opposite(color),
      players[opposite(color)].send(`play ${letterOf(color)} ${makeVertex(point, game)}`),
    );
  }
  return undefined;
};

interface Answer {
  readonly move: string;
  readonly thought: Pick<PlayedMove, 'winrate' | 'lead' | 'visits' | 'comment'>;
}

/** Asks for a move, with the engine's thoughts if it tells them. */
const askMove = async (engine: GtpController, color: Color, timeoutMs: number): Promise<Answer> => {
  const limit = Number.isFinite(timeoutMs) ? timeoutMs : 2 ** 31 - 1;
  const letter = letterOf(color);
  for (const command of ['kata-genmove_analyze', 'lz-genmove_analyze'])
    if (await engine.knows(command)) {
      const text = await engine.send(`${command} ${letter}`, limit);
      const move = /^play (\S+)$/m.exec(text)?.[1];
      if (move === undefined)
        throw new EngineError('protocol', engine.name, `no "play" in: ${text.slice(0, 80)}`);
      return { move, thought: readThought(text) };
    }
  return { move: await engine.send(`genmove ${letter}`, limit), thought: {} };
};

/** gomill's way to ask for a comment; what it costs is not the player's time. */
const askComment = async (engine: GtpController): Promise<{ comment?: string }> => {
  if (!(await engine.knows('gomill-explain_last_move'))) return {};
  const comment = await engine.send('gomill-explain_last_move').catch((error: unknown) => {
    if (error instanceof EngineError && error.failure === 'refused') return '';
    throw error;
  });
  return comment === '' ? {} : { comment: comment.slice(0, LONGEST_COMMENT) };
};

/** Win rate, lead and visits of the best candidate in the last line of an analysis. */
export const readThought = (text: string): Answer['thought'] => {
  const line = text.split('\n').findLast(candidate => candidate.startsWith('info '));
  if (line === undefined) return {};
  const best =
    line
      .split(/\binfo /)
      .slice(1)
      .find(block => /\border 0\b/.test(block)) ?? line;
  const field = (name: string): number | undefined => {
    const value = new RegExp(`\\b${name} (-?[\\d.]+)`).exec(best)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const raw = field('winrate');
  // Leela Zero's form has integers up to 10000.
  const winrate = raw === undefined ? undefined : /\bwinrate \d+(?: |$)/.test(best) ? raw / 10_000 : raw;
  const lead = field('scoreLead') ?? field('scoreMean');
  const visits = field('visits');
  return {
    ...(winrate === undefined ? {} : { winrate }),
    ...(lead === undefined ? {} : { lead }),
    ...(visits === undefined ? {} : { visits }),
  };
};

/** Sees when both players have agreed for long that one has lost. */
class Outlook {
  private readonly rule: GameSettings['adjudication'];
  private readonly streaks: Record<Color, number> = { [BLACK]: 0, [WHITE]: 0 };

  constructor(rule: GameSettings['adjudication']) {
    this.rule = rule;
  }

  /** @param winrate of the mover @returns who has lost by now */
  loserAfter(mover: Color, winrate: number | undefined): Color | undefined {
    const { rule, streaks } = this;
    if (!rule) return undefined;
    for (const color of COLORS) {
      const own = winrate === undefined ? 0.5 : color === mover ? winrate : 1 - winrate;
      streaks[color] = own < rule.below ? streaks[color] + 1 : 0;
      if (streaks[color] >= rule.moves) return color;
    }
    return undefined;
  }
}
