import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '../../engine/types.ts';
import { Clocks, type ClockSettings } from '../../src/gtp/clocks.ts';
import { createEngine, openSession, playerOf, talk } from './support.ts';

const START = { moveCount: 0, area: 361 };

const target = (clocks: Clocks, color: 1 | 2 = BLACK): number | undefined =>
  clocks.plan(color, START, 0)?.targetMs;

test('without settings there is no limit, until a controller says what is left', () => {
  const clocks = new Clocks();
  expect(target(clocks)).toBeUndefined();
  clocks.update(BLACK, { seconds: 100, stones: 0 });
  const black = target(clocks)!;
  expect(black).toBeGreaterThan(0);
  clocks.update(BLACK, { seconds: 50, stones: 0 });
  expect(target(clocks)).toBeLessThan(black);
});

test('who was told that there is no limit believes no clock', () => {
  const clocks = new Clocks();
  clocks.set({ kind: 'none' });
  clocks.update(BLACK, { seconds: 1, stones: 0 });
  expect(target(clocks)).toBeUndefined();
});

test('each player has a clock, and a new game begins with the full time', () => {
  const clocks = new Clocks();
  clocks.set({ kind: 'absolute', main: 300 });
  const full = target(clocks)!;
  clocks.spend(BLACK, 200);
  expect(target(clocks)).toBeLessThan(full / 2);
  expect(target(clocks, WHITE)).toBe(full);
  clocks.restart();
  expect(target(clocks)).toBe(full);
});

describe('where the controller says nothing, after moves of these seconds', () => {
  const byoyomi: ClockSettings = { kind: 'byoyomi', main: 10, period: 5, periods: 3 };
  const canadian: ClockSettings = { kind: 'canadian', main: 10, period: 30, stones: 2 };
  test.each<[ClockSettings, number[], { seconds: number; stones: number }]>([
    [{ kind: 'absolute', main: 100 }, [30, 20], { seconds: 50, stones: 0 }],
    [{ kind: 'fischer', main: 100, increment: 5 }, [30, 20], { seconds: 60, stones: 0 }],
    [{ kind: 'fischer', main: 100, increment: 5, most: 101 }, [2, 3], { seconds: 101, stones: 0 }],
    [{ kind: 'fischer', main: 100, increment: 5, most: -1 }, [2, 3], { seconds: 105, stones: 0 }],
    [byoyomi, [4], { seconds: 6, stones: 0 }],
    [byoyomi, [12], { seconds: 5, stones: 3 }],
    [byoyomi, [12, 4], { seconds: 5, stones: 3 }],
    [byoyomi, [12, 6], { seconds: 5, stones: 2 }],
    [canadian, [4], { seconds: 6, stones: 0 }],
    [canadian, [12], { seconds: 28, stones: 1 }],
    [canadian, [12, 3], { seconds: 30, stones: 2 }],
    [canadian, [10, 3], { seconds: 30, stones: 2 }],
  ])('%j is left as if the controller had said so: %j', (settings, moves, left) => {
    const own = new Clocks();
    own.set(settings);
    for (const seconds of moves) own.spend(BLACK, seconds);
    const told = new Clocks();
    told.set(settings);
    told.update(BLACK, left);
    expect(own.plan(BLACK, START, 0)).toEqual(told.plan(BLACK, START, 0));
  });
});

/** The target of the plan that the player is given for the last move of a session, in milliseconds. */
const planned = async (input: string): Promise<number | undefined> => {
  let plan: { readonly targetMs: number } | undefined;
  const player = playerOf(async (_, options) => {
    ({ plan } = options);
    return 'resign';
  });
  await talk(`${input}\ngenmove b\n`, openSession(createEngine(player)));
  return plan?.targetMs;
};

test.each([
  ['time_settings 0 1 0', undefined],
  ['time_settings 600 30 0', undefined],
  ['kgs-time_settings none', undefined],
  ['time_settings 600 0 0\ntime_settings 0 1 0', undefined],
])('%s is no limit', async (input, plan) => {
  expect(await planned(input)).toBe(plan);
});

test('the time survives a new board and a new game, as CGOS sends them', async () => {
  const plan = await planned('time_settings 300 0 0');
  expect(plan).toBeGreaterThan(0);
  expect(await planned('time_settings 300 0 0\nboardsize 19\nkomi 7\nclear_board')).toBe(plan);
  expect(await planned('time_settings 300 0 0\nclear_board\ntime_left b 30 0')).toBeLessThan(plan!);
});

test("Lizzie's seconds for each move are those of the move, less the lag", async () => {
  expect(await planned('time_settings 0 5 1')).toBeGreaterThan(3000);
  expect(await planned('time_settings 0 5 1')).toBeLessThan(5000);
  expect(await planned('time_settings 0 5 1\ntime_left b 5 1')).toBe(await planned('time_settings 0 5 1'));
});

test("gtp2ogs's capped Fischer clock limits a move too", async () => {
  const free = await planned('kata-time_settings fischer-capped 60 40 300 -1');
  const capped = await planned('kata-time_settings fischer-capped 60 40 300 10');
  expect(free).toBeGreaterThan(10_000);
  expect(capped).toBeLessThan(10_000);
});

test('a capped Fischer clock holds no more than it may', async () => {
  const after = (cap: number): Promise<number | undefined> =>
    planned(`kata-time_settings fischer-capped 60 40 ${cap}\ngenmove b`);
  expect(await after(60)).toBeLessThan((await after(300))!);
  expect(await after(60)).toBe(await planned('kata-time_settings fischer 60 40'));
});

test('time that is over leaves nothing', async () => {
  expect(await planned('time_settings 300 0 0\ntime_left b -3 0')).toBe(0);
});
