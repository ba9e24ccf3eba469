/**
 * Game files out of folders and archives (.tar, .tar.gz, .tgz, .zip), one after another, without unpacking to disk: a tar is
 * read as a stream, a zip from memory.
 */
import { createReadStream } from 'node:fs';
import { opendir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unzipSync } from 'fflate';
import { extract } from 'tar-stream';
import { SgfError } from './sgfError.ts';

/** The bytes of one SGF file and where they came from. */
export interface RecordFile {
  /** The archive's path, or the folder or file that was asked for. */
  readonly archive: string;
  /** Path inside it; the file's own path if it was asked for by name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const SGF = /\.sgf$/i;
const ARCHIVE = /\.(tar|tar\.gz|tgz|zip)$/i;

/**
 * All SGF files at a path, in the order of their names within a folder, of their place within an archive.
 * @param path an SGF file, an archive, or a folder (with its folders and the archives in it)
 * @param onDamage told of damaged archives in a folder, which are then left out; by default they are errors
 * @throws SgfError if the path cannot be read, is none of these, or an archive is damaged
 */
export async function* readRecords(
  path: string,
  onDamage?: (archive: string, error: SgfError) => void,
): AsyncGenerator<RecordFile> {
  const kind = await stat(path).catch((error: Error) => {
    throw new SgfError('archive', `cannot read ${path}: ${error.message}`, { cause: error });
  });
  if (kind.isDirectory()) {
    for await (const file of filesIn(path)) {
      if (ARCHIVE.test(file)) yield* onDamage ? readSoundArchive(file, onDamage) : readArchive(file);
      else yield { archive: path, name: relative(path, file), bytes: await readFile(file) };
    }
  } else if (ARCHIVE.test(path)) yield* readArchive(path);
  else if (SGF.test(path)) yield { archive: path, name: path, bytes: await readFile(path) };
  else
    throw new SgfError('archive', `${path} is neither a folder nor one of .sgf, .tar, .tar.gz, .tgz, .zip`);
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = [];
  for await (const entry of await opendir(folder)) entries.push(entry);
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (SGF.test(entry.name) || ARCHIVE.test(entry.name)) yield path;
  }
}

async function* readSoundArchive(
  path: string,
  onDamage: (archive: string, error: SgfError) => void,
): AsyncGenerator<RecordFile> {
  try {
    yield* readArchive(path);
  } catch (error) {
    if (!(error instanceof SgfError)) throw error;
    onDamage(path, error);
  }
}

async function* readArchive(path: string): AsyncGenerator<RecordFile> {
  try {
    yield* /\.zip$/i.test(path) ? readZip(path) : readTar(path);
  } catch (error) {
    throw new SgfError('archive', `${path} is damaged: ${(error as Error).message}`, { cause: error });
  }
}

async function* readTar(path: string): AsyncGenerator<RecordFile> {
  const unpack = extract();
  const source = createReadStream(path);
  const done = (): void => {}; // errors of the pipeline reach the loop below through `unpack`
  if (/gz$/i.test(path)) pipeline(source, createGunzip(), unpack, done);
  else pipeline(source, unpack, done);
  for await (const entry of unpack) {
    if (entry.header.type !== 'file' || !SGF.test(entry.header.name)) {
      entry.resume();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    yield { archive: path, name: entry.header.name, bytes: Buffer.concat(chunks) };
  }
}

async function* readZip(path: string): AsyncGenerator<RecordFile> {
  const files = unzipSync(await readFile(path), { filter: ({ name }) => SGF.test(name) });
  for (const [name, bytes] of Object.entries(files)) yield { archive: path, name, bytes };
}
