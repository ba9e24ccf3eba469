import { describe, expect, test } from 'vitest';
import { Game } from '../../../engine/game.ts';
import {
  fullTime,
  keepForEnding,
  planMove,
  type TimeLeft,
  type TimeSettings,
} from '../../../engine/search/clock.ts';
import { Search, type SearchResult } from '../../../engine/search/search.ts';
import type { ScriptedOutput } from '../../../engine/evaluator.ts';
import { BLACK, PASS } from '../../../engine/types.ts';
import { scripted } from './support.ts';

const AREA = 361;
const START = { moveCount: 0, area: AREA };

describe('no clock is ever overrun', () => {
  const CLOCKS: readonly TimeSettings[] = [
    { kind: 'absolute', main: 60 },
    { kind: 'absolute', main: 1800 },
    { kind: 'fischer', main: 10, increment: 1 },
    { kind: 'fischer', main: 2, increment: 2 },
    { kind: 'fischer', main: 300, increment: 5, mostPerMove: 7 },
    { kind: 'byoyomi', main: 0, period: 1, periods: 1 },
    { kind: 'byoyomi', main: 120, period: 10, periods: 3 },
    { kind: 'canadian', main: 0, period: 1, stones: 1 },
    { kind: 'canadian', main: 60, period: 300, stones: 25 },
    { kind: 'canadian', main: 30, period: 10, stones: 10 },
  ];

  test.each(CLOCKS)(
    '%o, by a player who takes the most for every fourth move, and loses 50 ms a move on the way',
    settings => {
      let left = fullTime(settings);
      for (let moveCount = 0; moveCount < 300; moveCount += 2) {
        const { targetMs, mostMs } = planMove(settings, left, { moveCount, area: AREA })!;
        expect(targetMs).toBeLessThanOrEqual(mostMs);
        left = spend(settings, left, (moveCount % 8 === 0 ? mostMs : targetMs) / 1000 + 0.05)!;
        expect(left, `move ${moveCount}`).toBeDefined();
      }
    },
  );

  test.each(CLOCKS)(
    '%o: by one who takes what was planned, it lasts for a game with time to spare',
    settings => {
      let left = fullTime(settings);
      let sum = 0;
      for (let moveCount = 0; moveCount < 270; moveCount += 2) {
        const { targetMs } = planMove(settings, left, { moveCount, area: AREA })!;
        expect(targetMs).toBeGreaterThan(0);
        left = spend(settings, left, targetMs / 1000)!;
        sum += targetMs / 1000;
      }
      const extra =
        settings.kind === 'fischer'
          ? settings.increment * 135
          : settings.kind === 'canadian'
            ? (settings.period / settings.stones) * 135
            : settings.kind === 'byoyomi'
              ? settings.period * 135
              : 0;
      const main = settings.kind === 'none' ? 0 : settings.main;
      expect(sum).toBeGreaterThan(0.5 * (main + extra));
    },
  );
});

/** The clock after a move; undefined if the game is lost on time. An independent account of each clock's rules. */
const spend = (settings: TimeSettings, { seconds, stones }: TimeLeft, used: number): TimeLeft | undefined => {
  const left = seconds - used;
  const { kind } = settings;
  if (kind === 'none') return { seconds, stones };
  if (kind === 'absolute') return left >= 0 ? { seconds: left, stones: 0 } : undefined;
  if (kind === 'fischer') {
    if (settings.mostPerMove !== undefined && used > settings.mostPerMove) return undefined;
    return left >= 0 ? { seconds: left + settings.increment, stones: 0 } : undefined;
  }
  const { period } = settings;
  if (stones === 0) {
    if (left >= 0) return { seconds: left, stones: 0 };
    const all = kind === 'byoyomi' ? settings.periods : settings.stones;
    return spend(settings, { seconds: period, stones: all }, -left);
  }
  if (kind === 'byoyomi') {
    if (left >= 0) return { seconds: period, stones };
    return stones > 1 ? spend(settings, { seconds: period, stones: stones - 1 }, -left) : undefined;
  }
  if (left < 0) return undefined;
  return stones > 1 ? { seconds: left, stones: stones - 1 } : { seconds: period, stones: settings.stones };
};

