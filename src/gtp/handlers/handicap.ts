/** Handicap stones (GTP 2 specification, section 4.1): they are no moves, and cannot be taken back. */
import { handicapPoints, makeVertex } from '../../../engine/coords.ts';
import { Game } from '../../../engine/game.ts';
import { choosePolicyMove } from '../../../engine/players.ts';
import { BLACK, EMPTY, PASS, type Point } from '../../../engine/types.ts';
import { readInteger, readVertex } from '../arguments.ts';
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

const MIN_STONES = 2;

const assertEmpty = ({ board }: Game): void => {
  if (board.points.some(point => board.stones[point] !== EMPTY)) throw new GtpError('board not empty');
};

const place = ({ game }: GtpEngine, points: readonly Point[]): string => {
  game.placeHandicap(points);
  return points.map(point => makeVertex(point, game)).join(' ');
};

/**
 * Where to put `count` stones of one's own choice: on the fixed points as far as there are any, then where the network
 * likes to move as Black. Fewer if it would rather pass.
 */
const choosePoints = async ({ game, player }: GtpEngine, count: number): Promise<Point[]> => {
  const points: Point[] = [];
  for (let fixed = Math.min(count, 9); fixed >= MIN_STONES && points.length === 0; fixed--) {
    points.push(...(handicapPoints(fixed, game) ?? []));
  }
  const scratch = new Game({ width: game.width, height: game.height, komi: game.komi, rules: game.rules });
  while (points.length < count) {
    scratch.setup(
      points.map(point => ({ color: BLACK, point })),
      BLACK,
      points.length,
    );
    const { policy } = await player.evaluate(scratch, 0);
    const move = choosePolicyMove(scratch, policy);
    if (move === PASS) break;
    points.push(move);
  }
  return points;
};

const readPoints = (vertices: readonly string[], game: Game): Point[] => {
  try {
    return vertices.map(vertex => readVertex(vertex, game));
  } catch {
    throw new GtpError('bad vertex list');
  }
};

export const handicapHandlers: Record<string, Handler> = {
  fixed_handicap: ({ engine }, [text]) => {
    const count = readInteger(text);
    assertEmpty(engine.game);
    const points = handicapPoints(count, engine.game);
    if (!points) throw new GtpError('invalid number of stones');
    return place(engine, points);
  },
  place_free_handicap: async ({ engine }, [text]) => {
    const count = readInteger(text);
    assertEmpty(engine.game);
    if (count < MIN_STONES || count >= engine.game.board.area) throw new GtpError('invalid number of stones');
    const points = await choosePoints(engine, count);
    if (points.length < MIN_STONES) throw new GtpError('invalid number of stones');
    return place(engine, points);
  },
  set_free_handicap: ({ engine }, vertices) => {
    const points = readPoints(vertices, engine.game);
    assertEmpty(engine.game);
    const isGood =
      points.length >= MIN_STONES &&
      points.length < engine.game.board.area &&
      new Set(points).size === points.length;
    if (!isGood || points.includes(PASS)) throw new GtpError('bad vertex list');
    place(engine, points);
  },
};
