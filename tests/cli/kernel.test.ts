/** `--kernel` reaches the network of every command that has it: where it names a form, none is timed and nothing remembered. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hane, type HaneOptions } from '../support/hane.ts';
import { packageRoot } from '../../src/packageRoot.ts';

let folder: string;
let game: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  game = join(folder, 'game.sgf');
  await writeFile(game, '(;SZ[5];B[cc])');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const remembers = (): boolean => existsSync(join(folder, 'cache', 'hane', 'kernels.json'));

const run = async (command: readonly string[], options: HaneOptions = {}): Promise<void> => {
  const { code, err } = await hane([...command, '--threads', '1'], options);
  expect(err).not.toMatch(/error|invalid/);
  expect(code).toBe(0);
};

test('analyze times the forms of a network, unless it is told which to take', async () => {
  await run(['analyze', game, '--visits', '2', '--kernel', 'direct']);
  expect(remembers()).toBe(false);
  await run(['analyze', game, '--visits', '2']);
  expect(remembers()).toBe(true);
});

test('gtp takes the form that it is told to', async () => {
  await run(['gtp', '--kernel', 'winograd'], { input: 'genmove b\n' });
  expect(remembers()).toBe(false);
});

test.skipIf(!existsSync(join(packageRoot, 'dist', 'web', 'index.html')))(
  'serve takes the form that it is told to',
  async () => {
    await run(['serve', '--port', '0', '--data', join(folder, 'boards'), '--kernel', 'direct'], {
      onStart: child => child.stdout.once('data', () => child.kill('SIGTERM')),
    });
    expect(remembers()).toBe(false);
  },
);
