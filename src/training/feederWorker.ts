/** The thread that makes batches: draws positions, replays their games, encodes planes, and hands buffers back and forth. */
import { parentPort, workerData } from 'node:worker_threads';
import { Game } from '../../engine/game.ts';
import { makeBatch } from './batch.ts';
import { Dataset } from './data/dataset.ts';
import type { FeederStart, FromFeeder, ToFeeder } from './feeder.ts';
import { fillPosition } from './fillPosition.ts';
import { Sampler, type Draw } from './sampler.ts';

const { memory, split, sampler: options, fill, planes, positions } = workerData as FeederStart;
const port = parentPort!;
const dataset = Dataset.from(memory);
const sampler = new Sampler(dataset, split, options);
const game = new Game({ width: 19, height: 19 });
const draw: Draw = { game: 0, ply: 0, label: -1, symmetry: 0 };

port.on('message', ({ first, buffer }: ToFeeder) => {
  const batch = makeBatch(planes, positions, buffer);
  new Float32Array(buffer).fill(0);
  for (let slot = 0; slot < positions; slot++)
    fillPosition(batch, slot, dataset, sampler.draw(first + slot, draw), game, fill);
  const message: FromFeeder = { first, buffer };
  port.postMessage(message, [buffer]);
});
