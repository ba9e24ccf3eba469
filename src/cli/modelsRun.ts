/** `hane models export` and `hane models run`: a network of the library with its weights as an ONNX file, and on a picture. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ImageError, readImage } from '../draw/readImage.ts';
import { NetworkSession } from '../inference/networkSession.ts';
import { exportOnnx } from '../models/exportOnnx.ts';
import { foldNetwork } from '../models/fold.ts';
import { ModelFileError } from '../models/modelFiles.ts';
import { preprocess, preprocessingFor, type Preprocessing } from '../models/preprocess.ts';
import { modelInfo, type ModelOptions } from '../models/registry.ts';
import { SHIPPED, readTrained, shippedWeights, type TrainedNetwork } from '../models/trained.ts';
import { SpecError, type NetworkSpec } from '../models/spec.ts';
import { UserError } from './errors.ts';
import { readOption } from './modelsTrain.ts';
import { wholeNumber, writeOutput } from './position.ts';

interface NetworkOptions {
  readonly weights?: string;
  readonly option: ModelOptions;
}

/** Adds the command `export`. */
export const addModelsExportCommand = (parent: Command): void => {
  withWeights(parent.command('export <name>'))
    .description('write a network with its weights as an ONNX file, folded')
    .requiredOption('--out <file.onnx>', 'file to write')
    .action(runExport);
};

/** Adds the command `run`. */
export const addModelsRunCommand = (parent: Command): void => {
  withWeights(parent.command('run <name> <picture>'))
    .description('what a network says of a picture: PNG, JPEG, PGM or PPM')
    .option('--classes <file>', 'names of the classes, one a line (default: as the weights say)')
    .option('--top <n>', 'classes to print', wholeNumber(1), 5)
    .option('--json', 'all outputs as JSON')
    .action(runPicture);
};

const withWeights = (command: Command): Command =>
  command
    .option(
      '--weights <file.safetensors>',
      `under the names of the network (default: those that come along, for ${SHIPPED.join(', ')})`,
    )
    .option(
      '--option <name=json>',
      'an option that the network was trained with, more than once; files of hane models train know theirs',
      readOption,
      {},
    );

/** Every output that is of use: heads for training are left out. */
const SERVED = ['logits', 'probabilities', 'distances', 'features', 'policy', 'value'];

const exported = async (
  name: string,
  { weights: path = shippedWeights(name), option }: NetworkOptions,
): Promise<{ trained: TrainedNetwork; spec: NetworkSpec; bytes: Uint8Array }> => {
  const trained = await readTrained(path, name, option);
  const served = Object.keys(trained.spec.outputs).filter(output => SERVED.includes(output));
  const folded = foldNetwork(trained.spec, trained.weights, served);
  return { trained, spec: folded.spec, bytes: exportOnnx(folded) };
};

const runExport = async (name: string, options: NetworkOptions & { readonly out: string }): Promise<void> => {
  const { bytes } = await expected(() => exported(name, options));
  await writeOutput(options.out, bytes);
  process.stdout.write(`${options.out}: ${name}, ${(bytes.length / 1e6).toFixed(1)} MB\n`);
};

interface RunOptions extends NetworkOptions {
  readonly classes?: string;
  readonly top: number;
  readonly json?: boolean;
}

const runPicture = async (name: string, picture: string, options: RunOptions): Promise<void> => {
  const { output, values, classes } = await expected(async () => {
    const { preprocessing: usual } = modelInfo(name);
    if (!usual) throw new UserError(`${name} takes no pictures`);
    const names = options.classes === undefined ? undefined : readLines(await read(options.classes));
    const image = await readImage(await read(picture), picture);
    const { trained, spec, bytes } = await exported(name, options);
    const [{ name: input, shape }] = spec.nodes;
    const { preprocessing = usual } = trained;
    const data = preprocess(image, preprocessingFor(preprocessing, shape as Preprocessing['shape']));
    const session = await NetworkSession.open(bytes, name);
    const results = await session.run({ [input]: { data, dims: [1, ...shape] } });
    await session.release();
    const [first] = Object.keys(results);
    if (names && names.length !== results[first].data.length)
      throw new UserError(
        `${options.classes} has ${names.length} names, ${name} ${results[first].data.length} classes`,
      );
    return { output: first, values: results[first].data, classes: names ?? trained.classes ?? [] };
  });
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ [output]: Array.from(values) })}\n`);
    return;
  }
  process.stdout.write(rankingText(output, values, classes, options.top));
};

const readLines = (bytes: Buffer): readonly string[] => bytes.toString('utf8').trimEnd().split(/\r?\n/);

const read = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: Error) => {
    throw new UserError(`cannot read ${path}: ${error.message}`, { cause: error });
  });

/** Errors of the network, its weights or the picture are the user's to put right. */
const expected = async <T>(action: () => Promise<T>): Promise<T> => {
  try {
    return await action();
  } catch (error) {
    const isExpected = [SpecError, ModelFileError, ImageError].some(kind => error instanceof kind);
    throw isExpected ? new UserError((error as Error).message, { cause: error }) : error;
  }
};

/** The likeliest classes, best first: by probability, or by how near their codes are. */
const rankingText = (output: string, values: Float32Array, names: readonly string[], top: number): string => {
  if (output === 'features') throw new UserError('this network has no classes: --json prints its features');
  const isDistance = output === 'distances';
  const shown = output === 'logits' ? softmax(values) : values;
  return Array.from(shown, (value, index) => ({ value, index }))
    .toSorted((a, b) => (isDistance ? a.value - b.value : b.value - a.value))
    .slice(0, top)
    .map(({ value, index }) => {
      const known = names[index];
      const name = known === undefined || known === `${index}` ? `class ${index}` : `${index} ${known}`;
      return isDistance
        ? `${name}: distance ${value.toFixed(2)}\n`
        : `${name}: ${(100 * value).toFixed(2)} %\n`;
    })
    .join('');
};

const softmax = (logits: Float32Array): Float32Array => {
  const most = Math.max(...logits);
  const powers = logits.map(logit => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map(power => power / sum);
};
