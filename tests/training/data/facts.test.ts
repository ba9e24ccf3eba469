/** What is made of the texts of game records: ranks and komi. */
import { expect, test } from 'vitest';
import { komiToTell, normalizeKomi } from '../../../src/training/data/komi.ts';
import { makeRank, parseRank } from '../../../src/training/data/rank.ts';

test.each([
  ['6d', 6, '6d'],
  ['1D', 1, '1d'],
  ['9 dan', 9, '9d'],
  ['7d?', 7, '7d'],
  ['3k', -3, '3k'],
  ['30 kyu', -30, '30k'],
  ['5p', 105, '5p'],
  ['9 dan pro', 109, '9p'],
  ['9段', 9, '9d'],
  ['P9段', 109, '9p'],
  ['18级', -18, '18k'],
  ['P7æ®µ', 107, '7p'],
  ['3çº§', -3, '3k'],
])('rank %s', (text, rank, name) => {
  expect(parseRank(text)).toBe(rank);
  expect(makeRank(rank)).toBe(name);
});

test.each([undefined, '', '?', 'd', '0d', '11d', '31k', '10p', '6', 'P3k', '6d 7d', 'strong', '9x'])(
  '%j is no rank',
  text => expect(parseRank(text)).toBeUndefined(),
);

test.each([
  [6.5, 6.5],
  [0.5, 0.5],
  [-4.5, -4.5],
  [7, 7],
  [650, 6.5],
  [750, 7.5],
  [550, 5.5],
  [375, 7.5],
  [325, 6.5],
  [3.75, 7.5],
  [2.75, 5.5],
])('komi %d is %d points', (written, points) => expect(normalizeKomi(written, '')).toBe(points));

test.each([undefined, 6.3, 65, 75.5, -100, 1000, 50.5])('komi %j is not certain', written =>
  expect(normalizeKomi(written, '')).toBeUndefined(),
);

test('komi 0 is believed of programs that mean it, not of Fox, which writes it for unknown', () => {
  expect(normalizeKomi(0, 'CGoban:3')).toBe(0);
  expect(normalizeKomi(0, 'The KGS Go Server at http://www.gokgs.com/')).toBe(0);
  expect(normalizeKomi(0, 'GNU Go:3.8 foxwq')).toBeUndefined();
  expect(normalizeKomi(0, '')).toBeUndefined();
});

test.each([
  [undefined, 7.5],
  [15.5, 7.5],
  [-20, 7.5],
  [15, 15],
  [-15, -15],
  [0, 0],
])('a network is told of komi %j as %d', (komi, told) => expect(komiToTell(komi)).toBe(told));
