/** An evaluation as text for a terminal. */
import type { FigureRow, NetworkFigures } from './accumulator.ts';
import type { EvalReport } from './evaluateNetwork.ts';
import {
  REFERENCE_TEXT,
  detailColumns,
  isClear,
  makeError,
  makeSigned,
  makeValue,
  shownRows,
} from './format.ts';
import { METRICS } from './metrics.ts';

/** Tables: everything over all positions, then the main figures by move number and by rank, then the calibration. */
export const drawEvalText = (report: EvalReport): string => {
  const { networks, positions, games, isComplete, seconds } = report;
  const sections = [
    `${networks.map(({ network }) => network).join(' - ')}: ${grouped(positions)} positions of ${grouped(games)} games in ${seconds.toFixed(0)} s${isComplete ? '' : ' (interrupted)'}`,
    drawOverall(report),
    ...networks.flatMap(network => drawNetwork(network, networks.length > 1)),
    `${REFERENCE_TEXT}. Intervals: 95 %, games as samples.`,
  ];
  return `${sections.filter(section => section !== '').join('\n\n')}\n`;
};

const drawOverall = ({ networks, difference }: EvalReport): string => {
  const rows = METRICS.flatMap(({ name, title }) => {
    const figures = networks.map(({ overall }) => overall[name]);
    const first = figures.find(figure => figure !== undefined);
    if (!first) return [];
    const cells = figures.flatMap(figure =>
      figure ? [makeValue(name, figure.mean), makeError(name, figure)] : ['-', ''],
    );
    const change = difference?.[name];
    const changes = !difference
      ? []
      : change
        ? [makeSigned(name, change.mean), makeError(name, change), isClear(change) ? 'clear' : '']
        : ['-', '', ''];
    return [[title, ...cells, ...changes, grouped(first.positions), grouped(first.games)]];
  });
  const heads = networks.flatMap(({ network }) => [network, '']);
  return drawTable([
    ['', ...heads, ...(difference ? ['difference', '', ''] : []), 'positions', 'games'],
    ...rows,
  ]);
};

const drawNetwork = (network: NetworkFigures, isNamed: boolean): string[] => {
  const name = isNamed ? `${network.network}, ` : '';
  const { result, teacher } = network.calibration;
  const calibration = [
    ...(result ? [`${(100 * result.error).toFixed(2)} % against results`] : []),
    ...(teacher ? [`${(100 * teacher.error).toFixed(2)} % against the teacher`] : []),
  ];
  return [
    drawRows(`${name}by moves played`, network.byMove),
    drawRows(`${name}by rank`, network.byRank),
    calibration.length > 0 ? `${name}calibration error of the winning chance: ${calibration.join(', ')}` : '',
  ];
};

const drawRows = (title: string, all: readonly FigureRow[]): string => {
  const rows = shownRows(all);
  const columns = detailColumns(rows);
  if (columns.length === 0) return '';
  return drawTable([
    [title, ...columns.map(([, short]) => short)],
    ...rows.map(({ label, figures }) => [
      label,
      ...columns.map(([name]) => {
        const figure = figures[name];
        return figure ? `${makeValue(name, figure.mean)} ${makeError(name, figure)}`.trimEnd() : '-';
      }),
    ]),
  ]);
};

/** The first column to the left, the others to the right. */
const drawTable = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => row[i].length)));
  return rows
    .map(row =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const grouped = (value: number): string => value.toLocaleString('en-US');
