/** The options of every command that runs a network. */
import { InvalidArgumentError, type Command } from 'commander';
import type { Evaluator } from '../../engine/evaluator.ts';
import { BACKEND_CHOICES, type BackendChoice } from '../inference/backends.ts';
import { openEvaluator } from '../inference/evaluator.ts';
import { KERNELS, type Kernel } from '../inference/kernels.ts';
import { wholeNumber } from './position.ts';

export interface NetworkOptions {
  readonly network?: string;
  readonly threads?: number;
  readonly backend?: BackendChoice;
  readonly kernel?: Kernel;
}

/** {@link NetworkOptions} as those take them who open a network. */
export type NetworkChoice = { readonly [Name in keyof NetworkOptions]: NetworkOptions[Name] | undefined };

export const addNetworkOptions = (command: Command): Command =>
  command
    .option('--network <name|file>', 'network of weights/manifest.json, or an ONNX file of the same form')
    .option('--threads <n>', 'threads for the network (default: one a core, at most 4)', wholeNumber(1))
    .option(
      '--backend <name>',
      `what runs the network: ${BACKEND_CHOICES.join(', ')} (default: auto)`,
      readBackend,
    )
    .option(
      '--kernel <name>',
      `form of its convolutions on a CPU: ${KERNELS.join(', ')} (default: auto, the fastest)`,
      readKernel,
    );

/** Those of a command's options that say which network runs, and how. */
export const networkOf = ({ network, threads, backend, kernel }: NetworkOptions): NetworkChoice => ({
  network,
  threads,
  backend,
  kernel,
});

/** Opens the network that the options ask for; without a choice, on the CPU. */
export const openNetwork = ({
  network,
  threads,
  kernel,
  backend = 'auto',
}: NetworkOptions): Promise<Evaluator> =>
  openEvaluator({ network, threads, kernel, ...(backend === 'auto' ? {} : { backend }) });

/** Reads `--backend`. */
export const readBackend = (text: string): BackendChoice => {
  const backend = BACKEND_CHOICES.find(choice => choice === text);
  if (backend === undefined) throw new InvalidArgumentError(`must be one of ${BACKEND_CHOICES.join(', ')}`);
  return backend;
};

const readKernel = (text: string): Kernel => {
  const kernel = KERNELS.find(choice => choice === text);
  if (kernel === undefined) throw new InvalidArgumentError(`must be one of ${KERNELS.join(', ')}`);
  return kernel;
};
