/** An evaluation as a picture, or as one page with its tables: nothing is loaded from anywhere. */
import { arrangeCharts, drawLineChart, makeChartSvg, type Chart, type Series } from '../../draw/chart.ts';
import { drawBarChart } from '../../draw/chartBars.ts';
import { drawCalibration } from '../../draw/chartCalibration.ts';
import { MOVE_STARTS, type FigureRow } from './accumulator.ts';
import { drawEvalText } from './drawEvalText.ts';
import type { EvalReport } from './evaluateNetwork.ts';
import { REFERENCES, shownRows } from './format.ts';
import { METRICS, metricIndex, type MetricName } from './metrics.ts';

/** The charts of a report on one sheet. */
export const drawEvalSvg = (report: EvalReport, title: string): string =>
  makeChartSvg(arrangeCharts(chartsOf(report), 2, title));

/** The charts and all tables. */
export const drawEvalPage = (report: EvalReport, title: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; max-width: 1320px; margin: 2rem auto; padding: 0 1rem; } svg { max-width: 100%; height: auto; } pre { overflow-x: auto; font-size: 13px; }</style></head><body>
<h1>${escapeHtml(title)}</h1>
<pre>${escapeHtml(drawEvalText(report))}</pre>
${makeChartSvg(arrangeCharts(chartsOf(report), 2))}</body></html>
`;

const chartsOf = (report: EvalReport): Chart[] => [
  drawMoveChart(report, 'Human move, top-1', ['expertTop1', 'policyTop1'], true),
  drawMoveChart(report, "Teacher's best move, top-1", ['teacherTop1']),
  drawMoveChart(report, 'The right side ahead', ['teacherSign', 'resultSign']),
  drawMoveChart(report, 'Lead, error in points', ['teacherLead', 'resultLead']),
  drawRankChart(report),
  drawCalibrations(report),
];

/** What a series is called in a chart of several measures, networks, or both. */
const nameOf = (report: EvalReport, network: string, metric: MetricName): string => {
  const { title } = METRICS[metricIndex(metric)];
  return report.networks.length > 1 ? `${network}: ${title}` : title;
};

const scaleOf = (metric: MetricName): number => (METRICS[metricIndex(metric)].unit === 'share' ? 100 : 1);

const drawMoveChart = (
  report: EvalReport,
  title: string,
  metrics: readonly MetricName[],
  hasReferences = false,
): Chart => {
  const series = metrics.flatMap(metric =>
    report.networks.map(({ network, byMove }): Series => ({
      name: nameOf(report, network, metric),
      points: byMove.flatMap(row => pointOf(row, metric)),
    })),
  );
  const isShare = scaleOf(metrics[0]) === 100;
  return drawLineChart(
    series.filter(({ points }) => points.length > 0),
    {
      title,
      xLabel: 'moves played',
      yLabel: isShare ? '% of positions' : 'points',
      references: hasReferences ? REFERENCES.map(({ name, share }) => ({ name, y: 100 * share })) : [],
    },
  );
};

/** A part of the game at its middle. */
const pointOf = ({ label, figures }: FigureRow, metric: MetricName): Series['points'] => {
  const figure = figures[metric];
  if (!figure) return [];
  const start = Number.parseInt(label, 10);
  const end = MOVE_STARTS.find(next => next > start) ?? start + 40;
  const scale = scaleOf(metric);
  const isShare = scale === 100;
  // The normal approximation knows no bounds.
  const { mean, low, high } = figure;
  return [
    {
      x: (start + end) / 2,
      y: scale * mean,
      low: low === undefined ? undefined : scale * Math.max(0, low),
      high: high === undefined ? undefined : scale * (isShare ? Math.min(1, high) : high),
    },
  ];
};

const drawRankChart = ({ networks }: EvalReport): Chart => {
  const labels = [...new Set(networks.flatMap(({ byRank }) => shownRows(byRank).map(({ label }) => label)))];
  const metric = networks.some(({ overall }) => overall.expertTop1) ? 'expertTop1' : 'policyTop1';
  return drawBarChart(
    labels,
    networks.map(({ network, byRank }) => ({
      name: network,
      bars: labels.map(label => {
        const figure = byRank.find(row => row.label === label)?.figures[metric];
        const { mean = Number.NaN, low, high } = figure ?? {};
        return {
          value: 100 * mean,
          low: low === undefined ? undefined : 100 * Math.max(0, low),
          high: high === undefined ? undefined : 100 * Math.min(1, high),
        };
      }),
    })),
    { title: 'Human move, top-1, by rank of the player', yLabel: '% of positions' },
  );
};

const drawCalibrations = ({ networks }: EvalReport): Chart =>
  drawCalibration(
    networks.flatMap(({ network, calibration }) => {
      const name = networks.length > 1 ? `${network}: ` : '';
      return [
        ...(calibration.result ? [{ name: `${name}games won`, bins: calibration.result.bins }] : []),
        ...(calibration.teacher ? [{ name: `${name}teacher's chance`, bins: calibration.teacher.bins }] : []),
      ];
    }),
    {
      title: 'Calibration of the value',
      xLabel: 'winning chance told',
      yLabel: 'winning chance true',
      width: 640,
      height: 400,
    },
  );

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
