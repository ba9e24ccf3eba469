/** The 60 positions of the shared golden-planes.json, from real games: planes made by another implementation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Game } from '../../engine/game.ts';
import { BLACK } from '../../engine/types.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { ONES, PADDING, PLANES } from '../../features/planes.ts';
import type { GameRecord } from '../../src/sgf/record.ts';
import { loadPosition } from '../../src/sgf/replay.ts';
import { readGames } from '../support/records.ts';
import { sharedPath } from '../support/shared.ts';

interface GoldenPosition {
  readonly archive: string;
  readonly sgf: string;
  readonly movesPlayed: number;
  readonly toPlay: 'B' | 'W';
  readonly nextMove: number;
  readonly planes: Readonly<Record<string, readonly number[]>>;
}

const GOLDEN_POSITIONS = 60;

/** The planes as golden-planes.json lists them: the policy indices of the ones, empty planes and plane 3 left out. */
const listOnes = (game: Game): Record<string, number[]> => {
  const { width, height } = game;
  const size = planeSize(width, height);
  const planes = new Float32Array(PLANES * size);
  encode(game, planes);
  const ones: Record<string, number[]> = {};
  for (let plane = 0; plane < PLANES; plane++) {
    if (plane === ONES) continue;
    const points: number[] = [];
    for (let i = 0; i < width * height; i++) {
      const y = Math.floor(i / width) + PADDING;
      if (planes[plane * size + y * (width + 2 * PADDING) + (i % width) + PADDING] === 1) points.push(i);
    }
    if (points.length > 0) ones[plane] = points;
  }
  return ones;
};

const goldenPath = sharedPath('features/golden-planes.json');
const archives = sharedPath('data/kgs-6d');

describe.skipIf(goldenPath === undefined || archives === undefined)('golden planes', () => {
  test('all 60 positions match exactly', async () => {
    const golden = JSON.parse(readFileSync(goldenPath!, 'utf8')) as readonly GoldenPosition[];
    expect(golden).toHaveLength(GOLDEN_POSITIONS);
    const records = new Map<string, GameRecord>();
    for (const archive of new Set(golden.map(position => position.archive))) {
      for await (const { name, record } of readGames(join(archives!, archive)))
        records.set(`${archive}/${name}`, record);
    }
    for (const { archive, sgf, movesPlayed, toPlay, nextMove, planes } of golden) {
      const record = records.get(`${archive}/${sgf}`)!;
      const game = loadPosition(record, movesPlayed);
      expect({
        sgf,
        movesPlayed,
        toPlay: game.toPlay === BLACK ? 'B' : 'W',
        nextMove: game.board.indexOf[record.moves[movesPlayed].point],
        planes: listOnes(game),
      }).toEqual({ sgf, movesPlayed, toPlay, nextMove, planes });
    }
  });
});
