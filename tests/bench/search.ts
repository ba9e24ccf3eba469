/**
 * What the search costs beyond the evaluations it asks for, and whether its tree stays fast and within its bound.
 *
 *     npm run bench:search -- [rounds] [nodes]
 *
 * First, evaluations a second of the search and of the bare evaluator, in turns: both encode in one thread and run the network
 * in another, with batches of 8 and two in flight; nothing is cached. Then a tree of a million nodes on an evaluator that costs
 * next to nothing: time for each node as the tree grows, and bytes.
 */
import type { Batch, Evaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { DEFAULT_PARAMETERS } from '../../engine/search/params.ts';
import { Search, type Surroundings } from '../../engine/search/search.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { keepFigures } from '../support/figures.ts';
import { playRandomMoves } from '../support/randomGames.ts';
import { percentile } from '../support/statistics.ts';

const BATCH = 8;
const EVALUATIONS = 400;
const LEAST_SHARE = 0.9;

const rounds = Number(process.argv[2] ?? 10);
const nodes = Number(process.argv[3] ?? 1_000_000);
const surroundings: Surroundings = {
  now: () => performance.now(),
  breathe: () => new Promise(resolve => setImmediate(resolve)),
};

const games = Array.from({ length: BATCH }, (_, i) => {
  const game = new Game();
  playRandomMoves(game, 20 * i, new Random(i));
  return game;
});

const measureOverhead = async (): Promise<void> => {
  const evaluator = await openEvaluator({ threads: 1, maxBatch: BATCH });
  const finish = async (batch: Batch): Promise<void> => {
    await batch.run();
    for (let slot = 0; slot < BATCH; slot++) batch.policy(slot);
    batch.release();
  };
  const runBare = async (): Promise<number> => {
    let last: Promise<void> = Promise.resolve();
    for (let i = 0; i < EVALUATIONS / BATCH; i++) {
      const batch = evaluator.begin();
      for (const game of games) batch.add(game);
      const running = finish(batch);
      await last;
      last = running;
    }
    await last;
    return EVALUATIONS;
  };
  const runSearch = async (game: Game): Promise<number> => {
    const search = new Search(evaluator, { batchSize: BATCH }, surroundings);
    const { playouts } = await search.think(game, { visits: EVALUATIONS });
    return playouts;
  };
  const rate = async (run: () => Promise<number>): Promise<number> => {
    const start = performance.now();
    const count = await run();
    return (1000 * count) / (performance.now() - start);
  };
  await runBare();
  await runSearch(games[0]);
  const bare: number[] = [];
  const searched: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await rate(runBare));
    searched.push(await rate(() => runSearch(games[round % BATCH])));
  }
  await evaluator.close();
  const [a, b] = [percentile(bare, 0.5), percentile(searched, 0.5)];
  process.stdout.write(
    `evaluations a second, median of ${rounds} rounds of ${EVALUATIONS}, batches of ${BATCH}, one thread for the network: bare evaluator ${a.toFixed(0)}, search from an empty tree ${b.toFixed(0)}: ${((100 * b) / a).toFixed(1)} % (at least ${100 * LEAST_SHARE} %)\n`,
  );
  keepFigures('search', { 'bare evaluations/s': a, 'search evaluations/s': b, 'share %': (100 * b) / a });
  if (b < LEAST_SHARE * a) process.exitCode = 1;
};

/** Says something of any position at once: which moves are legal, and numbers drawn beforehand. */
class CheapEvaluator implements Evaluator {
  readonly name = 'cheap';
  readonly outputs = ['policy', 'pass', 'value', 'lead'] as const;
  readonly maxBatch = BATCH;
  readonly weights: readonly Float32Array[];

  constructor() {
    const random = new Random(1);
    this.weights = Array.from({ length: 64 }, () =>
      Float32Array.from({ length: 362 }, () => random.float() ** 12 + 1e-6),
    );
  }

  begin(): Batch {
    const policies = Array.from({ length: BATCH }, () => new Float32Array(362));
    const values = new Float32Array(BATCH);
    let size = 0;
    return {
      get size() {
        return size;
      },
      add: (game: Game): number => {
        const { board } = game;
        const weights = this.weights[board.hashLow & 63];
        const policy = policies[size];
        let sum = 0;
        for (let i = 0; i < board.area; i++) {
          policy[i] = game.isLegal(board.points[i]) ? weights[i] : 0;
          sum += policy[i];
        }
        for (let i = 0; i < board.area; i++) policy[i] /= sum;
        values[size] = (board.hashHigh & 0xffff) / 0x8000 - 1;
        return size++;
      },
      run: () => Promise.resolve(),
      policy: slot => policies[slot],
      expert: () => undefined,
      value: slot => values[slot],
      lead: slot => 20 * values[slot],
      ownership: () => undefined,
      release: () => {},
    };
  }

  async close(): Promise<void> {}
}

const measureTree = async (): Promise<void> => {
  const search = new Search(new CheapEvaluator(), { batchSize: BATCH }, surroundings);
  const game = new Game();
  const times: number[] = [];
  for (let part = 1; part <= 10; part++) {
    const before = search.size.nodes;
    const start = performance.now();
    const { reason } = await search.think(game, { visits: (nodes * part) / 10 });
    const made = search.size.nodes - before;
    if (reason !== 'visits') process.stdout.write(`ended by ${reason}\n`);
    times.push((1000 * (performance.now() - start)) / made);
  }
  const { bytes, nodes: count } = search.size;
  const limit = DEFAULT_PARAMETERS.maxTreeBytes;
  process.stdout.write(
    `a tree of ${count.toLocaleString('en')} nodes: ${(bytes / 2 ** 20).toFixed(0)} MiB (bound ${limit / 2 ** 20}), microseconds for each node by tenths: ${times.map(time => time.toFixed(0)).join(' ')}\n`,
  );
  const start = performance.now();
  const { best } = await search.think(game, { visits: 1 });
  game.play(best!);
  const { analysis } = await search.think(game, { visits: 1 });
  process.stdout.write(
    `a new root with ${analysis.visits.toLocaleString('en')} visits: ${(performance.now() - start).toFixed(0)} ms\n`,
  );
  keepFigures('tree', {
    nodes: count,
    MiB: bytes / 2 ** 20,
    'first us/node': times[0],
    'last us/node': times.at(-1)!,
  });
  if (bytes > limit || percentile(times, 0.95) > 1.5 * percentile(times, 0.05)) process.exitCode = 1;
};

await measureOverhead();
await measureTree();
