import { assert, constantFrom, array, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE } from '../../../engine/types.ts';
import type { GameFilters } from '../../../src/training/data/filters.ts';
import { GameReader, type StoredGame } from '../../../src/training/data/gameRecord.ts';
import { readGames, type Outcome } from '../../../src/training/data/readGame.ts';
import { makeGame, randomMoves } from './support.ts';

const ALL: GameFilters = { minMoves: 0 };

const read = (sgf: string, filters = ALL, isHuman = true): Outcome[] =>
  readGames({ source: 'a.zip/b.sgf', isHuman, bytes: Buffer.from(sgf) }, filters);

/** The game of a file of one. */
const gameOf = (sgf: string): StoredGame => {
  const [outcome] = read(sgf);
  if ('reason' in outcome) throw new Error(outcome.reason);
  return new GameReader(outcome.record).game(0, 0);
};

const reasonsOf = (sgf: string, filters = ALL, isHuman = true): (string | undefined)[] =>
  read(sgf, filters, isHuman).map(outcome => ('reason' in outcome ? outcome.reason : undefined));

test('what a record says arrives in the dataset', () => {
  const game = gameOf(
    '(;GM[1]SZ[19]KM[375]RU[Japanese]RE[W+3.5]BR[3k]WR[P7段]DT[2003-04-05]HA[2]AB[pd][dp];W[dd];B[];W[tt])',
  );
  expect(game).toMatchObject({
    source: 'a.zip/b.sgf',
    isHuman: true,
    komi: 7.5,
    rules: 'japanese',
    result: { winner: WHITE, margin: 3.5 },
    blackRank: -3,
    whiteRank: 107,
    year: 2003,
    handicap: 2,
    toPlay: WHITE,
  });
  expect(game.setup).toHaveLength(2);
  expect(game.moves.map(({ color }) => color)).toEqual([WHITE, BLACK, WHITE]);
});

test('what a record does not say stays unknown', () => {
  expect(gameOf('(;SZ[19]KM[0]RE[?]DT[yesterday]BR[-];B[dd])')).toMatchObject({
    komi: undefined,
    rules: undefined,
    result: undefined,
    blackRank: undefined,
    year: undefined,
    handicap: 0,
  });
  expect(gameOf('(;SZ[19]RE[W+0.0];B[dd])').result).toEqual({ winner: WHITE, by: 'unknown' });
});

test.each([
  ['declared, set up', 'HA[3]AB[pd][dp][pp]', ';W[dd]', 3],
  ['declared, played by Black', 'HA[2]', ';B[pd];B[dp];W[dd]', 2],
  ['set up but not declared', 'AB[pd][dp]', ';W[dd]', 2],
  ['a problem, no handicap', 'AB[pd][dp]AW[qq]', ';W[dd]', 0],
  ['one stone is none', 'HA[1]', ';B[dd]', 0],
])('handicap %s', (_, head, moves, handicap) => {
  expect(gameOf(`(;SZ[19]${head}${moves})`).handicap).toBe(handicap);
});

test.each([
  ['no SGF', 'hello (;B[', 'not SGF, or broken off'],
  ['', '', 'no game in the file'],
  ['another game', '(;GM[3]SZ[19])', 'another game than Go, or a board over 25x25'],
  ['another board', '(;SZ[13];B[dd])', 'a board of 13x13, not 19x19'],
  ['an oblong board', '(;SZ[19:13];B[dd])', 'a board of 19x13, not 19x19'],
  ['set-up in the game', '(;SZ[19];B[dd];AB[pp];W[dp])', 'set-up stones after the first move'],
  ['a move off the board', '(;SZ[19];B[dd];W[zz])', 'a move off the board'],
  ['set-up off the board', '(;SZ[19]AB[zz];W[dd])', 'a set-up stone off the board'],
  ['no liberty', '(;SZ[19]AB[aa]AW[ab][ba];B[dd])', 'set-up stones without liberties'],
  ['handicap in words only', '(;SZ[19]HA[4];W[dd];B[pp])', 'handicap without its stones'],
  ['an occupied point', '(;SZ[19];B[dd];W[dd])', 'a move on an occupied point'],
  ['suicide', '(;SZ[19]AW[ab][ba];B[aa])', 'a suicide'],
  ['ko', '(;SZ[19]AB[ba][ab][bc]AW[ca][cc][db][bb];B[cb];W[bb])', 'a ko taken back at once'],
])('left out with its reason: %s', (_, sgf, reason) => expect(reasonsOf(sgf)).toEqual([reason]));

