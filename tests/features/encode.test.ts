/** What the planes hold on positions set up or played by hand, drawn as they mean it. */
import { describe, expect, test } from 'vitest';
import { checkConsistency } from '../../engine/debug.ts';
import { Game } from '../../engine/game.ts';
import { BLACK, WHITE, type Color } from '../../engine/types.ts';
import { encode, encodeColor, planeSize } from '../../features/encode.ts';
import {
  CAPTURE_SIZE,
  LADDER_CAPTURE,
  LADDER_ESCAPE,
  LIBERTIES,
  LIBERTIES_AFTER,
  ONES,
  OPPONENT,
  OWN,
  PLANES,
  SELF_ATARI_SIZE,
  SENSIBLENESS,
  TURNS_SINCE,
  VACANT,
  ZEROS,
} from '../../features/planes.ts';
import { diagram, drawPlanes, playMoves, shape } from '../support/diagram.ts';

/** The plane of a count that starts at one, or at none for captures. */
const turns = (count: number): number => TURNS_SINCE + count - 1;
const liberties = (count: number): number => LIBERTIES + count - 1;
const captures = (count: number): number => CAPTURE_SIZE + count;
const selfAtari = (count: number): number => SELF_ATARI_SIZE + count - 1;
const libertiesAfter = (count: number): number => LIBERTIES_AFTER + count - 1;

const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8];
const SIZES_CAPTURED = [0, 1, 2, 3, 4, 5, 6, 7];
const drawLegal = (game: Game): string => drawPlanes(game, ...SIZES_CAPTURED.map(captures));

/** A plane written in one line, rows apart by spaces. */
const line = (text: string): string => text.split(' ').join('\n');

describe('stones', () => {
  const text = `
    X . . .
    . O . .
    . . . X`;

  test.each<{ toPlay: Color; plane: number; expected: string }>([
    { toPlay: BLACK, plane: OWN, expected: '#... .... ...#' },
    { toPlay: BLACK, plane: OPPONENT, expected: '.... .#.. ....' },
    { toPlay: WHITE, plane: OWN, expected: '.... .#.. ....' },
    { toPlay: WHITE, plane: OPPONENT, expected: '#... .... ...#' },
    { toPlay: BLACK, plane: VACANT, expected: '.### #.## ###.' },
    { toPlay: WHITE, plane: ONES, expected: '#### #### ####' },
    { toPlay: WHITE, plane: ZEROS, expected: '.... .... ....' },
  ])('plane $plane is seen from color $toPlay', ({ toPlay, plane, expected }) => {
    expect(drawPlanes(diagram(text, { toPlay }), plane)).toBe(line(expected));
  });

  test('set-up stones are old', () => {
    const game = playMoves(diagram(text), 'C2');
    expect(drawPlanes(game, turns(8))).toBe(line('#... .#.. ...#'));
    expect(drawPlanes(game, turns(1))).toBe(line('.... ..#. ....'));
  });

  test('handicap stones are old', () => {
    const game = new Game({ width: 9 });
    game.placeHandicap([game.board.points[20], game.board.points[60]]);
    expect(drawPlanes(game, turns(8))).toBe(drawPlanes(game, OPPONENT));
  });
});

describe('turns since', () => {
  test('count every move; eight and more share a plane', () => {
    const game = playMoves(new Game({ width: 5 }), 'A5 E1 C3 E5 A1 C5 C1 A3 E3');
    const expected = `
      8 . 4 . 6
      . . . . .
      2 . 7 . 1
      . . . . .
      5 . 3 . 8`;
    for (const count of COUNTS) {
      expect(drawPlanes(game, turns(count))).toBe(
        shape(expected.replaceAll(String(count), '#').replaceAll(/\d/g, '.')),
      );
    }
  });

  test('count passes as moves', () => {
    const game = playMoves(new Game({ width: 3 }), 'B2 pass A1 pass');
    expect(COUNTS.map(count => drawPlanes(game, turns(count)))).toEqual(
      [
        '... ... ...',
        '... ... #..',
        '... ... ...',
        '... .#. ...',
        '... ... ...',
        '... ... ...',
        '... ... ...',
        '... ... ...',
      ].map(line),
    );
  });

  test('a stone put back where one was taken is new', () => {
    const game = diagram(`
      . X O .
      X O . O
      . X O .`);
    playMoves(game, 'C2 D3 pass B2');
    expect(drawPlanes(game, OPPONENT)).toBe(line('..## .#.# ..#.'));
    expect(drawPlanes(game, turns(1))).toBe(line('.... .#.. ....'));
  });
});

