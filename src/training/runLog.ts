/** The log of a run: a line of JSON for each window of steps and each validation, in step with the checkpoints. */
import { appendFile, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import type { LossName } from './engine.ts';

/** What a window of steps showed. */
export interface TrainingRow {
  readonly kind: 'training';
  readonly time: string;
  readonly steps: number;
  /** Positions learned from until here. */
  readonly positions: number;
  readonly minutes: number;
  readonly positionsPerSecond: number;
  /** Share of the budget that is used up, from 0 to 1. */
  readonly used: number;
  /** What the rates are multiplied with. */
  readonly rate: number;
  readonly total: number;
  readonly losses: Partial<Record<LossName, number>>;
  readonly constants: Partial<Record<LossName, number>>;
  readonly deadUnits: number;
  readonly skipped: number;
}

/** How the mean of the weights does on positions it never learned from. */
export interface ValidationRow {
  readonly kind: 'validation';
  readonly time: string;
  readonly steps: number;
  readonly positions: number;
  readonly minutes: number;
  /** Figures by name, as shares and losses. */
  readonly figures: Readonly<Record<string, number>>;
}

export type LogRow = TrainingRow | ValidationRow;

export class RunLog {
  readonly path: string;
  readonly rows: LogRow[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Reads what an earlier part of the run wrote, and takes out what came after its checkpoint, which is done again.
   * @param positions of the checkpoint
   */
  async resume(positions: number): Promise<void> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    for (const line of text.split('\n')) {
      const row = parseRow(line);
      if (row && row.positions <= positions) this.rows.push(row);
    }
    await writeFileAtomic(this.path, this.rows.map(row => `${JSON.stringify(row)}\n`).join(''));
  }

  async add(row: LogRow): Promise<void> {
    this.rows.push(row);
    await appendFile(this.path, `${JSON.stringify(row)}\n`);
  }
}

/** A line that a crash cut off is no row. */
const parseRow = (line: string): LogRow | undefined => {
  try {
    return line === '' ? undefined : (JSON.parse(line) as LogRow);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
