/**
 * The inference thread: the only place that runs ONNX Runtime, whose run() blocks the thread it is called on.
 *
 * One session for each board size and form of the network (kernels.ts), made when the first batch comes that needs it; those used
 * last are kept. Inputs are copied once out of shared memory, which the native binding does not accept ("Invalid argument",
 * onnxruntime-node 1.30).
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Dimensions } from '../../engine/coords.ts';
import { PADDING } from '../../features/planes.ts';
import { backendError } from './backends.ts';
import { decodeNetwork, formOf, type NetworkForm } from './contract.ts';
import { KeptSessions } from './keptSessions.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import {
  ALL_DIRECT,
  findLeastBatches,
  formOfBatch,
  partSize,
  settingsOf,
  type Form,
  type LeastBatches,
} from './kernels.ts';
import { NetworkError } from './networkError.ts';
import { encodeOnnx } from '../onnx/onnxFile.ts';
import { TRAINED_SIZE, resizeNetwork } from './resize.ts';
import { layOut, type SharedBatch } from './sharedBatch.ts';
import { addsWholeSums } from './wholeSums.ts';
import { makeWinogradForm } from './winogradForm.ts';

interface WorkerBatch {
  readonly dimensions: Dimensions;
  readonly shared: SharedBatch;
}

/** Sessions that are kept: for the three usual sizes in two forms. One takes up to 25 MB, and a fraction of a second to make. */
const MOST_SESSIONS = 6;

const { name, bytes, int8, backend, threads, maxBatch, least: known } = workerData as WorkerStart;
const port = parentPort!;
const sessions = new KeptSessions<InferenceSession>(MOST_SESSIONS);
const batches = new Map<number, WorkerBatch>();
let planes = new Float32Array(0);
/** Which batches run in which form. */
let least = known ?? ALL_DIRECT;

/** The parts of ONNX Runtime that both of its packages have, and that TensorFlow.js is given. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<InferenceSession> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dimensions: readonly number[]) => Tensor;
  readonly env: { logLevel?: string; wasm?: { numThreads?: number } };
}

/** The runtime of a backend; each is a package of its own. */
const importRuntime = (): Promise<unknown> => {
  if (backend === 'tfjs') return import('./tfRuntime.ts');
  return import(backend === 'wasm' ? 'onnxruntime-web' : 'onnxruntime-node');
};

/** Loaded late: where the native library is missing, importing it fails, and the WebAssembly build has to do. */
const loadRuntime = async (): Promise<Runtime> => {
  try {
    const runtime = (await importRuntime()) as Runtime;
    runtime.env.logLevel = backend === 'cpu' ? 'error' : 'fatal';
    if (backend === 'wasm' && runtime.env.wasm) runtime.env.wasm.numThreads = threads;
    return runtime;
  } catch (error) {
    throw backendError(backend, error);
  }
};

let runtime: Runtime;

const send = (message: FromWorker): void => port.postMessage(message);

/** How whole numbers are added here; found out before the first session that needs it. */
let addsWhole: boolean | undefined;

const createSession = async (model: Uint8Array, form: Form): Promise<InferenceSession> => {
  const open = (some: Uint8Array, extra: object): Promise<InferenceSession> =>
    runtime.InferenceSession.create(some, {
      executionProviders: [backend],
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'all',
      extra,
    });
  try {
    if (form === 'int8')
      addsWhole ??= await addsWholeSums({
        open: sum => open(sum, settingsOf('direct')),
        Tensor: runtime.Tensor,
      });
    return await open(model, settingsOf(form, addsWhole));
  } catch (error) {
    if (error instanceof NetworkError) throw error;
    if (backend !== 'cpu') throw backendError(backend, error);
    throw new NetworkError(
      'runtime',
      `ONNX Runtime cannot load network ${name}: ${(error as Error).message}`,
      { cause: error },
    );
  }
};

const sessionName = ({ width, height }: Dimensions, form: Form): string => `${width}x${height} ${form}`;

const sessionFor = (dimensions: Dimensions, form: Form): Promise<InferenceSession> =>
  sessions.get(sessionName(dimensions, form), () => makeSession(dimensions, form));

