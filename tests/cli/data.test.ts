import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeProgressLine } from '../../src/cli/progressLine.ts';
import { hane, type Ended } from '../support/hane.ts';
import { makeGame, writeTarGz } from '../training/data/support.ts';

let folder: string;
let archive: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  archive = join(folder, 'games.tar.gz');
  const files = Array.from({ length: 8 }, (_, i) => [
    `${i}.sgf`,
    makeGame(i, 40, `DT[200${i}]BR[${i + 1}d]WR[6d]`),
  ]);
  await writeTarGz(archive, Object.fromEntries(files) as Record<string, string>);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs `hane data` until it ends; arguments that begin with @ are in the folder. */
const data = (...list: readonly string[]): Promise<Ended> =>
  hane(['data', ...list.map(arg => (arg.startsWith('@') ? join(folder, arg.slice(1)) : arg))]);

test('build makes a dataset and reports; info says the same and draws', async () => {
  await writeFile(join(folder, 'machine.sgf'), makeGame(50, 40, 'DT[2020]'));
  const filters = ['--min-rank', '3d', '--years', '2003:', '--result', 'known,unknown'];
  const built = await data(
    'build',
    '@games.tar.gz',
    '--out',
    '@set',
    '--machine-games',
    '@machine.sgf',
    ...filters,
  );
  expect([built.code, built.err]).toEqual([0, '']);
  expect(built.out).toMatch(/^games\.tar\.gz +8 +5$/m);
  expect(built.out).toMatch(/^machine\.sgf +1 +1 +machines$/m);
  expect(built.out).toMatch(/^ +year below 2003 +3 +e\.g\. games\.tar\.gz\/0\.sgf$/m);
  expect(await readdir(join(folder, 'set'))).toEqual(['dataset.json', 'games-0000.bin']);

  const info = await data('info', '@set', '--out', '@set.png');
  expect([info.code, info.err, info.out]).toEqual([0, '', built.out]);
  expect((await readFile(join(folder, 'set.png'))).toString('latin1', 1, 4)).toBe('PNG');
  const json = await data('info', '@set', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ games: 6, filters: { 'min-rank': '3d', years: '2003:' } });
});

test.each([
  [['build', '--out', '@x'], 'no games: name SGF files, folders or archives'],
  [['build', '@games.tar.gz'], "required option '--out <folder>' not specified"],
  [['build', '@missing', '--out', '@x'], /cannot read .*missing/],
  [['build', '@games.tar.gz', '--out', '@x', '--min-rank', '9x'], 'must be a rank such as 3k, 6d or 1p'],
  [['build', '@games.tar.gz', '--out', '@x', '--result', 'good'], 'must be of known, unknown, counted'],
  [['build', '@games.tar.gz', '--out', '@x', '--komi', '7:5'], 'must be MIN:MAX'],
  [
    ['build', '@games.tar.gz', '--out', '@x', '--size', '13'],
    'must be 19: a dataset holds games on 19x19 only',
  ],
  [['build', '@games.tar.gz', '--out', '@x', '--test-share', '0.9'], 'must be a share from 0 to 0.5'],
  [['build', '@games.tar.gz', '--out', '@x', '--labels', '@y'], '--labels and --label-games belong together'],
  [['build', '@games.tar.gz', '--out', '@games.tar.gz'], /games\.tar\.gz is a file, not a folder/],
  [['info', '@games.tar.gz'], 'cannot read'],
])('%j is refused with status 2 and the reason', async (args, message) => {
  const { code, out, err } = await data(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
  expect(await readdir(folder)).not.toContain('x');
});

test('the line of progress tells what is counted, its rate, and the time left once the total is known', () => {
  const progress = { done: 1500, total: undefined, count: 1510, unit: 'games', text: '1,400 kept' };
  expect(makeProgressLine(progress, 2)).toBe('1,510 games, 755/s, 1,400 kept');
  expect(makeProgressLine({ ...progress, total: 6000 }, 30)).toBe(
    '[######..................] 1,510 games, 50/s, 1:30 left, 1,400 kept',
  );
});
