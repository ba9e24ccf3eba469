/**
 * The board: moves, legality tests and undo a second, and whether they allocate.
 *
 *     npm run bench:board -- [games]
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Board } from '../../engine/board.ts';
import { isTrueEye } from '../../engine/eyes.ts';
import { Game } from '../../engine/game.ts';
import { Playouts } from '../../engine/playouts.ts';
import { Random } from '../../engine/random.ts';
import { BLACK, WHITE, opposite, type Color } from '../../engine/types.ts';
import { keepFigures, type Figures } from '../support/figures.ts';
import { playRandomMoves } from '../support/randomGames.ts';

const SIZE = 19;
const MOVES = 300;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const figures: Figures[] = [];

/** Runs a task, twice to warm up and once to measure. */
const measure = (what: string, unit: string, task: () => number): void => {
  task();
  task();
  collectGarbage();
  const heap = process.memoryUsage().heapUsed;
  const start = process.hrtime.bigint();
  const count = task();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const grown = process.memoryUsage().heapUsed - heap;
  figures.push({ what, unit, 'a second': count / seconds, 'heap bytes': grown });
  process.stdout.write(
    `${what.padEnd(38)} ${Math.round(count / seconds)
      .toLocaleString('en')
      .padStart(
        12,
      )} ${unit}/s   heap ${grown >= 0 ? '+' : ''}${grown} bytes over ${count.toLocaleString('en')}\n`,
  );
};

const games = Number(process.argv[2] ?? 2000);

/** One random game, which the runs below replay. */
const points = new Int16Array(MOVES);
const colors = new Uint8Array(MOVES);
{
  const game = new Game({ width: SIZE, height: SIZE });
  playRandomMoves(game, MOVES, new Random(1));
  for (let i = 0; i < MOVES; i++) {
    const { point, color } = game.moveAt(i);
    points[i] = point;
    colors[i] = color;
  }
}

const playAll = (target: Board): void => {
  for (let k = 0; k < MOVES; k++) target.play(points[k], colors[k] as Color);
};

const undoAll = (target: Board): void => {
  for (let k = 0; k < MOVES; k++) target.undo();
};

const board = new Board(SIZE, SIZE);
measure('board: play', 'moves', () => {
  for (let i = 0; i < games; i++) {
    playAll(board);
    undoAll(board);
  }
  return games * MOVES * 2;
});
measure('board: legality of a point', 'points', () => {
  let count = 0;
  let legal = 0;
  playAll(board);
  for (let i = 0; i < games; i++) {
    for (let k = 0; k < board.area; k++) {
      if (board.isLegal(board.points[k], BLACK)) legal++;
      if (isTrueEye(board, board.points[k], WHITE)) legal++;
      count++;
    }
  }
  undoAll(board);
  return legal > 0 ? count : 0;
});
const game = new Game({ width: SIZE, height: SIZE });
measure('game: play with superko, undo', 'moves', () => {
  for (let i = 0; i < games / 4; i++) {
    for (let k = 0; k < MOVES; k++) {
      const color = colors[k] as Color;
      if (game.isLegal(points[k], color)) game.play(points[k], color);
    }
    while (game.moveCount > 0) game.undo();
  }
  return (games / 4) * MOVES * 2;
});
const playouts = new Playouts(SIZE, SIZE, new Random(1));
const sums = new Int32Array(SIZE * SIZE);
measure('playouts from the empty board', 'playouts', () => {
  const start = new Board(SIZE, SIZE);
  let color: Color = BLACK;
  for (let i = 0; i < games / 2; i++) {
    playouts.run(start, color, sums);
    color = opposite(color);
  }
  return games / 2;
});
keepFigures('board', figures);
