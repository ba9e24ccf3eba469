import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all: beside it first, then renamed over it. What is no plain file (a device, a pipe) is
 * written to as it is.
 * @throws Error as `writeFile` and `rename` do; what was there before is then untouched
 */
export const writeFileAtomic = async (path: string, content: string | Uint8Array): Promise<void> => {
  const target = await stat(path).catch(() => undefined);
  if (target && !target.isFile()) return writeFile(path, content);
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};
