/**
 * The session: lines in, responses out, one for each command and strictly in order, whatever a handler does.
 *
 * Lines are taken at any time; while a handler waits for the search, what comes is queued. An analysis goes on until any line
 * comes, be it empty or a comment; GoGui's comment `# interrupt` also has a move played at once. `quit` and the end of the
 * input let the queue be finished, so that `echo genmove b | hane gtp` gets its answer, but from then on no command may take
 * long: GUIs kill after 3 s (Sabaki), and an engine whose GUI has died must not live on (gtp.md b.14, b.15).
 */
import { parseCommand, type GtpCommand } from './command.ts';
import type { GtpEngine } from './engine.ts';
import { GtpError } from './gtpError.ts';
import { Stream, type Handlers, type Session } from './handlers/handler.ts';
import { makeFailure, makeSuccess } from './response.ts';

/** How long one command may still take once the session is to end, until it is told to hurry. */
const PATIENCE_MS = 700;

/** How long it may take to hurry, until it is given up. */
const GRACE_MS = 700;

/** A comment of GoGui's: play your best move now. */
const INTERRUPT = /^\s*#\s*interrupt\s*$/;

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
  /** {@link GRACE_MS} by default. */
  readonly graceMs?: number;
}

interface Queued extends GtpCommand {
  /** Aborted when another line has come since. */
  readonly superseded: AbortController;
}

/** What can be done about the command that is waiting for something. */
interface Running {
  /** Has it end with what it has. */
  readonly hurry: AbortController;
  /** Has it fail. */
  giveUp: (() => void) | undefined;
}

export class GtpLoop {
  /** Resolved when the session has ended: after `quit`, after the last command before the end of the input, or without a client. */
  readonly done: Promise<void>;
  private readonly options: LoopOptions;
  private readonly session: Omit<Session, 'hurry' | 'nextLine'>;
  private queue: Queued[] = [];
  /** The last command taken, as long as no other line has come. */
  private last: Queued | undefined;
  private running: Running | undefined;
  private next = 0;
  private isRunning = false;
  private inputEnded = false;
  private isClosed = false;
  private isHurried = false;
  private wasInterrupted = false;
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
    this.supersede();
    if (INTERRUPT.test(line)) this.running?.hurry.abort();
    const command = parseCommand(line);
    if (!command) return;
    this.last = { ...command, superseded: new AbortController() };
    this.queue.push(this.last);
    if (command.name === 'quit') this.end();
    void this.work();
  }

  /** Takes the end of the input: what is queued is still done, then the session ends. */
  end(): void {
    if (this.inputEnded) return;
    this.inputEnded = true;
    this.supersede();
    void this.hurry();
    void this.work();
  }

  /** Tells the last command that another line has come. */
  private supersede(): void {
    this.last?.superseded.abort();
    this.last = undefined;
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
    const { id, name, args, superseded } = command;
    const handler = this.options.handlers.get(name);
    if (!handler) {
      this.write(makeFailure(id, 'unknown command'));
      return;
    }
    const hurry = new AbortController();
    this.running = { hurry, giveUp: undefined };
    try {
      if (this.wasInterrupted && name !== 'quit') throw new GtpError('interrupted');
      const session = { ...this.session, hurry: hurry.signal, nextLine: superseded.signal };
      const result = handler(session, args);
      const answer = result instanceof Promise ? await this.waitFor(result) : result;
      if (answer instanceof Stream) await this.stream(command, answer);
      else this.write(makeSuccess(id, answer ?? ''));
    } catch (error) {
      if (!(error instanceof GtpError)) this.warnOf(name, error);
      this.write(makeFailure(id, error instanceof GtpError ? error.message : 'internal error'));
    } finally {
      this.running = undefined;
    }
  }

  /**
   * Writes a response line by line. An endless one begins at once, any other with its first line; what has begun is closed
   * whatever happens.
   * @throws what the stream fails with before it has begun
   */
  private async stream({ id, name, superseded: { signal } }: Queued, stream: Stream): Promise<void> {
    const response = { hasBegun: false, isOver: false };
    const begin = (): void => {
      if (!response.hasBegun) this.write(`=${id} \n`);
      response.hasBegun = true;
    };
    const emit = (line: string): void => {
      if (response.isOver) return;
      begin();
      this.write(`${line}\n`);
    };
    const run = (): Promise<void> =>
      stream.run(emit).catch((error: unknown) => {
        if (!response.hasBegun) throw error;
        if (!response.isOver) this.warnOf(name, error);
      });
    try {
      if (stream.isEndless) {
        begin();
        if (!signal.aborted) {
          void run();
          await new Promise(resolve => signal.addEventListener('abort', resolve));
        }
      } else await this.waitFor(run());
      begin();
    } catch (error) {
      if (!response.hasBegun) throw error;
    } finally {
      response.isOver = true;
    }
    this.write('\n');
  }

  private warnOf(name: string, error: unknown): void {
    this.options.warn(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  /** The result, unless patience ends before. */
  private waitFor<T>(result: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.running)
        this.running.giveUp = () => {
          this.wasInterrupted = true;
          reject(new GtpError('interrupted'));
        };
      this.watch();
      result.then(resolve, reject);
    }).finally(() => {
      if (this.running) this.running.giveUp = undefined;
      clearTimeout(this.timer);
    });
  }

  /** Once the session is to end, has the command that is waiting hurry, and then gives it up. */
  private watch(): void {
    const { running } = this;
    if (!this.isHurried || !running?.giveUp) return;
    const { patienceMs = PATIENCE_MS, graceMs = GRACE_MS } = this.options;
    this.timer = setTimeout(() => {
      running.hurry.abort();
      this.timer = setTimeout(() => running.giveUp?.(), graceMs);
    }, patienceMs);
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
