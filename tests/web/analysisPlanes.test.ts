import { describe, expect, test } from 'vitest';
import { WHITE } from '../../engine/types.ts';
import { LIBERTIES, ONES, OPPONENT, OWN, PLANES, ZEROS } from '../../features/planes.ts';
import { countPoints, countText, planePath, planesOf } from '../../src/web/analysis/planeView.ts';
import { diagram, drawPlanes } from '../support/diagram.ts';

const game = diagram(
  `
  X X . .
  . O . .
  . . . X
  `,
  { toPlay: WHITE },
);

describe('planes in the page', () => {
  const planes = planesOf(game);

  test('are those that the network gets, without their edge', () => {
    expect(planes).toHaveLength(PLANES);
    for (let plane = 0; plane < PLANES; plane++) {
      const expected = drawPlanes(game, plane).replaceAll(/\s/g, '');
      expect(Array.from(planes[plane], value => (value === 1 ? '#' : '.')).join('')).toBe(expected);
    }
  });

  test('are as seen by the player to move', () => {
    expect(countPoints(planes[OWN])).toBe(1);
    expect(countPoints(planes[OPPONENT])).toBe(3);
    expect(countPoints(planes[ONES])).toBe(12);
    expect(countPoints(planes[ZEROS])).toBe(0);
    expect(countPoints(planes[LIBERTIES + 1])).toBe(3);
  });

  test('are drawn as squares, those beside each other joined', () => {
    expect(planePath(planes[OPPONENT], 4)).toBe('M0 0h2v1h-2zM3 2h1v1h-1z');
    expect(planePath(planes[ZEROS], 4)).toBe('');
    expect(planePath(planes[ONES], 4)).toBe('M0 0h4v1h-4zM0 1h4v1h-4zM0 2h4v1h-4z');
  });
});

test('points are counted in words', () => {
  expect([0, 1, 2].map(countText)).toEqual(['no point', '1 point', '2 points']);
});
