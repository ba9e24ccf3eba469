/** The progress of `hane data build` on stderr: one line drawn over itself in a terminal, a line every few seconds elsewhere. */
import type { BuildProgress } from '../training/data/build.ts';

const BAR_WIDTH = 24;
const TERMINAL_EVERY_MS = 100;
const LINES_EVERY_MS = 5000;

export class DataProgress {
  private readonly startMs = performance.now();
  private shownMs = performance.now();
  private isDrawn = false;

  show(progress: BuildProgress): void {
    const now = performance.now();
    const { isTTY } = process.stderr;
    if (now - this.shownMs < (isTTY ? TERMINAL_EVERY_MS : LINES_EVERY_MS)) return;
    this.shownMs = now;
    const line = progressLine(progress, (now - this.startMs) / 1000);
    process.stderr.write(isTTY ? `\r${line}\u001b[K` : `${line}\n`);
    this.isDrawn = isTTY;
  }

  clear(): void {
    if (this.isDrawn) process.stderr.write('\r\u001b[K');
    this.isDrawn = false;
  }
}

/** "[######............] 12,800 games, 900/s, 0:24 left". */
export const progressLine = ({ files, total, games, kept }: BuildProgress, seconds: number): string => {
  const share = total === undefined || total === 0 ? undefined : Math.min(1, files / total);
  const filled = Math.round(BAR_WIDTH * (share ?? 0));
  const bar = share === undefined ? '' : `[${'#'.repeat(filled).padEnd(BAR_WIDTH, '.')}] `;
  const left = share === undefined ? '' : `, ${clock((seconds * (1 - share)) / share)} left`;
  return `${bar}${grouped(games)} games, ${grouped(kept)} kept, ${grouped(games / seconds)}/s${left}`;
};

const clock = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

/** 12345 as "12,345". */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');
