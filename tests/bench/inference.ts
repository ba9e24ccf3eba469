/**
 * What our evaluator costs beyond ONNX Runtime itself: batches through it beside batches through a bare session, in turns.
 *
 *     npm run bench:inference -- [rounds]
 *
 * The evaluator encodes the positions, passes them to its thread, and makes priors out of the answers while the next batch
 * runs: two batches are in flight, as in a search. The bare session gets ready-made planes. Both use one thread and the network's
 * direct form.
 */
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Batch } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { PLANES } from '../../features/planes.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { WEIGHTS_FOLDER, readManifest } from '../../src/inference/manifest.ts';
import { keepFigures } from '../support/figures.ts';
import { playRandomMoves } from '../support/randomGames.ts';
import { percentile } from '../support/statistics.ts';

const BATCH = 8;
const BATCHES = 8;
const LIMIT = 0.05;

const rounds = Number(process.argv[2] ?? 20);
const games = Array.from({ length: BATCH }, (_, i) => {
  const game = new Game();
  playRandomMoves(game, 30 * i, new Random(i));
  return game;
});

const { networks, default: name } = await readManifest();
const { file } = networks.find(network => network.name === name)!;
const session = await InferenceSession.create(join(WEIGHTS_FOLDER, file), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});
const size = PLANES * planeSize(19, 19);
const planes = new Float32Array(BATCH * size);
games.forEach((game, slot) => encode(game, planes, slot * size));
const feeds = {
  planes: new Tensor('float32', planes, [BATCH, PLANES, 23, 23]),
  komi: new Tensor('float32', new Float32Array(BATCH).fill(0.75), [BATCH]),
};
const runBare = async (): Promise<void> => {
  for (let i = 0; i < BATCHES; i++) await session.run(feeds);
};

const evaluator = await openEvaluator({ threads: 1, maxBatch: BATCH, kernel: 'direct' });
const finish = async (batch: Batch): Promise<void> => {
  await batch.run();
  for (let slot = 0; slot < BATCH; slot++) batch.policy(slot);
  batch.release();
};

const runOurs = async (): Promise<void> => {
  let last: Promise<void> = Promise.resolve();
  for (let i = 0; i < BATCHES; i++) {
    const batch = evaluator.begin();
    for (const game of games) batch.add(game);
    const running = finish(batch);
    await last;
    last = running;
  }
  await last;
};

const time = async (run: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await run();
  return (performance.now() - start) / BATCHES;
};

await runBare();
await runOurs();
const bare: number[] = [];
const ours: number[] = [];
for (let round = 0; round < rounds; round++) {
  bare.push(await time(runBare));
  ours.push(await time(runOurs));
}
await evaluator.close();
await session.release();
const [a, b] = [percentile(bare, 0.5), percentile(ours, 0.5)];
const overhead = b / a - 1;
process.stdout.write(
  `batches of ${BATCH}, one thread, median of ${rounds} rounds: bare session ${a.toFixed(2)} ms, evaluator ${b.toFixed(2)} ms, overhead ${(100 * overhead).toFixed(1)} % (limit ${100 * LIMIT} %)\n`,
);
keepFigures('inference', { 'bare ms': a, 'evaluator ms': b, 'overhead %': 100 * overhead });
if (overhead > LIMIT) process.exitCode = 1;
