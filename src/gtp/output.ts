/** Writing to the client and to people, whole and at once, so that nothing is lost when the process ends. */
import { writeSync } from 'node:fs';

const STDOUT = 1;
const STDERR = 2;

/** How long to wait when a pipe that does not block is full. */
const RETRY_MS = 2;

const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of `text` before it returns. `process.stdout.write` would lose what a full pipe has not taken when the process
 * exits; a synchronous write meets EAGAIN there and is tried again.
 * @throws Error with code EPIPE if nobody reads any more
 */
const writeFully = (descriptor: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(clock, 0, 0, RETRY_MS);
    }
  }
};

/** Writes a response to stdout. @throws Error with code EPIPE if the client is gone */
export const writeResponse = (text: string): void => writeFully(STDOUT, text);

/**
 * Writes a message for people to stderr. Each line gets a prefix, since Lizzie reads stderr as if it were stdout: a line
 * there must not begin with `=`, `?`, `info` or `play`.
 */
export const writeMessage = (text: string): void => {
  try {
    writeFully(STDERR, text.trimEnd().replace(/^/gm, 'hane: ') + '\n');
  } catch {
    // Nobody reads stderr: then nobody misses the message.
  }
};

/** Writes lines to stderr exactly as they are, for clients that read them there (Leela Zero's summary and heat map). */
export const writeReport = (lines: string): void => {
  try {
    writeFully(STDERR, `${lines}\n`);
  } catch {
    // Nobody reads stderr.
  }
};

/** Sends what packages print through `console` to stderr: stdout is for responses only. */
export const redirectConsole = (): void => {
  for (const method of ['log', 'info', 'debug'] as const) console[method] = console.error;
};
