/** Links, words, and the choices of a new game. */
import { describe, expect, test } from 'vitest';
import { LEVELS } from '../../src/server/protocol/board.ts';
import {
  FIRST_CHOICES,
  LEVEL_WORDS,
  isKomi,
  makeNewGame,
  parseChoices,
  usualKomi,
} from '../../src/web/game/newGame.ts';
import { makeLink, parseLink } from '../../src/web/link.ts';
import { indexMoves } from '../../src/web/moveIndex.ts';
import {
  announcement,
  levelName,
  playerName,
  removalName,
  resultName,
  sizeName,
  sizeNote,
  statusName,
} from '../../src/web/words.ts';
import { boardOf } from './support.ts';

describe('a link', () => {
  test.each([
    ['#abc-DEF_012', { board: 'abc-DEF_012' }],
    ['#abc.17', { board: 'abc', node: 17 }],
    ['#abc.0', { board: 'abc', node: 0 }],
  ])('%s leads to a board and perhaps a position, there and back', (hash, link) => {
    expect(parseLink(hash)).toEqual(link);
    expect(makeLink(link)).toBe(hash);
  });

  test.each(['', '#', '#a b', '#abc.', '#abc.x', '#abc.1.2', '#../x', `#${'a'.repeat(65)}`])(
    '"%s" is none',
    hash => {
      expect(parseLink(hash)).toBeUndefined();
    },
  );
});

test.each([
  ['B+3.5', 'Black wins by 3.5 points'],
  ['W+1', 'White wins by 1 point'],
  ['W+R', 'White wins by resignation'],
  ['B+T', 'Black wins on time'],
  ['W+', 'White wins'],
  ['0', 'A draw'],
  ['Void', 'Void'],
])('the result %s reads "%s"', (result, words) => {
  expect(resultName(result)).toBe(words);
});

test('a move is said with what it took', () => {
  expect(announcement('W', 'D16', 2)).toBe('White D16, 2 stones captured');
  expect(announcement('B', 'A1', 1)).toBe('Black A1, 1 stone captured');
  expect(announcement('B', 'pass', 0)).toBe('Black passes');
});

test('what is removed is said with how much goes with it', () => {
  const index = indexMoves([
    { id: 1, parent: 0, color: 'B', vertex: 'D4' },
    { id: 2, parent: 1, color: 'W', vertex: 'Q16' },
    { id: 3, parent: 2, color: 'B', vertex: 'pass' },
    { id: 4, parent: 1, color: 'W', vertex: 'C3' },
  ]);
  expect([1, 2, 3].map(node => removalName(index, node))).toEqual([
    '1. Black D4 and the 3 moves after it',
    '2. White Q16 and the move after it',
    '3. Black passes',
  ]);
});

test('of every size but 19×19 it is said that hane is weaker there, of new games and records alike', () => {
  expect([sizeName({ width: 19, height: 19 }), sizeNote({ width: 19, height: 19 })]).toEqual([
    '19×19',
    undefined,
  ]);
  for (const [width, height] of [
    [9, 9],
    [19, 13],
    [25, 25],
  ]) {
    expect(sizeName({ width, height })).toBe(`${width}×${height}, where hane is weaker`);
    expect(sizeNote({ width, height })).toContain('weaker');
  }
});

test('who plays is you against hane, the names of a record, or the colors', () => {
  const against = boardOf({ white: 9 });
  expect(playerName(against, 'B', true)).toBe('You');
  expect(playerName(against, 'B', false)).toBe('Black');
  expect([playerName(against, 'W', true), levelName(against, 'W')]).toEqual(['hane', 'level 9']);
  expect(playerName(boardOf({ names: { black: 'Shūsaku' } }), 'B', true)).toBe('Shūsaku');
  expect(playerName(boardOf(), 'W', true)).toBe('White');
});

test('what goes on is said for the title', () => {
  const at = { canWrite: true, isEnd: true };
  expect(statusName(boardOf({ white: 9 }), 'B', at)).toBe('Your move');
  expect(statusName(boardOf({ white: 9, isThinking: true }), 'W', at)).toBe('hane is thinking');
  expect(statusName(boardOf({ white: 9, isPlaying: false }), 'W', at)).toBe('White to play, hane waits');
  expect(statusName(boardOf(), 'W', at)).toBe('White to play');
  expect(statusName(boardOf({ white: 9 }), 'B', { ...at, canWrite: false })).toBe('Black to play');
  expect(statusName(boardOf({ result: 'B+R' }), 'W', at)).toBe('Black wins by resignation');
  expect(statusName(boardOf({ result: 'B+R' }), 'W', { ...at, isEnd: false })).toBe('White to play');
});

describe('a new game', () => {
  test('seats hane where the visitor does not play', () => {
    const seats = (side: 'black' | 'white' | 'both' | 'watch'): unknown => {
      const { black, white } = makeNewGame({ ...FIRST_CHOICES, side, level: 3, whiteLevel: 5 });
      return [black, white];
    };
    expect(seats('black')).toEqual(['human', 3]);
    expect(seats('white')).toEqual([3, 'human']);
    expect(seats('both')).toEqual(['human', 'human']);
    expect(seats('watch')).toEqual([3, 5]);
  });

  test('begins with what was chosen before, as far as it is still offered', () => {
    expect(parseChoices(undefined)).toEqual(FIRST_CHOICES);
    expect(parseChoices({ ...FIRST_CHOICES, size: 9, komi: 5.5 })).toMatchObject({ size: 9, komi: 5.5 });
    expect(parseChoices({ size: 10, level: 11, komi: 'x', rules: 'chess', side: 7 })).toEqual(FIRST_CHOICES);
  });

  test('has the usual komi of its rules and handicap', () => {
    expect(usualKomi(0, 'chinese')).toBe(7.5);
    expect(usualKomi(0, 'japanese')).toBe(6.5);
    expect(usualKomi(4, 'chinese')).toBe(0.5);
  });

  test.each([
    [7.5, true],
    [-3, true],
    [7.3, false],
    [150.5, false],
    [Number.NaN, false],
  ])('takes komi %s: %s', (komi, isTaken) => {
    expect(isKomi(komi)).toBe(isTaken);
  });

  test('says of every level what it is', () => {
    for (const level of LEVELS) expect(LEVEL_WORDS[level]).toMatch(/\.$/);
  });
});
