/** Game records of folders and archives, for tests and scripts that want the games that can be read and no questions. */
import { readRecords } from '../../src/sgf/archive.ts';
import { parseSgf } from '../../src/sgf/parse.ts';
import { readRecord, type GameRecord } from '../../src/sgf/record.ts';
import { SgfError } from '../../src/sgf/sgfError.ts';

export interface NamedRecord {
  /** Path inside the archive. */
  readonly name: string;
  readonly record: GameRecord;
}

/** The first game of every file that holds one. @param path a folder or archive of SGF files */
export async function* readGames(path: string): AsyncGenerator<NamedRecord> {
  for await (const { name, bytes } of readRecords(path)) {
    const record = tryRead(bytes);
    if (record) yield { name, record };
  }
}

const tryRead = (bytes: Uint8Array): GameRecord | undefined => {
  try {
    return readRecord(parseSgf(bytes)[0]);
  } catch (error) {
    if (error instanceof SgfError) return undefined;
    throw error;
  }
};
