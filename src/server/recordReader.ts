/**
 * Reads records in a thread of their own, one after another: a long one takes a second, one made to take long would stop the
 * server for half a minute, and take gigabytes. What takes too long or too much memory is given up, and the next record gets a
 * new thread.
 */
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../startWorker.ts';
import type { ReadGame } from './readSgf.ts';
import type { RecordAnswer } from './recordWorker.ts';
import { RequestError } from './requestError.ts';

/** Ample for the longest record that a board holds, on a busy machine. */
const PATIENCE_MS = 8000;

/**
 * Of the thread's heap. Measured: 140 MB for 20,000 moves with their clocks and names, 250 MB for a file of 480 games, of which the
 * first is read; records made to hurt took from 450 MB to more than 3 GB.
 */
const MOST_HEAP_MB = 384;

/** An idle thread ends after this time: it would keep what memory its records took. */
const IDLE_MS = 30_000;

/** Records that wait for one that is read. */
const MOST_WAITING = 20;

/** What a record may take. */
export interface RecordReaderOptions {
  readonly patienceMs?: number;
  readonly heapMb?: number;
  /** How long the thread waits for the next. */
  readonly idleMs?: number;
}

/** What becomes of a record; the rest of the answers come on the way. */
type Outcome = Exclude<RecordAnswer, 'begun'>;

export class RecordReader {
  private readonly patienceMs: number;
  private readonly heapMb: number;
  private readonly idleMs: number;
  private idle: NodeJS.Timeout | undefined;
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor({
    patienceMs = PATIENCE_MS,
    heapMb = MOST_HEAP_MB,
    idleMs = IDLE_MS,
  }: RecordReaderOptions = {}) {
    this.patienceMs = patienceMs;
    this.heapMb = heapMb;
    this.idleMs = idleMs;
  }

  /**
   * Reads the first game of a file, as readSgf.ts.
   * @throws RequestError `invalid` if it is no record or takes too much, `full` if too many others wait
   */
  async read(bytes: Uint8Array): Promise<ReadGame> {
    if (this.waiting >= MOST_WAITING)
      throw new RequestError('full', 'too many records are being read: try again later');
    this.waiting++;
    clearTimeout(this.idle);
    const reading = this.last.then(() => this.readNow(bytes));
    this.last = reading.catch(() => {});
    try {
      return await reading;
    } finally {
      if (--this.waiting === 0) this.idle = setTimeout(() => void this.close(), this.idleMs).unref();
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.idle);
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private async readNow(bytes: Uint8Array): Promise<ReadGame> {
    const outcome = await this.ask(bytes);
    if ('refusal' in outcome) throw new RequestError('invalid', outcome.refusal);
    if ('failure' in outcome) throw new Error(outcome.failure);
    return outcome.game;
  }

  private ask(bytes: Uint8Array): Promise<Outcome> {
    const worker = (this.worker ??= this.start());
    return new Promise(resolve => {
      // How long the thread takes to start is not the record's fault.
      let timer: NodeJS.Timeout | undefined;
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        worker.off('message', onAnswer).off('error', onError).off('exit', onExit);
        resolve(outcome);
      };
      const onAnswer = (answer: RecordAnswer): void => {
        if (answer === 'begun') timer = setTimeout(onLate, this.patienceMs);
        else settle(answer);
      };
      const onLate = (): void => {
        settle({ refusal: 'the record takes too long to read' });
        void this.close();
      };
      const onError = (error: NodeJS.ErrnoException): void => {
        const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        settle(
          isFull
            ? { refusal: 'the record takes too much memory to read' }
            : { failure: error.stack ?? error.message },
        );
        void this.close();
      };
      const onExit = (): void => settle({ refusal: 'reading the record was broken off' });
      worker.on('message', onAnswer).on('error', onError).on('exit', onExit);
      worker.postMessage(bytes);
    });
  }

  private start(): Worker {
    const limits = { maxOldGenerationSizeMb: this.heapMb };
    const worker = startWorker('./recordWorker', import.meta.url, undefined, limits);
    worker.on('error', () => {});
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    worker.unref();
    return worker;
  }
}
