import { describe, expect, test } from 'vitest';
import type { PositionAnalysis } from '../../src/server/protocol/messages.ts';
import { Store } from '../../src/web/store.ts';
import { boardOf } from './support.ts';

const ANALYSIS: PositionAnalysis = {
  node: 0,
  toPlay: 'B',
  policy: Array.from({ length: 82 }, () => 1 / 82),
  candidates: [
    { vertex: 'E5', visits: 40, prior: 0.4, line: ['E5', 'C3', 'G7'] },
    { vertex: 'C3', visits: 1, prior: 0.1, line: ['C3'] },
  ],
  visits: 42,
  evaluationMs: 8,
};

const storeOf = (some: Parameters<typeof boardOf>[0] = {}): Store => {
  const store = new Store();
  store.showBoard(boardOf(some));
  store.keepAnalysis(ANALYSIS);
  return store;
};

describe('ghost stones', () => {
  test('are the line of the move that is pointed at in the list, however short', () => {
    const store = storeOf();
    expect(store.ghosts.value).toEqual([]);
    store.previewed.value = 'E5';
    expect(store.ghosts.value).toEqual(['E5', 'C3', 'G7']);
    store.previewed.value = 'C3';
    expect(store.ghosts.value).toEqual(['C3']);
    store.previewed.value = 'A1';
    expect(store.ghosts.value).toEqual([]);
  });

  test('are the line of a point of the board where it says more than the move alone', () => {
    const store = storeOf();
    store.hovered.value = 'E5';
    expect(store.ghosts.value).toEqual(['E5', 'C3', 'G7']);
    store.hovered.value = 'C3';
    expect(store.ghosts.value).toEqual([]);
  });

  test.each(['none', 'ownership'] as const)('do not come from the board where it shows %s', overlay => {
    const store = storeOf();
    store.overlay.value = overlay;
    store.hovered.value = 'E5';
    expect(store.ghosts.value).toEqual([]);
  });

  test('do not come from the board while dead stones are chosen on it', () => {
    const store = storeOf({ scoring: { dead: [], territory: { B: [], W: [] }, score: 'W+7.5' } });
    store.hovered.value = 'E5';
    expect(store.ghosts.value).toEqual([]);
  });
});

test('what was found out is hidden while analysis is off', () => {
  const store = storeOf();
  expect(store.analysis.value).toBe(ANALYSIS);
  store.board.value = boardOf({ analysis: 'off' });
  expect(store.analysis.value).toBeUndefined();
  store.board.value = boardOf({ analysis: 'policy' });
  expect(store.analysis.value).toBe(ANALYSIS);
});

test('an empty board of the expected size stands there until the server has said which it is', () => {
  const store = new Store();
  expect(store.game.value.width).toBe(19);
  store.expectedSize.value = 13;
  expect([store.game.value.width, store.game.value.height]).toEqual([13, 13]);
  store.showBoard(boardOf());
  expect(store.game.value.width).toBe(9);
});
