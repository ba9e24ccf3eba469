/** What is kept for boards of other sizes has a bound: a server's visitors may bring records of every size. */
import { describe, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { KeptSessions } from '../../src/inference/keptSessions.ts';
import { OnnxBatch, type BatchRunner } from '../../src/inference/onnxBatch.ts';
import { distance } from '../support/networks.ts';

interface Releasable {
  release(): Promise<void>;
}

describe('sessions', () => {
  /** Makes sessions and writes down what becomes of them. */
  const recorded = (
    most: number,
  ): { take: (name: string) => Promise<unknown>; kept: KeptSessions<Releasable>; log: string[] } => {
    const log: string[] = [];
    const kept = new KeptSessions<Releasable>(most);
    const make = async (name: string): Promise<Releasable> => {
      log.push(`make ${name}`);
      return { release: async () => void log.push(`release ${name}`) };
    };
    return { take: name => kept.get(name, () => make(name)), kept, log };
  };

  test('that were used last are kept', async () => {
    const { take, log } = recorded(2);
    const first = await take('a');
    await take('b');
    expect(await take('a')).toBe(first);
    await take('c');
    await take('a');
    await take('b');
    expect(log).toEqual(['make a', 'make b', 'make c', 'release b', 'make b', 'release c']);
  });

  test('that are not named are released, all of them at the end', async () => {
    const { take, kept, log } = recorded(3);
    for (const name of ['a', 'b', 'c']) await take(name);
    await kept.keepOnly(new Set(['b', 'd']));
    await take('b');
    await kept.release();
    expect(log.slice(3)).toEqual(['release a', 'release c', 'release b']);
  });

  test('that cannot be made are tried again', async () => {
    const kept = new KeptSessions<{ release(): Promise<void> }>(1);
    const session = { release: async () => {} };
    await expect(kept.get('a', () => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
    expect(await kept.get('a', async () => session)).toBe(session);
  });
});

test('a batch keeps the memory of the last few board sizes', async () => {
  const living = new Map<number, string>();
  let ids = 0;
  const runner: BatchRunner = {
    form: { planes: 48, takesKomi: false, outputs: ['policy'] },
    maxBatch: 2,
    nextId: () => ids++,
    share: (id, { width, height }) => void living.set(id, `${width}x${height}`),
    forget: id => void living.delete(id),
    run: async () => {},
    giveBack: () => {},
  };
  const batch = new OnnxBatch(runner);
  for (const width of [19, 13, 9, 5, 19, 7, 19]) {
    batch.add(new Game({ width }));
    batch.release();
  }
  expect([...living.values()]).toEqual(['19x19', '9x9', '5x5', '7x7']);
});

test('a size that gave way to others comes back with the same answers', { timeout: 120_000 }, async () => {
  const evaluator = await openEvaluator({ threads: 1, maxBatch: 1, kernel: 'direct' });
  const ask = async (width: number): Promise<Float32Array> => {
    const batch = evaluator.begin();
    batch.add(new Game({ width }));
    await batch.run();
    const policy = batch.policy(0).slice();
    batch.release();
    return policy;
  };
  const before = await ask(9);
  for (const width of [2, 3, 4, 5, 6, 7, 8, 10, 11]) await ask(width);
  expect(distance(await ask(9), before)).toBe(0);
  await evaluator.close();
});
