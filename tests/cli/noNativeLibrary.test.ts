/** Where ONNX Runtime has no native library (macOS on Intel, Alpine), importing it fails; everything else has to work. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/packageRoot.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-blocked-'));
  await writeFile(
    join(folder, 'hook.mjs'),
    `export const resolve = (name, context, next) => {
      if (name === 'onnxruntime-node') throw new Error('there is no such library');
      return next(name, context);
    };`,
  );
  await writeFile(
    join(folder, 'block.mjs'),
    `import { register } from 'node:module'; register('./hook.mjs', import.meta.url);`,
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('every command starts, and says what it is', () => {
  const block = pathToFileURL(join(folder, 'block.mjs')).href;
  const main = join(packageRoot, 'src', 'cli', 'main.ts');
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ['--import', 'tsx', '--import', block, main, ...args], { encoding: 'utf8' });
  const { status, stdout, stderr } = run('--version');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
