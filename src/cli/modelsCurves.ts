/**
 * Runs of `hane models train` as pictures. Here and not beside the training: src/models is below src/draw, and only commands bring the
 * two together.
 */
import { arrangeCharts, drawLineChart, makeChartSvg, type Series } from '../draw/chart.ts';
import type { EpochRow } from '../models/train/runFiles.ts';

const SIZE = { width: 560, height: 320 };

type Figure = (row: EpochRow) => number | undefined;

const seriesOf = (name: string, rows: readonly EpochRow[], figure: Figure): Series => ({
  name,
  points: rows.map(row => ({ x: row.epoch, y: figure(row) ?? Number.NaN })),
});

const percent =
  (figure: Figure): Figure =>
  row => {
    const share = figure(row);
    return share === undefined ? undefined : 100 * share;
  };

const hasPoints = ({ points }: Series): boolean => points.some(({ y }) => Number.isFinite(y));

/** One run: losses and errors over its epochs. @returns an SVG document */
export const drawModelCurves = (rows: readonly EpochRow[], title: string): string => {
  const losses = [
    seriesOf('training', rows, row => row.loss),
    seriesOf('dev', rows, row => row.dev?.crossEntropy),
    seriesOf('test', rows, row => row.test?.crossEntropy),
  ];
  const errors = [
    seriesOf(
      'training',
      rows,
      percent(row => row.trainError),
    ),
    seriesOf(
      'dev',
      rows,
      percent(row => row.dev?.error),
    ),
    seriesOf(
      'test',
      rows,
      percent(row => row.test?.error),
    ),
  ];
  const charts = [
    drawLineChart(losses.filter(hasPoints), { title: 'loss', xLabel: 'epoch', ...SIZE }),
    drawLineChart(errors.filter(hasPoints), { title: 'error, %', xLabel: 'epoch', ...SIZE }),
  ];
  return makeChartSvg(arrangeCharts(charts, 2, title));
};

/** Several runs: the test error of each over its epochs. @param level of their ensemble, from 0 to 1 */
export const drawMembers = (
  members: ReadonlyMap<string, readonly EpochRow[]>,
  title: string,
  level: number | undefined,
): string => {
  const series = [...members].map(([name, rows]) =>
    seriesOf(
      name,
      rows,
      percent(row => row.test?.error),
    ),
  );
  const references = level === undefined ? [] : [{ name: 'ensemble', y: 100 * level }];
  const chart = drawLineChart(series.filter(hasPoints), {
    title: 'test error, %',
    xLabel: 'epoch',
    references,
    ...SIZE,
  });
  return makeChartSvg(arrangeCharts([chart], 1, title));
};
