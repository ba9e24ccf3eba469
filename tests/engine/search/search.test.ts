import { describe, expect, test } from 'vitest';
import {
  ScriptedEvaluator,
  uniformEvaluator,
  type Batch,
  type ScriptedOutput,
} from '../../../engine/evaluator.ts';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { RULE_SETS } from '../../../engine/rules.ts';
import { Search } from '../../../engine/search/search.ts';
import { NO_NODE, TERMINAL } from '../../../engine/search/tree.ts';
import { BLACK, PASS, WHITE, type Point } from '../../../engine/types.ts';
import { diagram, markedPoint, playMoves } from '../../support/diagram.ts';
import { playRandomMove, playRandomMoves } from '../../support/randomGames.ts';
import { chancyOpinion, childrenOf, drawTree, findFaults, scripted, treeOf } from './support.ts';

const openGame = (size = 9): Game => new Game({ width: size, komi: 0.5 });

/** Likes nothing more than anything else, and calls every position even. */
const noOpinion = (game: Game): ScriptedOutput => ({
  policy: new Float32Array(game.board.area + 1).fill(1),
  value: 0,
  lead: 0,
});

/** Answers only when told to. */
class SlowEvaluator extends ScriptedEvaluator {
  readonly held: (() => void)[] = [];
  isHolding = false;

  override begin(): Batch {
    const batch = super.begin();
    batch.run = () =>
      new Promise(resolve => {
        if (this.isHolding) this.held.push(resolve);
        else resolve();
      });
    return batch;
  }
}

/** Lets everything happen that can happen. */
const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5));

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

  test('the tree stays within its bound, and the search ends there', async () => {
    const search = new Search(scripted(), { maxTreeBytes: 2 ** 20 });
    const { reason, analysis } = await search.think(openGame(19), { visits: 100_000 });
    expect(reason).toBe('memory');
    expect(analysis.visits).toBeGreaterThan(1000);
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

describe('the rules in the tree', () => {
  test('a ko is not taken back at once, anywhere in the tree, by any ko rule', async () => {
    const text = `
      . X O . .
      X a X O .
      . X O . .
      . . . . .
      . . . . .`;
    for (const rules of Object.values(RULE_SETS)) {
      const game = diagram(text, { toPlay: WHITE, rules });
      const ko = markedPoint(text, 'a');
      expect(game.isLegal(ko)).toBe(true);
      const search = new Search(scripted(noOpinion));
      await search.think(game, { visits: 2000 });
      expect(findIllegal(search, game)).toEqual([]);
    }
  });

  test('no line repeats a position where superko forbids it', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const game = new Game({ width: 3, height: 2, komi: 0.5, rules: RULE_SETS['tromp-taylor'] });
      const search = new Search(scripted(), { friendlyPass: false, seed, cPuct: 5 });
      await search.think(game, { visits: 3000 });
      expect(findIllegal(search, game)).toEqual([]);
    }
  });

  test('after two passes the game is scored as it stands, or without dead stones among friends', async () => {
    // The black stone below is worth three points to White if it comes off: its own, its place, and the point above.
    const text = `
      . X . X .
      X X X X X
      O O O O O
      O O . O O
      . O X O .`;
    for (const [friendlyPass, value] of [
      [true, -1],
      [false, 1],
    ] as const) {
      const game = diagram(text, { toPlay: WHITE, komi: -3 });
      game.play(PASS);
      const search = new Search(scripted(noOpinion), { friendlyPass });
      await search.think(game, { visits: 50 });
      const tree = treeOf(search);
      const ended = tree.childAt(0, PASS);
      expect(tree.state[ended]).toBe(TERMINAL);
      expect(-tree.valueSum[ended] / tree.visits[ended]).toBe(value);
    }
  });

  test('passing is tried late in the game and after a pass, not before', async () => {
    const hasPass = async (game: Game): Promise<boolean> => {
      const search = new Search(scripted(noOpinion));
      await search.think(game, { visits: 1 });
      return treeOf(search).edgeAt(0, PASS) >= 0;
    };
    const game = openGame();
    expect(await hasPass(game)).toBe(false);
    expect(await hasPass(playMoves(game, 'pass'))).toBe(true);
    playRandomMoves(game, 60, new Random(1));
    expect(await hasPass(game)).toBe(true);
  });

  test('no own true eye is ever filled', async () => {
    const game = diagram(`
      . X O O .
      X X O . O
      X O O O O
      X X X X X
      . X . X .`);
    const search = new Search(scripted(noOpinion));
    const { analysis } = await search.think(game, { visits: 200 });
    expect(analysis.candidates.map(({ point }) => point)).toEqual([PASS]);
  });
});

/** Walks every line of the tree on the game. @returns why moves of it are illegal */
const findIllegal = (search: Search, game: Game): string[] => {
  const tree = treeOf(search);
  const reasons: string[] = [];
  const replay = (node: number): void => {
    for (const child of childrenOf(tree, node)) {
      const why = game.whyIllegal(tree.point[child]);
      if (why !== undefined) reasons.push(why);
      game.play(tree.point[child]);
      replay(child);
      game.undo();
    }
  };
  replay(0);
  return reasons;
};

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

