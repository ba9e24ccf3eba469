import { mkdtemp, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeFileAtomic } from '../src/writeFileAtomic.ts';

/** As they are, and watched. */
vi.mock('node:fs/promises', { spy: true });

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

test('it is on the disk before it takes the place of what was there, and the renaming after', async () => {
  vi.clearAllMocks();
  await writeFileAtomic(join(folder, 'file'), 'new');
  const [[, , options]] = vi.mocked(writeFile).mock.calls;
  expect(options).toEqual({ flush: true });
  expect(vi.mocked(open).mock.calls).toEqual([[folder]]);
  const [written, renamed, opened] = [writeFile, rename, open].map(
    each => vi.mocked(each).mock.invocationCallOrder[0],
  );
  expect([written < renamed, renamed < opened]).toEqual([true, true]);
});
