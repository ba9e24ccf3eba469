/**
 * The client side of GTP: one engine in a process of its own. Every command has a time limit; an engine that crashes, hangs or
 * speaks no GTP becomes an {@link EngineError}, and its processes are gone when `close` has resolved.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { EngineSpec } from './engineSpec.ts';

/** What went wrong: `refused` is an answer that begins with `?`, all others end the engine. */
export type EngineFailure = 'start' | 'crash' | 'hang' | 'protocol' | 'refused';

export class EngineError extends Error {
  readonly failure: EngineFailure;
  readonly engine: string;

  constructor(failure: EngineFailure, engine: string, message: string) {
    super(`${engine}: ${message}`);
    this.name = 'EngineError';
    this.failure = failure;
    this.engine = engine;
  }
}

interface Waiting {
  readonly id: number;
  readonly command: string;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Time limits in milliseconds. */
export const START_MS = 60_000;
export const SETUP_MS = 10_000;
export const QUIT_MS = 3000;

/** Characters kept of what an engine says beside its answers. */
const KEPT = 8192;

/** Characters of one answer: more is a flood. */
const LONGEST_ANSWER = 1 << 24;

/** Engines that live: ended with this process. */
const living = new Set<GtpController>();
process.on('exit', () => {
  for (const controller of living) controller.kill();
});

export class GtpController {
  readonly name: string;
  /** Lines on stdout that belonged to no answer. */
  noise = 0;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<void>;
  private readonly waiting: Waiting[] = [];
  private nextId = 1;
  private partial = '';
  private answer: string[] | undefined;
  private answerLength = 0;
  private stderr = '';
  private failure: EngineError | undefined;
  private commands: ReadonlySet<string> | undefined;

  constructor({ name, command, cwd, env }: EngineSpec) {
    this.name = name;
    const [program, ...args] = command;
    // A group of its own, so that what the engine starts ends with it.
    this.child = spawn(program, args, {
      stdio: 'pipe',
      detached: process.platform !== 'win32',
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
    });
    living.add(this);
    this.ended = new Promise(resolve => {
      this.child.on('error', error => {
        this.fail('start', `cannot be started: ${error.message}`);
        living.delete(this);
        resolve();
      });
      this.child.on('close', (code, signal) => {
        this.fail('crash', `ended (${code ?? signal})${this.lastWords()}`);
        living.delete(this);
        resolve();
      });
    });
    this.child.stdin.on('error', () => {});
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.receive(text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT);
    });
  }

  /** Starts an engine, waits until it answers, and sends its init commands. */
  static async start(spec: EngineSpec, startMs: number = START_MS): Promise<GtpController> {
    const controller = new GtpController(spec);
    try {
      await controller.send('protocol_version', startMs);
      for (const line of spec.init) await controller.send(line, startMs);
      return controller;
    } catch (error) {
      await controller.close();
      throw error;
    }
  }

  /** Whether it can be spoken to. */
  get isAlive(): boolean {
    return this.failure === undefined;
  }

  /** The last it wrote to stderr. */
  get messages(): string {
    return this.stderr;
  }

  /** @returns the text of the answer @throws EngineError */
  send(command: string, timeoutMs: number = SETUP_MS): Promise<string> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fail('hang', `no answer to "${command}" within ${timeoutMs} ms${this.lastWords()}`);
        this.kill();
      }, timeoutMs);
      const id = this.nextId++;
      this.waiting.push({ id, command, resolve, reject, timer });
      this.child.stdin.write(`${id} ${command}\n`);
    });
  }

  /** Whether the engine lists a command; asked once. */
  async knows(command: string): Promise<boolean> {
    if (!this.commands) {
      const list = await this.send('list_commands').catch((error: EngineError) => {
        if (error.failure === 'refused') return '';
        throw error;
      });
      this.commands = new Set(list.split('\n').map(line => line.trim()));
    }
    return this.commands.has(command);
  }

  /** Ends the engine: `quit`, then signals. Resolved when its process is gone. */
  async close(quitMs: number = QUIT_MS): Promise<void> {
    if (this.failure === undefined) {
      await this.send('quit', quitMs).catch(() => {});
      this.child.stdin.end();
    }
    const timer = setTimeout(() => this.kill(), quitMs);
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

  private receive(text: string): void {
    const lines = (this.partial + text).split('\n');
    this.partial = lines.pop()!.slice(-LONGEST_ANSWER);
    for (const line of lines) this.receiveLine(line.replace(/\r/g, ''));
  }

  private receiveLine(line: string): void {
    if (this.answer === undefined) {
      if (/^[=?]/.test(line) && this.waiting.length > 0) {
        this.answer = [line];
        this.answerLength = line.length;
      } else if (line !== '') this.noise++;
      return;
    }
    if (line !== '') {
      this.answer.push(line);
      this.answerLength += line.length;
      if (this.answerLength <= LONGEST_ANSWER) return;
      this.fail('protocol', `an answer of more than ${LONGEST_ANSWER} characters`);
      this.kill();
      return;
    }
    const text = this.answer.join('\n');
    this.answer = undefined;
    this.take(text);
  }

  private take(text: string): void {
    const waiting = this.waiting.shift()!;
    clearTimeout(waiting.timer);
    const [, status, id, body] = /^([=?])(\d*)\s?([^]*)$/.exec(text)!;
    if (id !== String(waiting.id)) {
      const error = `answered with id "${id}" to "${waiting.id} ${waiting.command}"`;
      this.fail('protocol', error);
      waiting.reject(this.failure!);
      this.kill();
    } else if (status === '=') waiting.resolve(body.trim());
    else waiting.reject(new EngineError('refused', this.name, `"${waiting.command}": ${body.trim()}`));
  }

  /** From now on every command fails; the first reason counts. */
  private fail(failure: EngineFailure, message: string): void {
    this.failure ??= new EngineError(failure, this.name, message);
    for (const { reject, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      reject(this.failure);
    }
  }

  private lastWords(): string {
    const last = this.stderr.trim().split('\n').slice(-3).join(' / ').slice(-300);
    return last === '' ? '' : `; it said: ${last}`;
  }
}