describe('liberties', () => {
  test('belong to the whole chain', () => {
    const game = diagram(`
      X . O .
      . . . .
      X X X O
      . . X O
      O . . .`);
    expect(drawPlanes(game, liberties(2))).toBe(line('#... .... ...# ...# #...'));
    expect(drawPlanes(game, liberties(3))).toBe(line('..#. .... .... .... ....'));
    expect(drawPlanes(game, liberties(6))).toBe(line('.... .... ###. ..#. ....'));
  });

  test('eight and more share a plane', () => {
    const game = diagram(`
      . . . . . . . . .
      X X X . X X X X .
      . . . . . . . . .`);
    expect(drawPlanes(game, liberties(7))).toBe(line('......... ###...... .........'));
    expect(drawPlanes(game, liberties(8))).toBe(line('......... ....####. .........'));
  });
});

describe('legal moves', () => {
  test('a suicide is none', () => {
    const text = `
      . X .
      X . X
      . X .`;
    expect(drawLegal(diagram(text, { toPlay: WHITE }))).toBe(line('... ... ...'));
    expect(drawLegal(diagram(text, { toPlay: BLACK }))).toBe(line('#.# .#. #.#'));
  });

  test('a ko may not be taken back at once, but after a move elsewhere', () => {
    const game = diagram(`
      . X O .
      X O . O
      . X O .`);
    playMoves(game, 'C2');
    expect(drawLegal(game)).toBe(line('...# .... ...#'));
    playMoves(game, 'D3 A3');
    expect(drawLegal(game)).toBe(line('.... .#.. ....'));
  });

  test('captures are counted over all chains taken', () => {
    const game = diagram(`
      X O . O O X
      X X . X X X
      . . . . . .`);
    expect(drawPlanes(game, captures(3))).toBe(line('..#... ...... ......'));
    expect(drawPlanes(game, captures(0))).toBe(line('...... ..#... ######'));
  });

  test('a chain taken from two sides is counted once', () => {
    const game = diagram(`
      X O . X
      X O O X
      X X X .`);
    expect(drawPlanes(game, captures(3))).toBe(line('..#. .... ....'));
  });

  test('seven and more captures share a plane; points taken are liberties', () => {
    const game = diagram(`
      O O O O O O O O .
      X X X X X X X X .`);
    expect(drawPlanes(game, captures(7))).toBe(line('........# .........'));
    expect(drawPlanes(game, libertiesAfter(2))).toBe(line('........# .........'));
  });

  test('liberties after a move are those of its new chain', () => {
    const empty = new Game({ width: 3 });
    expect(drawPlanes(empty, libertiesAfter(2))).toBe(line('#.# ... #.#'));
    expect(drawPlanes(empty, libertiesAfter(3))).toBe(line('.#. #.# .#.'));
    expect(drawPlanes(empty, libertiesAfter(4))).toBe(line('... .#. ...'));
    const game = diagram(`
      . . . . .
      . X . X .
      . . . . .`);
    expect(drawPlanes(game, libertiesAfter(8))).toBe(line('..... ..#.. .....'));
  });

  test('self-atari gives the size of the chain', () => {
    const game = diagram(`
      X X X . . O
      O O O O . .
      . . . . . .`);
    expect(drawPlanes(game, selfAtari(1))).toBe(line('...... ...... #.....'));
    expect(drawPlanes(game, selfAtari(4))).toBe(line('...#.. ...... ......'));
    expect(drawPlanes(game, ...COUNTS.map(selfAtari))).toBe(drawPlanes(game, libertiesAfter(1)));
  });

  test('self-atari of eight and more stones shares a plane', () => {
    const game = diagram(`
      X X X X X X X . .
      O O O O O O O O .`);
    expect(drawPlanes(game, selfAtari(8))).toBe(line('.......#. .........'));
    expect(drawPlanes(game, selfAtari(1))).toBe(line('......... ........#'));
  });

  test('a throw-in of a snapback is a self-atari that captures', () => {
    const game = diagram(`
      X O . . X .
      X O O O X .
      X X X X . .
      . . . . . .`);
    expect(drawPlanes(game, selfAtari(1))).toBe(line('..#... ...... ...... ......'));
    expect(drawPlanes(game, LADDER_CAPTURE)).toBe(line('..##.. ...... ...... ......'));
    playMoves(game, 'C4 D4');
    expect(drawPlanes(game, captures(5))).toBe(line('..#... ...... ...... ......'));
  });

  test('the own true eye is not sensible, a false one is', () => {
    const game = diagram(`
      . X . X .
      X X O O X
      . . X X .`);
    expect(drawPlanes(game, SENSIBLENESS)).toBe(line('..#.# ..... ##..#'));
  });
});

