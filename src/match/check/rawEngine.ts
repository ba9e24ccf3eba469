/** An engine spoken to byte by byte, for tests of the protocol itself. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { EngineSpec } from '../engineSpec.ts';

/** One answer as it came, without its closing empty line. */
export type RawAnswer = string;

export class RawEngine {
  /** All of stdout. */
  output = '';
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<number | string>;
  private hasEnded = false;
  private taken = 0;

  constructor({ command, cwd, env }: EngineSpec) {
    const [program, ...args] = command;
    this.child = spawn(program, args, {
      stdio: 'pipe',
      detached: process.platform !== 'win32',
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
    });
    this.ended = new Promise(resolve => {
      this.child.on('error', error => resolve(error.message));
      this.child.on('close', (code, signal) => resolve(code ?? signal ?? ''));
    });
    void this.ended.then(() => (this.hasEnded = true));
    this.child.stdin.on('error', () => {});
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr.on('data', () => {});
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  write(bytes: string | Uint8Array): void {
    this.child.stdin.write(bytes);
  }

  /**
   * The next answers, however they look.
   * @returns fewer than `count` if the engine ends or the time is over
   */
  async answers(count: number, timeoutMs: number): Promise<RawAnswer[]> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const parts = this.output.slice(this.taken).replaceAll('\r', '').split('\n\n');
      const isDone = parts.length > count;
      if (isDone || !this.isRunning || performance.now() > until) {
        const answers = parts.slice(0, Math.min(count, parts.length - 1));
        this.taken += answers.reduce((sum, answer) => sum + answer.length + 2, 0);
        return answers.map(answer => answer.replace(/^\n+/, ''));
      }
      await new Promise(resolve => setTimeout(resolve, 1));
    }
  }

  /** Sends one command without an id. @returns its answer, '' if none came */
  async ask(command: string, timeoutMs: number): Promise<RawAnswer> {
    this.write(`${command}\n`);
    return (await this.answers(1, timeoutMs))[0] ?? '';
  }

  /** Waits for text on stdout beyond what was taken. */
  async waitFor(pattern: RegExp, timeoutMs: number): Promise<boolean> {
    const until = performance.now() + timeoutMs;
    while (!pattern.test(this.output.slice(this.taken))) {
      if (!this.isRunning || performance.now() > until) return false;
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    return true;
  }

  endInput(): void {
    this.child.stdin.end();
  }

  /** The exit status or signal, undefined if it lives on. */
  async exit(timeoutMs: number): Promise<number | string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>(resolve => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    const status = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return status;
  }

  async kill(): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined && this.isRunning) {
      try {
        if (process.platform === 'win32') this.child.kill('SIGKILL');
        else process.kill(-pid, 'SIGKILL');
      } catch {
        // Gone.
      }
    }
    await this.ended;
  }
}

/** Whether an answer says that the command succeeded. */
export const isSuccess = (answer: RawAnswer): boolean => answer.startsWith('=');

/** The text of an answer, without status and id. */
export const bodyOf = (answer: RawAnswer): string => answer.replace(/^[=?]\d*\s?/, '').trim();
