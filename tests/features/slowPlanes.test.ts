/** The fast encoder beside a slow and obvious one, on seeded random games. */
import { expect, test } from 'vitest';
import { xOf, yOf, pointAt } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { BLACK, PASS, type Color, type SetupStone } from '../../engine/types.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { LADDER_CAPTURE, LADDER_ESCAPE, PADDING, PLANES } from '../../features/planes.ts';
import { drawStones } from '../support/diagram.ts';
import { playRandomMove } from '../support/randomGames.ts';
import { afterMove, afterPass, slowPlanes, slowPosition, type SlowPosition } from '../support/slowPlanes.ts';

/** Share of the ladder points that may be left out because their ladders are too long. */
const MOST_NEAR_BOUND = 0.02;

const letterOf = (color: Color): 'X' | 'O' => (color === BLACK ? 'X' : 'O');

/** Where the planes of `game` differ from the slow ones, as `plane:x,y`; near the bound of ladder reading they may. */
const listDifferences = (
  game: Game,
  position: SlowPosition,
  out: Float32Array,
): { differences: string[]; nearBound: number; ladders: number } => {
  const { width, height } = game;
  const size = planeSize(width, height);
  encode(game, out);
  const { planes, nearBound } = slowPlanes(position, letterOf(game.toPlay));
  const differences: string[] = [];
  let ones = 0;
  let ladders = 0;
  for (let plane = 0; plane < PLANES; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = out[plane * size + (y + PADDING) * (width + 2 * PADDING) + x + PADDING];
        ones += value;
        if (plane === LADDER_CAPTURE || plane === LADDER_ESCAPE) ladders += value;
        if (value !== planes[plane][y][x] && !nearBound.has(`${plane}:${x},${y}`))
          differences.push(`${plane}:${x},${y}`);
      }
    }
  }
  const total = out.reduce((sum, value) => sum + value, 0);
  if (total !== ones) differences.push('padding');
  return { differences, nearBound: nearBound.size, ladders };
};

const randomSetup = (game: Game, count: number, random: Random): SetupStone[] => {
  for (;;) {
    const stones = new Map<number, SetupStone>();
    for (let i = 0; i < count; i++) {
      const point = pointAt(random.below(game.width), random.below(game.height), game.width);
      stones.set(point, { point, color: (1 + random.below(2)) as Color });
    }
    if (game.setup([...stones.values()], (1 + random.below(2)) as Color)) return [...stones.values()];
  }
};

test.each([
  { width: 9, height: 9, games: 12, moves: 110, every: 1 },
  { width: 13, height: 13, games: 6, moves: 240, every: 3 },
  { width: 19, height: 19, games: 4, moves: 420, every: 8 },
  { width: 7, height: 11, games: 6, moves: 100, every: 1 },
  { width: 12, height: 5, games: 6, moves: 80, every: 1 },
  { width: 25, height: 2, games: 3, moves: 60, every: 1 },
  { width: 1, height: 6, games: 3, moves: 20, every: 1 },
])(
  'agrees with the slow encoder on random $width x $height games',
  ({ width, height, games, moves, every }) => {
    const random = new Random(width * 100 + height);
    const out = new Float32Array(PLANES * planeSize(width, height));
    let compared = 0;
    let ladders = 0;
    let nearBound = 0;
    for (let i = 0; i < games; i++) {
      const game = new Game({ width, height });
      // Every other game starts from stones set up anywhere, which makes more ladders and odd shapes than play does.
      if (i % 2 === 1) randomSetup(game, (width * height) >> 2, random);
      let position = slowPosition(drawStones(game).split('\n'));
      for (let move = 0; move < moves; move++) {
        if (move % every === 0) {
          const result = listDifferences(game, position, out);
          expect(
            result.differences,
            `game ${i}, move ${move}, to play ${letterOf(game.toPlay)}:\n${drawStones(game)}`,
          ).toEqual([]);
          compared++;
          ladders += result.ladders;
          nearBound += result.nearBound;
        }
        playRandomMove(game, random);
        const { point, color } = game.moveAt(-1);
        const spot = { x: xOf(point, width), y: yOf(point, width) };
        position = point === PASS ? afterPass(position) : afterMove(position, spot, letterOf(color))!;
      }
    }
    expect(compared).toBe(games * Math.ceil(moves / every));
    expect(ladders).toBeGreaterThan(0);
    expect(nearBound).toBeLessThan(ladders * MOST_NEAR_BOUND);
  },
);
