import { describe, expect, test } from 'vitest';
import { makeVertex } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { RULE_SETS } from '../../engine/rules.ts';
import { BLACK, PASS, WHITE } from '../../engine/types.ts';
import { parseSgf } from '../../src/sgf/parse.ts';
import { nextPlayer, parseResult, readRecord, type GameRecord } from '../../src/sgf/record.ts';
import { loadPosition, replay, startGame } from '../../src/sgf/replay.ts';
import { gameToSgf } from '../../src/sgf/write.ts';
import { drawStones, playMoves } from '../support/diagram.ts';

const read = (text: string): GameRecord => readRecord(parseSgf(text)[0]);
const vertices = (record: GameRecord): string[] =>
  record.moves.map(({ color, point }) => `${color === BLACK ? 'B' : 'W'} ${makeVertex(point, record)}`);

test('a plain record: size, komi, handicap, rules, players, result, moves', () => {
  const record = read(
    '(;GM[1]SZ[9]KM[6.5]HA[2]RU[Japanese]PB[a]PW[b]BR[5d]WR[6d]DT[2026-11-24]RE[W+2.5]AB[cc][gg];W[ee]C[hi];B[tt])',
  );
  expect(record).toMatchObject({
    width: 9,
    height: 9,
    komi: 6.5,
    handicap: 2,
    rules: RULE_SETS.japanese,
    black: 'a',
    white: 'b',
    blackRank: '5d',
    whiteRank: '6d',
    date: '2026-11-24',
    result: { winner: WHITE, margin: 2.5 },
    toPlay: WHITE,
    problems: [],
  });
  expect(record.setup).toHaveLength(2);
  expect(vertices(record)).toEqual(['W E5', 'B pass']);
  expect(record.moves[0].comment).toBe('hi');
  expect(nextPlayer(record)).toBe(WHITE);
});

describe('passes', () => {
  test.each(['(;SZ[19];B[])', '(;SZ[19];B[tt])', '(;SZ[9];B[tt])'])('%s', text => {
    expect(read(text).moves.map(({ point }) => point)).toEqual([PASS]);
  });
  test('tt is a point on boards larger than 19', () => {
    expect(vertices(read('(;SZ[21];B[tt])'))).toEqual(['B U2']);
  });
});

test('rectangular boards, boards up to 25, and 19 when nothing is said', () => {
  expect(read('(;SZ[7:11];B[gk])')).toMatchObject({ width: 7, height: 11 });
  expect(read('(;SZ[25];B[yy])')).toMatchObject({ width: 25, height: 25 });
  expect(read('(;B[aa])')).toMatchObject({ width: 19, height: 19 });
  for (const size of ['26', '0', '-3', 'big', '9:', '9.5'])
    expect(() => read(`(;SZ[${size}])`)).toThrow(
      `SZ[${size}]: each side must be a whole number from 1 to 25`,
    );
  expect(() => read('(;GM[2])')).toThrow('GM[2]: not a game of Go');
});

test('stones are set up before the first move, also in a later node, in rectangles, and taken away', () => {
  const record = read('(;SZ[5]AB[aa:cb]AW[ee];AE[bb]PL[W];W[dd])');
  expect(drawStones(loadPosition(record, 0))).toBe('XXX..\nX.X..\n.....\n.....\n....O');
  expect(record.toPlay).toBe(WHITE);
});

test('a point is set up once, however often a property names it', () => {
  const record = read(`(;SZ[25]AB[aa]${'[aa:yx]'.repeat(8000)}AW[ay:yy][ay])`);
  expect(record.setup.filter(({ color }) => color === BLACK)).toHaveLength(24 * 25);
  expect(record.setup).toHaveLength(25 * 25);
});

test('set-up stones after a move end the record, with a word about it', () => {
  const record = read('(;SZ[9];B[aa];AW[bb];W[cc])');
  expect(vertices(record)).toEqual(['B A9']);
  expect(record.problems).toEqual(['set-up stones after move 1: the rest is left out']);
});

test('a move that is no point ends the record; a set-up point that is none is left out', () => {
  expect(read('(;SZ[9];B[aa];W[zz];B[bb])')).toMatchObject({
    moves: [{ color: BLACK }],
    problems: ['node 2: "zz" is no point of the board: the rest is left out'],
  });
  expect(read('(;SZ[9]AB[aa][jj])')).toMatchObject({
    setup: [{ color: BLACK }],
    problems: ['AB[jj] is no point of the board: left out'],
  });
});

