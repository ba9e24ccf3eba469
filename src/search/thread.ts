/**
 * The thread that searches: any number of searches, each with its tree, on one network, which has a thread of its own. The
 * tasks of one search come after one another; those of different searches share the network.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Evaluator } from '../../engine/evaluator.ts';
import { Random } from '../../engine/random.ts';
import type { SearchParameters } from '../../engine/search/params.ts';
import { Search } from '../../engine/search/search.ts';
import { chooseSearchedMove } from '../../engine/search/searchPlayer.ts';
import { openAutoEvaluator } from '../inference/autoEvaluator.ts';
import { CachingEvaluator } from '../inference/cachingEvaluator.ts';
import { evaluate, evaluateIn } from '../inference/evaluate.ts';
import { openEvaluator } from '../inference/evaluator.ts';
import { NetworkError } from '../inference/networkError.ts';
import type {
  Answer,
  FromSearchThread,
  Outcome,
  SearchThreadOptions,
  Task,
  ToSearchThread,
} from './messages.ts';
import { gameOf, type Position } from './position.ts';

const port = parentPort!;
const send = (message: FromSearchThread): void => port.postMessage(message);

/** A search and what it has to do. */
class Queue {
  readonly search: Search;
  private last: Promise<unknown> = Promise.resolve();
  private running = -1;
  private stopped = -1;

  constructor(evaluator: Evaluator) {
    this.search = new Search(evaluator, {}, { now: () => performance.now(), breathe: () => nextTurn() });
  }

  /** Does something when everything asked before is done. */
  add<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }

  think(id: number, position: Position, task: Task): Promise<Outcome> {
    return this.add(async () => {
      this.running = id;
      const timer = startReports(this.search, id, task);
      try {
        const game = gameOf(position);
        const { limits, restrictions, movesOwnership, report, choice } = task;
        const thinking = this.search.think(game, limits, { restrictions, movesOwnership, report });
        if (id <= this.stopped) this.search.stop();
        const result = await thinking;
        const move = choice
          ? chooseSearchedMove(game, result, {
              ...choice,
              restrictions,
              random: new Random(choice.seed ?? id),
            })
          : undefined;
        return { ...result, move };
      } finally {
        clearInterval(timer);
        this.running = -1;
      }
    });
  }

  stop(id: number): void {
    this.stopped = id;
    if (this.running >= 0 && this.running <= id) this.search.stop();
  }

  configure(changes: Partial<SearchParameters>): Promise<undefined> {
    return this.add(() => {
      this.search.configure(changes);
      return undefined;
    });
  }
}

const startReports = (
  search: Search,
  id: number,
  { reportEveryMs, report }: Task,
): NodeJS.Timeout | undefined => {
  if (reportEveryMs === undefined) return undefined;
  return setInterval(() => {
    const analysis = search.analyze(report);
    if (analysis) send({ type: 'report', id, analysis });
  }, reportEveryMs);
};

const open = async ({
  network,
  backend = 'auto',
  threads,
  maxBatch,
  cacheSize,
}: SearchThreadOptions): Promise<CachingEvaluator> => {
  const options = { network, threads, ...(maxBatch === undefined ? {} : { maxBatch }) };
  const evaluator =
    backend === 'auto'
      ? await openAutoEvaluator({
          ...options,
          onChange: changed => send({ type: 'backend', backend: changed }),
        })
      : await openEvaluator({ ...options, backend });
  return new CachingEvaluator(evaluator, cacheSize);
};

const serve = (evaluator: CachingEvaluator): void => {
  const queues = new Map<number, Queue>();
  const queueOf = (search: number): Queue => {
    let queue = queues.get(search);
    if (!queue) queues.set(search, (queue = new Queue(evaluator)));
    return queue;
  };
  const answer = (id: number, work: Promise<Answer>): void => {
    work.then(
      result => send({ type: 'answer', id, answer: result }),
      (error: unknown) =>
        send({
          type: 'error',
          id,
          message: error instanceof Error ? error.message : String(error),
          isRange: error instanceof RangeError,
        }),
    );
  };
  const close = async (): Promise<void> => {
    for (const { search } of queues.values()) search.stop();
    await Promise.all([...queues.values()].map(queue => queue.add(() => queue.search.settle())));
    await evaluator.close();
    port.close();
  };
  const clear = (search: number, isLast: boolean): Promise<undefined> => {
    const queue = queueOf(search);
    if (isLast) queues.delete(search);
    return queue.add(async () => {
      queue.search.clear();
      return undefined;
    });
  };

  port.on('message', (message: ToSearchThread) => {
    switch (message.type) {
      case 'think':
        return answer(message.id, queueOf(message.search).think(message.id, message.position, message.task));
      case 'stop':
        return queueOf(message.search).stop(message.id);
      case 'analyze':
        return answer(message.id, Promise.resolve(queueOf(message.search).search.analyze(message.report)));
      case 'configure':
        return answer(message.id, queueOf(message.search).configure(message.changes));
      case 'clear':
        return answer(message.id, clear(message.search, message.isLast));
      case 'evaluate': {
        const game = gameOf(message.position);
        const { symmetry } = message;
        return answer(
          message.id,
          symmetry === 'mean' ? evaluate(evaluator, game, 8) : evaluateIn(evaluator, game, [symmetry]),
        );
      }
      case 'clearCache':
        return evaluator.clear();
      case 'close':
        return void close();
    }
  });
  send({ type: 'ready', name: evaluator.name, outputs: evaluator.outputs, maxBatch: evaluator.maxBatch });
};

open(workerData as SearchThreadOptions).then(serve, (error: unknown) => {
  const code = error instanceof NetworkError ? error.code : 'runtime';
  send({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
});
