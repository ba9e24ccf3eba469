/** The session on this process's standard input and output. */
import { createHandlers } from './handlers/index.ts';
import type { GtpEngine } from './engine.ts';
import { LineReader } from './lineReader.ts';
import { GtpLoop, type LoopOptions } from './loop.ts';
import { redirectConsole, writeMessage, writeReport, writeResponse } from './output.ts';

export interface ServeOptions {
  /** Whether to leave out what some clients read on stderr after a move. */
  readonly isQuiet?: boolean;
  readonly log?: LoopOptions['log'];
}

/**
 * Serves until `quit`, the end of the input, or the client's death. The process should end then, whatever still runs.
 * @param ready what the first move may have to wait for
 */
export const serveGtp = async (
  engine: GtpEngine,
  ready: Promise<unknown>,
  { isQuiet = false, log }: ServeOptions = {},
): Promise<void> => {
  redirectConsole();
  endOnSignals();
  const loop = new GtpLoop({
    handlers: createHandlers(),
    engine,
    write: writeResponse,
    warn: writeMessage,
    ready,
    ...(isQuiet ? {} : { report: writeReport }),
    ...(log ? { log } : {}),
  });
  const lines = new LineReader(line => loop.receive(line));
  const end = (): void => {
    lines.end();
    loop.end();
  };
  process.stdin.on('data', (chunk: Buffer) => lines.push(chunk));
  process.stdin.on('end', end);
  // A terminal that went away.
  process.stdin.on('error', end);
  await loop.done;
};

/**
 * SIGTERM and SIGINT end a process by themselves, at once and even while JavaScript is busy, so they are left alone; but the
 * first process of a container has no such default.
 */
const endOnSignals = (): void => {
  if (process.pid !== 1) return;
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
  ] as const)
    process.on(signal, () => process.exit(128 + number));
};
