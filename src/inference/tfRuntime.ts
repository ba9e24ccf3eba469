/**
 * TensorFlow.js in the form of ONNX Runtime, as far as the inference thread needs it: a session reads a network file, rebuilds the
 * network as a model, and runs that on the best backend there is.
 */
import { readOnnxNetwork } from '../models/importOnnx.ts';
import type { NetworkSpec } from '../models/spec.ts';
import { startFirstTfBackend, type TfBackend, type TfBackendName } from '../models/tfBackend.ts';
import { buildTfModel, runTfModel } from '../models/tfModel.ts';
import { OnnxError } from '../onnx/onnxFile.ts';
import { NetworkError } from './networkError.ts';

/** What to run on, the fastest first. The last runs everywhere. */
const PREFERENCE: readonly TfBackendName[] = ['tfjs-node-gpu', 'webgpu', 'tfjs-node', 'wasm'];

/** Numbers with their shape, the batch first. */
export class Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];

  constructor(_type: 'float32', data: Float32Array, dims: readonly number[]) {
    this.data = data;
    this.dims = dims;
  }
}

type Model = ReturnType<typeof buildTfModel>;

export class InferenceSession {
  private readonly backend: TfBackend;
  private readonly spec: NetworkSpec;
  private readonly model: Model;

  private constructor(backend: TfBackend, spec: NetworkSpec, model: Model) {
    this.backend = backend;
    this.spec = spec;
    this.model = model;
  }

  /**
   * @param bytes of an ONNX file
   * @throws NetworkError if TensorFlow.js has no layers for what is in the file
   * @throws TfBackendError if not even WebAssembly starts
   */
  static async create(bytes: Uint8Array): Promise<InferenceSession> {
    const { spec, weights } = readNetwork(bytes);
    const backend = await startFirstTfBackend(PREFERENCE);
    return new InferenceSession(backend, spec, buildTfModel(spec, weights));
  }

  /** Outputs by name. @throws Error if the device failed meanwhile, so that its numbers are worth nothing */
  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    await this.backend.use();
    const positions = feeds['planes'].dims[0];
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, data]));
    const results = await runTfModel(this.model, this.spec, inputs, positions);
    const fault = this.backend.takeFault();
    if (fault !== undefined) throw new Error(`${this.backend.description} failed: ${fault}`);
    return Object.fromEntries(
      Object.entries(results).map(([name, data]) => [
        name,
        new Tensor('float32', data, [positions, data.length / positions]),
      ]),
    );
  }

  async release(): Promise<void> {
    await this.backend.use();
    this.model.dispose();
  }
}

/** ONNX Runtime's settings; there are none here. */
export const env: { logLevel?: string } = {};

const readNetwork = (bytes: Uint8Array): ReturnType<typeof readOnnxNetwork> => {
  try {
    return readOnnxNetwork(bytes, 'the network');
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new NetworkError('format', `backend tfjs: ${error.message}. --backend cpu may run it`, {
      cause: error,
    });
  }
};
