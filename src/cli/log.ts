/** A log of a session: every line with the time and its direction. */
import { openSync, writeSync } from 'node:fs';
import { UserError } from './errors.ts';

/** Each line is written at once: a log is wanted after a crash. @throws UserError if the file cannot be written */
export const openLog = (path: string): ((direction: '<' | '>', text: string) => void) => {
  let file: number;
  try {
    file = openSync(path, 'a');
  } catch (error) {
    throw new UserError(`cannot write the log: ${(error as Error).message}`, { cause: error });
  }
  return (direction, text) => {
    writeSync(file, `${new Date().toISOString()} ${direction} ${text.trimEnd()}\n`);
  };
};
