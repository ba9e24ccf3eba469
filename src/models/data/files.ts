/** Files of a data folder: found by what their names begin and end with, unpacked where they are packed. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ModelDataError } from './modelDataError.ts';

const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Names in a folder, sorted. @throws ModelDataError if there is no such folder */
export const listFolder = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    throw new ModelDataError(`cannot read the folder ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
};

/**
 * The files of a folder whose names match, as paths.
 * @param what is looked for, for the message: "the training images"
 * @throws ModelDataError if there is none
 */
export const findFiles = async (folder: string, pattern: RegExp, what: string): Promise<string[]> => {
  const found = (await listFolder(folder)).filter(name => pattern.test(name));
  if (found.length === 0) throw new ModelDataError(`${folder} has no file with ${what} (${pattern.source})`);
  return found.map(name => join(folder, name));
};

/** The only such file. @throws ModelDataError if there is none, or more than one */
export const findFile = async (folder: string, pattern: RegExp, what: string): Promise<string> => {
  const found = await findFiles(folder, pattern, what);
  if (found.length > 1)
    throw new ModelDataError(`${folder} has ${found.length} files with ${what}: ${found.join(', ')}`);
  return found[0];
};

/** Reads a file, unpacked if it begins as gzip does. @throws ModelDataError naming it if it cannot be read */
export const readMaybePacked = async (path: string): Promise<Uint8Array> => {
  try {
    const bytes = await readFile(path);
    const isPacked = GZIP_MAGIC.every((value, i) => bytes[i] === value);
    return new Uint8Array(isPacked ? gunzipSync(bytes) : bytes);
  } catch (error) {
    throw new ModelDataError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
};
