/** `hane match` and `hane check` as processes: killed and taken up again, stopped once and twice, merged, refused. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkEngine } from '../../src/match/check/check.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { hane as runHane, type Ended } from '../support/hane.ts';

const ENGINE = `${process.execPath} --import tsx ${join(packageRoot, 'tests', 'match', 'badEngine.ts')}`;
const GOOD = `good=${ENGINE} good`;
const WEAK = `weak=${ENGINE} good 6`;
const SLOW = `slow=${ENGINE} slow 3`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 5 }));

const start = (args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } => {
  let child!: ChildProcess;
  const ended = runHane(args, { onStart: started => (child = started) });
  return { child, ended };
};

const hane = (...args: string[]): Promise<Ended> => runHane(args);

const match = (...options: string[]): string[] => [
  'match',
  '--size',
  '7',
  '--opening-moves',
  '0',
  '--max-moves',
  '30',
  ...options,
];

const lines = (path: string): string[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line !== '')
    : [];

const ids = (path: string): string[] => lines(path).map(line => (JSON.parse(line) as { id: string }).id);

const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await new Promise(resolve => setTimeout(resolve, 10));
};

test(
  'a match of 40 games killed with -9 goes on: no game is lost, none counts twice',
  { timeout: 120_000 },
  async () => {
    const out = join(folder, 'm');
    const results = join(out, 'results.jsonl');
    const args = match(
      '--engine',
      GOOD,
      '--engine',
      WEAK,
      '--pairs',
      '20',
      '--concurrency',
      '2',
      '--out',
      out,
    );
    const first = start(args);
    await until(() => lines(results).length >= 9);
    first.child.kill('SIGKILL');
    await first.ended;
    const kept = lines(results).length;
    const { code, out: text, err } = await hane(...args);
    expect(code).toBe(0);
    expect(err).toContain(`going on: ${kept} games are played, ${40 - kept} are left`);
    expect(new Set(ids(results)).size).toBe(40);
    expect(lines(results)).toHaveLength(40);
    expect(text).toMatch(/good - weak: 40 won, 0 drawn, 0 lost; as Black 20 of 20, as White 20 of 20/);
    const again = await hane(...args);
    expect(again.err).toContain('40 games are played, 0 are left');
    const report = await readFile(join(out, 'report.html'), 'utf8');
    expect(report).toContain('good');
    const data = await readFile(join(out, 'good-weak.dat'), 'utf8');
    expect(data.split('\n').filter(line => /^\d/.test(line))).toHaveLength(40);
  },
);

test('an interrupt lets the games under way end, a second one does not', { timeout: 60_000 }, async () => {
  for (const interrupts of [1, 2]) {
    const out = join(folder, `m${interrupts}`);
    const results = join(out, 'results.jsonl');
    const { child, ended } = start(match('--engine', SLOW, '--engine', GOOD, '--pairs', '5', '--out', out));
    await until(() => lines(results).length === 1);
    child.kill('SIGINT');
    if (interrupts === 2) {
      await new Promise(resolve => setTimeout(resolve, 200));
      child.kill('SIGINT');
    }
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toContain('finishing the games under way');
    expect(lines(results).length).toBe(interrupts === 1 ? 2 : 1);
    expect(existsSync(join(out, 'report.html'))).toBe(true);
  }
});

test('shards merge into the whole match', { timeout: 60_000 }, async () => {
  const parts = ['1', '2'].map(part => join(folder, `part-${part}`));
  for (const [i, part] of parts.entries())
    await hane(
      ...match('--engine', GOOD, '--engine', WEAK, '--pairs', '3', '--shard', `${i + 1}/2`, '--out', part),
    );
  expect(parts.map(part => ids(join(part, 'results.jsonl')).length)).toEqual([4, 2]);
  const whole = join(folder, 'whole');
  const { code, out } = await hane('match', 'merge', '--out', whole, ...parts);
  expect([code, out]).toEqual([0, expect.stringContaining('6 won, 0 drawn, 0 lost')]);
  expect(ids(join(whole, 'results.jsonl')).toSorted()).toEqual([
    '0-1-0-a',
    '0-1-0-b',
    '0-1-1-a',
    '0-1-1-b',
    '0-1-2-a',
    '0-1-2-b',
  ]);
  const other = join(folder, 'other');
  await hane(...match('--engine', GOOD, '--engine', WEAK, '--pairs', '1', '--komi', '0', '--out', other));
  expect((await hane('match', 'merge', '--out', join(folder, 'x'), parts[0], other)).err).toContain(
    'hold different matches',
  );
});

describe('what cannot be is refused:', () => {
  test.each([
    [['--engine', GOOD], 'a match needs at least two engines'],
    [['--engine', GOOD, '--engine', WEAK, '--engine', SLOW], '3 engines: --mode round-robin or gauntlet'],
    [['--engine', GOOD, '--engine', 'cmd="'], 'is not closed'],
    [['--engine', GOOD, '--engine', WEAK, '--time', '5 minutes'], 'seconds as 300 (absolute)'],
    [['--engine', GOOD, '--engine', WEAK, '--shard', '3/2'], 'must be i/n with i from 1 to n'],
    [['--engine', GOOD, '--engine', WEAK, '--sprt', '5,0'], 'must be elo0,elo1'],
    [['--engines', 'no such file'], 'cannot read no such file'],
  ])('%j', async (options, message) => {
    const { code, err } = await hane('match', '--out', join(folder, 'm'), ...options);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  test('too few openings, and nothing is left that stands in the way of the next try', async () => {
    const out = join(folder, 'few');
    const list = join(folder, 'few.sgf');
    await writeFile(list, '(;SZ[9];B[ee])');
    const args = match(
      '--engine',
      GOOD,
      '--engine',
      WEAK,
      '--openings',
      list,
      '--opening-moves',
      '2',
      '--out',
      out,
    );
    const { code, err } = await hane(...args);
    expect([code, err]).toEqual([2, expect.stringContaining('only 0 of 10 different openings')]);
    expect(existsSync(join(out, 'match.json'))).toBe(false);
  });

  test('another match in the same folder', { timeout: 30_000 }, async () => {
    const out = join(folder, 'm');
    await hane(...match('--engine', GOOD, '--engine', WEAK, '--pairs', '1', '--out', out));
    const { code, err } = await hane(
      ...match('--engine', GOOD, '--engine', WEAK, '--pairs', '1', '--komi', '3', '--out', out),
    );
    expect([code, err]).toEqual([2, expect.stringContaining('holds another match')]);
  });
});

test('a sequential test ends a match when it has decided', { timeout: 60_000 }, async () => {
  const out = join(folder, 'm');
  const { out: text } = await hane(
    ...match('--engine', GOOD, '--engine', WEAK, '--pairs', '100', '--sprt', '0,200,0.1', '--out', out),
  );
  expect(text).toContain('H1 accepted');
  expect(lines(join(out, 'results.jsonl')).length).toBeLessThan(100);
});

describe('check', () => {
  test(
    'hane itself passes whole, as it is built (npm test builds it first)',
    { timeout: 60_000 },
    async () => {
      const main = join(packageRoot, 'dist', 'src', 'cli', 'main.js');
      const { code, out } = await hane('check', `${process.execPath} ${main} gtp`);
      expect(out).not.toMatch(/^(warn|fail|skip)/m);
      expect([code, out]).toEqual([
        0,
        expect.stringMatching(/\d+ passed, 0 warnings, 0 failed, 0 not offered/),
      ]);
    },
  );

  test.each([
    ['garbage', 'belongs to no answer|stdout begins with'],
    ['wrong-ids', 'gomill|answers|missing'],
    ['crash-at-start', 'it ended with 3'],
    ['slow-quit', 'it lives on'],
  ])('an engine of the kind %s fails, and is told why', { timeout: 60_000 }, async (how, reason) => {
    const findings = await checkEngine(
      { name: how, command: [...ENGINE.split(' '), how], init: [] },
      { startMs: 5000, answerMs: 1000, moveMs: 1500 },
    );
    const failed = findings.filter(({ status }) => status === 'fail');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.map(({ detail }) => detail).join('\n')).toMatch(new RegExp(reason));
  });
});
