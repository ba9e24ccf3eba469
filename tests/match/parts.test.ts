import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ScriptedEvaluator } from '../../engine/evaluator.ts';
import { parseVertex } from '../../engine/coords.ts';
import { BLACK, WHITE, type Move } from '../../engine/types.ts';
import { findDuplicates, gameKey } from '../../src/match/duplicates.ts';
import { nameApart, parseEngine, readEngines, splitCommand } from '../../src/match/engineSpec.ts';
import {
  openingsFromList,
  openingsFromPolicy,
  openingsFromRecords,
  openingText,
} from '../../src/match/openings.ts';
import { readThought } from '../../src/match/playGame.ts';
import { makeReport } from '../../src/match/report.ts';
import { countPairs, type GameRow } from '../../src/match/results.ts';
import { makeSchedule, pairingsOf } from '../../src/match/schedule.ts';
import { drawSummary, summarize } from '../../src/match/summary.ts';
import { Clock, parseTimeControl } from '../../src/match/timeControl.ts';
import { makeTwogtpTable } from '../../src/match/twogtp.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
});
afterEach(() => rm(folder, { recursive: true }));

const moves = (text: string, size = 19): Move[] =>
  text.split(' ').map((vertex, i) => ({
    color: i % 2 === 0 ? BLACK : WHITE,
    point: parseVertex(vertex, { width: size, height: size })!,
  }));

let count = 0;
const row = (changes: Partial<GameRow>): GameRow => ({
  id: `game ${count++}`,
  pair: 0,
  opening: 'none',
  black: 'a',
  white: 'b',
  result: 'B+R',
  moves: ['D4', 'Q16', 'pass'],
  openingMoves: 1,
  winrates: [50, null, 60.5],
  counts: [null, null],
  secondsBlack: 2,
  secondsWhite: 1,
  key: String(count),
  finished: '2026-11-24T00:00:00Z',
  ...changes,
});

describe('engines', () => {
  test('are command lines with quotes as in a shell', () => {
    expect(splitCommand(`a "b c" 'd "e' f\\ g ""`)).toEqual(['a', 'b c', 'd "e', 'f g', '']);
    expect(() => splitCommand('a "b')).toThrow('a quote " is not closed');
  });

  test('may have a name, a folder, an environment, first commands', () => {
    expect(parseEngine('/usr/games/gnugo --mode gtp')).toEqual({
      name: 'gnugo',
      command: ['/usr/games/gnugo', '--mode', 'gtp'],
      init: [],
    });
    expect(parseEngine('strong=node main.js gtp')).toMatchObject({
      name: 'strong',
      command: ['node', 'main.js', 'gtp'],
    });
    expect(
      parseEngine('cmd="katago gtp -model x" name=k cwd=/tmp init="kata-set-rules chinese; komi 7" env.A=1'),
    ).toEqual({
      name: 'k',
      command: ['katago', 'gtp', '-model', 'x'],
      cwd: '/tmp',
      env: { A: '1' },
      init: ['kata-set-rules chinese', 'komi 7'],
    });
    expect(() => parseEngine('')).toThrow('needs a command');
    expect(() => parseEngine('cmd=x colour=red')).toThrow('"colour=red"');
  });

  test('may come from a file, and get names apart', async () => {
    const path = join(folder, 'engines.json');
    await writeFile(
      path,
      '[{"command": "x gtp"}, {"name": "y", "command": ["y", "a b"], "init": ["komi 7"]}]',
    );
    expect(readEngines(path)).toMatchObject([
      { name: 'x', command: ['x', 'gtp'] },
      { name: 'y', command: ['y', 'a b'] },
    ]);
    await writeFile(path, '[{}]');
    expect(() => readEngines(path)).toThrow('engine 1 needs a "command"');
    const same = { name: 'x', command: ['x'], init: [] };
    expect(nameApart([same, same, same]).map(({ name }) => name)).toEqual(['x', 'x-2', 'x-3']);
  });
});

