/** `hane eval` as a process, with the network that ships, on a few positions of games by chance. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { gameToSgf } from '../../src/sgf/write.ts';
import type { EvalReport } from '../../src/training/eval/evaluateNetwork.ts';
import { hane, type Ended } from '../support/hane.ts';
import { playRandomMoves } from '../support/randomGames.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  for (let i = 0; i < 30; i++) {
    const game = new Game();
    playRandomMoves(game, 60, new Random(i));
    await writeFile(join(folder, `${i}.sgf`), gameToSgf(game, { result: 'B+1.5' }));
  }
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

/** @param onBegin is called when the measuring begins, with a function that interrupts */
const evaluate = (options: readonly string[], onBegin?: (interrupt: () => void) => void): Promise<Ended> =>
  hane(['eval', ...options], {
    onStderr: (text, child) => {
      if (text.includes('measuring on')) onBegin?.(() => child.kill('SIGINT'));
    },
  });

const TIME = { timeout: 60_000 };

test(
  'a network is measured on games, as text and as a page; the same seed gives the same figures',
  TIME,
  async () => {
    const out = join(folder, 'report.html');
    const args = ['13x64', '--games', folder, '--positions', '60', '--threads', '1'];
    const { code, out: text } = await evaluate([...args, '--out', out]);
    expect([code, text]).toEqual([0, expect.stringContaining('13x64: 60 positions of ')]);
    expect(text).toMatch(/human move, expert, top-1 +\d+\.\d\d %/);
    expect(readFileSync(out, 'utf8')).toContain('<svg');
    const reports = await Promise.all(
      [1, 1, 2].map(async seed => {
        const { out: json } = await evaluate([...args, '--json', '--seed', `${seed}`]);
        return (JSON.parse(json) as EvalReport).networks[0].overall.policyLoss!.mean;
      }),
    );
    expect(reports[1]).toBe(reports[0]);
    expect(reports[2]).not.toBe(reports[0]);
  },
);

test('a network compared with itself differs by nothing', TIME, async () => {
  const { out } = await evaluate(['13x64', '13x64', '--games', folder, '--positions', '20', '--json']);
  const { networks, difference } = JSON.parse(out) as EvalReport;
  expect(networks).toHaveLength(2);
  expect(difference!.expertLoss!.mean).toBeCloseTo(0, 6);
});

test('an interrupt prints what there is', TIME, async () => {
  const file = join(folder, 'early.svg');
  const { code, out } = await evaluate(
    ['13x64', '--games', folder, '--positions', '100000', '--threads', '1', '--out', file],
    interrupt => setTimeout(interrupt, 300),
  );
  expect([code, out]).toEqual([130, expect.stringContaining('(interrupted)')]);
  expect(existsSync(file)).toBe(true);
});

describe('what cannot be is refused:', () => {
  test.each([
    [['13x64'], 'what to measure on: either --games PATHS or --dataset FOLDER'],
    [['13x64', '--dataset', 'nowhere'], 'nowhere is no dataset'],
    [['huge', '--games', '.'], 'unknown network "huge": one of 13x64'],
    [['13x64', '--games', '.', '--out', 'x.pdf'], '--out x.pdf: the file has to end in .svg or .html'],
    [['13x64', '--dataset', '.', '--split', 'half'], 'must be one of train, validation, test, all'],
    [['13x64', '--games', '.', '--positions', '0'], 'no position to measure on'],
  ])('%j', TIME, async (options, message) => {
    const args = options.map(option => (option === '.' ? folder : option));
    const { code, err } = await evaluate(args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
