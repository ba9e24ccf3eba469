/** `hane planes`: the input planes of a position, drawn or as JSON. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { policyIndexOf } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK, PASS } from '../../engine/types.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { ONES, PADDING, PLANES, describePlane, planeName } from '../../features/planes.ts';
import { pictureOf, type BoardPicture } from '../draw/boardPicture.ts';
import { drawBoardSvg, drawSheetSvg } from '../draw/boardSvg.ts';
import { drawBoardText } from '../draw/boardText.ts';
import { loadPosition } from '../sgf/replay.ts';
import type { GameRecord } from '../sgf/record.ts';
import { UserError } from './errors.ts';
import { readGameFile, usesColor, wholeNumber, writeOutput, writePicture } from './position.ts';

interface PlanesOptions {
  readonly move?: number;
  readonly game: number;
  readonly plane: readonly number[];
  readonly out?: string;
  readonly json?: boolean;
}

const SHEET_COLUMNS = 8;

/** Adds the command `planes`. */
export const addPlanesCommand = (program: Command): void => {
  program
    .command('planes')
    .description('show what the network sees of a position: its 48 input planes')
    .argument('<file.sgf>', 'game record')
    .option('--move <n>', 'after this many moves (default: at the end)', wholeNumber(0))
    .option('--game <n>', 'which game of a collection', wholeNumber(1), 1)
    .option('--plane <list>', 'planes by number, e.g. 0,4-11,44, or all', parsePlanes, parsePlanes('all'))
    .option('--out <file>', 'draw a picture, .svg or .png; with --json the file to write')
    .option('--json', 'points of each plane that is not all zero (but plane 3, all ones)')
    .action(runPlanes);
};

const runPlanes = async (file: string, options: PlanesOptions): Promise<void> => {
  const record = await readGameFile(file, options.game - 1);
  const game = loadPosition(record, options.move ?? record.moves.length);
  const planes = readPlanes(game);
  if (options.json) {
    const json = `${JSON.stringify(makeJson(file, record, game, planes, options.plane))}\n`;
    if (options.out === undefined) process.stdout.write(json);
    else await writeOutput(options.out, json);
    return;
  }
  const boards = options.plane.map(plane => ({
    picture: planePicture(game, planes[plane]),
    title: `${plane} ${planeName(plane)}`,
  }));
  if (options.out === undefined) {
    for (const [i, { picture, title }] of boards.entries()) {
      // Without colors the plane stands alone: a mark on a stone would hide it.
      const shown = usesColor()
        ? picture
        : {
            ...picture,
            stones: new Uint8Array(picture.stones.length),
            labels: marks(planes[options.plane[i]]),
          };
      process.stdout.write(
        `plane ${title}: ${describePlane(options.plane[i])}\n${drawBoardText(shown, { color: usesColor() })}\n\n`,
      );
    }
  } else if (boards.length === 1) {
    const caption = [describePlane(options.plane[0])];
    await writePicture(
      options.out,
      drawBoardSvg(boards[0].picture, { title: `plane ${boards[0].title}`, caption }),
      1000,
    );
  } else await writePicture(options.out, drawSheetSvg(boards, Math.min(SHEET_COLUMNS, boards.length)), 1800);
};

/** A 1 on each of these points. */
const marks = (points: readonly number[]): string[] => {
  const labels: string[] = [];
  for (const point of points) labels[point] = '1';
  return labels;
};

/** The points that are 1 in each plane, as policy indices. */
export const readPlanes = (game: Game): number[][] => {
  const { width, height } = game;
  const size = planeSize(width, height);
  const encoded = new Float32Array(PLANES * size);
  encode(game, encoded);
  const points = Array.from({ length: width * height }, (_, i) => i);
  const target = (i: number): number =>
    (Math.floor(i / width) + PADDING) * (width + 2 * PADDING) + (i % width) + PADDING;
  return Array.from({ length: PLANES }, (_, plane) =>
    points.filter(i => encoded[plane * size + target(i)] === 1),
  );
};

const planePicture = (game: Game, points: readonly number[]): BoardPicture => {
  const heat = new Float32Array(game.board.area);
  for (const point of points) heat[point] = 1;
  const { stones } = pictureOf(game);
  const labels = Array.from(heat, (value, i) => (value === 1 && stones[i] === 0 ? '1' : undefined));
  return { ...pictureOf(game), lastMove: undefined, heat, labels };
};

/** The form of the project's golden positions: which position, who moves, what was played, the points of each plane. */
const makeJson = (
  file: string,
  record: GameRecord,
  game: Game,
  planes: readonly number[][],
  wanted: readonly number[],
): unknown => {
  const next = record.moves[game.moveCount];
  return {
    archive: null,
    sgf: basename(file),
    movesPlayed: game.moveCount,
    toPlay: game.toPlay === BLACK ? 'B' : 'W',
    nextMove: next === undefined || next.point === PASS ? null : policyIndexOf(next.point, game),
    planes: Object.fromEntries(
      wanted.filter(plane => plane !== ONES && planes[plane].length > 0).map(plane => [plane, planes[plane]]),
    ),
  };
};

/** Reads "0,4-11,44" or "all". */
const parsePlanes = (text: string): number[] => {
  if (text === 'all') return Array.from({ length: PLANES }, (_, plane) => plane);
  const planes = text.split(',').flatMap(part => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : Number(match[2]);
    if (!match || last >= PLANES || first > last) {
      throw new UserError(
        `--plane "${text}": "${part}" is no plane; planes are 0 to ${PLANES - 1}, as 0,4-11,44 or all`,
      );
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(planes)];
};
