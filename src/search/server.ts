/**
 * Answers the requests of searchThread.ts: any number of searches, each with its tree, on one network. The tasks of one search
 * come after one another; those of different searches share the network.
 */
import type { Evaluator } from '../../engine/evaluator.ts';
import { judge } from '../../engine/judge.ts';
import { evaluate, evaluateIn } from '../inference/evaluate.ts';
import type { Answer, FromSearchThread, ToSearchThread } from './messages.ts';
import { askPolicy } from './policy.ts';
import { gameOf } from './position.ts';
import { SearchQueue } from './queue.ts';

/** An evaluator that may remember answers. */
interface Forgetful extends Evaluator {
  clear?(): void;
}

/**
 * Serves on an evaluator, which is closed at the end.
 * @param send takes the answers
 * @param end called when everything is over, or when the evaluator has ended by itself
 * @returns takes the requests
 */
export const serveSearches = (
  evaluator: Forgetful,
  send: (message: FromSearchThread) => void,
  end: () => void,
): ((message: ToSearchThread) => void) => {
  const queues = new Map<number, SearchQueue>();
  let isEnding = false;
  const queueOf = (search: number): SearchQueue => {
    let queue = queues.get(search);
    if (!queue) queues.set(search, (queue = new SearchQueue(evaluator)));
    return queue;
  };
  const answer = (id: number, work: Promise<Answer>): void => {
    work.then(
      result => send({ type: 'answer', id, answer: result }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (isEnding || !evaluator.hasEnded)
          return send({ type: 'error', id, message, isRange: error instanceof RangeError });
        // Everything else would fail as well: who asks may open another.
        isEnding = true;
        send({ type: 'failed', code: 'runtime', message });
        end();
      },
    );
  };
  const drop = async (search: number): Promise<undefined> => {
    const queue = queues.get(search);
    if (!queue) return;
    queue.stop(Infinity);
    await queue.add(() => queue.search.settle());
    queues.delete(search);
  };
  const close = async (): Promise<void> => {
    isEnding = true;
    for (const queue of queues.values()) queue.stop(Infinity);
    await Promise.all([...queues.values()].map(queue => queue.add(() => queue.search.settle())));
    await evaluator.close();
    end();
  };

  return message => {
    switch (message.type) {
      case 'think': {
        const { id, search, position, task } = message;
        const thinking = queueOf(search).think(id, position, task, (analysis, evaluation) =>
          send({ type: 'report', id, search, analysis, evaluation }),
        );
        return answer(id, thinking);
      }
      case 'stop':
        return queues.get(message.search)?.stop(message.id);
      case 'taken':
        return queues.get(message.search)?.taken(message.id);
      case 'configure':
        return answer(message.id, queueOf(message.search).configure(message.changes));
      case 'clear':
        return answer(message.id, queueOf(message.search).clear());
      case 'drop':
        return answer(message.id, drop(message.search));
      case 'evaluate': {
        const game = gameOf(message.position);
        const { symmetry } = message;
        return answer(
          message.id,
          symmetry === 'mean' ? evaluate(evaluator, game, 8) : evaluateIn(evaluator, game, [symmetry]),
        );
      }
      case 'policy':
        return answer(message.id, askPolicy(evaluator, gameOf(message.position), message.task));
      case 'judge':
        return answer(message.id, Promise.resolve(judge(gameOf(message.position))));
      case 'clearCache':
        return evaluator.clear?.();
      case 'close':
        return void close();
    }
  };
};
