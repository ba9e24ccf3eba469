/** The training engines by name. Each is loaded when it is asked for: none needs what another one needs. */
import type { NetworkSpec } from '../models/spec.ts';
import { EngineError, type LossWeights, type TrainingEngine } from './engine.ts';

export const ENGINES = ['onnx', 'tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'] as const;
/**
 * onnx: ONNX Runtime on the CPU, the default. The others are backends of TensorFlow.js: its C library with and without CUDA, a GPU by
 * WebGPU, WebAssembly, and plain JavaScript, which is for comparisons only.
 */
export type EngineName = (typeof ENGINES)[number];

export const METHODS = ['muon', 'adamw', 'sgd'] as const;
/** Optimisers; Muon is for convolution kernels only. */
export type Method = (typeof METHODS)[number];

export interface EngineOptions {
  /** Positions of a batch. */
  readonly positions: number;
  readonly threads: number;
  /** Of convolution kernels, and of everything else. */
  readonly methods: { readonly kernels: Method; readonly rest: Exclude<Method, 'muon'> };
  readonly lossWeights: LossWeights;
}

/** @throws Error if the engine cannot be had on this machine */
export const openEngine = async (
  name: EngineName,
  spec: NetworkSpec,
  options: EngineOptions,
): Promise<TrainingEngine> => {
  if (name === 'onnx') {
    const { OnnxEngine } = await import('./onnxEngine.ts').catch((error: Error) => {
      throw new EngineError(
        `ONNX Runtime has no native library for this machine (${error.message.split('\n')[0]}): take --engine wasm`,
        { cause: error },
      );
    });
    return OnnxEngine.create(spec, options);
  }
  const { TfEngine } = await import('./tf/tfEngine.ts');
  return TfEngine.create(name, spec, options);
};