test('who begins: PL, then White after handicap stones, then the color of the first move', () => {
  expect(read('(;AB[aa]PL[W])').toPlay).toBe(WHITE);
  expect(read('(;HA[2]AB[dd][pp])').toPlay).toBe(WHITE);
  expect(read('(;AB[aa];W[bb])').toPlay).toBe(WHITE);
  expect(read('(;AB[aa])').toPlay).toBe(BLACK);
  expect(read('(;PL[2])').toPlay).toBe(WHITE);
});

test.each([
  ['B+3.5', { winner: BLACK, margin: 3.5 }],
  ['w+12', { winner: WHITE, margin: 12 }],
  ['B+0,5', { winner: BLACK, margin: 0.5 }],
  ['W+R', { winner: WHITE, by: 'resignation' }],
  ['B+Resign', { winner: BLACK, by: 'resignation' }],
  ['W+Time', { winner: WHITE, by: 'time' }],
  ['B+Forfeit', { winner: BLACK, by: 'forfeit' }],
  ['B+', { winner: BLACK, by: 'unknown' }],
  ['Black wins by 7.5 points', { winner: BLACK, margin: 7.5 }],
  ['White wins by resignation', { winner: WHITE, by: 'resignation' }],
  ['0', { winner: 'draw' }],
  ['Jigo', { winner: 'draw' }],
  ['Void', { winner: 'void' }],
  ['?', undefined],
  ['', undefined],
])('the result %s is understood', (text, result) => {
  expect(parseResult(text)).toEqual(result);
});

test('komi is what the file says, however odd; missing or no number it is unknown', () => {
  expect(read('(;KM[375])').komi).toBe(375);
  expect(read('(;KM[0.50])').komi).toBe(0.5);
  expect(read('(;KM[6,5])').komi).toBe(6.5);
  expect(read('(;KM[none])').komi).toBeUndefined();
  expect(read('(;GM[1])').komi).toBeUndefined();
});

describe('replay', () => {
  test('stops at a move on a stone and says which', () => {
    const record = read('(;SZ[9];B[aa];W[aa];B[bb])');
    const game = startGame(record);
    expect(replay(game, record)).toEqual({ number: 2, reason: 'occupied' });
    expect(game.moveCount).toBe(1);
    expect(() => loadPosition(record)).toThrow('move 2, W A9, cannot be played: occupied');
    expect(loadPosition(record, 1).moveCount).toBe(1);
  });

  test('the player to move after some moves is the one the record says, also when a color moves twice', () => {
    const record = read('(;SZ[9];B[aa];B[bb];W[cc])');
    expect(loadPosition(record, 1).toPlay).toBe(BLACK);
    expect(loadPosition(record, 2).toPlay).toBe(WHITE);
    expect(loadPosition(record, 3).moveCount).toBe(3);
  });

  test('there is no position after more moves than the record has', () => {
    const record = read('(;SZ[9];B[aa])');
    for (const moves of [-1, 2, 0.5, Number.NaN])
      expect(() => loadPosition(record, moves)).toThrow(`move ${moves}: the main line has moves 0 to 1`);
  });

  test('a set-up that leaves a chain without liberties is refused', () => {
    expect(() => loadPosition(read('(;SZ[9]AB[aa]AW[ab][ba])'))).toThrow('without liberties');
  });
});

test('a game written is the game read: board, komi, rules, handicap, moves, result', () => {
  const game = new Game({ width: 7, height: 5, komi: 3.5, rules: RULE_SETS.aga });
  playMoves(game, 'A1 B2 pass C3 G5');
  const record = read(gameToSgf(game, { black: 'x ] y', white: 'z', result: 'B+4.5', date: '2026-11-24' }));
  expect(record).toMatchObject({
    width: 7,
    height: 5,
    komi: 3.5,
    rules: RULE_SETS.aga,
    black: 'x ] y',
    result: { winner: BLACK, margin: 4.5 },
  });
  expect(vertices(record)).toEqual(['B A1', 'W B2', 'B pass', 'W C3', 'B G5']);
  expect(drawStones(loadPosition(record))).toBe(drawStones(game));
});
