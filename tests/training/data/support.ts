/** Small games, archives and labels for the tests of datasets. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { Game } from '../../../engine/game.ts';
import { BLACK } from '../../../engine/types.ts';
import { handicapPoints, makeSgfPoint } from '../../../engine/coords.ts';
import { Random } from '../../../engine/random.ts';
import { LABEL_BYTES } from '../../../src/training/labels.ts';
import type { BuildOptions } from '../../../src/training/data/build.ts';
import { DEFAULT_SHARES } from '../../../src/training/data/splits.ts';

/** Moves of a random game as SGF nodes: legal under simple ko, no suicides. @param handicap stones where GTP puts them */
export const randomMoves = (seed: number, moves: number, handicap = 0): string => {
  const random = new Random(seed);
  const game = new Game();
  const stones = handicapPoints(handicap, game);
  if (stones) game.placeHandicap(stones);
  const nodes: string[] = [];
  while (nodes.length < moves) {
    const point = game.board.points[random.below(game.board.area)];
    if (!game.board.isLegal(point, game.toPlay)) continue;
    nodes.push(`;${game.toPlay === BLACK ? 'B' : 'W'}[${makeSgfPoint(point, game)}]`);
    game.play(point);
  }
  return nodes.join('');
};

/** A game of `moves` random moves. @param head root properties besides */
export const makeGame = (seed: number, moves = 40, head = 'KM[6.5]RE[B+R]'): string =>
  `(;GM[1]FF[4]SZ[19]${head}${randomMoves(seed, moves)})`;

/** Writes a .tar.gz. */
export const writeTarGz = async (path: string, files: Readonly<Record<string, string>>): Promise<void> => {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(path));
};

/** A label with one move, on the upper left corner. */
export const makeLabel = (game: number, ply: number, toPlay: number, chance = 0.5): Uint8Array => {
  const bytes = new Uint8Array(LABEL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, game, true);
  view.setUint16(4, ply, true);
  view.setInt16(6, 15, true);
  view.setUint16(8, Math.round(chance * 65535), true);
  view.setUint8(12, toPlay);
  view.setUint8(13, 1);
  view.setUint16(18, 65535, true);
  return bytes;
};

export const buildOptions = (changes: Partial<BuildOptions> & Pick<BuildOptions, 'out'>): BuildOptions => ({
  paths: [],
  machinePaths: [],
  force: false,
  filters: { minMoves: 30 },
  shares: DEFAULT_SHARES,
  labels: [],
  threads: 1,
  ...changes,
});
