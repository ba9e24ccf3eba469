/** Searches on an evaluator of the test's own: all that a search thread has, its messages included, without the thread. */
import { MessageChannel } from 'node:worker_threads';
import type { Evaluator } from '../../engine/evaluator.ts';
import { serveSearches } from '../../src/search/server.ts';
import { SearchThread } from '../../src/search/searchThread.ts';

export const connectSearches = (evaluator: Evaluator): SearchThread => {
  const { port1, port2 } = new MessageChannel();
  port2.on(
    'message',
    serveSearches(
      evaluator,
      message => port2.postMessage(message),
      () => port2.close(),
    ),
  );
  port2.unref();
  return new SearchThread(port1, evaluator);
};
