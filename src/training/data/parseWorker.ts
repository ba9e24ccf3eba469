/** The thread that reads game records: files in, games or reasons out. */
import { parentPort, workerData } from 'node:worker_threads';
import { Game } from '../../../engine/game.ts';
import type { GameFilters } from './filters.ts';
import { BOARD } from './gameRecord.ts';
import type { FromParser, ToParser } from './parsePool.ts';
import { readGames } from './readGame.ts';

const filters = workerData as GameFilters;
const port = parentPort!;
const scratch = new Game(BOARD);

port.on('message', ({ id, files }: ToParser) => {
  const outcomes = files.flatMap(file => readGames(file, filters, scratch));
  const message: FromParser = { id, batch: { files: files.length, outcomes } };
  port.postMessage(message);
});
