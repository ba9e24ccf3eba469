/** Saving a board as SGF: what the server reads out of it again. */
import { describe, expect, test } from 'vitest';
import { readSgf } from '../../src/server/readSgf.ts';
import type { BoardState } from '../../src/server/protocol/board.ts';
import { boardSgf, sgfFileName } from '../../src/web/record/boardSgf.ts';
import { boardOf, movesOf } from './support.ts';

const readBack = (state: BoardState) => readSgf(new TextEncoder().encode(boardSgf(state, '2026-11-25')));

describe('a saved board', () => {
  test('comes back with its variations, comments, names, komi, rules and result', () => {
    const nodes = movesOf('1<0 B D4', '2<1 W F6', '3<2 B pass', '4<1 W C3', '5<4 B C4', '6<2 B J1');
    const state = boardOf({
      start: {
        width: 9,
        height: 9,
        komi: 6.5,
        rules: 'japanese',
        handicap: 0,
        setup: [],
        toPlay: 'B',
        comment: 'From [a book] \\ by 木谷',
      },
      nodes: nodes.map(node => (node.id === 4 ? { ...node, comment: 'Better: ]B3[\nsays all' } : node)),
      names: { black: 'Shūsaku', white: 'Gennan' },
      result: 'B+2.5',
    });
    const read = readBack(state);
    expect(read.problems).toEqual([]);
    expect(read.start).toEqual(state.start);
    expect(read.names).toEqual(state.names);
    expect(read.result).toBe('B+2.5');
    const shape = ({ color, vertex, comment }: BoardState['nodes'][number]): string =>
      `${color} ${vertex}${comment === undefined ? '' : ` (${comment})`}`;
    expect(read.nodes.map(shape)).toEqual([
      'B D4',
      'W F6',
      'B pass',
      'B J1',
      'W C3 (Better: ]B3[\nsays all)',
      'B C4',
    ]);
    expect(read.nodes.map(({ parent }) => parent)).toEqual([0, 1, 2, 2, 1, 5]);
  });

  test('comes back with handicap, stones set up and White first', () => {
    const start = boardOf().start;
    const setup = [
      { color: 'B', vertex: 'C3' },
      { color: 'B', vertex: 'G7' },
    ] as const;
    const handicap = { ...start, handicap: 2, setup, toPlay: 'W' } as const;
    expect(readBack(boardOf({ start: handicap })).start).toEqual(handicap);
    const whiteFirst = { ...start, toPlay: 'W' } as const;
    expect(readBack(boardOf({ start: whiteFirst })).start).toEqual(whiteFirst);
  });

  test('has the game against hane as its main line, not the moves that were taken back', () => {
    const nodes = movesOf('1<0 B D4', '2<1 W F6', '3<2 B A1', '4<2 B C6', '5<4 W G4');
    const game = { white: 9, nodes, current: 5 } as const;
    expect(readBack(boardOf(game)).nodes.map(({ vertex }) => vertex)).toEqual(['D4', 'F6', 'C6', 'G4', 'A1']);
    expect(boardSgf(boardOf(game))).toContain('PW[hane, level 9]');
    const lookingBack = boardOf({ ...game, current: 3 });
    expect(readBack(lookingBack).nodes.map(({ vertex }) => vertex)).toEqual(['D4', 'F6', 'A1', 'C6', 'G4']);
  });

  test('may have thousands of moves', () => {
    const nodes = movesOf(
      ...Array.from({ length: 12_000 }, (_, i) => `${i + 1}<${i} ${i % 2 ? 'W' : 'B'} pass`),
    );
    expect(readBack(boardOf({ nodes })).nodes).toHaveLength(12_000);
  });

  test('has a name with date and size', () => {
    expect(sgfFileName(boardOf(), '2026-11-25')).toBe('hane-2026-11-25-9x9.sgf');
  });
});
