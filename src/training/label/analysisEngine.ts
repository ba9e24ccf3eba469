/**
 * An analysis engine in a process of its own: queries go in, answers come out by id, in any order. An engine that ends, falls
 * silent or cannot be started becomes an {@link AnalysisError}; its processes are gone when `close` has resolved.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { AnalysisQuery } from './analysisQuery.ts';
import type { AnswerLine } from './analysisAnswer.ts';

/**
 * What went wrong. `refused`: the engine answered one query with an error. `lost`: it left one query without an answer while
 * it answered others. All others are the end of the engine.
 */
export type AnalysisFailure = 'start' | 'crash' | 'hang' | 'refused' | 'lost';

export class AnalysisError extends Error {
  readonly failure: AnalysisFailure;

  constructor(failure: AnalysisFailure, message: string) {
    super(message);
    this.name = 'AnalysisError';
    this.failure = failure;
  }
}

export interface EngineOptions {
  /** Program and arguments; no shell is involved. */
  readonly command: readonly string[];
  /** How long a query may be without an answer. */
  readonly timeoutMs: number;
  /** Told of warnings, errors that belong to no query, and lines that are no answers. */
  readonly onNote?: ((kind: NoteKind, text: string) => void) | undefined;
}

export type NoteKind = 'warning' | 'error' | 'noise';

interface Waiting {
  readonly turns: Set<number>;
  readonly onAnswer: (line: AnswerLine) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** Time for an engine to finish and end by itself before it is killed. */
const QUIT_MS = 3000;
/** Characters kept of what an engine says on stderr. */
const KEPT = 8192;
/** Characters of one line: more is a flood, and dropped. */
const LONGEST_LINE = 1 << 24;
/** Characters shown of a line that is no answer. */
const SHOWN = 120;

/** Engines that live: ended with this process. */
const living = new Set<AnalysisEngine>();
process.on('exit', () => {
  for (const engine of living) engine.kill();
});

export class AnalysisEngine {
  private readonly options: EngineOptions;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<void>;
  private readonly waiting = new Map<string, Waiting>();
  private nextId = 1;
  private partial = '';
  private stderr = '';
  private failure: AnalysisError | undefined;
  private lastHeardMs = 0;

  constructor(options: EngineOptions) {
    this.options = options;
    const [program, ...args] = options.command;
    // A group of its own, so that what the engine starts ends with it, and an interrupt does not reach it before us.
    this.child = spawn(program, args, { stdio: 'pipe', detached: process.platform !== 'win32' });
    living.add(this);
    this.ended = new Promise(resolve => {
      const end = (failure: AnalysisFailure, message: string): void => {
        this.fail(failure, message);
        living.delete(this);
        resolve();
      };
      this.child.on('error', error => end('start', `cannot start ${program}: ${error.message}`));
      this.child.on('close', (code, signal) =>
        end('crash', `the engine ended (${code ?? signal})${this.lastWords()}`),
      );
    });
    this.child.stdin.on('error', () => {});
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.receive(text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT);
    });
  }

  /** Whether it can be asked. */
  get isAlive(): boolean {
    return this.failure === undefined;
  }

  /**
   * Asks for all `analyzeTurns` of a query; resolved when the last of them is answered.
   * @param onAnswer called with each final answer as it comes
   * @throws AnalysisError
   */
  ask(
    query: AnalysisQuery,
    onAnswer: (line: AnswerLine) => void,
    timeoutMs: number = this.options.timeoutMs,
  ): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      const id = `${this.nextId++}`;
      const timer = setTimeout(() => this.giveUp(id, timeoutMs), timeoutMs);
      this.waiting.set(id, { turns: new Set(query.analyzeTurns), onAnswer, resolve, reject, timer });
      this.send({ id, ...query });
    });
  }

  /** Ends the engine: closes its input, then kills it. Resolved when its process is gone. */
  async close(): Promise<void> {
    this.child.stdin.end();
    const timer = setTimeout(() => this.kill(), QUIT_MS);
    await this.ended;
    clearTimeout(timer);
    // What it started may have outlived it.
    this.kill();
  }

  /** Ends the engine's processes at once. */
  kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }

  private send(message: object): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * A query has waited too long. An engine that said nothing meanwhile hangs, one that spoke a moment ago has lost this query;
   * between the two, time will tell.
   */
  private giveUp(id: string, timeoutMs: number): void {
    const silentMs = performance.now() - this.lastHeardMs;
    if (silentMs < timeoutMs / 2) {
      this.take(id)?.reject(
        new AnalysisError('lost', `no answer within ${timeoutMs / 1000} s, though to others`),
      );
      this.send({ id: `end-${id}`, action: 'terminate', terminateId: id });
    } else if (silentMs < timeoutMs) {
      const waiting = this.waiting.get(id);
      if (waiting) waiting.timer = setTimeout(() => this.giveUp(id, timeoutMs), timeoutMs - silentMs + 1);
    } else {
      this.fail('hang', `the engine said nothing for ${timeoutMs / 1000} s${this.lastWords()}`);
      this.kill();
    }
  }

  private receive(text: string): void {
    const lines = (this.partial + text).split('\n');
    this.partial = lines.pop()!.slice(-LONGEST_LINE);
    for (const line of lines) if (line.trim() !== '') this.receiveLine(line.trim());
  }

  private receiveLine(text: string): void {
    const line = parseLine(text);
    if (line === undefined) {
      this.note('noise', text);
      return;
    }
    this.lastHeardMs = performance.now();
    const id = typeof line.id === 'string' ? line.id : '';
    if (line.warning !== undefined) {
      this.note('warning', describe(line.warning, line.field));
    } else if (line.error !== undefined) {
      const message = describe(line.error, line.field);
      const waiting = this.take(id);
      if (waiting) waiting.reject(new AnalysisError('refused', message));
      else this.note('error', message);
    } else if (line.isDuringSearch !== true) this.receiveAnswer(id, line);
  }

  private receiveAnswer(id: string, line: AnswerLine): void {
    const waiting = this.waiting.get(id);
    // What is late, was not asked, or comes twice is no answer.
    if (!waiting || typeof line.turnNumber !== 'number' || !waiting.turns.delete(line.turnNumber)) return;
    waiting.timer.refresh();
    waiting.onAnswer(line);
    if (waiting.turns.size === 0) this.take(id)?.resolve();
  }

  /** Takes a query off the list. */
  private take(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (waiting) clearTimeout(waiting.timer);
    this.waiting.delete(id);
    return waiting;
  }

  private note(kind: NoteKind, text: string): void {
    this.options.onNote?.(kind, text.slice(0, SHOWN));
  }

  /** From now on every query fails; the first reason counts. */
  private fail(failure: AnalysisFailure, message: string): void {
    this.failure ??= new AnalysisError(failure, message);
    for (const id of this.waiting.keys()) this.take(id)?.reject(this.failure);
  }

  private lastWords(): string {
    const last = this.stderr.trim().split('\n').slice(-3).join(' / ').slice(-300);
    return last === '' ? '' : `; it said: ${last}`;
  }
}

const parseLine = (text: string): AnswerLine | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const describe = (message: unknown, field: unknown): string => {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return typeof field === 'string' ? `${text} (${field})` : text;
};
