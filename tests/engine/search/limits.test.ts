import { describe, expect, test } from 'vitest';
import { ScriptedEvaluator, type Batch } from '../../../engine/evaluator.ts';
import { Game } from '../../../engine/game.ts';
import { Search } from '../../../engine/search/search.ts';
import { BLACK, PASS, WHITE } from '../../../engine/types.ts';
import { chancyOpinion, childrenOf, findFaults, scripted, treeOf } from './support.ts';

const openGame = (size = 9): Game => new Game({ width: size, komi: 0.5 });

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

  test('where all walks end in finished games there is an end without a limit', async () => {
    const game = openGame(2);
    game.play(PASS);
    const evaluator = scripted(({ board }) => ({
      policy: Float32Array.from({ length: board.area + 1 }, (_, i) => (i === board.area ? 1 : 0)),
      value: 0,
    }));
    const { reason, playouts, best } = await new Search(evaluator).think(game, { playouts: 1_000_000 });
    expect([reason, best, playouts < 1_000_000]).toEqual(['nothing', PASS, true]);
  });

  test('there is an end before visits can no longer be counted', async () => {
    const game = openGame();
    const search = new Search(scripted());
    await search.think(game, { visits: 100 });
    treeOf(search).visits[0] = 2 ** 30;
    const { reason, playouts } = await search.think(game, { playouts: 100 });
    expect([reason, playouts]).toEqual(['nothing', 0]);
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

  test('stopped while the root is evaluated, as often as one likes, it asks for the position once', async () => {
    const evaluator = new SlowEvaluator(chancyOpinion, ['policy', 'value'], 16);
    const search = new Search(evaluator);
    const game = openGame();
    for (const isNew of [true, false]) {
      evaluator.isHolding = true;
      for (let i = 0; i < 5; i++) {
        const thinking = search.think(game, {});
        await settle();
        search.stop();
        expect((await thinking).reason).toBe('stopped');
      }
      expect(evaluator.held.length).toBe(1);
      evaluator.isHolding = false;
      evaluator.held.pop()!();
      const { playouts, evaluation } = await search.think(game, { playouts: 100 });
      expect([playouts, evaluation === undefined], isNew ? 'new' : 'kept').toEqual([100, false]);
      expect(findFaults(treeOf(search))).toEqual([]);
    }
  });

  test('a full tree can be asked again when the search was stopped while its root was evaluated', async () => {
    const evaluator = new SlowEvaluator(chancyOpinion, ['policy', 'value'], 16);
    const search = new Search(evaluator, { maxTreeBytes: 2 ** 20 });
    const game = openGame(19);
    for (let i = 0; i < 8; i++) {
      const { reason, best } = await search.think(game, { playouts: 5000 });
      expect([reason, best === undefined]).toEqual(['memory', false]);
      if (i % 4 === 3) game.play(best!);
      evaluator.isHolding = true;
      for (let stops = 0; stops < 3; stops++) {
        const thinking = search.think(game, {});
        await settle();
        search.stop();
        await thinking;
      }
      evaluator.isHolding = false;
      for (const answer of evaluator.held.splice(0)) answer();
      if (i % 4 === 1) game.play(best!);
    }
    await search.think(game, { playouts: 5000 });
    expect(search.size.bytes).toBeLessThanOrEqual(2 ** 20);
    expect(findFaults(treeOf(search))).toEqual([]);
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

  test('a reply that may be nothing at all is free', async () => {
    const game = openGame(5);
    const [first, second] = game.board.points;
    const search = new Search(scripted());
    const { analysis } = await search.think(
      game,
      { visits: 100 },
      {
        restrictions: [
          { kind: 'allow', color: BLACK, points: [first, second], plies: 1 },
          { kind: 'allow', color: WHITE, points: [], plies: 2 },
        ],
      },
    );
    expect(analysis.visits).toBe(100);
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
