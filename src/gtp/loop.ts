/**
 * The session: lines in, responses out, one for each command and strictly in order, whatever a handler does.
 *
 * Lines are taken at any time; while a handler waits for the network, what comes is queued. An analysis goes on until any line
 * comes, be it empty or a comment. `quit` and the end of the input
 * let the queue be finished, so that `echo genmove b | hane gtp` gets its answer, but from then on no command may take
 * long: GUIs kill after 3 s (Sabaki), and an engine whose GUI has died must not live on (gtp.md b.14, b.15).
 */
import { parseCommand, type GtpCommand } from './command.ts';
import type { GtpEngine } from './engine.ts';
import { GtpError } from './gtpError.ts';
import { Stream, type Answer, type Handlers, type Session } from './handlers/handler.ts';
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
  /** Writes lines for programs that read stderr; nothing by default. */
  readonly report?: (lines: string) => void;
  /** Called with every command line taken and every response written, for a log. */
  readonly log?: (direction: '<' | '>', text: string) => void;
  /** What the first move may have to wait for, however long it takes: the network being loaded. */
  readonly ready?: Promise<unknown>;
  /** {@link PATIENCE_MS} by default. */
  readonly patienceMs?: number;
}

interface Queued extends GtpCommand {
  /** Whether another line has come since: an endless response to this command has then ended. */
  isSuperseded: boolean;
}

export class GtpLoop {
  /** Resolved when the session has ended: after `quit`, after the last command before the end of the input, or without a client. */
  readonly done: Promise<void>;
  private readonly options: LoopOptions;
  private readonly session: Session;
  private queue: Queued[] = [];
  /** Ends the response that goes on until the next line. */
  private endStream: (() => void) | undefined;
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
    const { engine, warn, report = () => {} } = options;
    this.session = { engine, quit: () => this.close(), warn, report };
    this.done = new Promise(resolve => (this.finish = resolve));
  }

  /** Takes a line of input, without its LF. */
  receive(line: string): void {
    if (this.inputEnded) return;
    this.options.log?.('<', line);
    this.endStream?.();
    const last = this.queue.at(-1);
    if (last) last.isSuperseded = true;
    const command = parseCommand(line);
    if (!command) return;
    this.queue.push({ ...command, isSuperseded: false });
    if (command.name === 'quit') this.end();
    void this.work();
  }

  /** Takes the end of the input: what is queued is still done, then the session ends. */
  end(): void {
    if (this.inputEnded) return;
    this.inputEnded = true;
    this.endStream?.();
    const last = this.queue.at(-1);
    if (last) last.isSuperseded = true;
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
      await this.answer(command);
    }
    this.queue = [];
    this.next = 0;
    this.isRunning = false;
    if (this.inputEnded) this.close();
    if (this.isClosed) this.finish();
  }

  private async answer(command: Queued): Promise<void> {
    const { id, name, args } = command;
    const handler = this.options.handlers.get(name);
    if (!handler) {
      this.write(makeFailure(id, 'unknown command'));
      return;
    }
    let answer: Answer;
    try {
      if (this.wasInterrupted && name !== 'quit') throw new GtpError('interrupted');
      const result = handler(this.session, args);
      answer = result instanceof Promise ? await this.waitFor(result) : result;
    } catch (error) {
      if (!(error instanceof GtpError)) this.warnOf(name, error);
      this.write(makeFailure(id, error instanceof GtpError ? error.message : 'internal error'));
      return;
    }
    if (answer instanceof Stream) await this.stream(command, answer);
    else this.write(makeSuccess(id, answer ?? ''));
  }

  /** Writes a response line by line; it is closed whatever happens. */
  private async stream(command: Queued, stream: Stream): Promise<void> {
    this.write(`=${command.id} \n`);
    const stop = new AbortController();
    const emit = (line: string): void => {
      if (!stop.signal.aborted) this.write(`${line}\n`);
    };
    const runs = (): Promise<void> =>
      stream.run(emit, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) this.warnOf(command.name, error);
      });
    if (!stream.isEndless) {
      await this.waitFor(runs()).catch(() => {});
      stop.abort();
    } else if (!command.isSuperseded) {
      const ended = new Promise<void>(resolve => (this.endStream = resolve));
      void runs();
      await ended;
      this.endStream = undefined;
      stop.abort();
    }
    this.write('\n');
  }

  private warnOf(name: string, error: unknown): void {
    this.options.warn(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
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
    this.options.log?.('>', response);
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
