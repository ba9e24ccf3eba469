import { expect, test } from 'vitest';
import { ScriptedEvaluator } from '../../engine/evaluator.ts';
import { isTrueEye } from '../../engine/eyes.ts';
import { Game } from '../../engine/game.ts';
import { PolicyPlayer, choosePolicyMove } from '../../engine/players.ts';
import { Random } from '../../engine/random.ts';
import { RULE_SETS } from '../../engine/rules.ts';
import { BLACK, PASS, WHITE, type Point } from '../../engine/types.ts';
import { diagram, markedPoint, playMoves } from '../support/diagram.ts';

/** Priors that like the given points, each half as much as the one before, and all others very little. */
const liking = (game: Game, ...points: readonly Point[]): Float32Array => {
  const { board } = game;
  const policy = new Float32Array(board.area + 1).fill(1e-6);
  policy[board.area] = 0;
  points.forEach((point, rank) => {
    policy[point === PASS ? board.area : board.indexOf[point]] = 0.5 ** (rank + 1);
  });
  return policy;
};

test('the likeliest move is played', () => {
  const text = '. . .\n. a .\n. b .';
  const game = diagram(text);
  const [a, b] = [markedPoint(text, 'a'), markedPoint(text, 'b')];
  expect(choosePolicyMove(game, liking(game, a, b))).toBe(a);
  expect(choosePolicyMove(game, liking(game, b, a))).toBe(b);
});

test('what the network likes is not played where it is occupied, suicide, or an own eye', () => {
  const text = `
    a X . X .
    X X X X X
    O O O . c
    . O . O O
    O O O O .`;
  const game = diagram(text);
  const eye = markedPoint(text, 'a');
  const good = markedPoint(text, 'c');
  expect(isTrueEye(game.board, eye, BLACK)).toBe(true);
  const occupied = game.board.points[1];
  const suicide = game.board.points[15];
  expect(choosePolicyMove(game, liking(game, occupied, eye, suicide, good))).toBe(good);
});

test('a move that repeats a position is not played', () => {
  const game = new Game({ width: 4, height: 4 });
  playMoves(game, 'B4 C4 A3 D3 B2 C2 C3 B3');
  const ko = game.board.points[6];
  expect(game.isLegal(ko)).toBe(false);
  const other = game.board.points[0];
  expect(choosePolicyMove(game, liking(game, ko, other))).toBe(other);
});

test('with nothing sensible left it passes', () => {
  const game = diagram(`
    . X X O .
    X X X O O
    X X X O O
    X X X O O
    . X X O .`);
  expect(choosePolicyMove(game, liking(game, game.board.points[0]))).toBe(PASS);
});

/** Black leads by 15 to 9, and point 1 is in Black's eye of two points. */
const WON_BY_BLACK = `
  . . X . X O . O
  X X X X X O O O
  X . X X X O O .`;

test('after a pass of the opponent it passes if it has won, and plays on if it has not', () => {
  const won = diagram(WON_BY_BLACK, { toPlay: WHITE, komi: 0.5 });
  playMoves(won, 'pass');
  const inside = won.board.points[1];
  expect(choosePolicyMove(won, liking(won, inside))).toBe(PASS);

  const lost = diagram(WON_BY_BLACK, { toPlay: BLACK, komi: 0.5 });
  playMoves(lost, 'pass');
  expect(choosePolicyMove(lost, liking(lost, inside))).toBe(inside);

  const byKomi = diagram(WON_BY_BLACK, { toPlay: WHITE, komi: 30 });
  playMoves(byKomi, 'pass');
  expect(choosePolicyMove(byKomi, liking(byKomi, inside))).toBe(inside);
});

test('it passes when the network likes passing best, but first takes what is nobody’s under area scoring', () => {
  const text = `
    . X . X O . O .
    X X X X O O O O
    X . X a O O . O
    X X X X O O O O`;
  const area = diagram(text);
  expect(choosePolicyMove(area, liking(area, PASS))).toBe(markedPoint(text, 'a'));
  const territory = diagram(text, { rules: RULE_SETS.japanese });
  expect(choosePolicyMove(territory, liking(territory, PASS))).toBe(PASS);
});

test('asked to clean up, it takes dead stones off before it passes', () => {
  const text = `
    . X . . . X .
    X X . O . X X
    . X . . . X .
    X X X X X X X
    O O O O O O O
    . O . O . O .`;
  const clean = (cleanup: boolean): number => {
    const game = diagram(text);
    for (let turns = 0; turns < 20; turns++) {
      const point = choosePolicyMove(game, liking(game, PASS), { cleanup });
      game.play(point);
      if (point === PASS) break;
      game.play(PASS);
    }
    return game.board.captures[BLACK];
  };
  expect(clean(true)).toBe(1);
  expect(clean(false)).toBe(0);
});

test('under area scoring it settles a group in doubt before it passes', () => {
  // Whoever plays `a` first decides over the corner: two eyes or one.
  const text = `
    . a . X O . O
    X X X X O O O
    O O O O O . O
    . O . O O O O
    O O O O O O O`;
  const game = diagram(text);
  expect(choosePolicyMove(game, liking(game, PASS))).toBe(markedPoint(text, 'a'));
  const asWhite = diagram(text, { toPlay: WHITE });
  expect(choosePolicyMove(asWhite, liking(asWhite, PASS))).toBe(markedPoint(text, 'a'));
});

test('sampled moves come as often as their priors say; temperature 0.5 squares them; rare ones never', () => {
  const text = '. . . .\n. a . .\n. . b .\n. c . .';
  const game = diagram(text);
  const marks = ['a', 'b', 'c'].map(mark => markedPoint(text, mark));
  const policy = new Float32Array(17);
  [0.6, 0.38, 0.02].forEach((prior, i) => (policy[game.board.indexOf[marks[i]]] = prior));
  const share = (temperature: number): number[] => {
    const random = new Random(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 4000; i++)
      counts[marks.indexOf(choosePolicyMove(game, policy, { temperature, random }))]++;
    return counts.map(count => count / 4000);
  };
  const [a, , c] = share(1);
  expect(Math.abs(a - 0.6 / 0.98)).toBeLessThan(0.03);
  expect(c).toBe(0);
  expect(Math.abs(share(0.5)[0] - 0.36 / (0.36 + 0.38 ** 2))).toBeLessThan(0.03);
  expect(() => choosePolicyMove(game, policy, { temperature: 1 })).toThrow(/source of randomness/);
});

test('a player evaluates the position, shows the evaluation, and leaves the game as it is', async () => {
  const centre = new Game({ width: 5, height: 5 }).board.points[12];
  const player = new PolicyPlayer(
    new ScriptedEvaluator(game => ({ policy: liking(game, centre), value: 0.25 }), ['policy', 'value']),
  );
  const game = new Game({ width: 5, height: 5 });
  let seen: number | undefined;
  const point = await player.genmove(game, (batch, slot) => (seen = batch.value(slot)));
  expect(point).toBe(centre);
  expect(seen).toBe(0.25);
  expect(game.moveCount).toBe(0);
});

test('two players of random taste finish games on small boards and never play an illegal move', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed);
    const game = new Game({ width: 5, height: 5 });
    while (!game.isOver && game.moveCount < 500) {
      const policy = Float32Array.from({ length: 26 }, (_, i) => (i === 25 ? 0 : random.float()));
      const point = choosePolicyMove(game, policy);
      expect(game.whyIllegal(point)).toBeUndefined();
      game.play(point);
    }
    expect(game.isOver).toBe(true);
  }
});
