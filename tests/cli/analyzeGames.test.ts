import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Review } from '../../src/analysis/review/review.ts';
import { readNetwork } from '../../src/inference/manifest.ts';
import { hane, type Ended, type HaneOptions } from '../support/hane.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  const games = join(folder, 'games');
  await mkdir(join(games, 'sub'), { recursive: true });
  await writeFile(join(games, 'a.sgf'), '(;SZ[9]PB[Anna]PW[Bo]RE[B+R];B[ee];W[gc];B[cg])');
  await writeFile(join(games, 'bad.sgf'), 'hello');
  await writeFile(join(games, 'broken.zip'), 'no archive');
  await writeFile(join(games, 'sub', 'two.sgf'), '(;SZ[9];B[ee])(;SZ[9];B[cc];W[cc])');
});
afterAll(() => rm(folder, { recursive: true }));

const analyze = (args: readonly string[], options?: HaneOptions): Promise<Ended> =>
  hane(['analyze', '--backend', 'cpu', ...args], options);

const filesOf = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
};

describe('a folder of games', () => {
  test('is reviewed, what is bad left out, and a second run finds it done', async () => {
    const out = join(folder, 'out');
    const first = await analyze([join(folder, 'games'), '--visits', '8', '--out', out]);
    expect(first.code).toBe(0);
    expect(first.err).toMatch(/bad\.sgf is left out: no game in it/);
    expect(first.err).toMatch(/broken\.zip is left out: .* is damaged/);
    expect(first.out).toContain('Anna – Bo');
    expect(first.out).toContain('move 2, C7, cannot be played (occupied): the rest is left out');
    const names = ['a', 'two-1', 'two-2'];
    const expected = [
      ...names.flatMap(name => ['html', 'json', 'sgf', 'svg'].map(end => `${name}.${end}`)),
      'index.html',
    ];
    expect(await filesOf(out)).toEqual(expected.toSorted());
    const index = await readFile(join(out, 'index.html'), 'utf8');
    expect(index).toContain('href="sub/two-1.html"');
    expect(index).toContain('3 games, 2 skipped');
    expect(await readFile(join(out, 'a.sgf'), 'utf8')).toMatch(/;B\[ee\]SBKV\[[\d.]+\]SBKS\[/);
    // Another network of the same name would make all reviews anew.
    const { settings } = JSON.parse(await readFile(join(out, 'a.json'), 'utf8')) as Review;
    const { entry } = await readNetwork();
    expect(settings).toEqual({ network: '13x64', networkHash: entry!.sha256, visits: 8, seed: 1 });

    const before = (await stat(join(out, 'a.json'))).mtimeMs;
    await rm(join(out, 'sub', 'two-1.json'));
    const second = await analyze([join(folder, 'games'), '--visits', '8', '--out', out]);
    expect(second.code).toBe(0);
    expect(second.err).toContain('2 of 3 games were done already');
    expect((await stat(join(out, 'a.json'))).mtimeMs).toBe(before);
    expect(await filesOf(out)).toEqual(expected.toSorted());
  });

  test('is left in order by an interrupt, and goes on', async () => {
    const out = join(folder, 'interrupted');
    const args = [join(folder, 'games'), '--visits', '2000', '--out', out];
    const ended = await analyze(args, {
      onStart: child => child.stdout.once('data', () => child.kill('SIGINT')),
    });
    expect(ended.code).toBe(130);
    expect(ended.err).toContain('interrupted; the same command goes on from here');
    expect(await filesOf(out)).toEqual(['a.html', 'a.json', 'a.sgf', 'a.svg', 'index.html']);
  });
});

describe('one game', () => {
  test('without a place to write to is a table in the terminal, the same each time', async () => {
    const args = [join(folder, 'games', 'a.sgf'), '--visits', '30'];
    const { code, out } = await analyze(args);
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 4)).toEqual([
      expect.stringMatching(/^move {2}played/) as string,
      expect.stringMatching(/^ {3}1 {2}B E5 .* %/) as string,
      expect.stringMatching(/^ {3}2 {2}W G7 /) as string,
      expect.stringMatching(/^ {3}3 {2}B C3 /) as string,
    ]);
    expect((await analyze(args)).out).toBe(out);
  });

  test('gives its win rates as a picture', async () => {
    const picture = join(folder, 'graph.png');
    const game = join(folder, 'games', 'sub', 'two.sgf');
    expect((await analyze([game, '--game', '1', '--visits', '2', '--out', picture])).code).toBe(0);
    expect((await readFile(picture)).toString('latin1', 1, 4)).toBe('PNG');
    const refused = await analyze([game, '--visits', '2', '--out', picture]);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining(
        'has 2 games: a picture shows one; --game chooses, or --out names a folder',
      ) as string,
    ]);
  });
});
