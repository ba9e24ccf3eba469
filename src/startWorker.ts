import { Worker, type ResourceLimits } from 'node:worker_threads';

/**
 * Starts a module beside the caller's as a worker thread. From the sources (tests, scripts) the worker has to load TypeScript
 * first; from dist/ it is plain JavaScript.
 * @param name of the module without its ending: './worker'
 * @param caller `import.meta.url` of the caller
 * @param workerData what the worker is given at its start
 * @param resourceLimits what memory it may use; as much as any by default
 */
export const startWorker = (
  name: string,
  caller: string,
  workerData: unknown,
  resourceLimits: ResourceLimits = {},
): Worker => {
  const options = { workerData, resourceLimits };
  if (!caller.endsWith('.ts')) return new Worker(new URL(`${name}.js`, caller), options);
  const url = JSON.stringify(new URL(`${name}.ts`, caller).href);
  const load = `import('tsx/esm/api').then(tsx => { tsx.register(); return import(${url}); })`;
  return new Worker(load, { ...options, eval: true });
};
