import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Evaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import {
  ALL_DIRECT,
  NO_BATCH,
  findLeastBatches,
  formOfBatch,
  partSize,
  readLeastBatches,
  writeLeastBatches,
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
    expect(await findLeastBatches(run, 16, ['winograd'], now)).toEqual({ ...ALL_DIRECT, winograd: 4 });
    expect([...asked]).toEqual([8, 4, 2]);
  });

  test('are none where the form is hardly faster', async () => {
    const { run, now } = timed(form => (form === 'direct' ? 10 : 9.8));
    expect(await findLeastBatches(run, 16, ['winograd', 'int8'], now)).toEqual(ALL_DIRECT);
  });

  test('are at most those of a batch', async () => {
    const { run, now, asked } = timed(form => (form === 'direct' ? 10 : 5));
    expect((await findLeastBatches(run, 3, ['winograd'], now)).winograd).toBe(1);
    expect([...asked]).toEqual([2, 1]);
  });

  test('do not follow a run that something else delayed', async () => {
    let runs = 0;
    const { run, now } = timed(form => (runs++ % 4 === 1 ? 100 : form === 'direct' ? 10 : 5));
    expect((await findLeastBatches(run, 1, ['winograd'], now)).winograd).toBe(1);
  });

  test('of whole numbers are those where they take three quarters of the time of the faster other form', async () => {
    const times: Record<Form, number> = { direct: 10, winograd: 8, int8: 6.1 };
    const { run, now } = timed(form => times[form]);
    expect((await findLeastBatches(run, 1, ['winograd', 'int8'], now)).int8).toBe(NO_BATCH);
    times.int8 = 5.9;
    expect((await findLeastBatches(run, 1, ['winograd', 'int8'], now)).int8).toBe(1);
  });

  test('of whole numbers are found where Winograd is given up', async () => {
    const { run, now } = timed((form, positions) => {
      if (form === 'winograd') return 6 + positions;
      return form === 'direct' ? 3 * positions : positions;
    });
    expect(await findLeastBatches(run, 8, ['winograd', 'int8'], now)).toEqual({ winograd: 4, int8: 1 });
  });

  test('no form is run that there is not', async () => {
    const ran = new Set<Form>();
    const run = async (form: Form): Promise<void> => void ran.add(form);
    await findLeastBatches(run, 8, ['int8']);
    expect([...ran]).toEqual(['direct', 'int8']);
  });
});

test('a batch runs in whole numbers where they pay, else in Winograd where that pays', () => {
  const forms = [1, 3, 4, 8].map(positions => formOfBatch({ winograd: 3, int8: 4 }, positions));
  expect(forms).toEqual(['direct', 'winograd', 'int8', 'int8']);
  expect(formOfBatch(ALL_DIRECT, 16)).toBe('direct');
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
    expect(await readLeastBatches('one', path)).toBeUndefined();
    await writeLeastBatches('one', { winograd: 4, int8: NO_BATCH }, path);
    await writeLeastBatches('other', { winograd: NO_BATCH, int8: 1 }, path);
    expect(await readLeastBatches('one', path)).toEqual({ winograd: 4, int8: NO_BATCH });
    expect(await readLeastBatches('other', path)).toEqual({ winograd: NO_BATCH, int8: 1 });
  });

  test.each(['{', '[]', '{"one": "cpu"}', '{"one": 4}', '{"one": {"winograd": 4, "int8": -1}}'])(
    'is found again where the file says %s',
    async text => {
      const path = join(folder, 'kernels.json');
      await writeFile(path, text);
      expect(await readLeastBatches('one', path)).toBeUndefined();
      await writeLeastBatches('one', { winograd: 2, int8: 1 }, path);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ one: { winograd: 2, int8: 1 } });
    },
  );
});

test('an evaluator says the same with either kernel in float32, on boards of any size', async () => {
  const policies: Record<string, Float32Array[]> = {};
  for (const kernel of ['direct', 'winograd'] as const) {
    const evaluator = await openEvaluator({ kernel, threads: 1, maxBatch: 4 });
    expect(evaluator.least.winograd).toBe(kernel === 'direct' ? NO_BATCH : 1);
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
