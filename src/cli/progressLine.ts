/** Progress on stderr: one line drawn over itself in a terminal, a line every few seconds elsewhere. */

const BAR_WIDTH = 24;
const TERMINAL_EVERY_MS = 100;
const LINES_EVERY_MS = 10_000;

export interface ProgressState {
  /** Of `total`; the rest of the time is told by it. */
  readonly done: number;
  /** Undefined while nobody knows. */
  readonly total: number | undefined;
  /** What is counted for the speed, and its name: "positions". */
  readonly count: number;
  readonly unit: string;
  /** More to say. */
  readonly text?: string;
}

export class ProgressLine {
  private readonly startMs = performance.now();
  private shownMs = performance.now();
  private isDrawn = false;

  show(state: ProgressState): void {
    const now = performance.now();
    const { isTTY } = process.stderr;
    if (now - this.shownMs < (isTTY ? TERMINAL_EVERY_MS : LINES_EVERY_MS)) return;
    this.shownMs = now;
    const line = makeProgressLine(state, (now - this.startMs) / 1000);
    process.stderr.write(isTTY ? `\r${line}\u001b[K` : `${line}\n`);
    this.isDrawn = isTTY;
  }

  /** Takes the line away; before anything else is written to stderr. */
  clear(): void {
    if (this.isDrawn) process.stderr.write('\r\u001b[K');
    this.isDrawn = false;
  }
}

/** "[######..................] 12,800 positions, 590/s, 1:24 left, text". */
export const makeProgressLine = (
  { done, total, count, unit, text }: ProgressState,
  seconds: number,
): string => {
  const share = total ? Math.min(1, done / total) : undefined;
  const filled = Math.round(BAR_WIDTH * (share ?? 0));
  const parts = [`${grouped(count)} ${unit}`, `${grouped(count / seconds)}/s`];
  if (share) parts.push(`${clock((seconds * (1 - share)) / share)} left`);
  if (text) parts.push(text);
  const bar = share === undefined ? '' : `[${'#'.repeat(filled).padEnd(BAR_WIDTH, '.')}] `;
  return `${bar}${parts.join(', ')}`;
};

const clock = (seconds: number): string =>
  `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;

/** 12345 as "12,345". */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');
