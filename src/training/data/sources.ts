/**
 * What a game is called in a dataset: the name of the archive or folder it is in and its path within that, with slashes. Where
 * the archive lies does not matter, so that lists of games hold on every machine.
 */
import { basename, resolve } from 'node:path';
import { DatasetError } from './datasetError.ts';
import { readMaybePacked } from './readMaybePacked.ts';

/**
 * @param archive path of an archive or folder
 * @param member path within it; the archive's own for a single file
 */
export const sourceOf = (archive: string, member: string): string =>
  archive === member ? baseOf(archive) : `${baseOf(archive)}/${withSlashes(member)}`;

const withSlashes = (path: string): string => path.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');

const baseOf = (path: string): string => basename(resolve(path.replaceAll('\\', '/')));

/** Up to the name of an archive, for lists that give its path. */
const BEFORE_ARCHIVE = /^.*?\/(?=[^/]+\.(?:tar|tar\.gz|tgz|zip)\/)/i;

/**
 * Reads a list of games, one source a line; empty lines and those that begin with # are none.
 * @throws DatasetError if it cannot be read, or names no game
 */
export const readSources = async (path: string): Promise<Set<string>> => {
  const text = new TextDecoder().decode(await readMaybePacked(path));
  const lines = text.split(/\r?\n/).map(line => line.trim());
  const sources = new Set(
    lines
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => withSlashes(line).replace(BEFORE_ARCHIVE, '')),
  );
  if (sources.size === 0) throw new DatasetError(`${path} names no game: one archive/member a line`);
  return sources;
};
