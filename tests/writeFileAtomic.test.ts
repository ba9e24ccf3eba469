import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomic } from '../src/writeFileAtomic.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a file is written and replaced, and nothing else is left behind', async () => {
  const path = join(folder, 'file');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, 'two');
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(folder)).toEqual(['file']);
});

test('where writing fails, what was there stays', async () => {
  const path = join(folder, 'file');
  await writeFile(path, 'old');
  await expect(writeFileAtomic(join(path, 'below'), 'new')).rejects.toThrow(/ENOTDIR|ENOENT/);
  await expect(writeFileAtomic(join(folder, 'no', 'file'), 'new')).rejects.toThrow(/ENOENT/);
  await expect(writeFileAtomic(folder, 'new')).rejects.toThrow(/EISDIR/);
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['file']);
});
