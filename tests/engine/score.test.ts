import { expect, test } from 'vitest';
import { judge, statusOf } from '../../engine/judge.ts';
import { RULE_SETS, handicapCompensation, parseRules } from '../../engine/rules.ts';
import { areaScore, finalScore, findOwners, makeScore, territoryScore } from '../../engine/score.ts';
import { EMPTY, PASS } from '../../engine/types.ts';
import { diagram, playMoves } from '../support/diagram.ts';

/** Black has 3 columns and White 2: by area 15 to 10, by territory 10 to 5. */
const WALLS = `
  . . X O .
  . . X O .
  . . X O .
  . . X O .
  . . X O .`;

test('without a judgement the score is that of Tromp and Taylor: stones and what only they touch', () => {
  const { board } = diagram(WALLS);
  expect(areaScore(board)).toBe(15 - 10);
  expect(territoryScore(board)).toBe(10 - 5);
  expect(areaScore(diagram('. . .\n. X .\n. . .').board)).toBe(9);
  expect(areaScore(diagram('. . .\n. . .\n. . .').board)).toBe(0);
  expect(areaScore(diagram('. X . O .').board)).toBe(0);
  expect(Array.from(findOwners(diagram('. X . O .').board))).toEqual([1, 1, 0, -1, -1]);
});

test('a stone that cannot live in enemy territory is dead: a point for area, two for territory scoring', () => {
  const text = `
    . . . X O .
    . a . X O .
    . . . X O O
    . . . X O .
    . . . X O .
    . . . X O .`.replace('a', 'O');
  const game = diagram(text);
  const judgement = judge(game);
  expect(statusOf(judgement, game.board.points[7])).toBe('dead');
  expect(statusOf(judgement, game.board.points[3])).toBe('alive');
  expect(statusOf(judgement, game.board.points[4])).toBe('alive');
  expect(areaScore(game.board, judgement)).toBe(24 - 12);
  // Black: 17 empty points, and 2 for the dead stone; White: 5 empty points.
  expect(territoryScore(game.board, judgement)).toBe(17 + 2 - 5);
});

test('prisoners count under territory scoring only', () => {
  const game = diagram('. . . .\n. . . .\n. . . .\n. . . .');
  playMoves(game, 'A3 A4 B4 pass');
  expect(game.board.captures).toEqual(expect.objectContaining({ 1: 1 }));
  expect(territoryScore(game.board)).toBe(14 + 1);
  expect(areaScore(game.board)).toBe(16);
});

/** Two black and two white stones in the middle share two liberties; whoever takes one of them is captured. */
const SEKI = `
  . O O X . O X X .
  O . O X . O X . X`;

test('groups that share two liberties and have no eyes live in seki, and their liberties are nobody’s', () => {
  const { board } = diagram(SEKI);
  const judgement = judge(diagram(SEKI));
  const statuses = [...board.points].map(point =>
    board.stones[point] === EMPTY ? '.' : statusOf(judgement, point)[0],
  );
  expect(statuses.join('')).toBe('.aas.saa.a.as.sa.a');
  expect(areaScore(board, judgement)).toBe(8 - 8);
  expect(territoryScore(board, judgement)).toBe(0);
});

test('komi goes to White, and so does the compensation that the rules give for handicap stones', () => {
  const game = diagram(WALLS);
  game.komi = 6.5;
  expect(finalScore(game)).toBe(5 - 6.5);
  for (const [rules, bonus] of [
    ['chinese', 4],
    ['aga', 3],
    ['japanese', 0],
    ['tromp-taylor', 0],
    ['new-zealand', 0],
  ] as const)
    expect([rules, handicapCompensation(RULE_SETS[rules], 4)]).toEqual([rules, bonus]);
  expect(handicapCompensation(RULE_SETS.chinese, 1)).toBe(0);
});

test('a game is scored by its own rules', () => {
  const game = diagram(WALLS, { rules: RULE_SETS.japanese, komi: 0.5 });
  expect(finalScore(game)).toBe(5 - 0.5);
  game.rules = RULE_SETS.chinese;
  expect(finalScore(game)).toBe(5 - 0.5);
  playMoves(game, 'A1 pass');
  expect(finalScore(game)).toBe(5 - 0.5);
  game.rules = RULE_SETS.japanese;
  expect(finalScore(game)).toBe(4 - 0.5);
});

test.each([
  [3.5, 'B+3.5'],
  [-12, 'W+12'],
  [0, '0'],
])('a score of %d is written %s', (score, text) => {
  expect(makeScore(score)).toBe(text);
});

test('rule sets are found by their names as servers write them', () => {
  expect(parseRules(' New_Zealand ')).toBe(RULE_SETS['new-zealand']);
  expect(parseRules('Tromp Taylor')).toBe(RULE_SETS['tromp-taylor']);
  expect(parseRules('toString')).toBeUndefined();
  expect(parseRules('')).toBeUndefined();
});

test('judging changes nothing, and says the same every time', () => {
  const game = diagram(WALLS);
  const before = Array.from(game.board.stones);
  const first = judge(game);
  expect(judge(game)).toEqual(first);
  expect(Array.from(game.board.stones)).toEqual(before);
  expect(game.isLegal(PASS)).toBe(true);
});