describe('the schedule', () => {
  test('has every pairing twice for each opening', () => {
    expect(pairingsOf(4, 'round-robin')).toHaveLength(6);
    expect(pairingsOf(4, 'gauntlet')).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
    const games = makeSchedule(3, 'round-robin', 5);
    expect(games).toHaveLength(30);
    expect(new Set(games.map(({ id }) => id)).size).toBe(30);
    for (const { black, white, pair } of games)
      expect(
        games.filter(game => game.black === white && game.white === black && game.pair === pair),
      ).toHaveLength(1);
  });

  test('falls apart into shards that make the whole, with both games of a pair in one', () => {
    const whole = makeSchedule(3, 'round-robin', 7).map(({ id }) => id);
    const parts = [0, 1, 2, 3].map(index =>
      makeSchedule(3, 'round-robin', 7, { index, count: 4 }).map(({ id }) => id),
    );
    expect(parts.flat().toSorted()).toEqual(whole.toSorted());
    for (const part of parts)
      for (const id of part) expect(part).toContain(id.replace(/.$/, id.endsWith('a') ? 'b' : 'a'));
  });
});

describe('clocks', () => {
  test.each([
    ['none', { kind: 'none' }],
    ['300', { kind: 'absolute', main: 300 }],
    ['300+5', { kind: 'fischer', main: 300, increment: 5 }],
    ['60+5x30', { kind: 'byoyomi', main: 60, periods: 5, period: 30 }],
  ])('%s is read', (text, control) => expect(parseTimeControl(text)).toEqual(control));

  test('what is no clock is refused', () => {
    for (const text of ['', 'x', '5m', '-3', '1+', '1+2x'])
      expect(() => parseTimeControl(text)).toThrow('seconds as 300');
  });

  test('absolute time runs out', () => {
    const clock = new Clock(parseTimeControl('10'), 0.5);
    expect(clock.spend(BLACK, 6)).toBe(true);
    expect(clock.limit(BLACK)).toBeCloseTo(4.5);
    expect(clock.limit(WHITE)).toBeCloseTo(10.5);
    expect(clock.spend(BLACK, 4.4)).toBe(true);
    expect(clock.spend(BLACK, 1)).toBe(false);
  });

  test('Fischer time comes back', () => {
    const clock = new Clock(parseTimeControl('10+5'), 0);
    expect(clock.spend(WHITE, 9)).toBe(true);
    expect(clock.limit(WHITE)).toBeCloseTo(6);
    expect(clock.spend(WHITE, 7)).toBe(false);
  });

  test('byo-yomi periods are used up one by one', () => {
    const clock = new Clock(parseTimeControl('10+3x30'), 0);
    expect(clock.limit(BLACK)).toBe(100);
    expect(clock.spend(BLACK, 20)).toBe(true);
    // In the first period: it begins anew.
    expect(clock.limit(BLACK)).toBe(90);
    expect(clock.spend(BLACK, 29)).toBe(true);
    expect(clock.limit(BLACK)).toBe(90);
    expect(clock.spend(BLACK, 65)).toBe(true);
    expect(clock.limit(BLACK)).toBe(30);
    expect(clock.spend(BLACK, 31)).toBe(false);
  });
});

describe('openings', () => {
  test('come from a list, one a line', async () => {
    const path = join(folder, 'openings.txt');
    await writeFile(path, '# mine\nD4 Q16\n\nC3 R17 D16 # a longer one\n');
    const openings = await openingsFromList(path, 2, 19);
    expect(openings.map(opening => openingText(opening, 19))).toEqual(['D4 Q16', 'C3 R17 D16']);
    await writeFile(path, 'D4 Q99\n');
    await expect(openingsFromList(path, 1, 19)).rejects.toThrow('line 1: "Q99" is no vertex');
    await writeFile(path, 'D4 D4\n');
    await expect(openingsFromList(path, 1, 19)).rejects.toThrow('not all of its moves can be played');
  });

  test('come from records: even games of the size, no two alike', async () => {
    const games = Array.from(
      { length: 20 },
      (_, i) => `(;SZ[9];B[a${'abcdefghi'[i % 9]}];W[ee];B[c${'abcdefghi'[Math.floor(i / 7)]}])`,
    );
    await writeFile(join(folder, 'a.sgf'), games.join('\n'));
    const openings = await openingsFromRecords(folder, 3, 2, 9);
    expect(new Set(openings.map(opening => openingText(opening, 9))).size).toBe(2);
    await expect(openingsFromRecords(folder, 3, 200, 9)).rejects.toThrow(
      /only \d+ of 200 different openings/,
    );
  });

  test('come from the policy: the same for a seed, unbalanced ones left out', async () => {
    const evaluator = new ScriptedEvaluator(
      game => ({
        policy: new Float32Array(game.board.area).fill(1),
        value: game.board.stones[parseVertex('C3', game)!] === 0 ? 0 : 0.9,
      }),
      ['policy', 'value'],
    );
    const options = { size: 5, komi: 0.5, seed: 7 };
    const openings = await openingsFromPolicy(evaluator, 4, 6, options);
    expect(openings.map(opening => openingText(opening, 5))).toEqual(
      (await openingsFromPolicy(evaluator, 4, 6, options)).map(opening => openingText(opening, 5)),
    );
    for (const opening of openings) expect(openingText(opening, 5)).not.toContain('C3');
  });
});