describe('ladders', () => {
  const LADDER = `
    . . . . . . . . .
    . . X X . . . . .
    . X O . . . . . .
    . . . . . . . . .
    . . . . . . . . .
    . . . . . . . . .
    . . . . . . . . .
    . . . . . . . . .
    . . . . . . . . .`;
  const NONE = shape(LADDER).replaceAll(/[XO]/g, '.');

  test('the capture is marked where it works, and nowhere else', () => {
    const marked = '.........\n'.repeat(3) + '..#......\n' + '.........\n'.repeat(5);
    expect(drawPlanes(diagram(LADDER), LADDER_CAPTURE)).toBe(marked.trim());
    expect(drawPlanes(diagram(LADDER, { toPlay: WHITE }), LADDER_CAPTURE, LADDER_ESCAPE)).toBe(NONE);
  });

  test('a chain in atari is saved where a breaker stands, not otherwise', () => {
    const game = playMoves(diagram(LADDER), 'C6');
    expect(drawPlanes(game, LADDER_ESCAPE)).toBe(NONE);
    const broken = playMoves(diagram(LADDER), 'pass F4 C6');
    expect(drawPlanes(broken, LADDER_ESCAPE)).toBe('.........\n.........\n...#.....\n' + NONE.slice(30));
  });

  test('a ko just taken does not save', () => {
    // A white chain with one eye at A4; its other way out is to fight the ko at C4 and D4.
    const before = `
      . O X . X .
      O O O X . .
      X X X . . .
      . . . . . .`;
    expect(drawPlanes(diagram(before, { toPlay: WHITE }), LADDER_ESCAPE)).toBe(
      line('...#.. ...... ...... ......'),
    );
    const after = diagram(`
      . O . O X .
      O O O X . .
      X X X . . .
      . . . . . .`);
    playMoves(after, 'C4');
    expect(drawPlanes(after, LADDER_ESCAPE)).toBe(line('...... ...... ...... ......'));
  });
});

describe('the array', () => {
  const text = `
    X . O . .
    . . . X .
    . O . . .`;

  test('is filled from the offset, with a margin of two, and not beyond', () => {
    const game = diagram(text);
    const size = planeSize(5, 3);
    expect(size).toBe(9 * 7);
    const out = new Float32Array(10 + PLANES * size + 10).fill(7);
    encode(game, out, 10);
    expect([...out.slice(0, 10), ...out.slice(-10)]).toEqual(Array.from({ length: 20 }, () => 7));
    const ones = out.slice(10 + ONES * size, 10 + (ONES + 1) * size);
    expect(Array.from({ length: 7 }, (_, y) => ones.slice(y * 9, y * 9 + 9).join(''))).toEqual([
      '000000000',
      '000000000',
      '001111100',
      '001111100',
      '001111100',
      '000000000',
      '000000000',
    ]);
  });

  test('gets the color to play as a plane of its own', () => {
    const size = planeSize(5, 3);
    const out = new Float32Array(size + 2).fill(7);
    const ones = new Float32Array(PLANES * size);
    encode(diagram(text), ones);
    encodeColor(diagram(text, { toPlay: BLACK }), out, 1);
    expect(out.slice(1, -1)).toEqual(ones.slice(ONES * size, (ONES + 1) * size));
    encodeColor(diagram(text, { toPlay: WHITE }), out, 1);
    expect([...out]).toEqual([7, ...Array.from({ length: size }, () => 0), 7]);
  });

  test('comes from a board that is left as it was', () => {
    const game = playMoves(diagram(text), 'A2 B2 C2 D3 E1');
    const before = game.clone();
    encode(game, new Float32Array(PLANES * planeSize(5, 3)));
    checkConsistency(game.board);
    for (const field of ['stones', 'placedAt'] as const)
      expect(game.board[field]).toEqual(before.board[field]);
    for (const field of ['moveNumber', 'koPoint', 'hashLow', 'hashHigh', 'captures'] as const) {
      expect(game.board[field]).toEqual(before.board[field]);
    }
    while (game.undo());
    expect(game.moveCount).toBe(0);
  });

  test('exists for every size of board', () => {
    for (let width = 1; width <= 25; width++) {
      for (const height of [1, 2, width]) {
        const game = new Game({ width, height });
        const out = new Float32Array(PLANES * planeSize(width, height));
        encode(game, out);
        expect(drawPlanes(game, VACANT)).toBe(drawPlanes(game, ONES));
      }
    }
  });
});
