/** `hane export`: weights in training form to the file that the engine plays with, checked against its source. */
import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { OUTPUTS, type Output } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { PASS } from '../../engine/types.ts';
import { isSensible } from '../../engine/eyes.ts';
import { readManifest, type Manifest, type ManifestEntry } from '../inference/manifest.ts';
import {
  GO_NETWORKS,
  HEADS,
  goNetwork,
  planesOf,
  type GoNetworkOptions,
  type Head,
} from '../models/goNetworks.ts';
import type { NetworkSpec } from '../models/spec.ts';
import { readRecords } from '../sgf/archive.ts';
import { parseSgf } from '../sgf/parse.ts';
import { readRecord } from '../sgf/record.ts';
import { loadPosition } from '../sgf/replay.ts';
import { SgfError } from '../sgf/sgfError.ts';
import { CheckpointError, readWeights } from '../training/checkpoint.ts';
import {
  EXPORT_TOLERANCE,
  compareExport,
  exportNetwork,
  type ExportedNetwork,
} from '../training/exportNetwork.ts';
import { readInitialWeights } from '../training/initialWeights.ts';
import { UserError } from './errors.ts';
import { wholeNumber, writeOutput } from './position.ts';

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
    const { name, spec } = await specOf(path, options.network);
    const { weights, missing } = await readInitialWeights(path, spec);
    if (missing.length > 0)
      throw new UserError(`${path} has no ${missing.join(', ')}: it is not of network ${name}`);
    const exported = exportNetwork(spec, weights);
    const games = await checkPositions(options);
    const differences = await compareExport(spec, weights, exported.bytes, games);
    const report = [...differences].map(([output, difference]) => `${output} ${difference.toExponential(1)}`);
    const worst = Math.max(...differences.values());
    if (!(worst <= EXPORT_TOLERANCE))
      throw new UserError(
        `the folded network differs from its source by more than ${EXPORT_TOLERANCE}: ${report.join(', ')}; nothing was written`,
      );
    if (options.manifest !== undefined) checkBeside(options.out, options.manifest);
    await writeOutput(options.out, exported.bytes);
    process.stdout.write(
      `${options.out}: ${name}, ${exported.parameters} parameters, ${(exported.bytes.length / 1e6).toFixed(1)} MB\n` +
        `greatest difference to its source on ${games.length} positions: ${report.join(', ')}\n`,
    );
    if (options.manifest !== undefined) await addEntry(options.manifest, name, spec, exported, options);
  } catch (error) {
    const isExpected = error instanceof CheckpointError || error instanceof RangeError;
    throw isExpected ? new UserError(error.message, { cause: error }) : error;
  }
};

/** The network that a file says, or that the option names. */
const specOf = async (
  path: string,
  given: string | undefined,
): Promise<{ name: string; spec: NetworkSpec }> => {
  const { metadata, tensors } = await readWeights(path);
  const settings = metadata['settings'] === undefined ? {} : (JSON.parse(metadata['settings']) as Settings);
  const name = given ?? settings.network ?? guess([...tensors.keys()], tensors);
  if (name === undefined)
    throw new UserError(`${path} does not say what network it is of: name it with --network`);
  return { name, spec: goNetwork(name, settings.networkOptions ?? { heads: HEADS }) };
};

interface Settings {
  readonly network?: string;
  readonly networkOptions?: GoNetworkOptions & { readonly heads?: readonly Head[] };
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

/** Positions to check on: of records, one a game, or of games played at random. */
const checkPositions = async ({ games, positions }: ExportOptions): Promise<Game[]> => {
  const random = new Random(1);
  if (games === undefined) return Array.from({ length: positions }, () => playAtRandom(random));
  const found: Game[] = [];
  for await (const { bytes } of readRecords(games)) {
    if (found.length === positions) break;
    try {
      const record = readRecord(parseSgf(bytes)[0]);
      if (record.width !== 19 || record.height !== 19) continue;
      found.push(loadPosition(record, random.below(record.moves.length + 1)));
    } catch (error) {
      if (!(error instanceof SgfError)) throw error;
    }
  }
  if (found.length === 0) throw new UserError(`${games} has no game on 19x19`);
  return found;
};

const MOST_RANDOM_MOVES = 250;

const playAtRandom = (random: Random): Game => {
  const game = new Game();
  const moves = random.below(MOST_RANDOM_MOVES);
  while (game.moveCount < moves) {
    const points = Array.from(game.board.points).filter(point => isSensible(game, point, game.toPlay));
    game.play(points.length > 0 ? points[random.below(points.length)] : PASS);
    if (game.isOver) break;
  }
  return game;
};

const checkBeside = (out: string, manifest: string): void => {
  if (dirname(resolve(out)) !== dirname(resolve(manifest)))
    throw new UserError(`${out} has to lie beside ${manifest}: a manifest names files of its own folder`);
};

/** Adds the network to the manifest, in the place of one of the same name. */
const addEntry = async (
  path: string,
  network: string,
  spec: NetworkSpec,
  { bytes, parameters, policyParameters }: ExportedNetwork,
  options: ExportOptions,
): Promise<void> => {
  const file = basename(options.out);
  const name = options.name ?? basename(options.out, '.onnx');
  const manifest = await readManifest(dirname(path));
  const [, layers, filters] = /(\d+)x(\d+)$/.exec(network) ?? [];
  const before = manifest.networks.find(entry => entry.name === name);
  const entry: ManifestEntry & { readonly policyParameters: number } = {
    name,
    file,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    inputs: { planes: planesOf(spec), komi: spec.nodes.some(node => node.name === 'komi') },
    outputs: Object.keys(spec.outputs).filter((output): output is Output =>
      OUTPUTS.some(known => known === output),
    ),
    layers: Number(layers),
    filters: Number(filters),
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
  await writeOutput(join(dirname(path), 'manifest.json'), `${JSON.stringify(changed, undefined, 2)}\n`);
  process.stdout.write(`${path}: entry "${name}"; fill in what it was measured to do\n`);
};
