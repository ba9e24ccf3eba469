import { expect, test } from 'vitest';
import { svgToPng } from '../../src/draw/png.ts';
import { drawWinrateGraph } from '../../src/draw/winrateGraph.ts';

const positions = [0.5, 0.55, 0.48, 0.7, 0.9].map((winrate, i) => ({ winrate, lead: 5 * i - 4 }));
const curves = (svg: string): number => svg.match(/stroke="#0b5fa5" stroke-width="2"/g)?.length ?? 0;

test('win rate and lead are drawn under each other, with the moves that are marked', async () => {
  const svg = drawWinrateGraph(positions, { title: 'a & b', marks: [{ number: 3, color: 'W' }] });
  expect(curves(svg)).toBe(2);
  expect(svg.match(/r="4.5" fill="#fff"/g)).toHaveLength(2);
  expect(svg).toContain('a &amp; b');
  expect(svg).not.toMatch(/NaN|undefined/);
  expect(svg).toBe(drawWinrateGraph(positions, { title: 'a & b', marks: [{ number: 3, color: 'W' }] }));
  expect(Buffer.from(await svgToPng(svg)).toString('latin1', 1, 4)).toBe('PNG');
});

test('without leads there is the win rate alone', () => {
  expect(curves(drawWinrateGraph(positions.map(({ winrate }) => ({ winrate }))))).toBe(1);
});

test.each([
  ['no move', [{ winrate: 0.5 }]],
  ['nothing known', [{}, {}]],
  ['nothing at all', []],
  ['marks beyond the end', [{ winrate: 0.5 }, { winrate: 0.4, lead: 300 }]],
])('a game of %s is drawn all the same', (_, few) => {
  const svg = drawWinrateGraph(few, { marks: [{ number: 9, color: 'B' }] });
  expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});
