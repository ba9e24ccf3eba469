/** `hane data label` as a process: interrupted, gone on with, refused. */
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { gameToSgf } from '../../src/sgf/write.ts';
import { LABEL_BYTES } from '../../src/training/labels.ts';
import { hane, type Ended } from '../support/hane.ts';
import { playRandomMoves } from '../support/randomGames.ts';

const ENGINE = `${process.execPath} --import tsx ${join(packageRoot, 'tests', 'training', 'label', 'badAnalysisEngine.ts')}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  for (let i = 0; i < 12; i++) {
    const game = new Game();
    playRandomMoves(game, 40, new Random(i));
    await writeFile(join(folder, `${i}.sgf`), gameToSgf(game));
  }
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 5 }));

/** @param onStart is given a function that interrupts */
const label = (
  options: readonly string[],
  onStart?: (interrupt: () => void) => Promise<void>,
): Promise<Ended> =>
  hane(['data', 'label', ...options], { onStart: child => void onStart?.(() => child.kill('SIGINT')) });

test('an interrupt ends it cleanly, and the same command goes on', { timeout: 60_000 }, async () => {
  const file = join(folder, 'l.bin');
  const args = (how: string): string[] => [
    folder,
    '--engine',
    `${ENGINE} ${how}`,
    '--out',
    file,
    '--per-game',
    '3',
  ];
  const first = await label([...args('slow'), '--in-flight', '1'], async interrupt => {
    while (!existsSync(file) || statSync(file).size === 0)
      await new Promise(resolve => setTimeout(resolve, 10));
    interrupt();
  });
  expect([first.code, first.err]).toEqual([130, expect.stringContaining('finishing the games under way')]);
  const kept = statSync(file).size / LABEL_BYTES;
  expect(first.out).toContain(`${kept} positions of ${kept / 3} games labelled`);
  const second = await label(args('good'));
  expect([second.code, second.err]).toEqual([0, expect.stringContaining(`going on: ${kept} labels`)]);
  expect(second.out).toContain(`${36 - kept} positions of ${12 - kept / 3} games labelled`);
  expect(statSync(file).size).toBe(36 * LABEL_BYTES);
  expect(existsSync(join(folder, 'games.csv'))).toBe(true);
});

describe('what cannot be is refused:', () => {
  test.each([
    [
      ['--engine', `${ENGINE} crash-at-start`, '--out', 'l.bin'],
      'the engine ended (3); it said: no network file',
    ],
    [['--engine', '"a', '--out', 'l.bin'], 'is not closed'],
    [['--engine', ENGINE, '--out', 'l.txt'], '--out l.txt: the file has to end in .bin'],
    [['--engine', ENGINE], "required option '--out"],
    [['--engine', ENGINE, '--out', '0.sgf/l.bin'], 'cannot write'],
  ])('%j', { timeout: 60_000 }, async (options, message) => {
    const args = options.map(option => (option.endsWith('l.bin') ? join(folder, option) : option));
    const { code, err } = await label([folder, ...args]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
