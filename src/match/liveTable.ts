/** The progress of a match on stderr. */
import type { GameRow } from './results.ts';

/** The standing, drawn over itself in a terminal; one line a game elsewhere. */
export class LiveTable {
  private readonly total: number;
  private lines = 0;

  constructor(total: number) {
    this.total = total;
  }

  show(row: GameRow, played: number, table: string): void {
    const line = `${played}/${this.total} ${row.black} - ${row.white}: ${row.result}${row.reason === undefined ? '' : ` (${row.reason})`}`;
    if (!process.stderr.isTTY) {
      process.stderr.write(`${line}\n`);
      return;
    }
    this.clear();
    const text = `${line}\n${table}\n`;
    process.stderr.write(text);
    this.lines = text.split('\n').length - 1;
  }

  clear(): void {
    if (this.lines > 0) process.stderr.write(`\u001b[${this.lines}A\u001b[J`);
    this.lines = 0;
  }
}
