/** One process at a time in a run's folder: two would overwrite each other's checkpoint. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunError } from './runError.ts';

const LOCK_FILE = 'lock';

/**
 * Takes the folder, also from a process that was killed.
 * @returns what gives it back
 * @throws RunError if a living process has it
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const path = join(folder, LOCK_FILE);
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (owner > 0 && isAlive(owner))
    throw new RunError(`process ${owner} trains in ${folder}: wait for it, or take another --out`);
  await rm(path, { force: true });
  try {
    await writeFile(path, `${process.pid}`, { flag: 'wx' });
  } catch (error) {
    throw new RunError(`another process has just begun to train in ${folder}`, { cause: error });
  }
  return () => rm(path, { force: true });
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
