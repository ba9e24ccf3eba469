/** `hane models export` and `hane models run`: a network of the library with its weights as an ONNX file, on a picture or sentences. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ImageError, readImage } from '../draw/readImage.ts';
import { NetworkSession } from '../inference/networkSession.ts';
import { readModelData } from '../models/data/modelData.ts';
import { ModelDataError } from '../models/data/modelDataError.ts';
import { exportOnnx } from '../models/exportOnnx.ts';
import { foldNetwork } from '../models/fold.ts';
import { ModelFileError } from '../models/modelFiles.ts';
import { preprocess, preprocessingFor, type Preprocessing } from '../models/preprocess.ts';
import { modelInfo, type ModelOptions } from '../models/registry.ts';
import { optionsFor } from '../models/train/recipes.ts';
import { TrainError } from '../models/train/trainError.ts';
import { SHIPPED, readTrained, shippedWeights, type TrainedNetwork } from '../models/trained.ts';
import { SpecError, type NetworkSpec } from '../models/spec.ts';
import { UserError } from './errors.ts';
import { rankingText } from './modelsRanking.ts';
import { answerJson, answersText, askSentences, noteText, readSentences } from './modelsSentences.ts';
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
  withWeights(parent.command('run <name> <input...>'))
    .description(
      'what a network says of a picture (PNG, JPEG, PGM or PPM) or, kim-*, of sentences, each in quotes; - reads them from standard input, one a line',
    )
    .option('--classes <file>', 'names of the classes, one a line (default: as the weights say)')
    .option(
      '--top <n>',
      `classes to print (default: ${PICTURE_TOP} for a picture, all for a sentence)`,
      wholeNumber(1),
    )
    .option('--json', 'all outputs as JSON, a line for each picture or sentence')
    .option(
      '--data <folder>',
      'of sentences: what the weights were trained on, if they do not say their words',
    )
    .action(runNetwork);
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
  readonly data?: string;
  readonly classes?: string;
  readonly top?: number;
  readonly json?: boolean;
}

/** Of a thousand classes nobody wants all. */
const PICTURE_TOP = 5;

const runNetwork = (name: string, inputs: readonly string[], options: RunOptions): Promise<void> =>
  expected(async () => {
    const { preprocessing, family } = modelInfo(name);
    if (family === 'Kim') return await runSentences(name, inputs, options);
    if (!preprocessing) throw new UserError(`${name} takes neither pictures nor sentences`);
    if (options.data !== undefined) throw new UserError(`--data is for sentences, ${name} takes pictures`);
    if (inputs.length > 1) throw new UserError(`${name} takes one picture, not ${inputs.length}`);
    await runPicture(name, preprocessing, inputs[0], options);
  });

const runPicture = async (
  name: string,
  usual: Preprocessing,
  picture: string,
  options: RunOptions,
): Promise<void> => {
  const names = await readNames(options);
  const image = await readImage(await read(picture), picture);
  const { trained, spec, bytes } = await exported(name, options);
  const [{ name: input, shape }] = spec.nodes;
  const { preprocessing = usual } = trained;
  const data = preprocess(image, preprocessingFor(preprocessing, shape as Preprocessing['shape']));
  const session = await NetworkSession.open(bytes, name);
  const results = await session.run({ [input]: { data, dims: [1, ...shape] } });
  await session.release();
  const [output] = Object.keys(results);
  const { data: values } = results[output];
  checkNames(name, names, values.length, options);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ [output]: Array.from(values) })}\n`
      : rankingText(output, values, names ?? trained.classes ?? [], options.top ?? PICTURE_TOP),
  );
};

const runSentences = async (name: string, inputs: readonly string[], options: RunOptions): Promise<void> => {
  const names = await readNames(options);
  const sentences = await readSentences(inputs);
  const data = options.data === undefined ? undefined : await readModelData(options.data);
  const option = data ? optionsFor(name, data, options.option) : options.option;
  const { trained, spec, bytes } = await exported(name, { ...options, option });
  const { vocabulary = data?.vocabulary, classes = data?.classes ?? [] } = trained;
  if (!vocabulary)
    throw new UserError('the weights do not say their words: --data with the folder they were trained on');
  const answers = await askSentences(bytes, spec, vocabulary, sentences);
  const values = answers.flatMap(answer => answer.values ?? []);
  if (values.length > 0) checkNames(name, names, values[0].length, options);
  process.stderr.write(answers.map(noteText).join(''));
  process.stdout.write(
    options.json
      ? answers.map(answer => `${JSON.stringify(answerJson(answer))}\n`).join('')
      : answersText(answers, names ?? classes, options.top),
  );
};

const readNames = async ({ classes }: RunOptions): Promise<readonly string[] | undefined> =>
  classes === undefined ? undefined : readLines(await read(classes));

const checkNames = (
  name: string,
  names: readonly string[] | undefined,
  count: number,
  { classes }: RunOptions,
): void => {
  if (names && names.length !== count)
    throw new UserError(`${classes} has ${names.length} names, ${name} ${count} classes`);
};

const readLines = (bytes: Buffer): readonly string[] => bytes.toString('utf8').trimEnd().split(/\r?\n/);

const read = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: Error) => {
    throw new UserError(`cannot read ${path}: ${error.message}`, { cause: error });
  });

const EXPECTED = [SpecError, ModelFileError, ModelDataError, TrainError, ImageError];

/** Errors of the network, its weights, data or the picture are the user's to put right. */
const expected = async <T>(action: () => Promise<T>): Promise<T> => {
  try {
    return await action();
  } catch (error) {
    const isExpected = EXPECTED.some(kind => error instanceof kind);
    throw isExpected ? new UserError((error as Error).message, { cause: error }) : error;
  }
};
