/**
 * Searches in a thread of their own, so that the thread that asks is free at once. Start reading at {@link openSearchThread}.
 */
import { Worker } from 'node:worker_threads';
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import type { Output } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import type { Judgement } from '../../engine/judge.ts';
import type { SearchParameters } from '../../engine/search/params.ts';
import type { ReportOptions } from '../../engine/search/report.ts';
import type { SearchLimits, ThinkOptions } from '../../engine/search/search.ts';
import type { Point } from '../../engine/types.ts';
import type { BackendChoice } from '../inference/backends.ts';
import { NetworkError } from '../inference/networkError.ts';
import { startWorker } from '../startWorker.ts';
import { onEnd, type SearchLink } from './link.ts';
import type {
  Answer,
  FromSearchThread,
  MoveChoice,
  Outcome,
  PolicyOutcome,
  PolicyTask,
  SearchThreadOptions,
  ToSearchThread,
} from './messages.ts';
import { makePosition } from './position.ts';

export interface RemoteThinkOptions extends Omit<ThinkOptions, 'onProgress' | 'report'>, ReportOptions {
  /** Called with what has been found so far and what the network alone says, every {@link reportEveryMs}. */
  readonly onReport?: (analysis: Analysis, evaluation: Evaluation | undefined) => void;
  /** Milliseconds between reports; needed for {@link onReport}. */
  readonly reportEveryMs?: number;
  /** Milliseconds until the first report; as those between by default. */
  readonly firstReportMs?: number | undefined;
  /** Stops the search. */
  readonly signal?: AbortSignal;
}

/** A request without its answer. */
interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly onReport: RemoteThinkOptions['onReport'] | undefined;
}

/**
 * Starts the thread with its network.
 * @param onBackend called when the network has changed to an accelerator
 * @throws NetworkError if the network cannot be found, read or run
 * @throws RangeError for numbers out of range
 */
export const openSearchThread = async (
  options: SearchThreadOptions = {},
  onBackend?: (backend: BackendChoice) => void,
): Promise<SearchThread> => {
  const worker = startWorker('./thread', import.meta.url, options);
  const ready = await new Promise<Extract<FromSearchThread, { type: 'ready' }>>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new NetworkError('runtime', 'the search thread ended at its start')));
    worker.on('message', (message: FromSearchThread) => {
      if (message.type === 'ready') resolve(message);
      else if (message.type === 'failed') reject(new NetworkError(message.code, message.message));
    });
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  for (const event of ['error', 'exit', 'message']) worker.removeAllListeners(event);
  return new SearchThread(worker, ready, onBackend);
};

export class SearchThread {
  /** Name of the network. */
  readonly name: string;
  readonly outputs: readonly Output[];
  /** Most positions of one batch. */
  readonly maxBatch: number;
  /** Resolves, with the reason, when it answers nothing any more. */
  readonly ended: Promise<Error>;
  private readonly link: SearchLink;
  private readonly waiting = new Map<number, Waiting>();
  private requests = 0;
  private searches = 0;
  private failure: Error | undefined;
  private tellEnd: (reason: Error) => void = () => {};

  /** @param onBackend called when the network has changed to an accelerator */
  constructor(
    link: SearchLink,
    { name, outputs, maxBatch }: { name: string; outputs: readonly Output[]; maxBatch: number },
    onBackend?: (backend: BackendChoice) => void,
  ) {
    this.link = link;
    this.name = name;
    this.outputs = outputs;
    this.maxBatch = maxBatch;
    this.ended = new Promise(resolve => (this.tellEnd = resolve));
    const onMessage = (message: FromSearchThread): void => {
      if (message.type === 'backend') onBackend?.(message.backend);
      else if (message.type === 'failed') this.fail(new NetworkError(message.code, message.message));
      else this.receive(message);
    };
    link.on('message', onMessage);
    if (link instanceof Worker)
      link.on('error', error =>
        this.fail(new NetworkError('runtime', `the search thread failed: ${error.message}`)),
      );
    onEnd(link, () => this.fail(new NetworkError('runtime', 'the search thread has ended')));
    link.unref();
  }

  /** Whether it answers nothing any more: it was closed, or has died. */
  get hasEnded(): boolean {
    return this.failure !== undefined;
  }

  /** A new search with a tree of its own. @throws RangeError for a parameter out of range */
  async newSearch(parameters: Partial<SearchParameters> = {}): Promise<RemoteSearch> {
    const search = new RemoteSearch(this, this.searches++);
    await search.configure(parameters);
    return search;
  }

  /** What the network says of a position, seen in one symmetry or in the mean of all. */
  async evaluate(game: Game, symmetry: number | 'mean'): Promise<Evaluation> {
    const id = this.nextId();
    return (await this.ask(id, {
      type: 'evaluate',
      id,
      position: makePosition(game),
      symmetry,
    })) as Evaluation;
  }

