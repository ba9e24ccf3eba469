/** The move tree: its index, the ways through it, where it lies, what of it is drawn. */
import { describe, expect, test } from 'vitest';
import { countBelow, indexMoves, lineThrough, stepsFrom } from '../../src/web/moveIndex.ts';
import { layOutTree } from '../../src/web/tree/layout.ts';
import { CELL, edgePath, nodesIn, windowOf } from '../../src/web/tree/window.ts';
import { movesOf } from './support.ts';

/** A main line of four, a variation at the third move with one of its own, and another at the second. */
const moves = movesOf(
  '1<0 B A1',
  '2<1 W A2',
  '3<2 B A3',
  '4<3 W A4',
  '5<2 B B3',
  '6<5 W B4',
  '7<5 W C4',
  '8<1 W B2',
);
const index = indexMoves(moves);

describe('the ways through a tree', () => {
  test('lead along the main line', () => {
    expect(stepsFrom(index, 2)).toEqual({
      first: 0,
      previous: 1,
      next: 3,
      last: 4,
      above: undefined,
      below: 8,
    });
    expect(stepsFrom(index, 0).previous).toBeUndefined();
    expect(stepsFrom(index, 0).first).toBeUndefined();
    expect(stepsFrom(index, 4).last).toBeUndefined();
  });

  test('lead along the variation that was looked at', () => {
    const preferred = new Map([
      [2, 5],
      [5, 7],
    ]);
    expect(stepsFrom(index, 1, preferred).last).toBe(7);
    expect(lineThrough(index, 2, preferred)).toEqual([1, 2, 5, 7]);
    expect(lineThrough(index, 3, preferred)).toEqual([1, 2, 3, 4]);
    expect(lineThrough(index, 0, new Map([[0, 99]]))).toEqual([1, 2, 3, 4]);
  });

  test('lead up and down between variations', () => {
    expect(stepsFrom(index, 5).above).toBe(3);
    expect(stepsFrom(index, 3).below).toBe(5);
    expect(stepsFrom(index, 7).above).toBe(6);
  });
});

test('all that follows a move is counted', () => {
  const branched = indexMoves(movesOf('1<0 B A1', '2<1 W A2', '3<2 B A3', '4<1 W A4', '5<0 B A5'));
  expect([0, 1, 2, 5].map(node => countBelow(branched, node))).toEqual([5, 3, 1, 0]);
});

describe('the layout of a tree', () => {
  const layout = layOutTree(index);
  const placeOf = (id: number): (number | undefined)[] => [
    layout.byId.get(id)?.column,
    layout.byId.get(id)?.row,
  ];

  test('puts the main line in row 0 and variations below, nearest branches last', () => {
    for (const id of [0, 1, 2, 3, 4]) expect(placeOf(id)).toEqual([id, 0]);
    expect(placeOf(5)).toEqual([3, 1]);
    expect(placeOf(6)).toEqual([4, 1]);
    expect(placeOf(7)).toEqual([4, 2]);
    expect(placeOf(8)).toEqual([2, 2]);
    expect([layout.columns, layout.rows]).toEqual([5, 3]);
  });

  test('has no two nodes at one place, whatever the tree', () => {
    for (let seed = 1; seed <= 20; seed++) {
      let state = seed;
      const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
      const nodes = Array.from({ length: 200 }, (_, i) => `${i + 1}<${Math.max(0, i - random(6))} B A1`);
      const placed = [...layOutTree(indexMoves(movesOf(...nodes))).byId.values()];
      expect(placed).toHaveLength(201);
      expect(new Set(placed.map(({ column, row }) => `${column} ${row}`)).size).toBe(201);
    }
  });

  test('takes a record of 20,000 moves with a variation at each hundredth', () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) =>
      i % 100 === 99
        ? `${i + 1}<${Math.max(0, i - 50)} W B2`
        : `${i + 1}<${i % 100 === 0 && i > 0 ? i - 1 : i} B A1`,
    );
    const long = layOutTree(indexMoves(movesOf(...nodes)));
    expect(long.byId.size).toBe(20_001);
    expect(nodesIn(long, windowOf(100_000, 0, 320, 128)).length).toBeLessThan(100);
  });
});

describe('the part in sight', () => {
  test('holds the nodes on it and those whose lines cross it', () => {
    const layout = layOutTree(index);
    const ids = (left: number, top: number, right: number, bottom: number): number[] =>
      nodesIn(layout, { left, top, right, bottom })
        .map(({ id }) => id)
        .toSorted((a, b) => a - b);
    expect(ids(0, 0, 10, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(ids(3, 2, 4, 2)).toEqual([7]);
    expect(ids(0, 1, 1, 1)).toEqual([8]);
  });

  test('does not change as the tree scrolls by a pixel', () => {
    expect(windowOf(10, 10, 300, 100)).toEqual(windowOf(11, 11, 300, 100));
  });

  test('draws a line along the row, or down and aslant', () => {
    const half = CELL / 2;
    expect(edgePath({ id: 1, column: 1, row: 0, parentRow: 0 })).toBe(`M${half} ${half}H${CELL + half}`);
    expect(edgePath({ id: 1, column: 1, row: 2, parentRow: 0 })).toBe(
      `M${half} ${half}V${CELL + half}L${CELL + half} ${2 * CELL + half}`,
    );
  });
});
