/** Who has won a game that ended by passes: by the referee, the players, or a third engine. */
import { makeVertex } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { judge } from '../../engine/judge.ts';
import { finalScore, makeScore } from '../../engine/score.ts';
import { BLACK, WHITE, type Color } from '../../engine/types.ts';
import { EngineError, type GtpController } from './controller.ts';

/** Who says what the score is; a controller is a third engine. */
export type Scorer = 'referee' | 'players' | GtpController;

type Players = Readonly<Record<Color, GtpController>>;

const COLORS: readonly Color[] = [BLACK, WHITE];

/** The score of a finished game, and what the players think of it. */
export const scoreGame = async (
  players: Players,
  game: Game,
  scorer: Scorer,
): Promise<{ result: string; reason?: string; counts: (string | undefined)[] }> => {
  const counts = await Promise.all(COLORS.map(color => countOf(players[color])));
  const [black, white] = counts;
  const agree = black !== undefined && white !== undefined && sameScore(black, white);
  if (scorer === 'players') {
    if (agree) return { result: normalize(black), counts };
    return { result: 'Void', reason: `the players count ${black ?? '?'} and ${white ?? '?'}`, counts };
  }
  if (scorer !== 'referee') {
    const third = await countAsThird(scorer, game);
    return third === undefined
      ? { result: 'Void', reason: 'the scoring engine gave no score', counts }
      : { result: normalize(third), counts };
  }
  const result = makeScore(finalScore(game, judge(game)));
  const others = counts.filter(count => count !== undefined && !sameScore(count, result));
  return others.length === 0
    ? { result, counts }
    : { result, reason: `a player counts ${others.join(' and ')}`, counts };
};

const countOf = async (engine: GtpController): Promise<string | undefined> => {
  try {
    return (await engine.knows('final_score')) ? await engine.send('final_score', 60_000) : undefined;
  } catch {
    return undefined;
  }
};

const countAsThird = async (engine: GtpController, game: Game): Promise<string | undefined> => {
  try {
    for (const line of [`boardsize ${game.width}`, 'clear_board', `komi ${game.komi}`])
      await engine.send(line);
    for (let i = 0; i < game.moveCount; i++) {
      const { color, point } = game.moveAt(i);
      await engine.send(`play ${color === BLACK ? 'B' : 'W'} ${makeVertex(point, game)}`);
    }
    return await engine.send('final_score', 60_000);
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
};

/** "B+3.50" is "B+3.5". */
const normalize = (text: string): string => {
  const value = scoreOf(text);
  return value === undefined ? text : makeScore(value);
};

const scoreOf = (text: string): number | undefined => {
  if (/^0$/.test(text)) return 0;
  const match = /^([BW])\+(\d+(?:\.\d+)?)/i.exec(text);
  return match ? (match[1].toUpperCase() === 'B' ? 1 : -1) * Number(match[2]) : undefined;
};

const sameScore = (a: string, b: string): boolean => scoreOf(a) === scoreOf(b);
