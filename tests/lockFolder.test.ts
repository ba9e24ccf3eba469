import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lockFolder } from '../src/lockFolder.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hane-lock-'));
  folders.push(folder);
  return folder;
};

const take = (folder: string) => lockFolder(folder, owner => new Error(`it is ${owner}'s`));

test('a folder is one process at a time, and free afterwards', async () => {
  const folder = await makeFolder();
  const unlock = await take(folder);
  await expect(take(folder)).rejects.toThrow(`it is ${process.pid}'s`);
  await unlock();
  await (
    await take(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['of a process that lives', `${process.ppid}`, false],
  ['of a process that is no more', '4194305', true],
  ['of this number, from before the machine started anew', `${process.pid}`, true],
  ['that is empty, since power was cut', '', true],
])('a lock %s: %j', async (_, text, isFree) => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'lock'), text);
  const taken = await take(folder).then(
    () => true,
    () => false,
  );
  expect(taken).toBe(isFree);
  expect(await readFile(join(folder, 'lock'), 'utf8')).toBe(isFree ? `${process.pid}` : text);
});

test('what a process leaves that was killed while it took the folder is no hindrance for long', async () => {
  const folder = await makeFolder();
  const guard = join(folder, 'locking');
  await mkdir(guard);
  await expect(take(folder)).rejects.toThrow("it is undefined's");
  const before = new Date(Date.now() - 10_000);
  await utimes(guard, before, before);
  await take(folder);
  expect(await readdir(folder)).toEqual(['lock']);
});

test('of many who take a folder from a process that was killed, one gets it', async () => {
  for (let i = 0; i < 20; i++) {
    const folder = await makeFolder();
    await writeFile(join(folder, 'lock'), '4194305');
    const takers = await Promise.allSettled(Array.from({ length: 4 }, () => take(folder)));
    expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});
