/**
 * What TensorFlow.js runs on, and how each of them starts: TensorFlow's C library, a GPU by WebGPU, WebAssembly, plain JavaScript.
 * The first three are packages that a user installs; they are loaded when asked for, and whatever they throw is one error.
 */
import util from 'node:util';
import { backend, enableProdMode, engine, ready, setBackend } from '@tensorflow/tfjs-core';
import { registerWasmKernels } from './tfWasmKernels.ts';
import { startWebgpu } from './tfWebgpu.ts';

export const TF_BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'] as const;
/** The first three are optional; `cpu` is plain JavaScript, for comparisons. */
export type TfBackendName = (typeof TF_BACKENDS)[number];

/** Backends whose numbers are checked before they are trusted: a GPU's driver or kernels may be wrong without any error. */
export const ACCELERATORS: readonly TfBackendName[] = ['tfjs-node-gpu', 'webgpu'];

export interface TfBackend {
  readonly name: TfBackendName;
  /** For people: with the device where one is known. */
  readonly description: string;
  /** Makes it the one that operations run on: TensorFlow.js has one at a time. */
  use(): Promise<void>;
  /** What went wrong on the device without throwing, since the last call. */
  takeFault(): string | undefined;
}

export interface TfBackendOptions {
  /** Whether a graphics driver that computes on the CPU will do, which is slower than `wasm`. */
  readonly allowSoftware?: boolean;
}

/** A backend that does not start, as a user should read it. */
export class TfBackendError extends Error {
  constructor(name: TfBackendName, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(
      `TensorFlow.js does not start on ${name} here. It needs ${NEEDS[name]}. wasm runs everywhere. (${message.trim().split('\n')[0].slice(0, 300)})`,
      { cause },
    );
    this.name = 'TfBackendError';
  }
}

const NEEDS: Readonly<Record<TfBackendName, string>> = {
  'tfjs-node-gpu':
    'the package @tensorflow/tfjs-node-gpu (npm install --no-save --save-prod --ignore-scripts=false @tensorflow/tfjs-node-gpu@4.22.0) with the CUDA that its TensorFlow was built for',
  'tfjs-node': 'the package @tensorflow/tfjs-node, which npm run setup:tensorflow builds',
  webgpu:
    'the package webgpu (npm install --no-save --save-prod webgpu@0.6.2) and a GPU with a driver for Vulkan, Direct3D 12 or Metal',
  wasm: 'the package @tensorflow/tfjs-backend-wasm: run npm ci again',
  cpu: 'the package @tensorflow/tfjs-backend-cpu: run npm ci again',
};

/** Name under which TensorFlow.js knows each. */
const REGISTERED: Readonly<Record<TfBackendName, string>> = {
  'tfjs-node-gpu': 'tensorflow',
  'tfjs-node': 'tensorflow',
  webgpu: 'webgpu',
  wasm: 'wasm',
  cpu: 'cpu',
};

/** What a start finds out. */
interface Started {
  readonly description: string;
  readonly takeFault?: () => string | undefined;
}

const started = new Map<TfBackendName, Promise<TfBackend>>();

/**
 * Starts a backend, once a process, and makes it the current one.
 * @throws TfBackendError saying what it needs
 */
export const startTfBackend = async (
  name: TfBackendName,
  options: TfBackendOptions = {},
): Promise<TfBackend> => {
  let starting = started.get(name);
  if (!starting) {
    starting = start(name, options);
    started.set(name, starting);
  }
  try {
    const tfBackend = await starting;
    await tfBackend.use();
    return tfBackend;
  } catch (error) {
    started.delete(name);
    throw error instanceof TfBackendError ? error : new TfBackendError(name, error);
  }
};

/** The first of `names` that starts. @throws TfBackendError of the last if none does */
export const startFirstTfBackend = async (names: readonly TfBackendName[]): Promise<TfBackend> => {
  let failure: unknown;
  for (const name of names) {
    try {
      return await startTfBackend(name);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
};

const start = async (name: TfBackendName, options: TfBackendOptions): Promise<TfBackend> => {
  // Without its advice to install another package, which it prints once to everyone who runs it in Node.
  enableProdMode();
  const { description, takeFault = () => undefined } = await LOADERS[name](options);
  const registered = REGISTERED[name];
  const use = async (): Promise<void> => {
    if (engine().backendName === registered) return;
    if (!(await setBackend(registered))) throw new Error(`backend ${registered} could not be initialised`);
    await ready();
  };
  await withoutNewListeners(use);
  return { name, description, use, takeFault };
};

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** The WebAssembly module listens for errors of the whole process, to throw them again under a page of its own source. */
const withoutNewListeners = async (action: () => Promise<void>): Promise<void> => {
  const before = PROCESS_EVENTS.map(event => process.listeners(event as 'uncaughtException'));
  await action();
  for (const [i, event] of PROCESS_EVENTS.entries())
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before[i].includes(listener)) process.removeListener(event, listener);
};

const LOADERS: Readonly<Record<TfBackendName, (options: TfBackendOptions) => Promise<Started>>> = {
  'tfjs-node-gpu': () => loadTensorflow('tfjs-node-gpu'),
  'tfjs-node': () => loadTensorflow('tfjs-node'),
  webgpu: ({ allowSoftware = false }) => startWebgpu(allowSoftware),
  wasm: async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    registerWasmKernels();
    return { description: 'WebAssembly' };
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return { description: 'JavaScript' };
  },
};

/** The parts of tfjs-node's backend that are asked. */
interface TensorflowBackend {
  readonly binding?: { readonly TF_Version?: string };
}

const loadTensorflow = async (name: 'tfjs-node-gpu' | 'tfjs-node'): Promise<Started> => {
  restoreUtilities();
  // Products in single precision, not in the ten bits that newer cards would take; whoever sets this has the say.
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  // Not a literal: the package need not be there when this is compiled.
  const specifier: string = `@tensorflow/${name}`;
  await import(specifier);
  await setBackend(REGISTERED[name]);
  const { binding } = backend() as unknown as TensorflowBackend;
  const version = binding?.TF_Version ?? 'of unknown version';
  return { description: `TensorFlow ${version}${name === 'tfjs-node-gpu' ? ' with CUDA' : ''}` };
};

/** tfjs-node 4.22 asks Node's util for what Node 23 took out of it (tensorflow/tfjs#8609). */
const restoreUtilities = (): void => {
  const utilities = util as unknown as Record<string, unknown>;
  utilities['isNullOrUndefined'] = (value: unknown): boolean => value === null || value === undefined;
  utilities['isArray'] = Array.isArray;
};
