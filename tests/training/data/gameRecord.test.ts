import { array, assert, constantFrom, nat, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { pointAt, pointOfPolicyIndex } from '../../../engine/coords.ts';
import { BLACK, PASS, WHITE, type Move } from '../../../engine/types.ts';
import {
  BOARD,
  GameReader,
  encodeGame,
  setSplit,
  type GameContent,
} from '../../../src/training/data/gameRecord.ts';

const at = (x: number, y: number): number => pointAt(x, y, 19);

const GAME: GameContent = {
  source: 'games.zip/2001/第一.sgf',
  isHuman: true,
  komi: 6.5,
  handicap: 2,
  result: { winner: WHITE, margin: 3.5 },
  rules: 'japanese',
  blackRank: -3,
  whiteRank: 109,
  year: 2001,
  toPlay: WHITE,
  setup: [
    { color: BLACK, point: at(15, 3) },
    { color: BLACK, point: at(3, 15) },
  ],
  moves: [
    { color: WHITE, point: at(3, 3) },
    { color: BLACK, point: PASS },
    { color: WHITE, point: at(18, 18) },
  ],
};

test('a game comes back as it was', () => {
  const bytes = encodeGame(GAME);
  expect(bytes.length % 4).toBe(0);
  setSplit(bytes, 'validation');
  const reader = new GameReader(bytes);
  expect(reader.sizeAt(0)).toBe(bytes.length);
  const { hash, ...game } = reader.game(0, 7);
  expect(game).toEqual({ ...GAME, index: 7, split: 'validation' });
  expect(hash).toBe(reader.hash(0));
});

test.each<Partial<GameContent>>([
  { komi: undefined, rules: undefined, blackRank: undefined, year: undefined },
  { komi: 0, handicap: 0, setup: [] },
  { komi: -80.5 },
  { isHuman: false },
  { result: undefined },
  { result: { winner: 'draw' } },
  { result: { winner: 'void' } },
  { result: { winner: BLACK, by: 'resignation' } },
  { result: { winner: BLACK, by: 'time' } },
  { result: { winner: WHITE, by: 'forfeit' } },
  { result: { winner: WHITE, by: 'unknown' } },
  { moves: [] },
])('nothing is lost of %j', change => {
  const game = { ...GAME, ...change };
  expect(new GameReader(encodeGame(game)).game(0, 0)).toMatchObject(game);
});

const moveLists = array(
  record({
    color: constantFrom(BLACK, WHITE),
    point: nat(361).map(index => pointOfPolicyIndex(index, BOARD)),
  }),
);

test('records that lie one after another are read one after another, whatever their moves', () => {
  assert(
    property(array(moveLists, { minLength: 1 }), games => {
      const records = games.map((list: Move[], i) =>
        encodeGame({ ...GAME, source: 'x'.repeat(i), moves: list }),
      );
      const reader = new GameReader(Buffer.concat(records));
      let offset = 0;
      for (const [i, list] of games.entries()) {
        expect(reader.game(offset, i).moves).toEqual(list);
        expect(reader.moveCount(offset)).toBe(list.length);
        offset += reader.sizeAt(offset)!;
      }
      expect(reader.sizeAt(offset)).toBeUndefined();
    }),
  );
});

test('the hash is of the stones alone: players, komi and the order of set-up stones do not count', () => {
  const hashOf = (game: GameContent): number => new GameReader(encodeGame(game)).hash(0);
  const same = { ...GAME, komi: 0.5, source: 'x', result: undefined, setup: GAME.setup.toReversed() };
  expect(hashOf(same)).toBe(hashOf(GAME));
  expect(hashOf({ ...GAME, moves: GAME.moves.slice(1) })).not.toBe(hashOf(GAME));
  expect(hashOf({ ...GAME, setup: [] })).not.toBe(hashOf(GAME));
});

test('bytes that are no record are told apart by their size or fields, never read beyond their end', () => {
  const bytes = encodeGame(GAME);
  expect(new GameReader(bytes.subarray(0, 31)).sizeAt(0)).toBeUndefined();
  expect(new GameReader(bytes.subarray(0, bytes.length - 4)).sizeAt(0)).toBeUndefined();
  for (const [offset, value] of [
    [20, 3],
    [21, 2],
    [22, 0],
    [24, 8],
    [25, 3],
    [26, 10],
  ]) {
    const damaged = bytes.slice();
    damaged[offset] = value;
    expect(new GameReader(damaged).sizeAt(0)).toBeUndefined();
  }
});

test('a game that does not fit says so', () => {
  const moves = Array.from({ length: 65536 }, (): Move => ({ color: BLACK, point: PASS }));
  expect(() => encodeGame({ ...GAME, moves })).toThrow('65536 moves, a source of 25 bytes: at most 65535');
});
