/** `hane export`: weights in training form to the file that the engine plays with, checked against its source. */
import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { decodeNetwork, formOf } from '../inference/contract.ts';
import { readManifest, type Manifest, type ManifestEntry } from '../inference/manifest.ts';
import { GO_NETWORKS, goNetwork, type GoNetworkOptions } from '../models/goNetworks.ts';
import { SpecError, type NetworkSpec } from '../models/spec.ts';
import { CheckpointError, readWeights } from '../training/checkpoint.ts';
import {
  EXPORT_TOLERANCE,
  compareExport,
  exportNetwork,
  servedOutputs,
  type ExportedNetwork,
} from '../training/exportNetwork.ts';
import { readInitialWeights } from '../training/initialWeights.ts';
import { UserError } from './errors.ts';
import { wholeNumber, writeOutput } from './position.ts';
import { samplePositions } from './samplePositions.ts';

interface ExportOptions {
  readonly out: string;
  readonly network?: string;
  readonly games?: string;
  readonly positions: number;
  readonly manifest?: string;
  readonly name?: string;
  readonly trainedOn?: string;
  readonly default?: boolean;
}

/** Adds the command `export`. */
export const addExportCommand = (program: Command): void => {
  program
    .command('export')
    .description('fold the weights of a run and write them as the ONNX file that the engine plays with')
    .argument('<weights.safetensors>', 'a checkpoint (the mean of its weights is taken) or weights alone')
    .requiredOption('--out <file.onnx>', 'file to write')
    .option(
      '--network <name>',
      `what the weights are of, if the file does not say: ${GO_NETWORKS.join(', ')}`,
    )
    .option('--games <path>', 'records to take the positions of the check from (default: games at random)')
    .option('--positions <n>', 'positions of the check', wholeNumber(1), 200)
    .option('--manifest <file>', 'add an entry to this manifest; the network has to lie beside it')
    .option('--name <name>', 'name in the manifest (default: that of the file)')
    .option('--trained-on <text>', 'what the manifest says it learned from')
    .option('--default', 'make it the default of the manifest')
    .action(runExport);
};

const runExport = async (path: string, options: ExportOptions): Promise<void> => {
  try {
    const manifest = options.manifest === undefined ? undefined : await openManifest(options);
    const { name, spec, outputs } = await specOf(path, options.network);
    if (manifest && !outputs.includes('policy'))
      throw new UserError(`${path}: network ${name} has no policy; a manifest is of networks that can play`);
    const { weights, missing } = await readInitialWeights(path, spec);
    if (missing.length > 0)
      throw new UserError(`${path} has no ${missing.join(', ')}: it is not of network ${name}`);
    const exported = exportNetwork(spec, weights, outputs);
    const games = await samplePositions(options.games, options.positions);
    const differences = await compareExport(spec, weights, exported.bytes, games);
    const report = [...differences].map(([output, difference]) => `${output} ${difference.toExponential(1)}`);
    const worst = Math.max(...differences.values());
    if (!(worst <= EXPORT_TOLERANCE))
      throw new UserError(
        `the folded network differs from its source by more than ${EXPORT_TOLERANCE}: ${report.join(', ')}; nothing was written`,
      );
    await writeOutput(options.out, exported.bytes);
    process.stdout.write(
      `${options.out}: ${name}, ${exported.parameters} parameters, ${(exported.bytes.length / 1e6).toFixed(1)} MB\n` +
        `greatest difference to its source on ${games.length} positions: ${report.join(', ')}\n`,
    );
    if (manifest) await addEntry(manifest, spec, exported, options);
  } catch (error) {
    const isExpected = error instanceof CheckpointError || error instanceof SpecError;
    throw isExpected ? new UserError(error.message, { cause: error }) : error;
  }
};

/** The network that a file says, or that the option names. */
const specOf = async (
  path: string,
  given: string | undefined,
): Promise<{ name: string; spec: NetworkSpec; outputs: readonly string[] }> => {
  const { metadata, tensors } = await readWeights(path);
  const settings = metadata['settings'] === undefined ? {} : (JSON.parse(metadata['settings']) as Settings);
  const name = given ?? settings.network ?? guess([...tensors.keys()], tensors);
  if (name === undefined)
    throw new UserError(`${path} does not say what network it is of: name it with --network`);
  const spec = goNetwork(name, settings.networkOptions);
  return { name, spec, outputs: settings.outputs ?? servedOutputs(spec) };
};

interface Settings {
  readonly network?: string;
  readonly networkOptions?: GoNetworkOptions;
  readonly outputs?: readonly string[];
}

/** A policy network's depth and width can be seen from its parameters. */
const guess = (
  names: readonly string[],
  tensors: ReadonlyMap<string, { readonly dims: readonly number[] }>,
): string | undefined => {
  const blocks = names.filter(name => /^blocks\.\d+\.conv\.weight$/.test(name)).length;
  const [filters] = tensors.get('blocks.0.conv.weight')?.dims ?? [];
  return blocks > 0 && filters !== undefined ? `policy-${blocks + 1}x${filters}` : undefined;
};

/** The manifest to add to. @throws UserError unless it is beside the network, which it names without a folder */
const openManifest = async ({ manifest = '', out }: ExportOptions): Promise<Manifest> => {
  if (basename(manifest) !== 'manifest.json')
    throw new UserError(`--manifest ${manifest}: the file has to be a manifest.json`);
  if (dirname(resolve(out)) !== dirname(resolve(manifest)))
    throw new UserError(`${out} has to lie beside ${manifest}: a manifest names files of its own folder`);
  return readManifest(dirname(manifest));
};

/** Adds the network to the manifest, in the place of one of the same name. */
const addEntry = async (
  manifest: Manifest,
  spec: NetworkSpec,
  { bytes, parameters, policyParameters }: ExportedNetwork,
  options: ExportOptions,
): Promise<void> => {
  const file = basename(options.out);
  const name = options.name ?? basename(options.out, '.onnx');
  const before = manifest.networks.find(entry => entry.name === name);
  const form = formOf(decodeNetwork(bytes, name), name);
  const convolutions = spec.nodes.filter(({ layer }) => layer.type === 'conv');
  const entry: ManifestEntry & { readonly policyParameters: number } = {
    name,
    file,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    inputs: { planes: form.planes, komi: form.takesKomi },
    outputs: form.outputs,
    layers: convolutions.length,
    filters: convolutions[0].shape[0],
    parameters,
    policyParameters,
    trainedOn: options.trainedOn ?? before?.trainedOn ?? 'not said',
    measured: [],
    strength: 'not measured',
    licence: before?.licence ?? 'not said',
  };
  const networks = before
    ? manifest.networks.map(old => (old === before ? entry : old))
    : [...manifest.networks, entry];
  const changed: Manifest = { default: options.default === true ? name : manifest.default, networks };
  await writeOutput(options.manifest!, `${JSON.stringify(changed, undefined, 2)}\n`);
  process.stdout.write(`${options.manifest}: entry "${name}"; fill in what it was measured to do\n`);
};
