/** Commands whose answers GoGui draws on the board. Those that search take the time of a move, and draw meanwhile. */
import type { Analysis } from '../../../engine/analysis.ts';
import { makeVertex } from '../../../engine/coords.ts';
import { isTrueEye } from '../../../engine/eyes.ts';
import type { Game } from '../../../engine/game.ts';
import { BLACK, EMPTY, WHITE, type Point } from '../../../engine/types.ts';
import { encode, planeSize } from '../../../features/encode.ts';
import { LADDER_CAPTURE, LADDER_ESCAPE, PADDING, PLANES, describePlane } from '../../../features/planes.ts';
import { heatOf } from '../../draw/heat.ts';
import { readColor, readInteger } from '../arguments.ts';
import { GtpError } from '../gtpError.ts';
import { makeCandidateLines, makeColorLines, makeStatus, makeVariation } from '../liveGraphics.ts';
import type { Handler, Session } from './handler.ts';
import { withLiveGraphics } from './moves.ts';

/** Moves less likely than this get neither color nor number. */
const LEAST_SHOWN = 0.001;

const NO_OWNERSHIP = 'this network says nothing about ownership: hane-playouts does';

/** Thinks as long as about a move. */
const think = (session: Session): Promise<Analysis> => {
  const { engine, hurry: signal } = session;
  const { toPlay } = engine.game;
  return withLiveGraphics(session, toPlay, undefined, view =>
    engine.analyze(toPlay, { ...view, signal, isBrief: true }),
  );
};

const vertexOf = (game: Game, index: number): string => makeVertex(game.board.points[index], game);

/** The points where a plane is 1, as policy indices. */
const planePoints = (game: Game, plane: number): number[] => {
  const { width, height } = game;
  const size = planeSize(width, height);
  const planes = new Float32Array(PLANES * size);
  encode(game, planes);
  return Array.from({ length: width * height }, (_, i) => i).filter(i => {
    const y = Math.floor(i / width) + PADDING;
    return planes[plane * size + y * (width + 2 * PADDING) + (i % width) + PADDING] === 1;
  });
};

const mark = (game: Game, color: string, plane: number): string[] => {
  const points = planePoints(game, plane).map(i => vertexOf(game, i));
  return points.length > 0 ? [`COLOR ${color} ${points.join(' ')}`] : [];
};

/** A board of numbers for `dboard`, + for Black. */
const dboard = ({ width, height }: Game, values: Float32Array, sign: number): string =>
  Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_cell, x) => (sign * values[y * width + x]).toFixed(3)).join(' '),
  ).join('\n');

export const drawingHandlers: Record<string, Handler> = {
  'hane-candidates': async session => {
    const { game } = session.engine;
    const analysis = await think(session);
    return [...makeCandidateLines(game, analysis, 'winrate'), `TEXT ${makeStatus(analysis)}`].join('\n');
  },
  'hane-visits': async session => {
    const { game } = session.engine;
    const analysis = await think(session);
    return [...makeCandidateLines(game, analysis, 'visits'), `TEXT ${makeStatus(analysis)}`].join('\n');
  },
  'hane-line': async session => {
    const { game } = session.engine;
    const analysis = await think(session);
    const [best] = analysis.candidates;
    const line = best ? [makeVariation(game, game.toPlay, best.line)] : [];
    return [...line, `TEXT ${makeStatus(analysis)}`].join('\n');
  },
  'hane-territory': async session => {
    const { game } = session.engine;
    const { ownership } = await think(session);
    if (!ownership) throw new GtpError(NO_OWNERSHIP);
    return dboard(game, ownership, game.toPlay === BLACK ? 1 : -1);
  },
  'hane-policy': async ({ engine }) => {
    const { game, settings } = engine;
    const { policy } = await engine.evaluate(game.toPlay, settings.symmetries === 8 ? 'mean' : 0);
    const { area } = game.board;
    const largest = Math.max(...policy.subarray(0, area));
    const shown = Array.from({ length: area }, (_, i) => i).filter(i => policy[i] >= LEAST_SHOWN);
    const labels = shown.map(
      i => `${vertexOf(game, i)} ${(100 * policy[i]).toFixed(policy[i] < 0.1 ? 1 : 0)}`,
    );
    return [
      ...makeColorLines(shown.map(i => [vertexOf(game, i), heatOf(policy[i], largest)])),
      ...(labels.length > 0 ? [`LABEL ${labels.join(' ')}`] : []),
      ...(policy[area] > 0 ? [`TEXT pass ${(100 * policy[area]).toFixed(1)} %`] : []),
    ].join('\n');
  },
  'hane-ownership': async ({ engine }) => {
    const { game } = engine;
    const { ownership } = await engine.evaluate(game.toPlay, 0);
    if (!ownership) throw new GtpError(NO_OWNERSHIP);
    return dboard(game, ownership, game.toPlay === BLACK ? 1 : -1);
  },
  'hane-playouts': async ({ engine }) => {
    const { game, player } = engine;
    return dboard(game, (await player.judge(game)).ownership, 1);
  },
  'hane-liberties': ({ engine: { game } }) => {
    const { board, width, height } = game;
    const cell = (point: Point): string =>
      board.stones[point] === EMPTY ? '""' : String(board.libertiesOf(point));
    return Array.from({ length: height }, (_row, y) =>
      Array.from({ length: width }, (_cell, x) => cell(board.points[y * width + x])).join(' '),
    ).join('\n');
  },
  /** Moves of the player to move that capture in a ladder, red, and that escape from one, green. */
  'hane-ladders': ({ engine: { game } }) =>
    [...mark(game, '#e03020', LADDER_CAPTURE), ...mark(game, '#30a040', LADDER_ESCAPE)].join('\n'),
  'hane-eyes': ({ engine: { game } }) => {
    const { board } = game;
    const lines: string[] = [];
    for (const [color, command] of [
      [BLACK, 'BLACK'],
      [WHITE, 'WHITE'],
    ] as const) {
      const eyes = Array.from(board.points).filter(point => isTrueEye(board, point, color));
      if (eyes.length > 0) lines.push(`${command} ${eyes.map(point => makeVertex(point, game)).join(' ')}`);
    }
    return lines.join('\n');
  },
  /** `hane-plane N`: where the plane is 1. */
  'hane-plane': ({ engine: { game } }, [text]) => {
    const plane = readInteger(text);
    if (plane < 0 || plane >= PLANES) throw new GtpError(`the plane must be 0 to ${PLANES - 1}`);
    return [...mark(game, '#ff8800', plane), `TEXT ${describePlane(plane)}`].join('\n');
  },
  all_legal: ({ engine: { game } }, [colorText]) => {
    const color = readColor(colorText);
    return Array.from(game.board.points)
      .filter(point => game.isLegal(point, color))
      .map(point => makeVertex(point, game))
      .join(' ');
  },
};
