import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const findRoot = (start: string): string => {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json above ${start}`);
  }
};

/** The folder of this package, with package.json and weights/, whether the code runs from its sources or from dist/. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));
