/**
 * The evaluator on ONNX Runtime: encodes positions in the caller's thread, runs the network in a worker, and turns its raw
 * outputs into priors over legal moves. Start reading at {@link openEvaluator}.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Dimensions } from '../../engine/coords.ts';
import type { Batch, Evaluator, Output } from '../../engine/evaluator.ts';
import type { Backend } from './backends.ts';
import type { NetworkForm } from './contract.ts';
import { startWorker } from '../startWorker.ts';
import {
  ALL_DIRECT,
  hasForms,
  kernelKey,
  readLeastBatches,
  writeLeastBatches,
  type Kernel,
  type LeastBatches,
} from './kernels.ts';
import { int8Path, readInt8, readNetwork, type NetworkFile } from './manifest.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { NetworkError } from './networkError.ts';
import { OnnxBatch, type BatchRunner } from './onnxBatch.ts';

export interface EvaluatorOptions {
  /** Name in weights/manifest.json or path of an .onnx file; the manifest's default network if left out. */
  readonly network?: string | undefined;
  /** Most positions of one batch; {@link DEFAULT_MAX_BATCH} by default. */
  readonly maxBatch?: number;
  /** Threads of ONNX Runtime; by default one per core, at most {@link MOST_THREADS}. */
  readonly threads?: number | undefined;
  /** `cpu` by default, and `wasm` where that does not exist. */
  readonly backend?: Backend | undefined;
  /** `auto` by default, which may be a little less exact than `float` (kernels.ts). */
  readonly kernel?: Kernel | undefined;
}

export const DEFAULT_MAX_BATCH = 16;

/** More threads than this gain nothing on one small network. */
const MOST_THREADS = 4;

/**
 * Starts a network in a worker of its own.
 * @throws NetworkError if the network cannot be found, read or run
 * @throws RangeError unless maxBatch and threads are whole numbers from 1
 */
