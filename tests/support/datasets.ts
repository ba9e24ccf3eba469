/** A small dataset of games played at random, some of them labelled by a made-up teacher. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { policyIndexOf } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { PASS } from '../../engine/types.ts';
import { gameToSgf } from '../../src/sgf/write.ts';
import { buildDataset } from '../../src/training/data/build.ts';
import { DEFAULT_FILTERS } from '../../src/training/data/filters.ts';
import { encodeLabel } from '../../src/training/labels.ts';
import { playRandomMoves } from './randomGames.ts';

export interface SmallDataset {
  /** Games of people; as many again are a machine's. */
  readonly games: number;
  readonly moves: number;
  /** Labelled positions of each game. */
  readonly labels: number;
  readonly seed?: number;
}

/**
 * Makes the dataset in a folder: every third game is of the validation split; Black wins every other game by 3.5.
 * The teacher likes the move that was played (60 %) and passing (10 %), gives the player to move 80 % and 7 points, and every stone
 * its own point.
 */
export const makeDataset = async (folder: string, options: SmallDataset): Promise<string> => {
  const { games, moves, labels, seed = 1 } = options;
  const random = new Random(seed);
  const records: Uint8Array[] = [];
  const list = ['game,archive,member'];
  const heldOut: string[] = [];
  for (const [k, kind] of ['people', 'machine'].entries()) {
    await mkdir(join(folder, kind), { recursive: true });
    for (let i = 0; i < games; i++) {
      const game = new Game();
      playRandomMoves(game, moves, random);
      const name = `game${i}.sgf`;
      const result = i % 2 === 0 ? 'B+3.5' : 'W+3.5';
      await writeFile(join(folder, kind, name), gameToSgf(game, { result }));
      list.push(`${k * games + i},${kind},${name}`);
      if (i % 3 === 2) heldOut.push(`${kind}/${name}`);
      for (let j = 0; j < labels; j++) records.push(makeLabel(game, k * games + i, random.below(moves)));
    }
  }
  const files = { labels: 'labels.bin', list: 'games.csv', heldOut: 'heldOut.txt' };
  await writeFile(join(folder, files.labels), Buffer.concat(records));
  await writeFile(join(folder, files.list), `${list.join('\n')}\n`);
  await writeFile(join(folder, files.heldOut), `${heldOut.join('\n')}\n`);
  const out = join(folder, 'dataset');
  await buildDataset({
    paths: [join(folder, 'people')],
    machinePaths: [join(folder, 'machine')],
    out,
    force: false,
    filters: { ...DEFAULT_FILTERS, minMoves: 1 },
    shares: { validation: 0, test: 0 },
    holdOut: join(folder, files.heldOut),
    labels: labels > 0 ? [join(folder, files.labels)] : [],
    labelGames: labels > 0 ? join(folder, files.list) : undefined,
    threads: 1,
  });
  return out;
};

const makeLabel = (played: Game, number: number, ply: number): Uint8Array => {
  const game = new Game();
  for (let i = 0; i < ply; i++) game.play(played.moveAt(i).point, played.moveAt(i).color);
  const { color, point } = played.moveAt(ply);
  const policy = new Float32Array(362);
  policy[361] = 0.1;
  policy[point === PASS ? 0 : policyIndexOf(point, game)] += 0.6;
  return encodeLabel({
    game: number,
    ply,
    komi: 6.5,
    toPlay: color,
    chance: 0.8,
    lead: 7,
    policy,
    ownership: Array.from(game.board.points, at => {
      const stone = game.board.stones[at];
      return stone === 0 ? 0 : stone === color ? 1 : -1;
    }),
  });
};
