import { describe, expect, test } from 'vitest';
import {
  boardGeometry,
  centerOf,
  isTapOn,
  moveCursor,
  placeAt,
  placeOf,
  vertexOf,
} from '../../src/web/board/geometry.ts';
import { labelSizePx } from '../../src/web/board/labels.ts';

const FULL = { width: 19, height: 19 };

describe('a board fits its room', () => {
  test.each([
    [FULL, 344, 344, 1],
    [FULL, 344, 344, 3],
    [FULL, 1200, 700, 1],
    [{ width: 9, height: 9 }, 700, 700, 2],
    [{ width: 5, height: 13 }, 700, 700, 1],
    [{ width: 25, height: 25 }, 320, 500, 2],
  ])('%o in %d x %d at %d', (size, maxWidth, maxHeight, ratio) => {
    const { vertexSize, marginPx, widthPx, heightPx } = boardGeometry(size, maxWidth, maxHeight, ratio);
    expect(widthPx).toBeLessThanOrEqual(maxWidth);
    expect(heightPx).toBeLessThanOrEqual(maxHeight);
    // One screen pixel more between the lines would be too much.
    const columns = (size.width * (vertexSize + 1 / ratio) + 2 * marginPx) / maxWidth;
    const rows = (size.height * (vertexSize + 1 / ratio) + 2 * marginPx) / maxHeight;
    expect(Math.max(columns, rows)).toBeGreaterThan(0.99);
    expect((vertexSize * ratio) % 1).toBeCloseTo(0);
  });

  test('boards of all sizes have the same frame', () => {
    for (const side of [288, 344, 668, 949]) {
      for (const width of [9, 13, 19]) {
        const { widthPx } = boardGeometry({ width, height: width }, side, side + 40);
        expect(side - widthPx).toBeOneOf([0, 1]);
      }
    }
  });

  test('a phone of 360 pixels shows 16 pixels between the lines', () => {
    expect(boardGeometry(FULL, 344, 600, 1).vertexSize).toBe(16);
    expect(boardGeometry(FULL, 344, 600, 3).vertexSize).toBeCloseTo(16.33, 1);
  });

  test('no room at all still gives a board', () => {
    expect(boardGeometry(FULL, 0, 0).vertexSize).toBe(1);
  });
});

describe('places', () => {
  const geometry = boardGeometry({ width: 9, height: 5 }, 400, 400);

  test('the middle of each is found at its center', () => {
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 9; x++) {
        const center = centerOf(geometry, { x, y });
        expect(placeAt(geometry, center.x, center.y)).toEqual({ x, y });
      }
    }
  });

  test('there is none in the margin', () => {
    expect(placeAt(geometry, 2, 100)).toBeUndefined();
    expect(placeAt(geometry, geometry.widthPx - 2, 100)).toBeUndefined();
    expect(placeAt(geometry, 100, geometry.heightPx - 2)).toBeUndefined();
  });

  test('a second tap may miss by less than a line', () => {
    const { x, y } = centerOf(geometry, { x: 4, y: 2 });
    const size = geometry.vertexSize;
    expect(isTapOn(geometry, { x: 4, y: 2 }, x + 0.6 * size, y)).toBe(true);
    expect(isTapOn(geometry, { x: 4, y: 2 }, x + size, y)).toBe(false);
  });

  test('are GTP vertices', () => {
    expect(vertexOf({ x: 8, y: 0 }, geometry)).toBe('J5');
    expect(placeOf('J5', geometry)).toEqual({ x: 8, y: 0 });
    expect(placeOf('pass', geometry)).toBeUndefined();
    expect(placeOf('K1', geometry)).toBeUndefined();
  });
});

test('the keyboard moves the cursor and stops at the edges', () => {
  expect(moveCursor({ x: 3, y: 3 }, 'ArrowLeft', FULL)).toEqual({ x: 2, y: 3 });
  expect(moveCursor({ x: 3, y: 3 }, 'ArrowUp', FULL)).toEqual({ x: 3, y: 2 });
  expect(moveCursor({ x: 18, y: 18 }, 'ArrowRight', FULL)).toEqual({ x: 18, y: 18 });
  expect(moveCursor({ x: 18, y: 18 }, 'ArrowDown', FULL)).toEqual({ x: 18, y: 18 });
  expect(moveCursor({ x: 7, y: 2 }, 'Home', FULL)).toEqual({ x: 0, y: 2 });
  expect(moveCursor({ x: 7, y: 2 }, 'End', FULL)).toEqual({ x: 18, y: 2 });
  expect(moveCursor({ x: 7, y: 2 }, 'a', FULL)).toBeUndefined();
});

test('longer texts are written smaller, and on large boards more slowly larger', () => {
  expect(labelSizePx('0.4', 16)).toBeLessThan(labelSizePx('42', 16));
  expect(labelSizePx('12345', 16)).toBe(labelSizePx('1.2k', 16));
  expect(labelSizePx('42', 80)).toBeLessThan(80 * 0.3);
});
