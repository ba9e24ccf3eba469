import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all: beside it first, then renamed over it. It is on the disk when this resolves, and a power cut
 * leaves what was there before or what is there now: most systems would else rename before they write. What is no plain file (a
 * device, a pipe) is written to as it is.
 * @throws Error as `writeFile` and `rename` do; what was there before is then untouched
 */
export const writeFileAtomic = async (path: string, content: string | Uint8Array): Promise<void> => {
  const target = await stat(path).catch(() => undefined);
  if (target && !target.isFile()) return writeFile(path, content);
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await writeFile(draft, content, { flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
};

/** Has a rename reach the disk, where the system syncs folders: Windows does not. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
};
