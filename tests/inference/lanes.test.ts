import { describe, expect, test } from 'vitest';
import type { Batch } from '../../engine/evaluator.ts';
import { ScriptedEvaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { openEvaluator, type NetworkEvaluator } from '../../src/inference/evaluator.ts';
import { LanesEvaluator } from '../../src/inference/lanes.ts';
import { distance } from '../support/networks.ts';

/** A lane that knows nothing and counts. */
const laneOf = (name: string): NetworkEvaluator & { begun: number; closed: boolean; hasEnded: boolean } => {
  const inner = new ScriptedEvaluator(({ board }) => ({ policy: new Float32Array(board.area).fill(1) }));
  const lane = {
    name,
    outputs: inner.outputs,
    maxBatch: inner.maxBatch,
    backend: 'cpu' as const,
    leastWinograd: 4,
    inUse: 0,
    hasEnded: false,
    begun: 0,
    closed: false,
    begin: (): Batch => {
      lane.begun++;
      lane.inUse++;
      const batch = inner.begin();
      return Object.assign(batch, { release: () => lane.inUse-- });
    },
    close: async () => {
      lane.closed = true;
    },
    retire: () => {
      lane.closed = true;
    },
  };
  return lane;
};

const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5));

describe('lanes', () => {
  test('a batch goes where the fewest are', async () => {
    const [first, second] = [laneOf('first'), laneOf('second')];
    const lanes = new LanesEvaluator(first, 2, async () => second);
    const early = lanes.begin();
    expect(first.begun).toBe(1);
    await settled();
    const late = lanes.begin();
    expect(second.begun).toBe(1);
    early.release();
    lanes.begin();
    expect([first.begun, second.begun, lanes.inUse]).toEqual([2, 1, 2]);
    late.release();
  });

  test('one that does not open is done without', async () => {
    const first = laneOf('first');
    const lanes = new LanesEvaluator(first, 3, async () => {
      throw new Error('no memory');
    });
    await settled();
    lanes.begin();
    lanes.begin();
    expect(first.begun).toBe(2);
  });

  test('one that dies is done without', async () => {
    const [first, second] = [laneOf('first'), laneOf('second')];
    const lanes = new LanesEvaluator(first, 2, async () => second);
    await settled();
    first.hasEnded = true;
    lanes.begin();
    lanes.begin();
    expect([first.begun, second.begun, lanes.hasEnded]).toEqual([0, 2, false]);
    second.hasEnded = true;
    lanes.begin();
    expect([first.begun, second.begun, lanes.hasEnded]).toEqual([1, 2, true]);
  });

  test('one that opens after the end is closed', async () => {
    const [first, second] = [laneOf('first'), laneOf('second')];
    const lanes = new LanesEvaluator(first, 2, async () => {
      await settled();
      return second;
    });
    await lanes.close();
    expect([first.closed, second.closed]).toEqual([true, true]);
  });

  test('say what one session says', async () => {
    const [one, two] = await Promise.all([
      openEvaluator({ threads: 1, maxBatch: 2, kernel: 'direct' }),
      openEvaluator({ threads: 2, lanes: 2, maxBatch: 2, kernel: 'direct' }),
    ]);
    const ask = async (evaluator: NetworkEvaluator): Promise<Float32Array> => {
      const batch = evaluator.begin();
      batch.add(new Game());
      await batch.run();
      const policy = batch.policy(0).slice();
      batch.release();
      return policy;
    };
    const truth = await ask(one);
    for (const policy of await Promise.all([ask(two), ask(two), ask(two)]))
      expect(distance(policy, truth)).toBeLessThan(1e-6);
    await Promise.all([one.close(), two.close()]);
  });
});
