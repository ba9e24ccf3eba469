import { describe, expect, test } from 'vitest';
import { ScriptedEvaluator, uniformEvaluator, type ScriptedOutput } from '../../../engine/evaluator.ts';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { RULE_SETS } from '../../../engine/rules.ts';
import { Search } from '../../../engine/search/search.ts';
import { NO_NODE } from '../../../engine/search/tree.ts';
import { BLACK, WHITE, type Point } from '../../../engine/types.ts';
import { playMoves } from '../../support/diagram.ts';
import { playRandomMove, playRandomMoves } from '../../support/randomGames.ts';
import { drawTree, findFaults, noOpinion, scripted, treeOf } from './support.ts';

const openGame = (size = 9): Game => new Game({ width: size, komi: 0.5 });

describe('invariants', () => {
  test.each([
    [1, 1],
    [8, 2],
    [32, 2],
  ])('hold in random positions, batches of %d, %d in flight', async (batchSize, batchesInFlight) => {
    for (let seed = 0; seed < 12; seed++) {
      const game = openGame(5 + (seed % 3) * 2);
      playRandomMoves(game, seed * 5, new Random(seed));
      const search = new Search(scripted(), { batchSize, batchesInFlight, seed });
      const { analysis } = await search.think(game, { visits: 300 });
      expect(findFaults(treeOf(search))).toEqual([]);
      expect(analysis.visits).toBe(300);
      for (const { value, lowerBound, visits, lineVisits, line } of analysis.candidates) {
        expect(Math.abs(value!)).toBeLessThanOrEqual(1);
        expect(lowerBound!).toBeLessThanOrEqual(value!);
        expect(lineVisits[0]).toBe(visits);
        expect(line.length).toBe(lineVisits.length);
        expect(lineVisits.toSorted((a, b) => b - a)).toEqual([...lineVisits]);
      }
    }
  });

  test('the same seed and visits give the same tree, with noise and playouts too', async () => {
    const parameters = { rootNoise: 0.25, lambda: 0.5, seed: 7, batchesInFlight: 1 };
    const trees = [];
    for (const changes of [{}, {}, { seed: 8 }]) {
      const search = new Search(scripted(), { ...parameters, ...changes });
      const game = openGame();
      await search.think(game, { visits: 200 });
      trees.push(drawTree(treeOf(search)));
    }
    expect(trees[1]).toEqual(trees[0]);
    expect(trees[2]).not.toEqual(trees[0]);
  });

  test('noise at the root has other moves tried, at the root that a move made too', async () => {
    const sharp = (): ScriptedEvaluator =>
      new ScriptedEvaluator(({ board }) => ({
        policy: Float32Array.from({ length: board.area }, (_, i) => (i === board.area >> 1 ? 1 : 1e-4)),
        value: 0,
      }));
    const priorsAt = async (rootNoise: number, moves: number): Promise<number[]> => {
      const search = new Search(sharp(), { rootNoise, seed: 3, batchesInFlight: 1 });
      const game = openGame();
      for (let i = 0; ; i++) {
        const { analysis, best } = await search.think(game, { visits: 100 }, { report: { minMoves: 100 } });
        if (i === moves) return analysis.candidates.map(({ prior }) => prior);
        game.play(best!);
      }
    };
    for (const moves of [0, 1]) {
      const plain = await priorsAt(0, moves);
      const noisy = await priorsAt(0.25, moves);
      const sum = noisy.reduce((total, prior) => total + prior, 0);
      expect(sum).toBeCloseTo(1, 5);
      expect(new Set(plain.map(prior => prior.toFixed(6))).size).toBeLessThan(4);
      expect(new Set(noisy.map(prior => prior.toFixed(6))).size).toBeGreaterThan(20);
    }
  });

  test('the tree stays within its bound, and the search ends there', async () => {
    const search = new Search(scripted(), { maxTreeBytes: 2 ** 20 });
    const { reason, analysis } = await search.think(openGame(19), { visits: 100_000 });
    expect(reason).toBe('memory');
    expect(analysis.visits).toBeGreaterThan(1000);
    expect(search.size.bytes).toBeLessThanOrEqual(2 ** 20);
    expect(findFaults(treeOf(search))).toEqual([]);
  });

  test('a full tree can be asked again, as often as one likes, and goes on after a move', async () => {
    const search = new Search(scripted(), { maxTreeBytes: 2 ** 20 });
    const game = openGame(19);
    for (let i = 0; i < 10; i++) {
      const { reason, best } = await search.think(game, { playouts: 5000 });
      expect([reason, best === undefined]).toEqual(['memory', false]);
      if (i % 3 === 2) game.play(best!);
    }
    expect(search.size.bytes).toBeLessThanOrEqual(2 ** 20);
    expect(findFaults(treeOf(search))).toEqual([]);
  });
});

