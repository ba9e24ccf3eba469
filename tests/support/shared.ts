/** Where the tests find data that is too large for this repository. Every test that uses it skips when it is absent. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of the data: the environment variable `HANE_SHARED`, or `shared` beside the repository. */
const SHARED = process.env['HANE_SHARED'] || join(REPOSITORY, '..', 'shared');

/**
 * The absolute path of a file or folder of the shared data, undefined where it is absent.
 * @param path relative to the folder of the data, with forward slashes: `data/kgs-6d`
 */
export const sharedPath = (path: string): string | undefined => {
  const full = join(SHARED, path);
  return existsSync(full) ? full : undefined;
};
