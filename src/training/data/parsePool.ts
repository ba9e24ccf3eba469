/** Reads game records on several threads; what comes out is in the order of what went in, whatever the number of threads. */
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../startWorker.ts';
import type { GameFilters } from './filters.ts';
import type { Outcome, SourceFile } from './readGame.ts';

export interface ToParser {
  readonly id: number;
  readonly files: readonly SourceFile[];
}

export interface FromParser {
  readonly id: number;
  readonly batch: ParsedBatch;
}

/** What a few files gave. */
export interface ParsedBatch {
  /** Number of files. */
  readonly files: number;
  readonly outcomes: readonly Outcome[];
}

interface Waiting {
  readonly resolve: (batch: ParsedBatch) => void;
  readonly reject: (error: Error) => void;
}

/** Files that travel together. */
const BATCH_FILES = 64;
const BATCH_BYTES = 2 ** 20;
/** Batches under way for each thread. */
const AHEAD = 3;

/**
 * The games of all files, batch by batch, in order.
 * @throws Error if a thread fails, or what `files` throws
 */
export async function* parseFiles(
  files: AsyncIterable<SourceFile>,
  filters: GameFilters,
  threads: number,
): AsyncGenerator<ParsedBatch> {
  const pool = new ParsePool(filters, threads);
  const underWay: Promise<ParsedBatch>[] = [];
  try {
    for await (const batch of inBatches(files)) {
      underWay.push(pool.parse(batch));
      if (underWay.length >= AHEAD * threads) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await pool.close();
    await Promise.allSettled(underWay);
  }
}

async function* inBatches(files: AsyncIterable<SourceFile>): AsyncGenerator<SourceFile[]> {
  let batch: SourceFile[] = [];
  let bytes = 0;
  for await (const file of files) {
    batch.push(file);
    bytes += file.bytes.length;
    if (batch.length < BATCH_FILES && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Threads that take turns. */
class ParsePool {
  private readonly workers: readonly Worker[];
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private failure: Error | undefined;

  constructor(filters: GameFilters, threads: number) {
    this.workers = Array.from({ length: threads }, () =>
      startWorker('./parseWorker', import.meta.url, filters),
    );
    for (const worker of this.workers) {
      worker.on('message', ({ id, batch }: FromParser) => {
        this.waiting.get(id)?.resolve(batch);
        this.waiting.delete(id);
      });
      worker.on('error', error => this.fail(error));
      worker.on('exit', code => this.fail(new Error(`a thread that reads games ended with code ${code}`)));
    }
  }

  parse(files: readonly SourceFile[]): Promise<ParsedBatch> {
    const id = this.count++;
    const parsed = new Promise<ParsedBatch>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      if (this.failure) this.fail(this.failure);
    });
    // Batches later in line may fail before their turn comes to be waited for.
    parsed.catch(() => {});
    const message: ToParser = { id, files };
    this.workers[id % this.workers.length].postMessage(message);
    return parsed;
  }

  async close(): Promise<void> {
    this.fail(new Error('the threads were ended'));
    await Promise.all(this.workers.map(worker => worker.terminate()));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}