  /** What the bare policy says of a position, and the move it would play if the task asks for one. */
  async askPolicy(game: Game, task: PolicyTask): Promise<PolicyOutcome> {
    const id = this.nextId();
    return (await this.ask(id, {
      type: 'policy',
      id,
      position: makePosition(game),
      task,
    })) as PolicyOutcome;
  }

  /** Which stones are dead, which live in seki: as engine/judge.ts. */
  async judge(game: Game): Promise<Judgement> {
    const id = this.nextId();
    return (await this.ask(id, { type: 'judge', id, position: makePosition(game) })) as Judgement;
  }

  /** Forgets the evaluations that are remembered. */
  clearCache(): void {
    this.post({ type: 'clearCache' });
  }

  /** Stops every search and ends the thread. */
  async close(): Promise<void> {
    if (this.failure) return;
    const ended = new Promise<void>(resolve => {
      onEnd(this.link, resolve);
    });
    this.link.ref();
    this.post({ type: 'close' });
    await ended;
  }

  nextId(): number {
    return this.requests++;
  }

  post(message: ToSearchThread): void {
    this.link.postMessage(message);
  }

  /** Sends a request and waits for its answer. */
  ask(id: number, message: ToSearchThread, onReport?: RemoteThinkOptions['onReport']): Promise<Answer> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      if (this.waiting.size === 0) this.link.ref();
      this.waiting.set(id, { resolve, reject, onReport });
      this.post(message);
    });
  }

  private receive(message: FromSearchThread): void {
    if (message.type === 'report') {
      const { id, search, analysis, evaluation } = message;
      this.waiting.get(id)?.onReport?.(analysis, evaluation);
      this.post({ type: 'taken', search, id });
    }
    if (message.type !== 'answer' && message.type !== 'error') return;
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (this.waiting.size === 0) this.link.unref();
    if (message.type === 'answer') waiting?.resolve(message.answer);
    else
      waiting?.reject(
        message.isRange ? new RangeError(message.message) : new NetworkError('runtime', message.message),
      );
  }

  /** From now on every request is refused; the first reason counts. */
  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
    this.tellEnd(this.failure);
  }
}

/** One search in the thread, as engine/search/search.ts. What is asked of it is done in order. */
export class RemoteSearch {
  private readonly thread: SearchThread;
  private readonly search: number;

  constructor(thread: SearchThread, search: number) {
    this.thread = thread;
    this.search = search;
  }

  /** As {@link Search.think}; a second one waits for the first. The game may change at once. */
  async think(game: Game, limits: SearchLimits = {}, options: RemoteThinkOptions = {}): Promise<Outcome> {
    return this.run(game, limits, options, undefined);
  }

  /** Thinks, and chooses the move to play: {@link Outcome.move}, a point or PASS. */
  async genmove(
    game: Game,
    limits: SearchLimits,
    { cleanup, temperature, seed, ...options }: RemoteThinkOptions & MoveChoice = {},
  ): Promise<Outcome & { readonly move: Point }> {
    const choice = {
      ...(cleanup === undefined ? {} : { cleanup }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(seed === undefined ? {} : { seed }),
    };
    return (await this.run(game, limits, options, choice)) as Outcome & { readonly move: Point };
  }

  /** Changes parameters and forgets the tree. @throws RangeError for a parameter out of range */
  async configure(changes: Partial<SearchParameters>): Promise<void> {
    const id = this.thread.nextId();
    await this.thread.ask(id, { type: 'configure', id, search: this.search, changes });
  }

  /** Forgets the tree. */
  async clear(): Promise<void> {
    const id = this.thread.nextId();
    await this.thread.ask(id, { type: 'clear', id, search: this.search });
  }

  /** Stops it and gives back its tree and parameters; asked again, it begins anew with those by default. */
  async close(): Promise<void> {
    const id = this.thread.nextId();
    await this.thread.ask(id, { type: 'drop', id, search: this.search });
  }

  private async run(
    game: Game,
    limits: SearchLimits,
    options: RemoteThinkOptions,
    choice: MoveChoice | undefined,
  ): Promise<Outcome> {
    const {
      onReport,
      reportEveryMs,
      firstReportMs,
      signal,
      restrictions = [],
      movesOwnership = false,
      ...report
    } = options;
    const id = this.thread.nextId();
    const stop = (): void => this.thread.post({ type: 'stop', search: this.search, id });
    const task = { limits, restrictions, movesOwnership, reportEveryMs, firstReportMs, report, choice };
    const thinking = this.thread.ask(
      id,
      { type: 'think', id, search: this.search, position: makePosition(game), task },
      onReport,
    );
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    try {
      return (await thinking) as Outcome;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}
