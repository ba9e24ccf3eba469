/** The thread that searches: opens the network, which has a thread of its own, and serves the requests that come (server.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { openAutoEvaluator } from '../inference/autoEvaluator.ts';
import { CachingEvaluator } from '../inference/cachingEvaluator.ts';
import { openEvaluator } from '../inference/evaluator.ts';
import { JoiningEvaluator } from '../inference/joiningEvaluator.ts';
import { NetworkError } from '../inference/networkError.ts';
import type { FromSearchThread, SearchThreadOptions } from './messages.ts';
import { serveSearches } from './server.ts';

const port = parentPort!;
const send = (message: FromSearchThread): void => port.postMessage(message);

const open = async ({
  network,
  backend = 'auto',
  threads,
  kernel,
  maxBatch,
  cacheSize,
  joinsBatches = false,
}: SearchThreadOptions): Promise<CachingEvaluator> => {
  const options = { network, threads, kernel, ...(maxBatch === undefined ? {} : { maxBatch }) };
  const evaluator =
    backend === 'auto'
      ? await openAutoEvaluator({
          ...options,
          onChange: changed => send({ type: 'backend', backend: changed }),
        })
      : await openEvaluator({ ...options, backend });
  return new CachingEvaluator(joinsBatches ? new JoiningEvaluator(evaluator) : evaluator, cacheSize);
};

const serve = (evaluator: CachingEvaluator): void => {
  port.on(
    'message',
    serveSearches(evaluator, send, () => port.close()),
  );
  send({ type: 'ready', name: evaluator.name, outputs: evaluator.outputs, maxBatch: evaluator.maxBatch });
};

open(workerData as SearchThreadOptions).then(serve, (error: unknown) => {
  const code = error instanceof NetworkError ? error.code : 'runtime';
  send({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
});
