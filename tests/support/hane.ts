/** The program as a process, from its sources. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/packageRoot.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface HaneOptions {
  /** What it reads. */
  readonly input?: string;
  /** Called with the process as soon as there is one. */
  readonly onStart?: (child: ChildProcessWithoutNullStreams) => void;
  /** Called with whatever it says on stderr, and the process. */
  readonly onStderr?: (text: string, child: ChildProcessWithoutNullStreams) => void;
}

/** Starts `hane`, for a test that talks to it; its input stays open. */
export const startHane = (args: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ['--import', 'tsx', join(packageRoot, 'src', 'cli', 'main.ts'), ...args], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' },
  });

/** Runs `hane` until it ends. */
export const hane = (
  args: readonly string[],
  { input = '', onStart, onStderr }: HaneOptions = {},
): Promise<Ended> =>
  new Promise(resolve => {
    const child = startHane(args);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      onStderr?.(text, child);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', code => resolve({ code, out, err }));
    onStart?.(child);
  });
