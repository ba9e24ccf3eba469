/** What is in a dataset, in words for a terminal. */
import { SPLITS } from './splits.ts';
import type { DatasetSummary, LeftOut } from './summary.ts';

export const describeDataset = (summary: DatasetSummary): string => {
  const { splits, splitBy, sources, filters, leftOut, labelsLeftOut } = summary;
  const lines = [
    ...table([
      ['split', 'games', 'positions', 'labels'],
      ...SPLITS.map(split => {
        const { games, positions, labels } = splits[split];
        return [split, count(games), count(positions), count(labels)];
      }),
      ['all', count(summary.games), count(summary.positions), count(summary.labels)],
    ]),
    `split by ${splitBy}`,
    '',
    ...table([
      ['games of', 'read', 'kept', ''],
      ...sources.map(({ name, read, kept, isHuman }) => [
        name,
        count(read),
        count(kept),
        isHuman ? '' : 'machines',
      ]),
    ]),
    `filters: ${Object.entries(filters)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    ...describeLeftOut('games left out', leftOut),
    ...describeLeftOut('labels left out', labelsLeftOut),
  ];
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`;
};

const describeLeftOut = (title: string, leftOut: readonly LeftOut[]): string[] =>
  leftOut.length === 0
    ? []
    : [
        '',
        `${title}:`,
        ...table(
          leftOut.map(({ reason, count: n, examples }) => [
            '',
            reason,
            count(n),
            `e.g. ${examples[0] ?? ''}`,
          ]),
        ),
      ];

const count = (value: number): string => value.toLocaleString('en-US');

/** Columns side by side: numbers to the right, the rest to the left. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  const isNumber = (text: string): boolean => /^[\d,]+$/.test(text);
  const isRight = widths.map((_, column) => isNumber(rows.at(-1)![column]));
  return rows.map(row =>
    row
      .map((cell, column) => (isRight[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  '),
  );
};