const makeSession = (dimensions: Dimensions, form: Form): Promise<InferenceSession> => {
  const file = form === 'int8' && int8 ? int8 : bytes;
  const isTrained = dimensions.width === TRAINED_SIZE && dimensions.height === TRAINED_SIZE;
  if (isTrained && form !== 'winograd') return createSession(file, form);
  const model = decodeNetwork(file, name);
  if (!isTrained) resizeNetwork(model, dimensions);
  if (form !== 'winograd') return createSession(encodeOnnx(model), form);
  // A network that has no such form is the same in both.
  const rewritten = makeWinogradForm(model);
  return createSession(encodeOnnx(rewritten ?? model), rewritten ? form : 'direct');
};

const FULL_SIZE: Dimensions = { width: TRAINED_SIZE, height: TRAINED_SIZE };

/** Times the forms on empty boards; what does not even load is no choice. */
const calibrate = async ({ planes: count, takesKomi, outputs }: NetworkForm): Promise<LeastBatches> => {
  const runForm = async (form: Form, positions: number): Promise<void> => {
    const session = await sessionFor(FULL_SIZE, form);
    const side = TRAINED_SIZE + 2 * PADDING;
    const empty = new Float32Array(positions * count * side * side);
    await session.run(
      {
        planes: new runtime.Tensor('float32', empty, [positions, count, side, side]),
        ...(takesKomi
          ? { komi: new runtime.Tensor('float32', new Float32Array(positions), [positions]) }
          : {}),
      },
      outputs,
    );
  };
  const hasWinograd = makeWinogradForm(decodeNetwork(bytes, name)) !== undefined;
  const forms = [...(hasWinograd ? (['winograd'] as const) : []), ...(int8 ? (['int8'] as const) : [])];
  try {
    return await findLeastBatches(runForm, maxBatch, forms);
  } catch {
    return ALL_DIRECT;
  }
};

const run = async (form: NetworkForm, batch: WorkerBatch, count: number): Promise<void> => {
  const kind = formOfBatch(least, count);
  const session = await sessionFor(batch.dimensions, kind);
  const most = partSize(kind, count);
  for (let from = 0; from < count; from += most)
    await runPart(session, form, batch, from, Math.min(most, count - from));
};

/** Runs the positions of a batch from one on. */
const runPart = async (
  session: InferenceSession,
  form: NetworkForm,
  { dimensions, shared }: WorkerBatch,
  from: number,
  count: number,
): Promise<void> => {
  const size = shared.planes.length / maxBatch;
  const length = size * count;
  if (planes.length < length) planes = new Float32Array(length);
  planes.set(shared.planes.subarray(size * from, size * (from + count)));
  const shape = [count, form.planes, dimensions.height + 4, dimensions.width + 4];
  const feeds: Record<string, Tensor> = {
    planes: new runtime.Tensor('float32', planes.subarray(0, length), shape),
  };
  if (form.takesKomi)
    feeds['komi'] = new runtime.Tensor('float32', shared.komi.slice(from, from + count), [count]);
  const results = await session.run(feeds, form.outputs);
  for (const output of form.outputs) {
    const data = results[output].data as Float32Array;
    shared.outputs[output]!.set(data, (data.length / count) * from);
  }
};

const close = async (): Promise<void> => {
  await sessions.release();
  port.close();
};

const start = async (): Promise<void> => {
  runtime = await loadRuntime();
  const form = formOf(decodeNetwork(bytes, name), name);
  await sessionFor(FULL_SIZE, formOfBatch(least, 1));
  if (known === undefined) {
    least = await calibrate(form);
    const used = [1, maxBatch].map(positions => sessionName(FULL_SIZE, formOfBatch(least, positions)));
    await sessions.keepOnly(new Set(used));
  }
  // One run after another: they share the input buffer, and two at once would only fight for the same cores.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    if (message.type === 'batch') {
      const { batch, dimensions, memory } = message;
      batches.set(batch, { dimensions, shared: layOut(form, dimensions, maxBatch, memory) });
      return;
    }
    if (message.type === 'forget') {
      batches.delete(message.batch);
      return;
    }
    if (message.type === 'close') {
      last = last.then(close);
      return;
    }
    const { batch, count } = message;
    const asked = batches.get(batch)!;
    last = last
      .then(() => run(form, asked, count))
      .then(
        () => send({ type: 'done', batch }),
        (error: unknown) =>
          send({ type: 'done', batch, error: error instanceof Error ? error.message : String(error) }),
      );
  });
  send({ type: 'ready', form, least });
};

start().catch((error: unknown) => {
  const code = error instanceof NetworkError ? error.code : 'runtime';
  send({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
});
