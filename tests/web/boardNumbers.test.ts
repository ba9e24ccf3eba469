import { expect, test } from 'vitest';
import { leadText, moveText, percentText, shortCount, shortPercent } from '../../src/web/board/numbers.ts';

test.each([
  [1, '100'],
  [0.4249, '42'],
  [0.0996, '10'],
  [0.0994, '9.9'],
  [0.031, '3.1'],
  [0.001, '0.1'],
  [0.0009, undefined],
  [0, undefined],
])('a point has %d as %s', (part, text) => expect(shortPercent(part)).toBe(text));

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.0k'],
  [9949, '9.9k'],
  [9950, '10k'],
  [34_400, '34k'],
  [999_499, '999k'],
  [1_500_000, '1.5M'],
])('%d visits are %s', (count, text) => expect(shortCount(count)).toBe(text));

test.each([
  [2.36, '+2.4'],
  [-0.5, '−0.5'],
  [-0.04, '0.0'],
  [0, '0.0'],
])('a lead of %d is %s', (lead, text) => expect(leadText(lead)).toBe(text));

test('percent and moves are written out', () => {
  expect(percentText(0.5634)).toBe('56.3 %');
  expect(percentText(0.42, 0)).toBe('42 %');
  expect(moveText('pass')).toBe('Pass');
  expect(moveText('D4')).toBe('D4');
});
