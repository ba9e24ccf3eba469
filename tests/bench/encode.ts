/**
 * How much CPU time the 48 planes of a position take, beside one evaluation of the 13x64 network.
 *
 *     npm run bench:encode -- [positions] [rounds]
 *
 * Positions are sampled from the shared KGS archives, one a game at a random move; without them from seeded random games.
 * Encoder and network take turns, BATCH positions each, so that both see the same machine and the caches as the other
 * leaves them. Both are timed by the process's own CPU time, garbage collection and compilation included; the network runs
 * on one thread in its direct form, as exported. Then the encoder runs alone, for its time with warm caches and its garbage.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { PADDING, PLANES } from '../../features/planes.ts';
import type { GameRecord } from '../../src/sgf/record.ts';
import { replay, startGame } from '../../src/sgf/replay.ts';
import { keepFigures } from '../support/figures.ts';
import { readGames } from '../support/records.ts';
import { playRandomMoves } from '../support/randomGames.ts';
import { sharedPath } from '../support/shared.ts';

const SEED = 4;
const BATCH = 8;
const SIZE = 19;
const PLANE_SIZE = planeSize(SIZE, SIZE);
const GARBAGE_ENCODES = 10_000;
/** Share of the network's CPU time that the encoder may take. */
const LIMIT = 0.05;
const WEIGHTS = fileURLToPath(new URL('../../weights/', import.meta.url));

/** One position a game, at a random move, from games spread over the archives. */
const sampleKgs = async (folder: string, count: number, random: Random): Promise<Game[]> => {
  const records: GameRecord[] = [];
  for await (const { record } of readGames(folder))
    if (record.width === SIZE && record.height === SIZE) records.push(record);
  const games: Game[] = [];
  while (games.length < count) {
    const record = records[random.below(records.length)];
    const game = startGame(record);
    if (!replay(game, record, random.below(record.moves.length + 1))) games.push(game);
  }
  return games;
};

const sampleRandom = (count: number, random: Random): Game[] =>
  Array.from({ length: count }, () => {
    const game = new Game();
    playRandomMoves(game, random.below(300), random);
    return game;
  });

/** CPU time of this process since it started, all threads, in microseconds. */
const cpuMicroseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const openNetwork = async (): Promise<InferenceSession> => {
  const manifest = JSON.parse(readFileSync(join(WEIGHTS, 'manifest.json'), 'utf8')) as {
    readonly networks: readonly { readonly name: string; readonly file: string }[];
  };
  const { file } = manifest.networks.find(({ name }) => name === '13x64')!;
  return InferenceSession.create(join(WEIGHTS, file), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
};

const measureTurns = async (
  games: readonly Game[],
  rounds: number,
): Promise<{ encoder: number; network: number }> => {
  const session = await openNetwork();
  const planes = new Float32Array(BATCH * PLANES * PLANE_SIZE);
  const shape = [BATCH, PLANES, SIZE + 2 * PADDING, SIZE + 2 * PADDING];
  const feeds = {
    planes: new Tensor('float32', planes, shape),
    komi: new Tensor('float32', new Float32Array(BATCH), [BATCH]),
  };
  await session.run(feeds);
  let encoder = 0;
  let network = 0;
  for (let round = 0; round < rounds; round++) {
    for (let first = 0; first + BATCH <= games.length; first += BATCH) {
      const start = cpuMicroseconds();
      for (let slot = 0; slot < BATCH; slot++)
        encode(games[first + slot], planes, slot * PLANES * PLANE_SIZE);
      const encoded = cpuMicroseconds();
      await session.run(feeds);
      network += cpuMicroseconds() - encoded;
      encoder += encoded - start;
    }
  }
  await session.release();
  const positions = rounds * Math.floor(games.length / BATCH) * BATCH;
  return { encoder: encoder / positions, network: network / positions };
};

/** The encoder alone: microseconds a position, and how many bytes the heap grows in GARBAGE_ENCODES encodes. */
const measureAlone = (games: readonly Game[]): { microseconds: number; heapBytes: number } => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const planes = new Float32Array(PLANES * PLANE_SIZE);
  const encodeMany = (): void => {
    for (let i = 0; i < GARBAGE_ENCODES; i++) encode(games[i % games.length], planes);
  };
  encodeMany();
  collectGarbage();
  const heap = process.memoryUsage().heapUsed;
  const start = cpuMicroseconds();
  encodeMany();
  const microseconds = (cpuMicroseconds() - start) / GARBAGE_ENCODES;
  return { microseconds, heapBytes: process.memoryUsage().heapUsed - heap };
};

const count = Number(process.argv[2] ?? 1024);
const rounds = Number(process.argv[3] ?? 2);
const random = new Random(SEED);
const folder = sharedPath('data/kgs-6d');
const games = folder ? await sampleKgs(folder, count, random) : sampleRandom(count, random);
for (let i = 0; i < 200; i++) encode(games[i % games.length], new Float32Array(PLANES * PLANE_SIZE));
const { encoder, network } = await measureTurns(games, rounds);
const alone = measureAlone(games);
const ratio = encoder / network;
process.stdout.write(
  `${games.length} positions of ${folder ? 'KGS games' : 'random games'}, ${rounds} rounds, batches of ${BATCH}, one thread; CPU time a position:\n` +
    `  48 planes              ${encoder.toFixed(1).padStart(8)} us\n` +
    `  13x64 network          ${network.toFixed(1).padStart(8)} us\n` +
    `  planes / network       ${(100 * ratio).toFixed(2).padStart(8)} %  (limit ${100 * LIMIT} %)\n` +
    `  48 planes, run alone   ${alone.microseconds.toFixed(1).padStart(8)} us\n` +
    `  heap growth in ${GARBAGE_ENCODES} encodes: ${alone.heapBytes} bytes\n`,
);
keepFigures('encode', {
  'planes us': encoder,
  'network us': network,
  'share %': 100 * ratio,
  'alone us': alone.microseconds,
  'heap bytes': alone.heapBytes,
});
if (ratio > LIMIT) process.exitCode = 1;
