import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  handicapPoints,
  makeSgfPoint,
  makeVertex,
  parseSgfPoint,
  parseVertex,
  pointAt,
  pointOfPolicyIndex,
  policyIndexOf,
  xOf,
  yOf,
} from '../../engine/coords.ts';
import { PASS } from '../../engine/types.ts';

const size = fc.integer({ min: 1, max: 25 });

test('every point of every board survives the way through each coordinate system', () => {
  fc.assert(
    fc.property(size, size, fc.nat(), (width, height, seed) => {
      const dimensions = { width, height };
      const index = seed % (width * height + 1);
      const point = pointOfPolicyIndex(index, dimensions);
      expect(policyIndexOf(point, dimensions)).toBe(index);
      expect(parseVertex(makeVertex(point, dimensions), dimensions)).toBe(point);
      if (point === PASS) return;
      expect(pointAt(xOf(point, width), yOf(point, width), width)).toBe(point);
      expect(parseSgfPoint(makeSgfPoint(point, dimensions), dimensions)).toBe(point);
    }),
  );
});

test.each([
  ['D4', 19, 3, 15],
  ['d4', 19, 3, 15],
  ['A19', 19, 0, 0],
  ['T1', 19, 18, 18],
  ['J5', 9, 8, 4],
  ['Z25', 25, 24, 0],
])('%s on a board of %i is column %i, row %i from the top left', (vertex, width, x, y) => {
  expect(parseVertex(vertex, { width, height: width })).toBe(pointAt(x, y, width));
});

test.each(['I5', 'T20', 'U1', 'A0', 'A01', 'AA1', '', 'D', '4', 'D4 ', 'pass1', 'Ä1', 'D-4'])(
  '"%s" is no vertex of a 19x19 board',
  text => {
    expect(parseVertex(text, { width: 19, height: 19 })).toBeUndefined();
  },
);

const handicap = (count: number, width: number): string | undefined =>
  handicapPoints(count, { width, height: width })
    ?.map(point => makeVertex(point, { width, height: width }))
    .join(' ');

test.each([
  [2, 19, 'D4 Q16'],
  [3, 19, 'D4 Q16 D16'],
  [4, 19, 'D4 Q16 D16 Q4'],
  [5, 19, 'D4 Q16 D16 Q4 K10'],
  [6, 19, 'D4 Q16 D16 Q4 D10 Q10'],
  [7, 19, 'D4 Q16 D16 Q4 D10 Q10 K10'],
  [8, 19, 'D4 Q16 D16 Q4 D10 Q10 K4 K16'],
  [9, 19, 'D4 Q16 D16 Q4 D10 Q10 K4 K16 K10'],
  [4, 9, 'C3 G7 C7 G3'],
  [2, 7, 'C3 E5'],
  [4, 8, 'C3 F6 C6 F3'],
])(
  '%i handicap stones on %i lines stand where the GTP specification puts them: %s',
  (count, width, points) => {
    expect(handicap(count, width)).toBe(points);
  },
);

test.each([
  [1, 19],
  [10, 19],
  [5, 7],
  [5, 8],
  [5, 18],
  [2, 6],
  [2.5, 19],
])('there are no %d fixed handicap stones on %i lines', (count, width) => {
  expect(handicap(count, width)).toBeUndefined();
});
