/**
 * Batches for training, made ahead of time by worker threads. Batch number b holds the draws b * positions and following of the
 * sampler, whatever the number of threads, and batches come in order.
 */
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../startWorker.ts';
import { makeBatch, type Batch } from './batch.ts';
import type { DatasetMemory, Split } from './data/dataset.ts';
import type { FillOptions } from './fillPosition.ts';
import type { SamplerOptions } from './sampler.ts';

export interface FeederOptions {
  readonly memory: DatasetMemory;
  readonly split: Split;
  readonly sampler: SamplerOptions;
  readonly fill: FillOptions;
  /** Planes of the network: 48. */
  readonly planes: number;
  /** Positions of a batch. */
  readonly positions: number;
  /** Threads; one fills about 5,000 positions a second. */
  readonly threads?: number;
}

export type FeederStart = Omit<FeederOptions, 'threads'>;

export interface ToFeeder {
  /** First draw of the batch. */
  readonly first: number;
  readonly buffer: ArrayBuffer;
}

export type FromFeeder = ToFeeder;

/** Batches under way for each thread. */
const AHEAD = 2;

export class Feeder {
  private readonly positions: number;
  private readonly planes: number;
  private readonly workers: readonly Worker[];
  private readonly ready = new Map<number, ArrayBuffer>();
  private waiting:
    | { readonly resolve: (batch: Batch) => void; readonly reject: (error: Error) => void }
    | undefined;
  private wanted: number;
  private asked: number;
  private failure: Error | undefined;

  /** @param first draw of the first batch */
  constructor(options: FeederOptions, first = 0) {
    const { threads = 1, ...start } = options;
    this.positions = options.positions;
    this.planes = options.planes;
    this.wanted = first;
    this.asked = first;
    this.workers = Array.from({ length: threads }, () =>
      startWorker('./feederWorker', import.meta.url, start),
    );
    for (const worker of this.workers) {
      worker.on('message', ({ first: at, buffer }: FromFeeder) => {
        this.ready.set(at, buffer);
        this.serve();
      });
      worker.on('error', error => this.fail(error));
      worker.on('exit', code => this.fail(new Error(`a thread that makes batches ended with code ${code}`)));
    }
    const { byteLength } = makeBatch(this.planes, this.positions).planes.buffer;
    for (let i = 0; i < AHEAD * threads; i++) this.ask(new ArrayBuffer(byteLength));
  }

  /** The next batch. It is the caller's until given back. @throws Error if a thread failed */
  next(): Promise<Batch> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.serve();
    });
  }

  /** Gives a batch back: its memory serves the next one. */
  giveBack(batch: Batch): void {
    this.ask(batch.planes.buffer as ArrayBuffer);
  }

  async close(): Promise<void> {
    this.failure = new Error('the feeder was closed');
    await Promise.all(this.workers.map(worker => worker.terminate()));
  }

  private ask(buffer: ArrayBuffer): void {
    const index = this.asked / this.positions;
    const message: ToFeeder = { first: this.asked, buffer };
    this.workers[index % this.workers.length].postMessage(message, [buffer]);
    this.asked += this.positions;
  }

  private serve(): void {
    const buffer = this.ready.get(this.wanted);
    if (!buffer || !this.waiting) return;
    const { resolve } = this.waiting;
    this.waiting = undefined;
    this.ready.delete(this.wanted);
    this.wanted += this.positions;
    resolve(makeBatch(this.planes, this.positions, buffer));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.waiting = undefined;
  }
}
