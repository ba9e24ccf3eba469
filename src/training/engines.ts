/** The training engines by name. Each is loaded when it is asked for: none needs what another one needs. */
import type { NetworkSpec } from '../models/spec.ts';
import type { LossWeights, TrainingEngine } from './engine.ts';

export const ENGINES = ['onnx', 'tfjs-gpu', 'tfjs-node', 'webgpu', 'wasm', 'tfjs-cpu'] as const;
/**
 * onnx: ONNX Runtime on the CPU, the default. tfjs-gpu, tfjs-node: TensorFlow's C library through @tensorflow/tfjs-node-gpu or
 * tfjs-node. webgpu, wasm, tfjs-cpu: TensorFlow.js's own backends.
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
