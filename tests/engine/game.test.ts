import { expect, test } from 'vitest';
import { Board } from '../../engine/board.ts';
import { parseVertex } from '../../engine/coords.ts';
import { checkConsistency } from '../../engine/debug.ts';
import { Game } from '../../engine/game.ts';
import { RULE_SETS, parseRules } from '../../engine/rules.ts';
import { BLACK, PASS, WHITE, type Color, type KoRule } from '../../engine/types.ts';
import { diagram, drawStones, playMoves, shape } from '../support/diagram.ts';

const at = (game: Game, vertex: string): number => parseVertex(vertex, game)!;

/** A ko: White has just taken at C3 by B3... Black may take back later. */
const KO = `
  . X O .
  X . X O
  . X O .
  . . . .
`;

test('a ko may not be retaken at once, but after one move elsewhere', () => {
  const game = diagram(KO, { toPlay: WHITE, rules: RULE_SETS.japanese });
  game.play(at(game, 'B3'), WHITE);
  expect(drawStones(game)).toBe(
    shape(`
    . X O .
    X O . O
    . X O .
    . . . .
  `),
  );
  expect(game.whyIllegal(at(game, 'C3'), BLACK)).toBe('ko');
  expect(game.whyIllegal(at(game, 'C3'), WHITE)).toBeUndefined();
  playMoves(game, 'A1 D1');
  expect(game.whyIllegal(at(game, 'C3'), BLACK)).toBeUndefined();
});

test('a snapback retakes more than one stone, so it is no ko', () => {
  const game = diagram(
    `
    . X O O .
    X O . X O
    . X X O O
    . . . . .
  `,
    { toPlay: BLACK },
  );
  // Black throws in at C3; White's capture of it leaves three stones with one liberty.
  const before = drawStones(game);
  expect(game.whyIllegal(at(game, 'C3'))).toBeUndefined();
  game.play(at(game, 'C3'));
  checkConsistency(game.board);
  game.undo();
  expect(drawStones(game)).toBe(before);
});

test('a chain of own stones may be removed where the rules allow suicide, a single stone never', () => {
  const position = `
    . X O .
    X X O .
    O O . .
    . . . .
  `;
  const strict = diagram(position, { toPlay: BLACK });
  expect(strict.whyIllegal(at(strict, 'A4'))).toBe('suicide');
  const free = diagram(position, { toPlay: BLACK, rules: RULE_SETS['tromp-taylor'] });
  expect(free.whyIllegal(at(free, 'A4'))).toBeUndefined();
  free.play(at(free, 'A4'));
  expect(free.board.captures[WHITE]).toBe(4);
  free.undo();
  expect(drawStones(free)).toBe(shape(position));
  const single = diagram('. X .\nX . .\n. . .', { toPlay: WHITE, rules: RULE_SETS['tromp-taylor'] });
  expect(single.whyIllegal(at(single, 'A3'), WHITE)).toBe('suicide');
  expect(single.whyUnplayable(at(single, 'A3'), WHITE)).toBe('suicide');
});

test('what a controller sends is refused only where no board could hold it', () => {
  const game = diagram(KO, { toPlay: WHITE });
  game.play(at(game, 'B3'), WHITE);
  expect(game.whyUnplayable(at(game, 'C3'), BLACK)).toBeUndefined();
  expect(game.whyUnplayable(at(game, 'B3'), BLACK)).toBe('occupied');
});

test('positional superko forbids to come back to a position, whoever moves next; situational only with the same player next', () => {
  const start = (ko: KoRule): Game =>
    new Game({ width: 2, height: 1, rules: { ...RULE_SETS['tromp-taylor'], ko } });
  const play = (game: Game): Game => {
    game.play(at(game, 'A1'), BLACK);
    game.play(PASS, WHITE);
    game.play(PASS, BLACK);
    game.play(at(game, 'B1'), WHITE); // takes A1
    game.play(PASS, BLACK);
    game.play(PASS, WHITE);
    return game;
  };
  // Black takes back: the position after move 1, with White to move as then.
  expect(play(start('simple')).whyIllegal(at(start('simple'), 'A1'), BLACK)).toBeUndefined();
  expect(play(start('positional')).whyIllegal(at(start('positional'), 'A1'), BLACK)).toBe('superko');
  expect(play(start('situational')).whyIllegal(at(start('situational'), 'A1'), BLACK)).toBe('superko');
  // White fills its last liberty and Black takes both... the other player to move: only positional superko minds.
  const alone = (ko: KoRule): Game => {
    const game = start(ko);
    game.play(at(game, 'A1'), WHITE); // a position with Black to move
    game.play(at(game, 'B1'), BLACK); // takes
    game.play(PASS, WHITE);
    game.play(PASS, BLACK);
    game.play(PASS, BLACK); // out of turn: then it is White's move again
    return game;
  };
  expect(alone('positional').whyIllegal(at(alone('positional'), 'A1'), WHITE)).toBe('superko');
  expect(alone('situational').whyIllegal(at(alone('situational'), 'A1'), WHITE)).toBe('superko');
});

