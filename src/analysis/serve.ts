/** The session on this process's standard input and output. */
import { LineReader } from '../gtp/lineReader.ts';
import { redirectConsole, writeResponse } from '../gtp/output.ts';

export interface ServeOptions {
  readonly receive: (line: string) => void;
  /** Called at the end of the input: what is asked is still answered. */
  readonly drain: () => Promise<void>;
  /** Called with every line taken and every answer written, for a log. */
  readonly log?: ((direction: '<' | '>', text: string) => void) | undefined;
}

/** Writes answers, one a line. */
export class AnswerWriter {
  /** Resolves when nobody reads them any more. */
  readonly gone: Promise<void>;
  private readonly log: ServeOptions['log'];
  private leave: () => void = () => {};

  constructor(log?: ServeOptions['log']) {
    this.log = log;
    this.gone = new Promise(resolve => (this.leave = resolve));
  }

  write(answer: object): void {
    const line = `${JSON.stringify(answer)}\n`;
    this.log?.('>', line);
    try {
      writeResponse(line);
    } catch {
      this.leave();
    }
  }
}

/** Serves until the end of the input has been answered, or nobody reads the answers. The process should end then. */
export const serveAnalysis = async (
  { receive, drain, log }: ServeOptions,
  gone: Promise<void>,
): Promise<void> => {
  redirectConsole();
  const lines = new LineReader(line => {
    log?.('<', line);
    receive(line);
  });
  const ended = new Promise<void>(resolve => {
    const end = (): void => {
      lines.end();
      resolve();
    };
    process.stdin.on('data', (chunk: Buffer) => lines.push(chunk));
    process.stdin.on('end', end);
    // A terminal that went away.
    process.stdin.on('error', end);
  });
  await Promise.race([ended.then(drain), gone]);
};
