import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DatasetError } from './datasetError.ts';

/** Reads a file, unpacked if its name ends in .gz. @throws DatasetError naming it if it cannot be read */
export const readMaybePacked = async (path: string): Promise<Uint8Array> => {
  try {
    const bytes = await readFile(path);
    // A plain array: slices of a Buffer would be windows on it, not copies.
    return new Uint8Array(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  } catch (error) {
    throw new DatasetError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
};
