/** The ways to run a network: what each needs, where it can be, and what to tell a user when it does not start. */
import { NetworkError } from './networkError.ts';

export const BACKENDS = ['cpu', 'wasm', 'cuda', 'webgpu', 'coreml', 'dml', 'tfjs'] as const;
/** `cpu` is ONNX Runtime's own; `wasm` runs anywhere, and so does `tfjs`, TensorFlow.js; the others are accelerators. */
export type Backend = (typeof BACKENDS)[number];

/** What an option may say: `auto` begins on the CPU and changes to what proves faster. */
export const BACKEND_CHOICES = [...BACKENDS, 'auto'] as const;
export type BackendChoice = (typeof BACKEND_CHOICES)[number];

const NEEDS: Readonly<Record<Backend, string>> = {
  cpu: "ONNX Runtime's native library, which exists for Linux and Windows on x64 and arm64 and for macOS on Apple silicon; --backend wasm runs everywhere",
  wasm: 'the package onnxruntime-web: run npm ci again',
  cuda: "Linux on x64 with an NVIDIA GPU, CUDA 12, cuDNN 9, and ONNX Runtime's CUDA libraries, which npm run install:cuda fetches",
  webgpu:
    'a GPU with a driver for Vulkan (Linux: libvulkan1 and the driver of the card), Direct3D 12 (Windows) or Metal (macOS)',
  coreml: 'macOS on Apple silicon',
  dml: 'Windows with a GPU that knows DirectX 12',
  tfjs: 'the packages of TensorFlow.js: run npm ci again',
};

/** A backend that does not start, as a user should read it. */
export const backendError = (backend: Backend, cause: unknown): NetworkError => {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new NetworkError(
    'backend',
    `backend ${backend} does not start here. It needs ${NEEDS[backend]}. --backend auto or cpu works without. (${firstLine(message)})`,
    { cause },
  );
};

/** Accelerators worth trying on this kind of machine, the likeliest first. */
export const accelerators = (
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): Backend[] => {
  if (platform === 'darwin') return arch === 'arm64' ? ['coreml', 'webgpu'] : [];
  if (platform === 'win32') return ['dml', 'webgpu'];
  return platform === 'linux' && arch === 'x64' ? ['cuda', 'webgpu'] : [];
};

const firstLine = (text: string): string => text.split('\n')[0].slice(0, 300);
