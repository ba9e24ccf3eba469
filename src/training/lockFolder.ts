/** One process at a time in a run's folder: two would overwrite each other's checkpoint. */
import { lockFolder as lock } from '../lockFolder.ts';
import { RunError } from './runError.ts';

/**
 * Takes the folder, also from a process that was killed.
 * @returns what gives it back
 * @throws RunError if a living process has it
 */
export const lockFolder = (folder: string): Promise<() => Promise<void>> =>
  lock(
    folder,
    owner =>
      new RunError(
        owner === undefined
          ? `another process has just begun to train in ${folder}`
          : `process ${owner} trains in ${folder}: wait for it, or take another --out`,
      ),
  );