test('games are the same whichever way the board is turned', () => {
  expect(gameKey(moves('D4 Q16 pass R4'), 19)).toBe(gameKey(moves('Q16 D4 pass C16'), 19));
  expect(gameKey(moves('D4 Q16 C3'), 19)).not.toBe(gameKey(moves('D4 Q16 C4'), 19));
  const rows = [
    row({ id: 'x', key: '1' }),
    row({ id: 'y', key: '1' }),
    row({ id: 'z', key: '1', black: 'b', white: 'a' }),
  ];
  expect([...findDuplicates(rows)]).toEqual([['y', 'x']]);
});

test('thoughts are read from both kinds of analysis', () => {
  expect(
    readThought(
      '\ninfo move D4 visits 7 winrate 0.480018 scoreLead -0.6 order 1 pv D4 info move Q16 visits 90 winrate 0.52 scoreMean 1 scoreLead 1.5 order 0 pv Q16\nplay Q16',
    ),
  ).toEqual({ winrate: 0.52, lead: 1.5, visits: 90 });
  expect(
    readThought('info move D4 visits 12 winrate 5230 prior 100 lcb 5100 order 0 pv D4\nplay D4'),
  ).toEqual({ winrate: 0.523, visits: 12 });
  expect(readThought('play D4')).toEqual({});
});

describe('a summary', () => {
  const rows = [
    row({ pair: 0 }),
    row({ pair: 0, black: 'b', white: 'a', result: 'B+3.5' }),
    row({ pair: 1, result: 'B+T' }),
    row({ pair: 1, black: 'b', white: 'a', result: 'W+F', reason: 'b: crashed' }),
    row({ pair: 2, result: 'Void' }),
    row({ pair: 2, black: 'b', white: 'a', result: 'W+R' }),
    row({ pair: 3, result: '0' }),
  ];

  test('counts pairs that are complete, and each failure', () => {
    expect(countPairs(rows, 'a', 'b')).toEqual([0, 0, 1, 0, 1]);
    expect(countPairs(rows, 'b', 'a')).toEqual([1, 0, 1, 0, 0]);
    const summary = summarize(rows, ['a', 'b'], { elo0: 0, elo1: 10, alpha: 0.05, beta: 0.05 });
    expect(summary).toMatchObject({
      games: 7,
      void: 1,
      blackWins: 3,
      failures: { b: { time: 1, forfeit: 1 } },
    });
    expect(summary.pairings[0]).toMatchObject({
      wins: 4,
      draws: 1,
      losses: 1,
      void: 1,
      asBlack: '2 of 3',
      asWhite: '2 of 3',
    });
    expect(drawSummary(summary)).toMatch(
      /a - b: 4 won, 1 drawn, 1 lost[^]*SPRT: LLR[^]*b lost 1 on time and 1 by forfeit/,
    );
  });

  test('becomes a page that needs nothing else and escapes what players are called', () => {
    const evil = rows.map(entry => ({ ...entry, black: '<script>alert(1)</script>' }));
    const page = makeReport(evil, summarize(evil, ['<script>alert(1)</script>', 'b', 'a']), {
      title: 'a & b',
      size: 19,
      komi: 7.5,
      rules: 'chinese',
      time: 'none',
    });
    expect(page).not.toMatch(/<script>alert|https?:\/\/|src=/);
    expect(page).toContain('a &amp; b');
  });

  test('becomes the table of gogui-twogtp, in terms of the first engine', () => {
    const table = makeTwogtpTable(rows.slice(0, 2), {
      first: 'a',
      second: 'b',
      commands: ['x', 'y'],
      size: 19,
      komi: 7.5,
    });
    const lines = table
      .trim()
      .split('\n')
      .filter(line => !line.startsWith('#'));
    expect(lines.map(line => line.split('\t').slice(0, 7))).toEqual([
      ['0', 'B+R', 'B+R', 'B+R', '0', '-', '3'],
      ['1', 'W+3.5', 'W+3.5', 'W+3.5', '1', '-', '3'],
    ]);
  });
});
