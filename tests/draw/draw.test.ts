import { describe, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { pictureOf, starPoints } from '../../src/draw/boardPicture.ts';
import { drawBoardSvg, drawSheetSvg } from '../../src/draw/boardSvg.ts';
import { drawBoardText } from '../../src/draw/boardText.ts';
import { heatColor, heatOf } from '../../src/draw/heat.ts';
import { svgToPng } from '../../src/draw/png.ts';
import { playMoves } from '../support/diagram.ts';

const game = (): Game => playMoves(new Game({ width: 5, height: 4 }), 'B2 C3 E1');
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

test('a board as text: letters, numbers, stones, the last move in parentheses', () => {
  expect(drawBoardText(pictureOf(game()))).toBe(
    [
      '    A B C D E',
      ' 4  . . . . .  4',
      ' 3  . . O . .  3',
      ' 2  . X . . .  2',
      ' 1  . . . .(X) 1',
      '    A B C D E',
    ].join('\n'),
  );
});

test('labels stand on empty points, lines beside the board', () => {
  const labels = Array.from({ length: 20 }, (_, i) => (i === 0 ? '57' : undefined));
  const text = drawBoardText({ ...pictureOf(game()), labels }, { beside: ['', 'first', 'second'] });
  const lines = text.split('\n');
  expect(lines[1]).toMatch(/57.*first$/);
  expect(lines[2]).toMatch(/second$/);
});

test('colors are escape sequences, each line ends without one open', () => {
  const text = drawBoardText(pictureOf(game()), { color: true });
  for (const line of text.split('\n').slice(1, 5)) {
    // oxlint-disable-next-line no-control-regex
    const codes = line.match(/\u001b\[[0-9;]*m/g)!;
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.at(-1)).toBe('\u001b[0m');
  }
});

test('marked points are those of wooden boards', () => {
  expect(starPoints({ width: 19, height: 19 })).toHaveLength(9);
  expect(starPoints({ width: 13, height: 13 })).toHaveLength(5);
  expect(starPoints({ width: 9, height: 9 })).toHaveLength(5);
  expect(starPoints({ width: 1, height: 1 })).toHaveLength(0);
});

describe('SVG', () => {
  test('has a circle for each stone and each marked point, all lines, and is the same each time', () => {
    const picture = pictureOf(playMoves(new Game(), 'Q16 D4 C3'));
    const svg = drawBoardSvg(picture, { title: 'a < b & c', caption: ['"quoted"'] });
    expect(svg).toBe(drawBoardSvg(picture, { title: 'a < b & c', caption: ['"quoted"'] }));
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg.startsWith('<svg') || svg.startsWith('<?xml')).toBe(true);
    expect(count(svg, /<circle/g)).toBeGreaterThanOrEqual(3);
  });

  test('a sheet holds all its boards', () => {
    const picture = pictureOf(game());
    const one = drawSheetSvg([{ picture, title: 'x' }], 4);
    const four = drawSheetSvg(
      Array.from({ length: 4 }, () => ({ picture, title: 'x' })),
      2,
    );
    expect(count(four, />x</g)).toBe(4 * count(one, />x</g));
  });
});

test('a PNG has the width asked for', async () => {
  const png = Buffer.from(await svgToPng(drawBoardSvg(pictureOf(game())), 320));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(320);
  // A picture without its texts is less: the bundled font was found.
  const bare = await svgToPng(drawBoardSvg(pictureOf(game())).replaceAll(/<text[^]*?<\/text>/g, ''), 320);
  expect(png.length).toBeGreaterThan(bare.length);
});

test('heat grows with probability, from clear to red', () => {
  expect(heatOf(0, 0.5)).toBe(0);
  expect(heatOf(0.5, 0.5)).toBe(1);
  expect(heatOf(0, 0)).toBe(0);
  expect(heatOf(0.1, 0.5)).toBeLessThan(heatOf(0.2, 0.5));
  expect(heatColor(1)).toEqual([222, 45, 38]);
});
