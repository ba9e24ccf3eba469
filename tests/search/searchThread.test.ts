import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../engine/analysis.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { RULE_SETS } from '../../engine/rules.ts';
import { BLACK, PASS, WHITE } from '../../engine/types.ts';
import { gameOf, makePosition } from '../../src/search/position.ts';
import { openSearchThread, type SearchThread } from '../../src/search/searchThread.ts';
import { diagram } from '../support/diagram.ts';
import { playRandomMoves } from '../support/randomGames.ts';

describe('a game as plain data', () => {
  test('is the same game when it is played again', () => {
    const games = [
      new Game({ width: 9, height: 7, komi: -3, rules: RULE_SETS['aga'] }),
      diagram('. X .\n. O .\n. . .', { toPlay: WHITE }),
    ];
    const handicap = new Game();
    handicap.placeHandicap([61, 81, 101]);
    games.push(handicap);
    for (const game of games) {
      playRandomMoves(game, 12, new Random(3));
      game.play(PASS, BLACK);
      game.toPlay = BLACK;
      const copy = gameOf(structuredClone(makePosition(game)));
      expect(makePosition(copy)).toEqual(makePosition(game));
      expect(copy.whiteBonus).toBe(game.whiteBonus);
      expect([copy.board.hashLow, copy.board.hashHigh]).toEqual([game.board.hashLow, game.board.hashHigh]);
      expect(Array.from(copy.board.points, point => copy.whyIllegal(point))).toEqual(
        Array.from(game.board.points, point => game.whyIllegal(point)),
      );
    }
  });
});

describe('searches in a thread', () => {
  let thread: SearchThread;
  beforeAll(async () => {
    thread = await openSearchThread({ backend: 'cpu', threads: 1 });
  });
  afterAll(() => thread.close());

  test('find the same as a search here would, and keep their tree', async () => {
    const search = await thread.newSearch();
    const game = new Game();
    const first = await search.think(game, { visits: 60 });
    expect([first.reason, first.playouts, first.analysis.visits]).toEqual(['visits', 60, 60]);
    expect(first.evaluation!.policy.length).toBe(362);
    const more = await search.think(game, { visits: 100 });
    expect(more.playouts).toBe(40);
    expect(more.analysis.visits).toBe(100);
    await search.clear();
    expect((await search.think(game, { visits: 10 })).playouts).toBe(10);
  });

  test('report while they think, until they are stopped', async () => {
    const search = await thread.newSearch();
    const game = new Game();
    const reports: Analysis[] = [];
    const abort = new AbortController();
    const thinking = search.think(
      game,
      {},
      {
        signal: abort.signal,
        reportEveryMs: 20,
        maxMoves: 1,
        onReport: analysis => {
          reports.push(analysis);
          if (reports.length === 3) abort.abort();
        },
      },
    );
    // What happens to the game meanwhile is of no concern to the search.
    game.play(game.board.points[0]);
    const { reason, analysis } = await thinking;
    expect(reason).toBe('stopped');
    expect(analysis.visits).toBeGreaterThanOrEqual(reports[2].visits);
    expect(reports.every(({ candidates }) => candidates.length <= 1)).toBe(true);
  });

  test('are given back, and begin anew if they are asked again', async () => {
    const search = await thread.newSearch();
    const game = new Game({ width: 9 });
    const thinking = search.think(game);
    await search.close();
    expect((await thinking).reason).toBe('stopped');
    expect((await search.think(game, { visits: 20 })).playouts).toBe(20);
    await search.close();
  });

  test('are stopped by a signal, also before they have begun', async () => {
    const search = await thread.newSearch();
    const abort = new AbortController();
    const all = [1, 2, 3].map(() => search.think(new Game(), {}, { signal: abort.signal }));
    abort.abort();
    for (const result of await Promise.all(all)) expect(result.reason).toBe('stopped');
    const late = await search.think(new Game(), {}, { signal: abort.signal });
    expect(late.reason).toBe('stopped');
  });

  test('share the network, several at once', async () => {
    const game = new Game({ width: 9 });
    const results = await Promise.all(
      [10, 20, 30].map(async visits => (await thread.newSearch()).think(game, { visits })),
    );
    expect(results.map(({ playouts }) => playouts)).toEqual([10, 20, 30]);
  });

  test('choose a move that is legal, and draw the same one for a seed', async () => {
    const search = await thread.newSearch();
    const game = new Game();
    const moves = [];
    for (let i = 0; i < 2; i++)
      moves.push((await search.genmove(game, { visits: 30 }, { temperature: 2, seed: 5 })).move);
    expect(game.isLegal(moves[0])).toBe(true);
    expect(moves[1]).toBe(moves[0]);
  });

  test('the network alone is asked in one symmetry or in all', async () => {
    const evaluation = await thread.evaluate(new Game(), 'mean');
    expect(evaluation.policy.reduce((sum, prior) => sum + prior, 0)).toBeCloseTo(1, 4);
    expect(evaluation.policy[3 * 19 + 3]).toBeCloseTo(evaluation.policy[15 * 19 + 15], 4);
  });

  test('bad parameters are refused with what is allowed', async () => {
    await expect(thread.newSearch({ cPuct: -1 })).rejects.toThrow(
      new RangeError('cPuct -1: must be a number from 0 to 100'),
    );
  });
});

test('a network that cannot be found is an error at the start', async () => {
  await expect(openSearchThread({ network: 'nowhere' })).rejects.toThrow('nowhere');
});

test('a thread that is closed ends its searches and refuses new ones', async () => {
  const thread = await openSearchThread({ backend: 'cpu', threads: 1 });
  const search = await thread.newSearch();
  const thinking = search.think(new Game());
  await thread.close();
  expect((await thinking).reason).toBe('stopped');
  await expect(search.think(new Game())).rejects.toThrow('ended');
});
