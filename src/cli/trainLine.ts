/** The progress of a training run on stderr. */
import type { TrainingRow } from '../training/runLog.ts';

const LINES_EVERY_MS = 60_000;

/** One line drawn over itself in a terminal, a line a minute elsewhere. */
export class TrainLine {
  private isOpen = false;
  private lastMs = -Infinity;
  /** Where this process found the budget, for the time left. */
  private start: Pick<TrainingRow, 'used' | 'minutes'> | undefined;

  show(row: TrainingRow): void {
    this.start ??= row;
    const text = this.text(row);
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${text.slice(0, process.stderr.columns - 1)}`);
      this.isOpen = true;
    } else if (performance.now() - this.lastMs > LINES_EVERY_MS) {
      this.lastMs = performance.now();
      process.stderr.write(`${text}\n`);
    }
  }

  message(text: string): void {
    this.end();
    process.stderr.write(`${text}\n`);
  }

  end(): void {
    if (this.isOpen) process.stderr.write('\n');
    this.isOpen = false;
  }

  private text(row: TrainingRow): string {
    const { positions, positionsPerSecond, total, losses, rate } = row;
    const parts = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toFixed(3)}`);
    const left = minutesLeft(this.start!, row);
    const time = left === undefined ? '' : `, ${formatMinutes(left)} left`;
    return `${(positions / 1000).toFixed(0)}k positions, ${positionsPerSecond.toFixed(0)}/s${time}, rate ${rate.toFixed(2)}, loss ${total.toFixed(3)}: ${parts.join(', ')}`;
  }
}

/** As long as the rest of the budget takes at the pace since `start`; undefined without a budget. */
const minutesLeft = (
  start: Pick<TrainingRow, 'used' | 'minutes'>,
  { used, minutes }: TrainingRow,
): number | undefined =>
  used > start.used ? ((1 - used) * (minutes - start.minutes)) / (used - start.used) : undefined;

const formatMinutes = (minutes: number): string =>
  minutes < 60
    ? `${Math.ceil(minutes)} min`
    : `${Math.floor(minutes / 60)} h ${Math.round(minutes % 60)} min`;
