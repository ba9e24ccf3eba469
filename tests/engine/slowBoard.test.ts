import { expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { BLACK, EMPTY, PASS, WHITE, type Color, type KoRule } from '../../engine/types.ts';
import { checkConsistency } from '../../engine/debug.ts';
import { SlowBoard } from '../support/slowBoard.ts';

const GAMES = 1000;
const SIZES = [
  [1, 1],
  [2, 1],
  [2, 2],
  [3, 2],
  [3, 3],
  [4, 4],
  [5, 5],
  [7, 3],
  [9, 9],
  [19, 19],
] as const;
const KO_RULES: readonly KoRule[] = ['simple', 'positional', 'situational'];

const player = (color: Color): 'X' | 'O' => (color === BLACK ? 'X' : 'O');

/** Everything the two boards should agree on. */
const compare = (game: Game, slow: SlowBoard, hashes: Map<string, string>, random: Random): void => {
  const { board, width } = game;
  for (let i = 0; i < board.area; i++) {
    const point = board.points[i];
    const x = i % width;
    const y = Math.floor(i / width);
    const stone = board.stones[point];
    expect('.XO'[stone]).toBe(slow.at(x, y));
    if (stone !== EMPTY && random.below(4) === 0) {
      expect(board.libertiesOf(point)).toBe(slow.liberties(x, y));
      expect(board.sizeOf(point)).toBe(slow.chain(x, y).size);
    }
    // Large boards are slow: a sample of their points.
    if (board.area <= 25 || random.below(24) === 0) {
      expect(game.whyIllegal(point)).toBe(slow.whyIllegal(x, y, player(game.toPlay)));
    }
  }
  expect([board.captures[BLACK], board.captures[WHITE]]).toEqual([
    slow.state.captured.X,
    slow.state.captured.O,
  ]);
  const hash = `${board.hashLow},${board.hashHigh}`;
  expect(hashes.get(slow.position) ?? hash).toBe(hash);
  hashes.set(slow.position, hash);
};

test(`the board agrees with a slow and obvious one in ${GAMES} random games with passes and moves taken back`, () => {
  const random = new Random(7);
  const hashes = new Map<string, string>();
  for (let i = 0; i < GAMES; i++) {
    const [width, height] = i % 50 === 49 ? SIZES[9] : SIZES[i % 9];
    const rules = {
      ko: KO_RULES[i % 3],
      suicide: i % 2 === 0,
      scoring: 'area',
      handicapBonus: 'none',
    } as const;
    const game = new Game({ width, height, rules });
    const slow = new SlowBoard(width, height, rules);
    const positions = new Map<string, string>();
    const moves = Math.min(2 * width * height + 6, 90);
    for (let move = 0; move < moves; move++) {
      const color = random.below(12) === 0 ? (random.below(2) === 0 ? BLACK : WHITE) : game.toPlay;
      const action = random.below(10);
      if (action === 0 && game.moveCount > 0) {
        game.undo();
        slow.undo();
      } else {
        const point = game.board.points[random.below(game.board.area)];
        const index = game.board.indexOf[point];
        if (action === 1 || game.whyIllegal(point, color) !== undefined) {
          game.play(PASS, color);
          slow.pass(player(color));
        } else {
          game.play(point, color);
          slow.play(index % width, Math.floor(index / width), player(color));
        }
      }
      if (move % 6 === 0 || width < 5) compare(game, slow, positions, random);
    }
    checkConsistency(game.board);
    while (game.undo()) slow.undo();
    compare(game, slow, positions, random);
    for (const [position, hash] of positions) hashes.set(`${width}x${height} ${position}`, hash);
  }
  // Different positions of one size have different hashes.
  const seen = new Map<string, string>();
  for (const [position, hash] of hashes) {
    const key = `${position.split(' ')[0]} ${hash}`;
    expect(seen.get(key) ?? position).toBe(position);
    seen.set(key, position);
  }
});