describe('the tree is kept', () => {
  test('when the game goes on from the position, also by a reply', async () => {
    const game = openGame();
    const search = new Search(scripted());
    const { analysis } = await search.think(game, { visits: 400 });
    const [{ line, lineVisits }] = analysis.candidates;
    game.play(line[0]);
    game.play(line[1]);
    const next = await search.think(game, { visits: 1 });
    expect(next.analysis.visits).toBe(lineVisits[1]);
    expect(next.playouts).toBe(0);
    await search.think(game, { visits: 500 });
    expect(treeOf(search).visits[0]).toBe(500);
    expect(findFaults(treeOf(search))).toEqual([]);
  });

  test.each<[string, (game: Game, line: readonly Point[]) => void]>([
    ['a move is taken back', game => game.undo()],
    ['komi changes', game => (game.komi = 6.5)],
    ['the rules change', game => (game.rules = RULE_SETS['chinese'])],
    ['the other player is to move', game => (game.toPlay = WHITE)],
    ['a player moves twice', (game, line) => game.play(line[0], WHITE)],
    [
      'another game is as long',
      game => {
        game.undo();
        game.undo();
        playMoves(game, 'A1 A2');
      },
    ],
  ])('but not when %s', async (_, change) => {
    const game = playMoves(openGame(), 'C3 G7');
    const search = new Search(scripted());
    const { analysis } = await search.think(game, { visits: 100 });
    change(game, analysis.candidates[0].line);
    const { playouts } = await search.think(game, { visits: 50 });
    expect(playouts).toBe(50);
  });

  test('over a thousand moves without a leak, whether they were foreseen or not', async () => {
    const random = new Random(5);
    const search = new Search(scripted(), { maxTreeBytes: 2 ** 20 });
    let game = openGame(7);
    for (let move = 0; move < 1000; move++) {
      if (game.isOver || game.moveCount > 120) game = openGame(7);
      const { best } = await search.think(game, { playouts: 30 });
      if (random.below(4) === 0) playRandomMove(game, random);
      else game.play(best!);
      const tree = treeOf(search);
      // A finished game is one node, however often it is visited.
      expect(tree.nodeCount).toBeLessThanOrEqual(tree.visits[0]);
      expect(search.size.bytes).toBeLessThanOrEqual(2 ** 20);
    }
    expect(findFaults(treeOf(search))).toEqual([]);
  });
});

describe('values', () => {
  test('a network without a value is helped by playouts', async () => {
    const game = openGame(5);
    game.komi = 30;
    const { analysis } = await new Search(uniformEvaluator()).think(game, { visits: 100 });
    expect(analysis.value).toBe(-1);
    expect(analysis.lead).toBeLessThan(-4);
  });

  test('lambda mixes playouts into the values of a network', async () => {
    const game = openGame();
    game.komi = -200;
    for (const [lambda, expected] of [
      [0, 0],
      [0.25, 0.25],
      [1, 1],
    ]) {
      const search = new Search(scripted(noOpinion), { lambda });
      const { analysis } = await search.think(game, { visits: 20 });
      expect(analysis.value).toBeCloseTo(expected, 6);
    }
  });

  test('the mean of the ownership maps is told from the view of the player to move', async () => {
    const black = (game: Game): ScriptedOutput => ({
      ...noOpinion(game),
      ownership: new Float32Array(game.board.area).fill(game.toPlay === BLACK ? 0.5 : -0.5),
    });
    const evaluator = new ScriptedEvaluator(black, ['policy', 'value', 'ownership']);
    for (const toPlay of [BLACK, WHITE]) {
      const game = openGame(5);
      game.toPlay = toPlay as typeof BLACK;
      const { analysis } = await new Search(evaluator).think(game, { visits: 60 }, { movesOwnership: true });
      const expected = toPlay === BLACK ? 0.5 : -0.5;
      expect(analysis.ownership![7]).toBeCloseTo(expected, 6);
      expect(analysis.candidates[0].ownership![7]).toBeCloseTo(expected, 6);
    }
  });
});

test('a parameter out of range is refused with what is allowed', () => {
  expect(() => new Search(scripted(), { lambda: 2 })).toThrow('lambda 2: must be a number from 0 to 1');
  expect(() => new Search(scripted(), { batchesInFlight: 1.5 })).toThrow(
    'batchesInFlight 1.5: must be a whole number from 1 to 2',
  );
  expect(() => new Search(scripted(), { virtualLoss: 0 })).toThrow(
    'virtualLoss 0: must be a number from 0.01 to 100',
  );
});

test('candidates that were never tried come last, if as many are asked for', async () => {
  const search = new Search(scripted());
  const { analysis } = await search.think(openGame(), { visits: 3 }, { report: { minMoves: 10 } });
  expect(analysis.candidates.length).toBe(10);
  expect(analysis.candidates.slice(2).map(({ visits, value }) => [visits, value])).toEqual(
    Array.from({ length: 8 }, () => [0, undefined]),
  );
  expect(treeOf(search).edgeChild[treeOf(search).edgeAt(0, analysis.candidates[9].point)]).toBe(NO_NODE);
});
