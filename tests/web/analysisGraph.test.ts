import { describe, expect, test } from 'vitest';
import type { MoveNode } from '../../src/server/protocol/board.ts';
import {
  curveOf,
  graphPoints,
  graphSpan,
  graphText,
  heightOf,
  leadScale,
  placeText,
  positionAt,
  stepInGraph,
} from '../../src/web/analysis/graph.ts';

const LINE: readonly MoveNode[] = [
  { id: 1, parent: 0, color: 'B', vertex: 'D4' },
  { id: 5, parent: 1, color: 'W', vertex: 'pass' },
];

test('a graph has the start and every move of the line, with what is known of them', () => {
  const outlooks = [
    { node: 0, winrate: 0.5, lead: -0.5 },
    { node: 5, lead: 3 },
    { node: 7, winrate: 1 },
  ];
  expect(graphPoints(LINE, outlooks)).toEqual([
    { node: 0, move: 'Start', winrate: 0.5, lead: -0.5 },
    { node: 1, move: 'Black D4', winrate: undefined, lead: undefined },
    { node: 5, move: 'White Pass', winrate: undefined, lead: 3 },
  ]);
});

describe('a curve', () => {
  test('goes up for Black and stays within its box', () => {
    expect(heightOf(0)).toBe(50);
    expect(heightOf(1)).toBe(0);
    expect(heightOf(-3)).toBe(100);
  });

  test('is interrupted where a value is missing', () => {
    const values = Array.from({ length: 31 }, (_, i) => (i === 10 ? undefined : 0));
    const { line, area } = curveOf(values);
    expect(line.match(/M/g)).toHaveLength(2);
    expect(line).toContain('L30 50M36.67 50');
    expect(area.match(/Z/g)).toHaveLength(2);
  });

  test('is a dot for a value alone, and nothing without any', () => {
    expect(curveOf([undefined, 0.5, undefined]).line).toBe('M3.33 25h0');
    expect(curveOf([undefined, undefined])).toEqual({ line: '', area: '' });
    expect(curveOf([])).toEqual({ line: '', area: '' });
  });

  test('encloses an area down to the middle', () => {
    expect(curveOf([0, 1]).area).toBe('M0 50L3.33 0V50H0Z');
  });
});

test('a short game leaves room, a long one fills the graph', () => {
  expect(graphSpan(1)).toBe(30);
  expect(graphSpan(301)).toBe(300);
  expect(positionAt(0.5, 301)).toBe(150);
  expect(positionAt(1, 11)).toBe(10);
  expect(positionAt(-0.1, 11)).toBe(0);
});

test('leads are measured by a round number that holds them all', () => {
  const scaleOf = (...leads: number[]): number => leadScale(leads.map(lead => ({ node: 0, move: '', lead })));
  expect(scaleOf()).toBe(5);
  expect(scaleOf(2, -5)).toBe(5);
  expect(scaleOf(2, -5.1)).toBe(10);
  expect(scaleOf(361)).toBe(400);
  expect(scaleOf(999)).toBe(400);
});

test('a position is told in words', () => {
  expect(graphText({ node: 0, move: '', winrate: 0.563, lead: 2.4 })).toBe('56.3 %, +2.4 points');
  expect(graphText({ node: 0, move: '', lead: -1 })).toBe('−1.0 points');
  expect(graphText({ node: 0, move: '' })).toBeUndefined();
});

test('a position is named by its number and move, the first one as the start', () => {
  expect(placeText(0, { node: 0, move: 'Start' })).toBe('Start');
  expect(placeText(12, { node: 4, move: 'Black D4' })).toBe('12. Black D4');
});

test.each([
  ['ArrowLeft', 19],
  ['ArrowRight', 21],
  ['PageUp', 10],
  ['PageDown', 24],
  ['Home', 0],
  ['End', 24],
  ['x', undefined],
])('%s leads from move 20 of 24 to %s', (key, target) => {
  expect(stepInGraph(key, 20, 25)).toBe(target);
});
