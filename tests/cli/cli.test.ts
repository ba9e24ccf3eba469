import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSgf } from '../../src/sgf/parse.ts';
import { readRecord } from '../../src/sgf/record.ts';
import { hane } from '../support/hane.ts';

const GAME = '(;GM[1]SZ[19]KM[6.5]PB[a]PW[b];B[pd];W[dp];B[pp];W[dd])';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  file = join(folder, 'game.sgf');
  await writeFile(file, GAME);
});
afterAll(() => rm(folder, { recursive: true }));

describe('analyze', () => {
  test('shows the board with its probabilities and the best moves', async () => {
    const { code, out, err } = await hane(['analyze', file, '--move', '3', '--top', '4']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('a - b, move 3, White to play');
    expect(out.match(/^.*\d+\.\d %$/gm)).toHaveLength(4 + 0);
    expect(out).toMatch(/Black wins \d+\.\d %, (Black|White) leads by \d+\.\d/);
  });

  test('draws SVG and PNG', async () => {
    for (const name of ['heat.svg', 'heat.png']) {
      const { code } = await hane([
        'analyze',
        file,
        '--move',
        '4',
        '--symmetries',
        '8',
        '--out',
        join(folder, name),
      ]);
      expect(code).toBe(0);
      const head = (await readFile(join(folder, name))).subarray(0, 5).toString('latin1');
      expect(head).toMatch(name.endsWith('svg') ? /^<svg|^<\?xml/ : /^.PNG/);
    }
  });

  test.each([
    [['--move', '5'], 'move 5: the main line has moves 0 to 4'],
    [['--move', '-1'], "argument '-1' is invalid. must be a whole number from 0"],
    [['--game', '2'], 'has 1 game: --game takes 1 to 1'],
    [['--out', 'heat.gif'], 'heat.gif: the file has to end in .svg or .png'],
    [['--out', join('no', 'such', 'folder', 'x.svg')], 'cannot write'],
    [['--network', 'huge'], 'unknown network "huge": one of 13x64'],
    [['--threads', 'many'], 'must be a whole number from 1'],
    [['--symmetries', '3'], 'must be 1 or 8'],
    [['--speed'], "unknown option '--speed'"],
  ])('%j is refused', async (options, message) => {
    const { code, err } = await hane(['analyze', file, ...options]);
    expect(err).toContain(message);
    expect(code).not.toBe(0);
    expect(err).not.toContain('    at ');
  });

  test('a file that is missing or no game is refused', async () => {
    expect(await hane(['analyze', join(folder, 'missing.sgf')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot read') as string,
    });
    const text = join(folder, 'text.sgf');
    await writeFile(text, 'hello');
    const { code, err } = await hane(['analyze', text]);
    expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
  });
});

describe('planes', () => {
  test('as JSON: the points of each plane that is not all zero', async () => {
    const { code, out } = await hane(['planes', file, '--move', '2', '--json']);
    expect(code).toBe(0);
    const { sgf, movesPlayed, toPlay, nextMove, planes } = JSON.parse(out) as {
      sgf: string;
      movesPlayed: number;
      toPlay: string;
      nextMove: number;
      planes: Record<string, number[]>;
    };
    expect({ sgf, movesPlayed, toPlay, nextMove }).toEqual({
      sgf: 'game.sgf',
      movesPlayed: 2,
      toPlay: 'B',
      nextMove: 15 * 19 + 15,
    });
    expect(planes['0']).toEqual([3 * 19 + 15]);
    expect(planes['1']).toEqual([15 * 19 + 3]);
    expect(planes['2']).toHaveLength(359);
    expect(planes['3']).toBeUndefined();
  });

  test('in the terminal and as pictures, one, some, or all', async () => {
    const { out } = await hane(['planes', file, '--plane', '0,4-5']);
    expect(out.match(/^plane \d+/gm)).toEqual(['plane 0', 'plane 4', 'plane 5']);
    for (const options of [['--plane', '1'], []]) {
      const picture = join(folder, `planes${options.length}.svg`);
      expect((await hane(['planes', file, ...options, '--out', picture])).code).toBe(0);
      expect((await readFile(picture, 'utf8')).length).toBeGreaterThan(1000);
    }
  });

  test.each(['48', 'x', '5-3', ''])('--plane %j is refused', async list => {
    const { code, err } = await hane(['planes', file, '--plane', list]);
    expect([code, err.includes('--plane')]).toEqual([2, true]);
  });
});

describe('play', () => {
  test('moves, mistakes, commands, saving, leaving', async () => {
    const saved = join(folder, 'played.sgf');
    const input = ['help', 'D4', 'D4', 'Z99', 'hint', 'score', 'undo', 'Q4', `save ${saved}`, 'quit'];
    const { code, out, err } = await hane(['play', '--size', '9'], { input: `${input.join('\n')}\n` });
    expect([code, err]).toEqual([0, expect.any(String)]);
    expect(out).toContain('D4 is not allowed');
    expect(out).toContain('"Z99" is neither a move from A1 to J9 nor a command');
    expect(out).toContain('"Q4" is neither');
    expect(out).toMatch(/hane plays [A-J]\d/);
    const record = readRecord(parseSgf(await readFile(saved))[0]);
    expect(record).toMatchObject({ width: 9, black: 'you', white: 'hane', moves: [] });
  });

  test('takes lines that come while hane makes the first move', async () => {
    const options = ['--color', 'white', '--size', '9', '--visits', '20'];
    const { code, out } = await hane(['play', ...options], { input: 'Z99\nquit\n' });
    expect(code).toBe(0);
    expect(out).toContain('"Z99" is neither');
  });

  test('ends when its input ends', async () => {
    const { code, out } = await hane(['play', '--size', '9'], { input: 'E5\n' });
    expect(code).toBe(0);
    expect(out).toMatch(/hane plays/);
  });

  test.each([
    [['--size', '26'], 'from'],
    [['--color', 'red'], 'red'],
    [['--komi', 'x'], 'must be a number'],
  ])('%j is refused', async (options, message) => {
    const { code, err } = await hane(['play', ...options]);
    expect(code).not.toBe(0);
    expect(err).toContain(message);
  });
});

test('selftest says what works, and JSON says the same', { timeout: 120_000 }, async () => {
  const { code, out } = await hane(['selftest', '--json', '--threads', '1']);
  expect(code).toBe(0);
  const { works, checks } = JSON.parse(out) as {
    works: boolean;
    checks: readonly { readonly name: string; readonly isGood?: boolean; readonly detail: string }[];
  };
  expect(works).toBe(true);
  const good = checks.filter(({ isGood }) => isGood).map(({ name }) => name);
  expect(good).toEqual(
    expect.arrayContaining(['versions', 'planes', 'playouts', 'network', 'moves', 'wasm']),
  );
  for (const { detail } of checks) expect(detail).not.toBe('');
  const failed = await hane(['selftest', '--network', 'huge', '--threads', '1']);
  expect([failed.code, failed.out]).toEqual([
    1,
    expect.stringMatching(/fail network {4}unknown network "huge": one of 13x64/),
  ]);
});

test('without a command it says what there is; an unknown one is refused; nothing is left in the folder', async () => {
  expect((await hane(['--help'])).out).toMatch(/play[^]*gtp[^]*analyze[^]*planes/);
  expect((await hane(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await hane(['dance'])).err).toContain("unknown command 'dance'");
  expect((await readdir(folder)).filter(name => name.includes('tmp'))).toEqual([]);
});
