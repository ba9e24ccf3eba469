/** `hane models export` and `hane models run`: a network of the library with its weights as an ONNX file, and on a picture. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ImageError, readImage } from '../draw/readImage.ts';
import { NetworkSession } from '../inference/networkSession.ts';
import { exportOnnx } from '../models/exportOnnx.ts';
import { foldNetwork } from '../models/fold.ts';
import { ModelFileError, readWeightsFile } from '../models/modelFiles.ts';
import { preprocess } from '../models/preprocess.ts';
import { modelInfo, modelSpec, type ModelOptions } from '../models/registry.ts';
import { SpecError, type NetworkSpec } from '../models/spec.ts';
import { UserError } from './errors.ts';
import { readOption } from './modelsTrain.ts';
import { wholeNumber, writeOutput } from './position.ts';

interface NetworkOptions {
  readonly weights: string;
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
    .option('--classes <file>', 'names of the classes, one a line')
    .option('--top <n>', 'classes to print', wholeNumber(1), 5)
    .option('--json', 'all outputs as JSON')
    .action(runPicture);
};

const withWeights = (command: Command): Command =>
  command
    .requiredOption('--weights <file.safetensors>', 'under the names of the network')
    .option(
      '--option <name=json>',
      'an option that the network was trained with, more than once',
      readOption,
      {},
    );

/** Every output that is of use: heads for training are left out. */
const SERVED = ['logits', 'probabilities', 'distances', 'features', 'policy', 'value'];

const exported = async (
  name: string,
  { weights: path, option }: NetworkOptions,
): Promise<{ spec: NetworkSpec; bytes: Uint8Array }> => {
  const spec = modelSpec(name, option);
  const { weights } = await readWeightsFile(path, spec);
  const served = Object.keys(spec.outputs).filter(output => SERVED.includes(output));
  const folded = foldNetwork(spec, weights, served);
  return { spec: folded.spec, bytes: exportOnnx(folded) };
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
  const { output, values } = await expected(async () => {
    const { preprocessing } = modelInfo(name);
    if (!preprocessing) throw new UserError(`${name} takes no pictures`);
    const image = await readImage(await read(picture), picture);
    const { spec, bytes } = await exported(name, options);
    const [{ name: input, shape }] = spec.nodes;
    const config = { ...preprocessing, shape: shape as readonly [number, number, number] };
    const session = await NetworkSession.open(bytes, name);
    const data = preprocess(image, config);
    const results = await session.run({ [input]: { data, dims: [1, ...shape] } });
    await session.release();
    const [first] = Object.keys(results);
    return { output: first, values: results[first].data };
  });
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ [output]: Array.from(values) })}\n`);
    return;
  }
  const names =
    options.classes === undefined ? [] : (await read(options.classes)).toString('utf8').trim().split('\n');
  process.stdout.write(rankingText(output, values, names, options.top));
};

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
      const name = names[index] === undefined ? `class ${index}` : `${index} ${names[index]}`;
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
