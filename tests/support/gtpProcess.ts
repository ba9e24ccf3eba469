/** A GTP engine in a process of its own, as the tests and match scripts drive it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** How long any answer may take: far more than a healthy engine needs, so that only a hanging one meets it. */
const TIMEOUT_MS = 120_000;

interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class GtpProcess {
  /** Resolved with the exit code, or the signal that ended the process. */
  readonly exited: Promise<number | string>;
  readonly process: ChildProcessWithoutNullStreams;
  /** All that came on stdout and stderr so far. */
  output = '';
  messages = '';
  private readonly waiting: Waiting[] = [];
  private buffer = '';

  /** @param args of the program; no shell is involved */
  constructor(program: string, args: readonly string[]) {
    this.process = spawn(program, args, { stdio: 'pipe' });
    this.exited = new Promise(resolve => {
      this.process.on('error', error => {
        this.fail(error);
        resolve(error.message);
      });
      this.process.on('close', (code, signal) => {
        this.fail(new Error(`${program} ended (${code ?? signal}): ${this.messages}`));
        resolve(code ?? signal ?? '');
      });
    });
    // The error of a write to a process that has ended; `exited` says it better.
    this.process.stdin.on('error', () => {});
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => this.receive(text));
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.messages += text));
  }

  /** Sends one command. @returns the text of the answer @throws Error with the whole answer if it begins with `?`, or if none comes */
  send(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(new Error(`no answer to ${command}`)), TIMEOUT_MS);
      this.waiting.push({ resolve, reject, timer });
      this.process.stdin.write(`${command}\n`);
    });
  }

  /** Sends bytes as they are; for what they ask, see `output`. */
  write(bytes: string | Uint8Array): void {
    this.process.stdin.write(bytes);
  }

  /** Ends the input and waits for the process to end. */
  async end(): Promise<number | string> {
    this.process.stdin.end();
    return this.exited;
  }

  private receive(text: string): void {
    this.output += text;
    this.buffer += text;
    for (let end = this.buffer.indexOf('\n\n'); end >= 0; end = this.buffer.indexOf('\n\n')) {
      const answer = this.buffer.slice(0, end);
      this.buffer = this.buffer.slice(end + 2);
      const waiting = this.waiting.shift();
      if (!waiting) continue;
      clearTimeout(waiting.timer);
      if (answer.startsWith('=')) waiting.resolve(answer.replace(/^=\d*\s?/, ''));
      else waiting.reject(new Error(answer));
    }
  }

  private fail(error: Error): void {
    for (const { reject, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
  }
}
