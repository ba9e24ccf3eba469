/** One process at a time in a folder: two would overwrite each other's files. */
import { mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const LOCK_FILE = 'lock';

/** There while somebody looks at the lock and takes it: folders are made by one or by another. */
const GUARD = 'locking';

/** A guard as old as that was left by a process that was killed. */
const GUARD_MS = 10_000;

/** What this process has: a lock of its number may also be left from before the machine, or its container, started anew. */
const own = new Set<string>();

/**
 * Takes the folder, also from a process that was killed.
 * @param refuse makes the error, of the number of the process that has it; undefined if another is just taking it
 * @returns what gives it back
 * @throws what `refuse` makes, if a living process has it
 */
export const lockFolder = async (
  folder: string,
  refuse: (owner: number | undefined) => Error,
): Promise<() => Promise<void>> => {
  const path = resolve(folder, LOCK_FILE);
  const guard = resolve(folder, GUARD);
  if (!(await enter(guard))) throw refuse(undefined);
  try {
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (owner > 0 && (owner === process.pid ? own.has(path) : isAlive(owner))) throw refuse(owner);
    await writeFile(path, `${process.pid}`);
    own.add(path);
  } finally {
    await rmdir(guard);
  }
  return async () => {
    own.delete(path);
    await rm(path, { force: true });
  };
};

/** @returns whether the guard is ours */
const enter = async (guard: string): Promise<boolean> => {
  const { mtimeMs } = (await stat(guard).catch(() => undefined)) ?? { mtimeMs: Infinity };
  if (Date.now() - mtimeMs >= GUARD_MS) await rmdir(guard).catch(() => {});
  try {
    await mkdir(guard);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
