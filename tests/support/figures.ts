/** What a benchmark measured, for people as text and, where `npm run bench` asks for it, for programs as JSON. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** A row: what was measured, and numbers by name with their units, such as `positions/s`. */
export type Figures = Readonly<Record<string, string | number>>;

/** The file that `npm run bench` names; undefined if a benchmark runs by itself. */
const file = process.env['HANE_BENCH_FILE'];

/** Keeps figures under a benchmark's name, beside those of the others. */
export const keepFigures = (benchmark: string, figures: Figures | readonly Figures[]): void =>
  keep(benchmark, figures);

/** Keeps the names of benchmarks that missed their limits. */
export const keepFailed = (benchmarks: readonly string[]): void => keep('failed', benchmarks);

const keep = (name: string, value: unknown): void => {
  if (file === undefined) return;
  const all = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
  writeFileSync(file, `${JSON.stringify({ ...all, [name]: value }, undefined, 2)}\n`);
};

/** Rows as a table: texts to the left, numbers to the right with the digits they deserve. */
export const makeTable = (rows: readonly Figures[]): string => {
  const columns = Object.keys(rows[0]);
  const cells = [columns, ...rows.map(row => columns.map(column => makeCell(row[column])))];
  const widths = columns.map((_, i) => Math.max(...cells.map(line => line[i].length)));
  const isNumber = columns.map(column => typeof rows[0][column] === 'number');
  return cells
    .map(line =>
      line
        .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const makeCell = (value: string | number | undefined): string =>
  typeof value !== 'number'
    ? (value ?? '')
    : Number.isInteger(value)
      ? value.toString()
      : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
