import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecords } from '../../src/sgf/archive.ts';

const GAMES = { 'a.sgf': '(;GM[1];B[aa])', 'deep/b.SGF': '(;GM[1];B[bb])' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterEach(() => rm(folder, { recursive: true }));

const writeTar = async (path: string, gzip: boolean): Promise<void> => {
  const archive = pack();
  for (const [name, text] of Object.entries(GAMES)) archive.entry({ name }, text);
  archive.entry({ name: 'README.txt' }, 'no game');
  archive.finalize();
  if (gzip) await pipeline(archive, createGzip(), createWriteStream(path));
  else await pipeline(archive, createWriteStream(path));
};

const list = async (path: string): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for await (const { name, bytes } of readRecords(path)) found[name] = Buffer.from(bytes).toString();
  return found;
};

test.each(['games.tar', 'games.tar.gz', 'games.tgz'])('%s: its SGF files and nothing else', async name => {
  const path = join(folder, name);
  await writeTar(path, name !== 'games.tar');
  expect(await list(path)).toEqual(GAMES);
});

test('a zip', async () => {
  const path = join(folder, 'games.zip');
  const files = Object.entries({ ...GAMES, 'x.txt': 'no game' });
  await writeFile(path, zipSync(Object.fromEntries(files.map(([name, text]) => [name, Buffer.from(text)]))));
  expect(await list(path)).toEqual(GAMES);
});

test('a folder with folders and archives in it, in the order of names', async () => {
  await mkdir(join(folder, 'm'));
  await writeFile(join(folder, 'm', 'c.sgf'), '(;GM[1])');
  await writeFile(join(folder, 'notes.txt'), 'no game');
  await writeTar(join(folder, 'a.tar.gz'), true);
  expect(Object.keys(await list(folder))).toEqual(['a.sgf', 'deep/b.SGF', join('m', 'c.sgf')]);
});

test('one file', async () => {
  const path = join(folder, 'one.sgf');
  await writeFile(path, '(;GM[1])');
  expect(await list(path)).toEqual({ [path]: '(;GM[1])' });
});

test('a path that is missing or of another kind, and a damaged archive, are errors that name it', async () => {
  await expect(list(join(folder, 'missing'))).rejects.toThrow(/cannot read .*missing/);
  const text = join(folder, 'x.txt');
  await writeFile(text, '');
  await expect(list(text)).rejects.toThrow(`${text} is neither a folder nor one of .sgf, .tar`);
  for (const name of ['cut.tar.gz', 'cut.zip']) {
    const path = join(folder, name);
    if (name.endsWith('zip')) await writeFile(path, 'PK no zip');
    else {
      await writeTar(path, true);
      await truncate(path, 60);
    }
    await expect(list(path)).rejects.toThrow(`${path} is damaged`);
  }
});

test('reading can stop early', async () => {
  const path = join(folder, 'games.tar.gz');
  await writeTar(path, true);
  for await (const { name } of readRecords(path)) {
    expect(name).toBe('a.sgf');
    break;
  }
});