test('each game of a collection is taken for itself, and named by its number', () => {
  const outcomes = read('(;SZ[19];B[dd])(;SZ[9];B[dd])(;SZ[19];B[pp])');
  expect(outcomes.map(({ source }) => source)).toEqual(['a.zip/b.sgf', 'a.zip/b.sgf#2', 'a.zip/b.sgf#3']);
  expect(outcomes.map(outcome => 'record' in outcome)).toEqual([true, false, true]);
});

test('a problem does not stay on the board for the next game', () => {
  expect(reasonsOf('(;SZ[19]AB[dd];W[pp])(;SZ[19];B[dd];W[pp])')).toEqual([undefined, undefined]);
});

const RANKED = 'BR[3d]WR[6d]KM[6.5]RE[B+R]DT[2005-01-01]HA[2]AB[pd][dp]';

test.each<[Partial<GameFilters>, string | undefined]>([
  [{ minMoves: 40 }, undefined],
  [{ minMoves: 41 }, 'fewer than 41 moves'],
  [{ maxMoves: 39 }, 'more than 39 moves'],
  [{ maxHandicap: 2 }, undefined],
  [{ maxHandicap: 1 }, 'more than 1 handicap stones'],
  [{ maxHandicap: 0 }, 'with handicap'],
  [{ results: ['resignation'] }, undefined],
  [{ results: ['counted', 'draw'] }, 'result: resignation'],
  [{ komi: [6.5, 7.5] }, undefined],
  [{ komi: [7, 7.5] }, 'komi below 7'],
  [{ komi: [-Infinity, 6] }, 'komi above 6'],
  [{ years: [2005, 2005] }, undefined],
  [{ years: [2006, Infinity] }, 'year below 2006'],
  [{ minRank: 3, maxRank: 6 }, undefined],
  [{ minRank: 4 }, 'a player below 4d'],
  [{ maxRank: 5 }, 'a player above 5d'],
  [{ minRank: 101 }, 'a player below 1p'],
])('the filter %j', (filter, reason) => {
  const sgf = `(;SZ[19]${RANKED}${randomMoves(1, 40, 2)})`;
  expect(reasonsOf(sgf, { ...ALL, ...filter })).toEqual([reason]);
});

test('what a filter asks for and the record does not say leaves a game out', () => {
  const sgf = makeGame(1, 40, '');
  expect(reasonsOf(sgf, { ...ALL, komi: [0, 9] })).toEqual(['komi unknown']);
  expect(reasonsOf(sgf, { ...ALL, years: [0, 9999] })).toEqual(['year unknown']);
  expect(reasonsOf(sgf, { ...ALL, minRank: -30 })).toEqual(['rank unknown']);
  expect(reasonsOf(sgf, { ...ALL, results: ['counted'] })).toEqual(['result: unknown']);
});

test("rank and least length are asked of people's games only", () => {
  const sgf = makeGame(1, 10);
  const filters: GameFilters = { minMoves: 30, minRank: 6 };
  expect(reasonsOf(sgf, filters)).toEqual(['fewer than 30 moves']);
  expect(reasonsOf(sgf, filters, false)).toEqual([undefined]);
});

test('nonsense is left out, never thrown', () => {
  const properties = 'B W [dd] [tt] [] AB AE [aa:ss] SZ[19] SZ[x] HA[9] KM[1e99] RE[B+ DT[ PL[W] GM[1]'.split(
    ' ',
  );
  const parts = constantFrom(...properties, '(', ')', ';', '[', ']', String.raw`\]`, ':', '\u0000', 'é');
  const texts = array(parts, { maxLength: 60 }).map(list => `(;${list.join('')}`);
  assert(
    property(texts, string(), (sgf, rest) => read(sgf + rest).length > 0),
    { numRuns: 1000 },
  );
});

test('damage to a good record changes what is read, or leaves it out, and is never thrown', () => {
  const good = Buffer.from(`(;GM[1]SZ[19]${RANKED}${randomMoves(2, 60, 2)})`);
  for (let at = 0; at < good.length; at++) {
    const bytes = Buffer.from(good);
    bytes[at] = (bytes[at] * 31 + at) & 255;
    for (const outcome of readGames({ source: 'x', isHuman: true, bytes }, ALL))
      expect('record' in outcome || outcome.reason !== '').toBe(true);
  }
});