describe('limits', () => {
  test('visits count what was kept, playouts what is new; whichever is reached first ends the search', async () => {
    const game = openGame();
    const search = new Search(scripted());
    expect((await search.think(game, { visits: 100 })).playouts).toBe(100);
    expect((await search.think(game, { playouts: 50 })).analysis.visits).toBe(150);
    const last = await search.think(game, { visits: 1000, playouts: 20 });
    expect([last.reason, last.analysis.visits]).toEqual(['playouts', 170]);
  });

  test('time is taken from the clock that was given', async () => {
    let ms = 0;
    const search = new Search(
      scripted(),
      { batchesInFlight: 1 },
      { now: () => ms++, breathe: async () => {} },
    );
    const { reason, playouts } = await search.think(openGame(), { timeMs: 500 });
    expect(reason).toBe('time');
    expect(playouts).toBeGreaterThan(10);
    expect(ms).toBeLessThan(600);
  });

  test('stop ends it without waiting for the network, and the next search counts what was under way', async () => {
    const evaluator = new SlowEvaluator(chancyOpinion, ['policy', 'value'], 16);
    const search = new Search(evaluator, { batchSize: 4 });
    const game = openGame();
    await search.think(game, { visits: 100 });
    evaluator.isHolding = true;
    const thinking = search.think(game, {});
    await settle();
    // The root is asked about again; then two batches leave.
    evaluator.held.shift()!();
    await settle();
    expect(evaluator.held.length).toBe(2);
    search.stop();
    const { reason, analysis } = await thinking;
    expect([reason, analysis.visits]).toEqual(['stopped', 100]);
    for (const answer of evaluator.held) answer();
    evaluator.isHolding = false;
    game.play(analysis.candidates[0].point);
    await search.think(game, { visits: 200 });
    expect(findFaults(treeOf(search))).toEqual([]);
  });

  test('stopped before anything is known, it says so', async () => {
    const evaluator = new SlowEvaluator(chancyOpinion, ['policy', 'value'], 16);
    evaluator.isHolding = true;
    const search = new Search(evaluator);
    const thinking = search.think(openGame(), {});
    search.stop();
    const { reason, best, evaluation, analysis } = await thinking;
    expect([reason, best, evaluation, analysis.candidates]).toEqual(['stopped', undefined, undefined, []]);
    for (const answer of evaluator.held) answer();
    await search.settle();
  });

  test('two searches at once in one tree are refused', async () => {
    const search = new Search(scripted());
    const first = search.think(openGame(), { visits: 10 });
    await expect(search.think(openGame(), { visits: 10 })).rejects.toThrow('thinking already');
    await first;
  });

  test('an evaluator that fails fails the search, and the next one goes on', async () => {
    const evaluator = scripted();
    let left = 5;
    const begin = evaluator.begin.bind(evaluator);
    evaluator.begin = () => {
      const batch = begin();
      batch.run = async () => {
        if (left-- === 0) throw new Error('no power');
      };
      return batch;
    };
    const search = new Search(evaluator);
    const game = openGame();
    await expect(search.think(game, { visits: 200 })).rejects.toThrow('no power');
    const { analysis } = await search.think(game, { visits: 200 });
    expect(analysis.visits).toBe(200);
    expect(findFaults(treeOf(search))).toEqual([]);
  });
});

describe('restrictions', () => {
  test('avoided moves are not tried down to their depth, and allowed ones alone are', async () => {
    const game = openGame(5);
    const points = Array.from(game.board.points);
    const avoid = { kind: 'avoid', color: BLACK, points: points.slice(0, 20), plies: 3 } as const;
    const allow = { kind: 'allow', color: WHITE, points: points.slice(3, 5), plies: 2 } as const;
    const search = new Search(scripted());
    await search.think(game, { visits: 500 }, { restrictions: [avoid, allow] });
    const tree = treeOf(search);
    for (const child of childrenOf(tree, 0)) {
      expect(avoid.points).not.toContain(tree.point[child]);
      for (const reply of childrenOf(tree, child)) {
        expect(allow.points).toContain(tree.point[reply]);
        for (const third of childrenOf(tree, reply)) expect(avoid.points).not.toContain(tree.point[third]);
      }
    }
    const beyond = await search.think(game, { visits: 100 });
    expect(beyond.playouts).toBe(100);
  });

  test('where every move is forbidden there is nothing to say', async () => {
    const game = openGame(5);
    const points = [...game.board.points, PASS];
    const search = new Search(scripted());
    const { reason, best, analysis } = await search.think(
      game,
      {},
      { restrictions: [{ kind: 'avoid', color: BLACK, points, plies: 1 }] },
    );
    expect([reason, best, analysis.candidates]).toEqual(['nothing', undefined, []]);
  });
});

test('a parameter out of range is refused with what is allowed', () => {
  expect(() => new Search(scripted(), { lambda: 2 })).toThrow('lambda 2: must be a number from 0 to 1');
  expect(() => new Search(scripted(), { batchesInFlight: 1.5 })).toThrow(
    'batchesInFlight 1.5: must be a whole number from 1 to 2',
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
