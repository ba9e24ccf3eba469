import { expect, test } from 'vitest';
import { ScriptedEvaluator, type Batch, type Evaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { pointAt } from '../../engine/coords.ts';
import { JoiningEvaluator } from '../../src/inference/joiningEvaluator.ts';

/** Runs batches only when told to; the value of a position is a tenth of its moves. */
class Held implements Evaluator {
  readonly name = 'held';
  readonly outputs = ['policy', 'value'] as const;
  readonly maxBatch = 4;
  /** Sizes of the batches that were run, and what ends them. */
  readonly runs: { size: number; end: (error?: Error) => void }[] = [];
  released = 0;
  private readonly inner = new ScriptedEvaluator(
    game => ({ policy: new Float32Array(game.board.area).fill(1), value: game.moveCount / 10 }),
    ['policy', 'value'],
    this.maxBatch,
  );

  begin(): Batch {
    const batch = this.inner.begin();
    const run = (): Promise<void> =>
      new Promise((resolve, reject) => {
        this.runs.push({ size: batch.size, end: error => (error ? reject(error) : resolve()) });
      });
    const release = (): void => {
      this.released++;
      batch.release();
    };
    return new Proxy(batch, {
      get: (target, key): unknown => {
        if (key === 'run') return run;
        if (key === 'release') return release;
        const value = Reflect.get(target, key, target) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  async close(): Promise<void> {}
}

/** A position after so many moves. */
const after = (moves: number, size = 9): Game => {
  const game = new Game({ width: size });
  for (let i = 0; i < moves; i++) game.play(pointAt(i, 0, size));
  return game;
};

const ask = async (evaluator: Evaluator, ...games: Game[]): Promise<(number | undefined)[]> => {
  const batch = evaluator.begin();
  const slots = games.map(game => batch.add(game));
  try {
    await batch.run();
    return slots.map(slot => batch.value(slot));
  } finally {
    batch.release();
  }
};

/** Lets promises go on. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

const endAll = async (held: Held): Promise<void> => {
  for (let i = 0; i < held.runs.length; i++) {
    held.runs[i].end();
    await settle();
  }
};

test('two batches leave at once; what comes meanwhile leaves together', async () => {
  const held = new Held();
  const joining = new JoiningEvaluator(held);
  const answers = [1, 2, 3, 4, 5].map(moves => ask(joining, after(moves)));
  expect(held.runs.map(({ size }) => size)).toEqual([1, 1]);
  held.runs[0].end();
  await settle();
  expect(held.runs.map(({ size }) => size)).toEqual([1, 1, 3]);
  await endAll(held);
  expect(await Promise.all(answers)).toEqual([[0.1], [0.2], [0.3], [0.4], [0.5]]);
  expect(joining.counts).toEqual({ positions: 5, batches: 3 });
  expect(held.released).toBe(3);
});

test('what does not fit into one batch is divided, each answer still with its position', async () => {
  const held = new Held();
  const joining = new JoiningEvaluator(held);
  const answers = [ask(joining, after(0)), ask(joining, after(0))];
  answers.push(ask(joining, after(1), after(2), after(3)), ask(joining, after(4), after(5), after(6)));
  await endAll(held);
  expect(held.runs.map(({ size }) => size)).toEqual([1, 1, 4, 2]);
  expect((await Promise.all(answers)).slice(2)).toEqual([
    [0.1, 0.2, 0.3],
    [0.4, 0.5, 0.6],
  ]);
});

test('boards of different sizes are kept apart', async () => {
  const held = new Held();
  const joining = new JoiningEvaluator(held);
  const answers = [1, 2, 3, 4].map(moves => ask(joining, after(moves, moves % 2 ? 9 : 7)));
  await endAll(held);
  expect(await Promise.all(answers)).toEqual([[0.1], [0.2], [0.3], [0.4]]);
  const batch = joining.begin();
  batch.add(after(0));
  expect(() => batch.add(after(0, 7))).toThrow('a 7x7 position in a batch of 9x9');
});

test('a failure reaches all who have a part in it, and no one else', async () => {
  const held = new Held();
  const joining = new JoiningEvaluator(held);
  const answers = [1, 2, 3, 4].map(moves => ask(joining, after(moves)));
  held.runs[0].end();
  await settle();
  held.runs[2].end(new Error('broken'));
  held.runs[1].end();
  const results = await Promise.allSettled(answers);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  const next = ask(joining, after(5));
  await endAll(held);
  expect(await next).toEqual([0.5]);
});

test('a batch that is given back unused is not sent', async () => {
  const held = new Held();
  const joining = new JoiningEvaluator(held);
  const unused = joining.begin();
  unused.add(after(1));
  unused.release();
  const answer = ask(joining, after(2));
  await endAll(held);
  expect(await answer).toEqual([0.2]);
  expect(held.runs.map(({ size }) => size)).toEqual([1]);
});

test('a full batch takes no more', () => {
  const batch = new JoiningEvaluator(new Held()).begin();
  for (let i = 0; i < 4; i++) batch.add(after(i));
  expect(() => batch.add(after(5))).toThrow('batch is full: at most 4 positions');
});
