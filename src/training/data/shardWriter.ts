/** Writes records into numbered files of limited size, with the hash of each. */
import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shard } from './summary.ts';

/** Small enough to copy about, large enough that there are few. */
const SHARD_BYTES = 64 * 2 ** 20;

/** Bytes written at a time. */
const CHUNK_BYTES = 2 ** 20;

export class ShardWriter {
  private readonly folder: string;
  private readonly kind: string;
  private readonly limit: number;
  private readonly shards: Shard[] = [];
  private readonly chunk = new Uint8Array(CHUNK_BYTES);
  private used = 0;
  private file: FileHandle | undefined;
  private hash: Hash = createHash('sha256');
  private bytes = 0;

  /** @param kind first part of the names: "games" makes games-0000.bin @param limit bytes of a file at most */
  constructor(folder: string, kind: string, limit: number = SHARD_BYTES) {
    this.folder = folder;
    this.kind = kind;
    this.limit = limit;
  }

  /** Adds one record, in a new file if it does not fit; a record larger than the limit has a file of its own. */
  async add(record: Uint8Array): Promise<void> {
    const total = this.bytes + this.used;
    if (total > 0 && total + record.length > this.limit) await this.endFile();
    if (this.used + record.length > CHUNK_BYTES) await this.flush();
    if (record.length > CHUNK_BYTES) await this.write(record);
    else {
      this.chunk.set(record, this.used);
      this.used += record.length;
    }
  }

  /** Ends the last file. @returns all of them */
  async finish(): Promise<readonly Shard[]> {
    if (this.bytes + this.used > 0) await this.endFile();
    return this.shards;
  }

  /** Closes the file under way, if there is one: for a writer that may not have come to its end. */
  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  private get name(): string {
    return `${this.kind}-${String(this.shards.length).padStart(4, '0')}.bin`;
  }

  private async flush(): Promise<void> {
    if (this.used > 0) await this.write(this.chunk.subarray(0, this.used));
    this.used = 0;
  }

  private async write(bytes: Uint8Array): Promise<void> {
    this.file ??= await open(join(this.folder, this.name), 'wx');
    await this.file.writeFile(bytes);
    this.hash.update(bytes);
    this.bytes += bytes.length;
  }

  private async endFile(): Promise<void> {
    await this.flush();
    await this.file?.sync();
    await this.file?.close();
    this.shards.push({ file: this.name, bytes: this.bytes, sha256: this.hash.digest('hex') });
    this.file = undefined;
    this.hash = createHash('sha256');
    this.bytes = 0;
  }
}

/**
 * Writes files of records into a folder.
 * @param kind see {@link ShardWriter} @param limit bytes of a file at most
 * @param write adds the records; whatever it throws, no file stays open
 * @returns what `write` returned, and the files
 */
export const writeShards = async <T>(
  folder: string,
  kind: string,
  limit: number | undefined,
  write: (writer: ShardWriter) => Promise<T>,
): Promise<readonly [T, readonly Shard[]]> => {
  const writer = new ShardWriter(folder, kind, limit);
  try {
    const written = await write(writer);
    return [written, await writer.finish()];
  } finally {
    await writer.close();
  }
};