test('situational superko allows a position with another player to move', () => {
  const game = (ko: KoRule): Game => {
    const result = new Game({ width: 3, height: 1, rules: { ...RULE_SETS['tromp-taylor'], ko } });
    result.play(at(result, 'B1'), BLACK); // .X. with White to move
    result.play(PASS, WHITE);
    result.play(at(result, 'A1'), BLACK); // XX.
    result.play(at(result, 'C1'), WHITE); // takes both: ..O
    return result;
  };
  for (const ko of ['positional', 'situational'] as const) {
    const played = game(ko);
    played.play(at(played, 'B1'), BLACK); // takes C1: .X. again, with White to move again
    played.undo();
    expect(played.whyIllegal(at(played, 'B1'), BLACK)).toBe('superko');
  }
  // The same stones, put there so that Black moves next.
  const situational = new Game({
    width: 3,
    height: 1,
    rules: { ...RULE_SETS['tromp-taylor'], ko: 'situational' },
  });
  situational.setup([{ point: at(situational, 'B1'), color: BLACK }], BLACK);
  situational.play(at(situational, 'A1'), BLACK);
  situational.play(at(situational, 'C1'), WHITE);
  expect(situational.whyIllegal(at(situational, 'B1'), BLACK)).toBeUndefined();
  situational.rules = { ...situational.rules, ko: 'positional' };
  expect(situational.whyIllegal(at(situational, 'B1'), BLACK)).toBe('superko');
});

test('two passes end a game, and taking one back takes it up again', () => {
  const game = new Game({ width: 9 });
  playMoves(game, 'D4 pass');
  expect(game.isOver).toBe(false);
  playMoves(game, 'pass');
  expect(game.isOver).toBe(true);
  expect(game.undo()).toBe(true);
  expect(game.isOver).toBe(false);
  expect(game.toPlay).toBe(BLACK);
  while (game.undo());
  expect(game.undo()).toBe(false);
  expect(game.board.hashLow).toBe(0);
});

test('moves out of turn and of one color in a row are played as they come', () => {
  const game = new Game({ width: 9 });
  for (const vertex of ['A1', 'B1', 'C1']) game.play(at(game, vertex), WHITE);
  expect(game.toPlay).toBe(BLACK);
  expect(game.undo()).toBe(true);
  expect(game.toPlay).toBe(WHITE);
});

test.each<[string, (game: Game) => void, number]>([
  ['declared', game => game.placeHandicap([at(game, 'D4'), at(game, 'F6')]), 2],
  ['replayed as moves', game => ['D4', 'F6', 'D6'].forEach(vertex => game.play(at(game, vertex), BLACK)), 3],
  ['of one move only', game => game.play(at(game, 'D4'), BLACK), 0],
  ['of a set-up position', game => void game.setup([{ point: at(game, 'D4'), color: BLACK }], WHITE), 0],
])('handicap stones %s count', (_, prepare, handicap) => {
  const game = new Game({ width: 9, komi: 0.5, rules: RULE_SETS.chinese });
  prepare(game);
  expect(game.handicap).toBe(handicap);
  expect(game.whiteBonus).toBe(0.5 + handicap);
  game.rules = RULE_SETS.aga;
  expect(game.whiteBonus).toBe(0.5 + Math.max(0, handicap - 1));
  game.rules = RULE_SETS.japanese;
  expect(game.whiteBonus).toBe(0.5);
});

test('a set-up with a chain that has no liberty is refused, and the game stays as it was', () => {
  const game = playMoves(new Game({ width: 3 }), 'B2');
  const stones = Array.from(game.board.points, point => ({ point, color: WHITE as Color }));
  expect(game.setup(stones)).toBe(false);
  expect(game.moveCount).toBe(1);
});

test('a copy goes its own way', () => {
  const game = playMoves(new Game({ width: 9, komi: 3 }), 'D4 E5 pass');
  const copy = game.clone();
  copy.play(at(copy, 'A1'));
  expect([game.moveCount, copy.moveCount, copy.komi]).toEqual([3, 4, 3]);
  while (copy.undo());
  expect(game.moveCount).toBe(3);
  expect(drawStones(copy)).not.toContain('X');
});

test('a position that came again, and went again, is still one that has been', () => {
  const game = diagram(KO, { toPlay: WHITE, rules: RULE_SETS['tromp-taylor'] });
  game.play(at(game, 'B3'), WHITE);
  for (let i = 0; i < 5000; i++) game.play(PASS);
  while (game.moveCount > 2) game.undo();
  expect(game.whyIllegal(at(game, 'C3'), BLACK)).toBe('superko');
  while (game.moveCount > 0) game.undo();
  expect(game.whyIllegal(at(game, 'B3'), WHITE)).toBeUndefined();
});

test('a game of thousands of moves keeps its history', () => {
  const game = new Game({ width: 5 });
  for (let i = 0; i < 5000; i++) game.play(PASS);
  playMoves(game, 'A1 B1');
  for (let i = 0; i < 5002; i++) expect(game.undo()).toBe(true);
  expect(game.undo()).toBe(false);
});

test.each([
  [0, 5],
  [26, 26],
  [9, 0],
  [2.5, 9],
  [Number.NaN, 9],
])('a board of %d x %d is refused', (width, height) => {
  expect(() => new Board(width, height)).toThrow('must be a whole number from 1 to 25');
});

test.each(['chinese', 'Chinese', 'TROMP_TAYLOR', 'tromp taylor', 'new_zealand', 'japanese', 'korean', 'aga'])(
  '"%s" is a rule set',
  name => {
    expect(parseRules(name)).toBeDefined();
  },
);

test.each(['', 'ing', 'toString', 'chinese2'])('"%s" is no rule set', name => {
  expect(parseRules(name)).toBeUndefined();
});
