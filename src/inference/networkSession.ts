/** Any network of one input in ONNX Runtime, for a question now and then: in this thread, which waits for it. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { EXACT_SUMS } from './kernels.ts';
import { NetworkError } from './networkError.ts';

/** What comes out under one name. */
export interface NetworkOutput {
  readonly data: Float32Array;
  /** With the batch first. */
  readonly dims: readonly number[];
}

interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<InferenceSession> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dimensions: readonly number[]) => Tensor;
}

export class NetworkSession {
  private readonly session: InferenceSession;
  private readonly runtime: Runtime;

  private constructor(session: InferenceSession, runtime: Runtime) {
    this.session = session;
    this.runtime = runtime;
  }

  /**
   * On the CPU: ONNX Runtime's native library, or its WebAssembly build where that is missing.
   * @param name for messages
   * @throws NetworkError if it is no network
   */
  static async open(bytes: Uint8Array, name: string, threads = 1): Promise<NetworkSession> {
    // Loaded late: where the native library is missing, importing it fails.
    const runtime = (await import('onnxruntime-node').catch(
      () => import('onnxruntime-web'),
    )) as unknown as Runtime;
    try {
      // Nobody waits for it as for a move: networks in whole numbers may take the exact way.
      const options = { intraOpNumThreads: threads, logSeverityLevel: 3, extra: { session: EXACT_SUMS } };
      return new NetworkSession(await runtime.InferenceSession.create(bytes, options), runtime);
    } catch (error) {
      throw new NetworkError('runtime', `ONNX Runtime cannot load ${name}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /**
   * Outputs by name.
   * @param feeds numbers and shapes of the inputs, the batch first
   * @throws NetworkError naming an input that is missing, or what ONNX Runtime has against one
   */
  async run(feeds: Readonly<Record<string, NetworkOutput>>): Promise<Record<string, NetworkOutput>> {
    const { runtime, session } = this;
    const tensors: Record<string, Tensor> = {};
    for (const input of session.inputNames) {
      const feed = feeds[input];
      if (!feed)
        throw new NetworkError(
          'shape',
          `nothing is given for the input "${input}" of ${session.inputNames.join(', ')}`,
        );
      tensors[input] = new runtime.Tensor('float32', feed.data, feed.dims);
    }
    try {
      const results = await session.run(tensors);
      return Object.fromEntries(
        Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }]),
      );
    } catch (error) {
      throw new NetworkError('runtime', `ONNX Runtime cannot run it: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
