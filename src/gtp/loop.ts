/**
 * The session: lines in, responses out, one for each command and strictly in order, whatever a handler does.
 *
 * Lines are taken at any time; while a handler waits for the network, what comes is queued. `quit` and the end of the input
 * let the queue be finished, so that `echo genmove b | hane gtp` gets its answer, but from then on no command may take
 * long: GUIs kill after 3 s (Sabaki), and an engine whose GUI has died must not live on (gtp.md b.14, b.15).
 */
import { parseCommand, type GtpCommand } from './command.ts';
import type { GtpEngine } from './engine.ts';
import { GtpError } from './gtpError.ts';
import type { Handlers, Session } from './handlers/handler.ts';
import { makeFailure, makeSuccess } from './response.ts';

/** How long one command may still take once the session is to end. */
const PATIENCE_MS = 700;

export interface LoopOptions {
  readonly handlers: Handlers;
  readonly engine: GtpEngine;
  /** Writes a response at once and whole. If it throws, the client is gone and the session ends. */
  readonly write: (response: string) => void;
  /** Writes a message for people. */
  readonly warn: (message: string) => void;
  /** What the first move may have to wait for, however long it takes: the network being loaded. */
  readonly ready?: Promise<unknown>;
  /** {@link PATIENCE_MS} by default. */
  readonly patienceMs?: number;
}

export class GtpLoop {
  /** Resolved when the session has ended: after `quit`, after the last command before the end of the input, or without a client. */
  readonly done: Promise<void>;
  private readonly options: LoopOptions;
  private readonly session: Session;
  private queue: GtpCommand[] = [];
  private next = 0;
  private isRunning = false;
  private inputEnded = false;
  private isClosed = false;
  private isHurried = false;
  private wasInterrupted = false;
  private interrupt: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private finish: () => void = () => {};

  constructor(options: LoopOptions) {
    this.options = options;
    this.session = { engine: options.engine, quit: () => this.close(), warn: options.warn };
    this.done = new Promise(resolve => (this.finish = resolve));
  }

  /** Takes a line of input, without its LF. */
  receive(line: string): void {
    const command = parseCommand(line);
    if (!command || this.inputEnded) return;
    this.queue.push(command);
    if (command.name === 'quit') this.end();
    void this.work();
  }

  /** Takes the end of the input: what is queued is still done, then the session ends. */
  end(): void {
    if (this.inputEnded) return;
    this.inputEnded = true;
    void this.hurry();
    void this.work();
  }

  private async hurry(): Promise<void> {
    try {
      await this.options.ready;
    } catch {
      // Who waits for it will say so.
    }
    this.isHurried = true;
    this.watch();
  }

  private async work(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    while (this.next < this.queue.length && !this.isClosed) {
      const command = this.queue[this.next++];
      this.write(await this.answer(command));
    }
    this.queue = [];
    this.next = 0;
    this.isRunning = false;
    if (this.inputEnded) this.close();
    if (this.isClosed) this.finish();
  }

  private async answer({ id, name, args }: GtpCommand): Promise<string> {
    const handler = this.options.handlers.get(name);
    if (!handler) return makeFailure(id, 'unknown command');
    try {
      if (this.wasInterrupted && name !== 'quit') throw new GtpError('interrupted');
      const result = handler(this.session, args);
      return makeSuccess(id, (result instanceof Promise ? await this.waitFor(result) : result) ?? '');
    } catch (error) {
      if (error instanceof GtpError) return makeFailure(id, error.message);
      this.options.warn(
        `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return makeFailure(id, 'internal error');
    }
  }

  /** The result, unless patience ends before. */
  private waitFor<T>(result: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.interrupt = () => {
        this.wasInterrupted = true;
        reject(new GtpError('interrupted'));
      };
      this.watch();
      result.then(resolve, reject);
    }).finally(() => {
      this.interrupt = undefined;
      clearTimeout(this.timer);
    });
  }

  /** Once the session is to end, gives the command that is waiting its last time. */
  private watch(): void {
    if (this.isHurried && this.interrupt)
      this.timer = setTimeout(this.interrupt, this.options.patienceMs ?? PATIENCE_MS);
  }

  private write(response: string): void {
    try {
      this.options.write(response);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE')
        this.options.warn(`cannot write a response: ${String(error)}`);
      this.close();
    }
  }

  private close(): void {
    this.isClosed = true;
  }
}
