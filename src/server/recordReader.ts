/**
 * Reads records in a thread of their own, one after another: a long one takes a second, one made to take long would stop the
 * server for half a minute. What takes too long is given up.
 */
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../startWorker.ts';
import type { ReadGame } from './readSgf.ts';
import type { RecordAnswer } from './recordWorker.ts';
import { RequestError } from './requestError.ts';

/** Ample for the longest record that a board holds, on a busy machine. */
const PATIENCE_MS = 8000;

/** Records that wait for one that is read. */
const MOST_WAITING = 20;

export class RecordReader {
  private readonly patienceMs: number;
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** @param patienceMs how long a record may take */
  constructor(patienceMs: number = PATIENCE_MS) {
    this.patienceMs = patienceMs;
  }

  /**
   * Reads the first game of a file, as readSgf.ts.
   * @throws RequestError `invalid` if it is no record or takes too long, `full` if too many others wait
   */
  async read(bytes: Uint8Array): Promise<ReadGame> {
    if (this.waiting >= MOST_WAITING)
      throw new RequestError('full', 'too many records are being read: try again later');
    this.waiting++;
    const reading = this.last.then(() => this.readNow(bytes));
    this.last = reading.catch(() => {});
    try {
      return await reading;
    } finally {
      this.waiting--;
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private async readNow(bytes: Uint8Array): Promise<ReadGame> {
    const answer = await this.ask(bytes);
    if (!answer) {
      await this.close();
      throw new RequestError('invalid', 'the record takes too long to read');
    }
    if ('refusal' in answer) throw new RequestError('invalid', answer.refusal);
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.game;
  }

  /** @returns undefined if no answer comes in time, or the thread ends */
  private ask(bytes: Uint8Array): Promise<Exclude<RecordAnswer, 'begun'> | undefined> {
    const worker = (this.worker ??= this.start());
    return new Promise(resolve => {
      // How long the thread takes to start is not the record's fault.
      let timer: NodeJS.Timeout | undefined;
      const settle = (answer?: Exclude<RecordAnswer, 'begun'>): void => {
        clearTimeout(timer);
        worker.off('message', onAnswer).off('exit', onExit);
        resolve(answer);
      };
      const onExit = (): void => settle();
      const onAnswer = (answer: RecordAnswer): void => {
        if (answer === 'begun') timer = setTimeout(onExit, this.patienceMs);
        else settle(answer);
      };
      worker.on('message', onAnswer).on('exit', onExit);
      worker.postMessage(bytes);
    });
  }

  private start(): Worker {
    const worker = startWorker('./recordWorker', import.meta.url, undefined);
    worker.on('error', () => {});
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    worker.unref();
    return worker;
  }
}
