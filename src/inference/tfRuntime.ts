/**
 * TensorFlow.js in the form of ONNX Runtime, as far as the inference thread needs it: a session reads a network file, rebuilds the
 * network as a model, and runs that on the best backend there is.
 */
import { readOnnxNetwork } from '../models/importOnnx.ts';
import { sizeOf, type NetworkSpec } from '../models/spec.ts';
import {
  ACCELERATORS,
  startFirstTfBackend,
  startTfBackend,
  type TfBackend,
  type TfBackendName,
} from '../models/tfBackend.ts';
import { buildTfModel, runTfModel } from '../models/tfModel.ts';
import { OnnxError } from '../onnx/onnxFile.ts';
import { NetworkError } from './networkError.ts';

/** What to run on, the fastest first. The last runs everywhere. */
const PREFERENCE: readonly TfBackendName[] = ['tfjs-node-gpu', 'webgpu', 'tfjs-node', 'wasm'];

const SAFE: TfBackendName = 'wasm';

/** Relative, of numbers above 1. */
const TOLERANCE = 1e-3;

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
    const open = (backend: TfBackend): InferenceSession =>
      new InferenceSession(backend, spec, buildTfModel(spec, weights));
    const session = open(await startFirstTfBackend(PREFERENCE));
    if (!ACCELERATORS.includes(session.backend.name)) return session;
    // A GPU may compute something else without any error.
    const reference = open(await startTfBackend(SAFE));
    if (await agrees(session, reference, spec)) {
      await reference.release();
      return session;
    }
    await session.release();
    return reference;
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

/** Whether two sessions say the same of a made-up position. */
const agrees = async (
  session: InferenceSession,
  reference: InferenceSession,
  { nodes }: NetworkSpec,
): Promise<boolean> => {
  const inputs = nodes.filter(({ layer }) => layer.type === 'input');
  const feeds = Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const data = new Float32Array(sizeOf(shape)).map((_, i) => (i % 3 === 0 ? 1 : 0));
      return [name, new Tensor('float32', data, [1, ...shape])];
    }),
  );
  try {
    const [given, expected] = [await session.run(feeds), await reference.run(feeds)];
    return Object.entries(expected).every(([name, { data }]) =>
      data.every(
        (value, i) => Math.abs(given[name].data[i] - value) <= TOLERANCE * Math.max(1, Math.abs(value)),
      ),
    );
  } catch {
    return false;
  }
};

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
