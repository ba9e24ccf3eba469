/**
 * TensorFlow.js on a GPU by WebGPU, through Dawn (the package webgpu). Guards against what went wrong in trials: a driver that
 * computes on the CPU is refused unless wanted, and errors of the device, which do not throw, are kept to be asked for. That its
 * numbers are right has to be checked by whoever computes with it.
 */
import { backend, setBackend } from '@tensorflow/tfjs-core';

/** The parts of WebGPU that are asked; lib.dom is not there in Node. */
interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}
interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: AdapterInfo;
}
interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}
interface Device {
  addEventListener(type: 'uncapturederror', listener: (event: DeviceErrorEvent) => void): void;
}
interface DeviceErrorEvent {
  readonly error: { readonly message: string };
  preventDefault?(): void;
}
interface Dawn {
  create(flags: readonly string[]): Gpu;
  readonly globals: object;
}

/** Words by which drivers without a GPU call themselves. */
const SOFTWARE = /software|swiftshader|llvmpipe|lavapipe|basic render/i;

/** @throws Error if there is no GPU, or only a software one that is not wanted */
export const startWebgpu = async (
  allowSoftware: boolean,
): Promise<{ readonly description: string; readonly takeFault: () => string | undefined }> => {
  const specifier: string = 'webgpu';
  const dawn = (await import(specifier)) as Dawn;
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no graphics driver was found');
  const { info = {} } = adapter;
  const description = [info.vendor, info.architecture, info.device, info.description]
    .filter(Boolean)
    .join(' ');
  const isSoftware = adapter.isFallbackAdapter || info.isFallbackAdapter || SOFTWARE.test(description);
  if (isSoftware && !allowSoftware)
    throw new Error(`the driver "${description}" computes on the CPU, slower than wasm does`);
  Object.assign(globalThis, dawn.globals);
  putOnNavigator(gpu);
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await setBackend('webgpu'))) throw new Error(`the driver "${description}" gave no device`);
  const { device } = backend() as unknown as { readonly device: Device };
  let fault: string | undefined;
  device.addEventListener('uncapturederror', event => {
    fault ??= event.error.message;
    event.preventDefault?.();
  });
  const takeFault = (): string | undefined => {
    const taken = fault;
    fault = undefined;
    return taken;
  };
  return { description: `WebGPU on ${description || 'an unnamed device'}`, takeFault };
};

/** Where TensorFlow.js looks for it. Node has a navigator from version 21 on. */
const putOnNavigator = (gpu: Gpu): void => {
  const { navigator } = globalThis as { navigator?: object };
  if (navigator) Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  else Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
};
