import { assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrangeCharts, drawLineChart, makeChartSvg, type Chart } from '../../src/draw/chart.ts';
import { drawBarChart } from '../../src/draw/chartBars.ts';
import { drawCalibration } from '../../src/draw/chartCalibration.ts';
import { linearScale, logScale, tickTexts } from '../../src/draw/chartScale.ts';
import { svgToPng } from '../../src/draw/png.ts';

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const points = (...ys: number[]): { x: number; y: number }[] => ys.map((y, i) => ({ x: i + 1, y }));

describe('a linear scale', () => {
  test('holds what it is given between round ticks, for any numbers', () => {
    const number = double({ min: -1e7, max: 1e7, noNaN: true });
    assert(
      property(number, number, (a, b) => {
        const { low, high, at, ticks } = linearScale(Math.min(a, b), Math.max(a, b));
        const slack = 1e-6 * (high - low);
        expect(low).toBeLessThanOrEqual(Math.min(a, b) + slack);
        expect(high).toBeGreaterThanOrEqual(Math.max(a, b) - slack);
        expect([at(low), at(high)]).toEqual([0, 1]);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  test.each([
    [0, 1, ['0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [41, 58, ['40', '45', '50', '55', '60']],
    [-0.04, 0.03, ['−0.04', '−0.02', '0', '0.02', '0.04']],
    [0, 50_000, ['0', '10k', '20k', '30k', '40k', '50k']],
    [0, 2_400_000, ['0', '0.5M', '1.0M', '1.5M', '2.0M', '2.5M']],
  ])('from %d to %d has the ticks %j', (low, high, texts) => {
    expect(tickTexts(linearScale(low, high).ticks)).toEqual(texts);
  });
});

test('a logarithmic scale has powers of ten, and 2 and 5 where it is short; 0 is refused', () => {
  expect(tickTexts(logScale(80, 2e6).ticks)).toEqual(['100', '1000', '10k', '100k', '1M']);
  expect(tickTexts(logScale(0.5, 20).ticks)).toEqual(['0.5', '1', '2', '5', '10', '20']);
  expect(logScale(1, 100).at(10)).toBeCloseTo(0.5);
  expect(() => logScale(0, 10)).toThrow('a logarithmic axis from 0 to 10: must be above 0');
});

describe('a line chart', () => {
  test('has a line for each series, a dot for each point, and is the same text each time', () => {
    const series = [
      { name: 'a < b', points: points(1, 2, 3) },
      { name: 'c', points: points(3, 2, 1), isDashed: true },
    ];
    const draw = (): string =>
      makeChartSvg(drawLineChart(series, { title: 'x & y', xLabel: 'move', yLabel: '%' }));
    expect(draw()).toBe(draw());
    expect(count(draw(), /<circle/g)).toBe(6);
    for (const text of ['a &lt; b', 'x &amp; y', '>move<', '>%<']) expect(draw()).toContain(text);
  });

  test('leaves a gap where there is no number, and never writes one', () => {
    const { body } = drawLineChart([{ name: 'a', points: points(1, Number.NaN, 2, 3) }]);
    const path = /<path d="([^"]+)" fill="none" stroke="#0b5fa5"/.exec(body)![1];
    expect(count(path, /M/g)).toBe(2);
    expect(count(path, /L/g)).toBe(1);
    expect(body).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('keeps the extremes of a long curve and few of its points', () => {
    const long = Array.from({ length: 50_000 }, (_, x) => ({ x, y: x === 31_234 ? 9 : Math.sin(x) }));
    const { body } = drawLineChart([{ name: 'a', points: long }]);
    expect(count(body, /L/g)).toBeLessThan(4000);
    const ys = [...body.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(match => Number(match[1]));
    expect(Math.min(...ys)).toBeLessThan(60);
  });

  test('shows intervals as a band and references as lines with their names', () => {
    const { body } = drawLineChart(
      [{ name: 'a', points: points(1, 2).map(point => ({ ...point, low: point.y - 1, high: point.y + 1 })) }],
      { references: [{ name: 'paper', y: 57 }] },
    );
    expect(count(body, /<polygon/g)).toBe(1);
    expect(body).toContain('>paper<');
    expect(body).toContain('>60<');
  });

  test('leaves out what a logarithmic axis cannot show', () => {
    const { body } = drawLineChart([{ name: 'a', points: [{ x: 0, y: 5 }, ...points(1, 2)] }], {
      isLogX: true,
    });
    expect(count(body, /<circle/g)).toBe(2);
  });

  test.each([
    ['no series', []],
    ['no points', [{ name: 'a', points: [] }]],
    ['no numbers', [{ name: 'a', points: points(Number.NaN) }]],
  ])('of %s says that there is no data', (_, series) => {
    expect(drawLineChart(series).body).toContain('no data');
  });

  test('of one point is drawn', () => {
    expect(count(drawLineChart([{ name: 'a', points: points(0) }]).body, /<circle/g)).toBe(1);
  });
});

describe('a bar chart', () => {
  test('has a bar for each number, above or below 0, and its interval', () => {
    const { body } = drawBarChart(
      ['6d', '7d'],
      [
        { name: 'a', bars: [{ value: 1, low: 0.5, high: 1.5 }, { value: -1 }] },
        { name: 'b', bars: [{ value: Number.NaN }, { value: 2 }] },
      ],
    );
    expect(count(body, /<rect/g)).toBe(3);
    expect(count(body, /stroke-width="1.4"/g)).toBe(1);
    expect(body).not.toMatch(/NaN|height="-/);
  });

  test('leaves out labels that have no room', () => {
    const labels = Array.from({ length: 60 }, (_, i) => `label ${i}`);
    const { body } = drawBarChart(labels, [{ name: 'a', bars: labels.map(() => ({ value: 1 })) }]);
    expect(count(body, />label/g)).toBeLessThan(15);
    expect(count(body, /<rect/g)).toBe(60);
  });
});

test('a calibration plot has a point for each bin that is not empty', () => {
  const bins = [
    { forecast: 0.1, outcome: 0.2, count: 5 },
    { forecast: 0.5, outcome: 0.5, count: 0 },
    { forecast: 0.9, outcome: 0.8, count: 10 },
  ];
  const { body } = drawCalibration([{ name: 'a', bins }]);
  expect(count(body, /<circle/g)).toBe(2);
  expect(count(body, /<rect/g)).toBe(2);
  expect(drawCalibration([{ name: 'a', bins: [] }]).body).toContain('no data');
});

test('a sheet holds its charts in rows and can be made a PNG', async () => {
  const chart: Chart = drawLineChart([{ name: 'a', points: points(1, 2) }], { width: 300, height: 200 });
  const sheet = arrangeCharts([chart, chart, chart], 2, 'all');
  expect([sheet.width, sheet.height]).toEqual([600, 440]);
  expect(count(sheet.body, /<g transform/g)).toBe(3);
  const png = Buffer.from(await svgToPng(makeChartSvg(sheet), 300));
  expect(png.readUInt32BE(16)).toBe(300);
});
