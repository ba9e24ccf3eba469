import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeVertex } from '../../engine/coords.ts';
import { Random } from '../../engine/random.ts';
import { createEngine, openSession, talk } from './support.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hane '));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Moves anywhere, passes among them, that the board takes. */
const randomMoves = (seed: number, count: number): string[] => {
  const random = new Random(seed);
  const { game } = createEngine();
  game.setup([]);
  const lines: string[] = [];
  while (lines.length < count) {
    const point = random.below(20) === 0 ? 1 : game.board.points[random.below(game.board.area)];
    const color = random.below(10) === 0 ? 2 : game.toPlay;
    if (game.whyUnplayable(point, color)) continue;
    game.play(point, color);
    lines.push(`play ${color === 1 ? 'b' : 'w'} ${makeVertex(point, game)}`);
  }
  return lines;
};

test.each([1, 2, 3])('%i: a game printed to a file and loaded again is the same game', async seed => {
  const file = join(folder, 'a game.sgf');
  const session = openSession();
  await talk(
    ['komi 6.5', 'kata-set-rules aga', ...randomMoves(seed, 200), 'printsgf', `printsgf ${file}`].join('\n'),
    session,
  );
  const [printed, empty] = session.responses.slice(-2);
  expect(empty).toBe('= \n\n');
  expect(printed.slice(2).trimEnd()).toBe(readFileSync(file, 'utf8').trimEnd());

  const again = openSession();
  await talk(`loadsgf ${file}\nprintsgf\nget_komi\n`, again);
  expect(again.responses.slice(1)).toEqual([printed, '= 6.5\n\n']);
  const { game } = again.engine;
  expect(game.moveCount).toBe(200);
  expect(game.board.hashLow).toBe(session.engine.game.board.hashLow);
});

test('loading before a move takes back what comes from there', async () => {
  const file = join(folder, 'game.sgf');
  const session = openSession();
  const moves = randomMoves(4, 30);
  await talk([...moves, `printsgf ${file}`, `loadsgf ${file} 11`].join('\n'), session);
  expect(session.engine.game.moveCount).toBe(10);
  const shorter = openSession();
  await talk(moves.slice(0, 10).join('\n'), shorter);
  expect(session.engine.game.board.hashLow).toBe(shorter.engine.game.board.hashLow);
});