export const openEvaluator = async (options: EvaluatorOptions = {}): Promise<NetworkEvaluator> => {
  const {
    maxBatch = DEFAULT_MAX_BATCH,
    threads = Math.min(availableParallelism(), MOST_THREADS),
    kernel = 'auto',
  } = options;
  for (const [what, value] of Object.entries({ maxBatch, threads })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${what} ${value}: must be a whole number from 1`);
  }
  const file = await readNetwork(options.network);
  const int8 = hasForms(options.backend ?? 'cpu') ? await readInt8For(file, kernel) : undefined;
  const open = async (backend: Backend): Promise<NetworkEvaluator> => {
    const { name, bytes } = file;
    const network = { name, bytes, int8, backend, threads, maxBatch };
    return openBackend({ ...network, least: await findLeast(network, kernel) });
  };
  if (options.backend !== undefined) return open(options.backend);
  try {
    return await open('cpu');
  } catch (error) {
    // No native library for this machine.
    if (error instanceof NetworkError && error.code === 'backend') return open('wasm');
    throw error;
  }
};

type Ready = Extract<FromWorker, { type: 'ready' }>;
type WorkerNetwork = Omit<WorkerStart, 'least'>;

/**
 * The network in whole numbers, where it is a choice. One that was made of another network is none: training may have gone on.
 * @throws NetworkError if it is the only choice, and not there
 */
const readInt8For = async (file: NetworkFile, kernel: Kernel): Promise<Uint8Array | undefined> => {
  if (kernel !== 'auto' && kernel !== 'int8') return undefined;
  const int8 = await readInt8(file).catch((error: unknown) => {
    if (kernel === 'auto' && error instanceof NetworkError && error.code === 'hash') return undefined;
    throw error;
  });
  if (kernel === 'int8' && !int8)
    throw new NetworkError(
      'missing',
      `network ${file.name} has no form in whole numbers: hane quantize makes it, as ${int8Path(file.path)}`,
    );
  return int8;
};

/** What is known of the forms of a network; undefined if it has to be measured. */
const findLeast = async (network: WorkerNetwork, kernel: Kernel): Promise<LeastBatches | undefined> => {
  if (!hasForms(network.backend) || kernel === 'direct') return ALL_DIRECT;
  return kernel === 'winograd' || kernel === 'int8'
    ? { ...ALL_DIRECT, [kernel]: 1 }
    : readLeastBatches(keyOf(network));
};

const keyOf = ({ bytes, int8, backend, threads, maxBatch }: WorkerNetwork): string =>
  kernelKey(int8 ? [bytes, int8] : [bytes], backend, threads, maxBatch);

const openBackend = async (start: WorkerStart): Promise<NetworkEvaluator> => {
  const { name } = start;
  const worker = startWorker('./worker', import.meta.url, start);
  const ready = await new Promise<Ready>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new NetworkError('runtime', `the inference thread of network ${name} ended at its start`)),
    );
    worker.once('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve(message);
      else if (message.type === 'failed') reject(new NetworkError(message.code, message.message));
    });
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  for (const event of ['error', 'exit', 'message']) worker.removeAllListeners(event);
  // It hears of the thread's end from now on.
  const evaluator = new OnnxEvaluator(worker, start, ready);
  if (start.least === undefined) await writeLeastBatches(keyOf(start), ready.least);
  return evaluator;
};

/** An evaluator that says how it runs its network, and that can be left to end by itself. */
export interface NetworkEvaluator extends Evaluator {
  readonly backend: Backend;
  /** Which batches run in which form. */
  readonly least: LeastBatches;
  /** Whether it evaluates nothing any more: its thread has died, or it was closed. */
  readonly hasEnded: boolean;
  /** Closes as soon as every batch has been given back. */
  retire(): void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class OnnxEvaluator implements NetworkEvaluator, BatchRunner {
  readonly backend: Backend;
  readonly least: LeastBatches;
  readonly name: string;
  readonly form: NetworkForm;
  readonly maxBatch: number;
  private readonly worker: Worker;
  private readonly free: OnnxBatch[] = [];
  private readonly waiting = new Map<number, Waiting>();
  private batches = 0;
  private taken = 0;
  private isRetired = false;
  private failure: Error | undefined;
  private closing: Promise<void> | undefined;
  /** Resolves when the thread has ended. */
  private readonly ended: Promise<void>;

  constructor(worker: Worker, { name, maxBatch, backend }: WorkerNetwork, ready: Ready) {
    this.backend = backend;
    this.name = name;
    this.form = ready.form;
    this.least = ready.least;
    this.worker = worker;
    this.maxBatch = maxBatch;
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', error =>
      this.fail(
        new NetworkError('runtime', `the inference thread failed: ${error.message}`, { cause: error }),
      ),
    );
    this.ended = new Promise(resolve => {
      worker.on('exit', code => {
        this.fail(new NetworkError('runtime', `the inference thread ended with code ${code}`));
        resolve();
      });
    });
    worker.unref();
  }

  get outputs(): readonly Output[] {
    return this.form.outputs;
  }

  get hasEnded(): boolean {
    return this.failure !== undefined;
  }

  begin(): Batch {
    this.taken++;
    return this.free.pop() ?? new OnnxBatch(this);
  }

  giveBack(batch: OnnxBatch): void {
    this.free.push(batch);
    this.taken--;
    if (this.isRetired && this.taken === 0) void this.close();
  }

  retire(): void {
    this.isRetired = true;
    if (this.taken === 0) void this.close();
  }

  nextId(): number {
    return this.batches++;
  }

  share(id: number, dimensions: Dimensions, memory: SharedArrayBuffer): void {
    const { width, height } = dimensions;
    this.post({ type: 'batch', batch: id, dimensions: { width, height }, memory });
  }

  forget(id: number): void {
    this.post({ type: 'forget', batch: id });
  }

  run(id: number, count: number): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      if (this.waiting.size === 0) this.worker.ref();
      this.waiting.set(id, { resolve, reject });
      this.post({ type: 'run', batch: id, count });
    });
  }

  async close(): Promise<void> {
    if (this.closing) return this.closing;
    this.fail(new NetworkError('runtime', `network ${this.name} was closed`));
    this.closing = this.ended;
    this.worker.ref();
    this.post({ type: 'close' });
    return this.closing;
  }

  private post(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private receive(message: FromWorker): void {
    if (message.type !== 'done') return;
    const waiting = this.waiting.get(message.batch);
    this.waiting.delete(message.batch);
    if (this.waiting.size === 0) this.worker.unref();
    if (message.error === undefined) waiting?.resolve();
    else waiting?.reject(new NetworkError('runtime', message.error));
  }

  /** From now on every run is rejected; the first reason counts. */
  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}
