import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Evaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import {
  NO_BATCH,
  findLeastBatch,
  partSize,
  readLeastBatch,
  writeLeastBatch,
  type Form,
} from '../../src/inference/kernels.ts';
import { distance } from '../support/networks.ts';
import { playRandomMoves } from '../support/randomGames.ts';

describe('the fewest positions for which a form pays', () => {
  /** Runs that take as long as told, on a clock of their own. */
  const timed = (
    takes: (form: Form, positions: number) => number,
  ): { run: (form: Form, positions: number) => Promise<void>; now: () => number; asked: Set<number> } => {
    let time = 0;
    const asked = new Set<number>();
    return {
      run: async (form, positions) => {
        asked.add(positions);
        time += takes(form, positions);
      },
      now: () => time,
      asked,
    };
  };

  test('are found from the largest batch down', async () => {
    const { run, now, asked } = timed((form, positions) =>
      form === 'direct' ? 3 * positions : 6 + positions,
    );
    expect(await findLeastBatch(run, 16, now)).toBe(4);
    expect([...asked]).toEqual([8, 4, 2]);
  });

  test('are none where the form is hardly faster', async () => {
    const { run, now } = timed(form => (form === 'direct' ? 10 : 9.8));
    expect(await findLeastBatch(run, 16, now)).toBe(NO_BATCH);
  });

  test('are at most those of a batch', async () => {
    const { run, now, asked } = timed(form => (form === 'direct' ? 10 : 5));
    expect(await findLeastBatch(run, 3, now)).toBe(1);
    expect([...asked]).toEqual([2, 1]);
  });

  test('do not follow a run that something else delayed', async () => {
    let runs = 0;
    const { run, now } = timed(form => (runs++ % 4 === 1 ? 100 : form === 'direct' ? 10 : 5));
    expect(await findLeastBatch(run, 1, now)).toBe(1);
  });
});

test('a batch is cut for Winograd into runs of 8 positions at most, as equal as can be', () => {
  const parts = [1, 2, 8, 9, 15, 16, 17, 24, 25].map(positions => partSize('winograd', positions));
  expect(parts).toEqual([1, 2, 8, 5, 8, 8, 6, 8, 7]);
  expect(partSize('direct', 25)).toBe(25);
});

test('a batch that is cut says what each of its positions says alone', async () => {
  const games = Array.from({ length: 13 }, (_, i) => {
    const game = new Game({ komi: i });
    playRandomMoves(game, 10 * i, new Random(i));
    return game;
  });
  const evaluate = async (evaluator: Evaluator, some: readonly Game[]): Promise<Float32Array[]> => {
    const batch = evaluator.begin();
    for (const game of some) batch.add(game);
    await batch.run();
    const policies = some.map((_, slot) => Float32Array.from(batch.policy(slot)));
    batch.release();
    return policies;
  };
  const whole = await openEvaluator({ threads: 1, maxBatch: 13, kernel: 'winograd' });
  const single = await openEvaluator({ threads: 1, maxBatch: 1, kernel: 'direct' });
  const policies = await evaluate(whole, games);
  for (const [i, game] of games.entries()) {
    const [alone] = await evaluate(single, [game]);
    expect(distance(policies[i], alone)).toBeLessThan(2e-5);
  }
  await whole.close();
  await single.close();
});

describe('what was found', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hane-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test('is remembered by network and machine', async () => {
    const path = join(folder, 'deep', 'kernels.json');
    expect(await readLeastBatch('one', path)).toBeUndefined();
    await writeLeastBatch('one', 4, path);
    await writeLeastBatch('other', NO_BATCH, path);
    expect(await readLeastBatch('one', path)).toBe(4);
    expect(await readLeastBatch('other', path)).toBe(NO_BATCH);
  });

  test.each(['{', '[]', '{"one": "cpu"}', '{"one": -1}'])(
    'is found again where the file says %s',
    async text => {
      const path = join(folder, 'kernels.json');
      await writeFile(path, text);
      expect(await readLeastBatch('one', path)).toBeUndefined();
      await writeLeastBatch('one', 2, path);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ one: 2 });
    },
  );
});

test('an evaluator says the same with either kernel, on boards of any size', async () => {
  const policies: Record<string, Float32Array[]> = {};
  for (const kernel of ['direct', 'winograd'] as const) {
    const evaluator = await openEvaluator({ kernel, threads: 1, maxBatch: 4 });
    expect(evaluator.leastWinograd).toBe(kernel === 'direct' ? NO_BATCH : 1);
    policies[kernel] = [];
    for (const size of [19, 13, 9]) {
      const batch = evaluator.begin();
      const games = [new Game({ width: size }), new Game({ width: size })];
      games[1].play(games[1].board.points[2 * size + 3]);
      for (const game of games) batch.add(game);
      await batch.run();
      for (const slot of games.keys()) policies[kernel].push(batch.policy(slot).slice());
      batch.release();
    }
    await evaluator.close();
  }
  for (const [i, policy] of policies['direct'].entries())
    expect(distance(policy, policies['winograd'][i])).toBeLessThan(2e-5);
});
