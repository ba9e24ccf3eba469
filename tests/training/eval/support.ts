/** Games by chance with a teacher's labels, as a dataset to measure networks on. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { BLACK, WHITE } from '../../../engine/types.ts';
import { parseSgf } from '../../../src/sgf/parse.ts';
import { gameToSgf, makeSgf } from '../../../src/sgf/write.ts';
import { buildDataset } from '../../../src/training/data/build.ts';
import { Dataset } from '../../../src/training/data/dataset.ts';
import { DEFAULT_FILTERS } from '../../../src/training/data/filters.ts';
import { datasetPositions, type PositionSource } from '../../../src/training/eval/positions.ts';
import { encodeLabel, type Label } from '../../../src/training/labels.ts';
import { playRandomMoves } from '../../support/randomGames.ts';

/** Games, of 50 moves each. */
export const GAMES = 24;
/** Moves before each position that has a label. */
export const LABELLED_PLIES = [5, 20, 33];
export const LABEL_KOMI = 3.5;

export interface EvalData {
  /** Where the records are, and the dataset made of them: to be removed. */
  readonly folder: string;
  readonly dataset: Dataset;
}

/** Games by chance: the even ones won by Black by 9.5, the odd ones by White by resignation; the last ones with a handicap komi. */
const makeGame = (i: number): string => {
  const game = new Game({ komi: i >= 20 ? 0.5 : 6.5 });
  playRandomMoves(game, 50, new Random(i));
  const [root] = parseSgf(gameToSgf(game, { result: i % 2 === 0 ? 'B+9.5' : 'W+R' }));
  return makeSgf({
    ...root,
    properties: { ...root.properties, BR: ['6d'], WR: [i % 3 === 0 ? '9d' : '7d'] },
  });
};

/** The teacher likes A19 best, T1 second; Black is ahead. */
const labelOf = (game: number, ply: number): Label => {
  const policy = new Float32Array(362);
  policy[0] = 0.75;
  policy[360] = 0.25;
  const toPlay = ply % 2 === 0 ? BLACK : WHITE;
  const sign = toPlay === BLACK ? 1 : -1;
  return {
    game,
    ply,
    komi: LABEL_KOMI,
    toPlay,
    chance: toPlay === BLACK ? 0.9 : 0.1,
    lead: 10 * sign,
    policy,
    ownership: new Float32Array(361).fill(sign),
  };
};

/** Writes the records and labels into a new folder and builds the dataset. */
export const makeEvalData = async (): Promise<EvalData> => {
  const folder = await mkdtemp(join(tmpdir(), 'hane-'));
  const labels: Uint8Array[] = [];
  const list = ['game,archive,member'];
  for (let i = 0; i < GAMES; i++) {
    const name = `${String(i).padStart(2, '0')}.sgf`;
    await writeFile(join(folder, name), makeGame(i));
    list.push(`${i},${folder},${name}`);
    for (const ply of LABELLED_PLIES) labels.push(encodeLabel(labelOf(i, ply)));
  }
  await writeFile(join(folder, 'labels.bin'), Buffer.concat(labels));
  await writeFile(join(folder, 'games.csv'), `${list.join('\n')}\n`);
  await buildDataset({
    paths: [folder],
    machinePaths: [],
    out: join(folder, 'dataset'),
    force: false,
    filters: DEFAULT_FILTERS,
    shares: { validation: 0.3, test: 0 },
    labels: [join(folder, 'labels.bin')],
    labelGames: join(folder, 'games.csv'),
    threads: 1,
  });
  return { folder, dataset: await Dataset.open(join(folder, 'dataset')) };
};

/** All positions, unless told otherwise. */
export const positionsOf = (
  dataset: Dataset,
  options: Partial<Parameters<typeof datasetPositions>[1]> = {},
): PositionSource => datasetPositions(dataset, { positions: 1e6, labels: 1e6, seed: 1, ...options });
