import { readlinkSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeShards } from '../../../src/training/data/shardWriter.ts';

const RECORD = new Uint8Array(2 ** 21);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Files of the folder that this process has open, as Linux tells it. */
const openFiles = (): string[] =>
  readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const path = readlinkSync(join('/proc/self/fd', fd));
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return []; // closed since: that of the list itself
    }
  });

test.skipIf(process.platform !== 'linux')('records that end in an error leave no file open', async () => {
  const broken = writeShards(folder, 'games', undefined, async writer => {
    await writer.add(RECORD);
    expect(openFiles()).toEqual([join(folder, 'games-0000.bin')]);
    throw new Error('no more records');
  });
  await expect(broken).rejects.toThrow('no more records');
  expect(openFiles()).toEqual([]);
});

test('the files are told with what was returned; none without records', async () => {
  const written = await writeShards(folder, 'games', RECORD.length, async writer => {
    await writer.add(RECORD);
    await writer.add(RECORD.subarray(0, 5));
    return 'both';
  });
  expect(written).toMatchObject(['both', [{ bytes: RECORD.length }, { file: 'games-0001.bin', bytes: 5 }]]);
  expect(await writeShards(folder, 'labels', undefined, async () => 0)).toEqual([0, []]);
  expect((await readdir(folder)).toSorted()).toEqual(['games-0000.bin', 'games-0001.bin']);
});