describe('a plan', () => {
  test.each<[TimeSettings, TimeLeft]>([
    [{ kind: 'none' }, { seconds: 0, stones: 0 }],
    // GTP: no limit.
    [
      { kind: 'canadian', main: 0, period: 1, stones: 0 },
      { seconds: 0, stones: 0 },
    ],
  ])('is not needed for %o', (settings, left) => {
    expect(planMove(settings, left, START)).toBeUndefined();
  });

  test('gives no time where there is none, also with a clock below zero', () => {
    for (const seconds of [0, -3])
      expect(planMove({ kind: 'absolute', main: 60 }, { seconds, stones: 0 }, START)).toEqual({
        targetMs: 0,
        mostMs: 0,
      });
  });

  test('takes nearly the whole period in byo-yomi', () => {
    const { targetMs, mostMs } = planMove(
      { kind: 'byoyomi', main: 600, period: 30, periods: 5 },
      { seconds: 30, stones: 5 },
      START,
    )!;
    expect(targetMs).toBeGreaterThan(29_000);
    expect(mostMs).toBeLessThan(30_000);
  });

  test('takes no longer than a move may take', () => {
    const settings = { kind: 'fischer', main: 3600, increment: 10, mostPerMove: 5 } as const;
    expect(planMove(settings, fullTime(settings), START)!.mostMs).toBeLessThan(5000);
  });

  test('keeps more back for more lag', () => {
    const settings = { kind: 'canadian', main: 0, period: 10, stones: 1 } as const;
    const most = [0.1, 2].map(lag => planMove(settings, fullTime(settings), START, lag)!.mostMs);
    expect(most[0] - most[1]).toBeGreaterThan(1000);
  });
});

test('time is kept back for the ending, but not all of it', () => {
  expect(keepForEnding({ targetMs: 2900, mostMs: 2900 }, AREA)).toEqual({ targetMs: 2539, mostMs: 2539 });
  expect(keepForEnding({ targetMs: 1000, mostMs: 3000 }, AREA)).toEqual({ targetMs: 1000, mostMs: 2639 });
  expect(keepForEnding({ targetMs: 300, mostMs: 400 }, AREA)).toEqual({ targetMs: 200, mostMs: 200 });
});

describe('a search on the clock', () => {
  const PLAN = { targetMs: 1000, mostMs: 3000 };

  /** Thinks with a clock that goes on by 1 ms with every look at it. */
  const think = (
    script: (game: Game) => ScriptedOutput,
    { game = new Game({ width: 5 }), plan = PLAN } = {},
  ): Promise<SearchResult> => {
    let ms = 0;
    const surroundings = { now: () => (ms += 1), breathe: async () => {} };
    const search = new Search(
      scripted(script),
      { batchSize: 1, batchesInFlight: 1, turnsBoard: false },
      surroundings,
    );
    return search.think(game, { plan });
  };

  const liking = (game: Game, likes: number): Float32Array => {
    const policy = new Float32Array(game.board.area + 1).fill(1);
    policy[12] = likes;
    return policy;
  };

  test('ends early when no other move can catch up', async () => {
    const { reason, elapsedMs } = await think(game => ({ policy: liking(game, 10_000), value: 0 }));
    expect(reason).toBe('clear');
    expect(elapsedMs).toBeLessThan(PLAN.targetMs);
  });

  test('takes its time when moves are equal', async () => {
    const { reason, elapsedMs } = await think(game => ({ policy: liking(game, 1), value: 0 }));
    expect(reason).toBe('time');
    expect(elapsedMs).toBeGreaterThan(0.8 * PLAN.targetMs);
  });

  test('keeps time for the ending where it may pass', async () => {
    const plan = { targetMs: 500, mostMs: 500 };
    for (const passes of [false, true]) {
      const game = new Game({ width: 13 });
      if (passes) game.play(PASS);
      const { elapsedMs } = await think(asked => ({ policy: liking(asked, 1), value: 0 }), { game, plan });
      // 169 ms are kept; a batch on its way may take some of them.
      expect(elapsedMs < plan.mostMs - 150).toBe(passes);
    }
  });

  test('takes longer while the best move has not been looked at most, but never longer than the most', async () => {
    let asked = 0;
    // Of two moves the second turns out to be much better, but only late.
    const { elapsedMs, best } = await think(game => {
      const policy = new Float32Array(game.board.area + 1).fill(1e-6);
      policy[12] = 2;
      policy[13] = 1;
      asked++;
      const isSecond = game.board.stones[game.board.points[13]] === BLACK;
      const value = isSecond ? (asked > 140 ? 0.9 : -0.05) : 0;
      return { policy, value: game.toPlay === BLACK ? value : -value };
    });
    expect(best).toBe(new Game({ width: 5 }).board.points[13]);
    expect(elapsedMs).toBeGreaterThan(PLAN.targetMs);
    expect(elapsedMs).toBeLessThan(PLAN.mostMs + 200);
  });
});
