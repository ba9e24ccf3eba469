/** One process at a time in a folder: two would overwrite each other's files. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const LOCK_FILE = 'lock';

/** What this process has: a lock of its number may also be left from before the machine, or its container, started anew. */
const own = new Set<string>();

/**
 * Takes the folder, also from a process that was killed.
 * @param refuse makes the error, of the number of the process that has it; undefined if another has just taken it
 * @returns what gives it back
 * @throws what `refuse` makes, if a living process has it
 */
export const lockFolder = async (
  folder: string,
  refuse: (owner: number | undefined) => Error,
): Promise<() => Promise<void>> => {
  const path = resolve(folder, LOCK_FILE);
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (owner > 0 && (owner === process.pid ? own.has(path) : isAlive(owner))) throw refuse(owner);
  await rm(path, { force: true });
  try {
    await writeFile(path, `${process.pid}`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw refuse(undefined);
  }
  own.add(path);
  return async () => {
    own.delete(path);
    await rm(path, { force: true });
  };
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
