/** A run as pictures: losses, validation, rate and speed over the positions learned from. */
import { arrangeCharts, drawLineChart, makeChartSvg, type Chart, type Series } from '../draw/chart.ts';
import { LOSSES } from './engine.ts';
import type { LogRow, TrainingRow, ValidationRow } from './runLog.ts';

/** Most points of a line: neighbours are averaged beyond. */
const MOST_POINTS = 200;

/** How validation figures are named in the picture; others keep their own names. */
const SHARES: Readonly<Record<string, string>> = {
  expertTop1: "human's move",
  teacherTop1: "teacher's best move",
  teacherSign: "teacher's side ahead",
  resultSign: 'winner of the game ahead',
};

/** @returns an SVG document */
export const drawCurves = (rows: readonly LogRow[], title: string): string => {
  const training = rows.filter((row): row is TrainingRow => row.kind === 'training');
  const validation = rows.filter((row): row is ValidationRow => row.kind === 'validation');
  const xLabel = 'positions, thousands';
  const chart = (name: string, series: readonly Series[]): Chart =>
    drawLineChart(series, { title: name, xLabel, width: 560, height: 320 });
  const moves = LOSSES.filter(name => ['policy', 'expert', 'reply'].includes(name));
  const others = LOSSES.filter(name => !moves.includes(name));
  const charts = [
    chart('losses of moves (cross-entropy)', lossSeries(training, moves)),
    chart('other losses', lossSeries(training, others)),
    chart('validation, % right', shareSeries(validation)),
    chart('positions a second', [{ name: 'speed', points: thin(training, row => row.positionsPerSecond) }]),
    chart('rate', [{ name: 'rate', points: thin(training, row => row.rate) }]),
  ];
  return makeChartSvg(arrangeCharts(charts, 2, title));
};

const lossSeries = (rows: readonly TrainingRow[], names: readonly (typeof LOSSES)[number][]): Series[] =>
  names
    .map(name => ({ name, points: thin(rows, row => row.losses[name] ?? Number.NaN) }))
    .filter(({ points }) => points.some(({ y }) => Number.isFinite(y)));

const shareSeries = (rows: readonly ValidationRow[]): Series[] =>
  Object.entries(SHARES)
    .map(([figure, name]) => ({
      name,
      points: rows.map(row => ({ x: row.positions / 1000, y: 100 * (row.figures[figure] ?? Number.NaN) })),
    }))
    .filter(({ points }) => points.some(({ y }) => Number.isFinite(y)));

/** Means of equally many rows each. */
const thin = (rows: readonly TrainingRow[], of: (row: TrainingRow) => number): { x: number; y: number }[] => {
  const each = Math.ceil(rows.length / MOST_POINTS) || 1;
  return Array.from({ length: Math.ceil(rows.length / each) }, (_, i) => {
    const part = rows.slice(i * each, (i + 1) * each);
    const mean = (value: (row: TrainingRow) => number): number =>
      part.reduce((sum, row) => sum + value(row), 0) / part.length;
    return { x: mean(row => row.positions) / 1000, y: mean(of) };
  });
};
