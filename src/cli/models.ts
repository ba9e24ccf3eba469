/** `hane models`: the networks of the library, their tables and drawings; modelsRun.ts and modelsTrain.ts have its commands. */
import type { Command } from 'commander';
import { drawNetwork, shortCount } from '../draw/networkDrawing.ts';
import { describeNetwork, type LayerDescription, type NetworkDescription } from '../models/describe.ts';
import {
  listModels,
  modelInfo,
  modelSpec,
  type ModelInfo,
  type ModelOptions,
  type PublishedResult,
} from '../models/registry.ts';
import { SpecError, type NetworkSpec } from '../models/spec.ts';
import { networkStages } from '../models/stages.ts';
import { UserError } from './errors.ts';
import { addModelsExportCommand, addModelsRunCommand } from './modelsRun.ts';
import { addModelsTrainCommand, readOption } from './modelsTrain.ts';
import { writePicture } from './position.ts';

interface ModelsOptions {
  readonly option: ModelOptions;
  readonly svg?: string;
  readonly json?: boolean;
}

/** Adds the command `models` with its own commands. */
export const addModelsCommand = (program: Command): void => {
  const models = program
    .command('models')
    .description('the networks of the library: list them, look at one, train, export, run one')
    .argument('[name]', 'a network, such as resnet152: its layers, parameters, MACs, what they see')
    .option(
      '--option <name=json>',
      'an option of the network, more than once: --option numClasses=10',
      readOption,
      {},
    )
    .option('--svg <file>', 'draw it, .svg or .png')
    .option('--json', 'all of the table as JSON')
    .action((name: string | undefined, options: ModelsOptions) => runModels(name, options));
  addModelsExportCommand(models);
  addModelsRunCommand(models);
  addModelsTrainCommand(models);
};

const runModels = async (name: string | undefined, options: ModelsOptions): Promise<void> => {
  if (name === undefined) {
    if (options.svg !== undefined) throw new UserError('--svg draws one network: say which');
    process.stdout.write(options.json ? `${JSON.stringify(listModels())}\n` : listText());
    return;
  }
  const { info, spec } = specFor(name, options.option);
  const table = describeNetwork(spec);
  if (options.svg !== undefined) await writePicture(options.svg, drawing(info, spec, table), 1200);
  if (options.json) process.stdout.write(`${JSON.stringify({ ...info, ...table })}\n`);
  else if (options.svg === undefined) process.stdout.write(tableText(info, table));
};

/** @throws UserError for an unknown name, or an option that the network has not */
export const specFor = (name: string, options: ModelOptions): { info: ModelInfo; spec: NetworkSpec } => {
  try {
    return { info: modelInfo(name), spec: modelSpec(name, options) };
  } catch (error) {
    throw error instanceof SpecError ? new UserError(error.message, { cause: error }) : error;
  }
};

const listText = (): string => {
  const rows = listModels().map(({ name, title, counts, published }) => [
    name,
    shortCount(counts.parameters),
    shortCount(counts.macs),
    published.length > 0 ? publishedText(published[0]) : '',
    title,
  ]);
  return alignedText(['name', 'parameters', 'MACs', 'its paper', 'what'], rows, [1, 2]);
};

const publishedText = ({ measure, percent, isRecalled }: PublishedResult): string =>
  `${percent} % ${measure}${isRecalled ? ' (from memory)' : ''}`;

/** Layers that change nothing but numbers are left out. */
const SHOWN_TYPES: ReadonlySet<LayerDescription['type']> = new Set([
  'add',
  'stochasticAdd',
  'localResponseNorm',
  'softmax',
] as const);

const tableText = ({ title, published }: ModelInfo, table: NetworkDescription): string => {
  const { layers } = table;
  const byName = new Map(layers.map(layer => [layer.name, layer]));
  const isShown = ({ type, parameters, shape, inputs }: LayerDescription): boolean =>
    parameters > 0 || SHOWN_TYPES.has(type) || byName.get(inputs[0])?.shape.join() !== shape.join();
  const rows = layers
    .filter(isShown)
    .map(({ name, text, shape, parameters, macs, receptiveField }) => [
      name,
      text,
      shape.join('x'),
      grouped(parameters),
      grouped(macs),
      receptiveField.join('x'),
    ]);
  const { parameters, statistics, fixed, macs } = table;
  const kept = [
    ...(statistics > 0 ? [`${grouped(statistics)} running means and variances`] : []),
    ...(fixed > 0 ? [`${grouped(fixed)} numbers that stay`] : []),
  ];
  const total = `${grouped(parameters)} parameters, ${grouped(macs)} MACs${kept.length > 0 ? `; beside them ${kept.join(', ')}` : ''}`;
  const paper = published.map(result => `  ${publishedText(result)}`);
  return [
    title,
    '',
    alignedText(['layer', 'what', 'gives', 'parameters', 'MACs', 'sees'], rows, [3, 4]),
    total,
    ...(paper.length > 0 ? ['its paper:', ...paper] : []),
    '',
  ].join('\n');
};

const drawing = ({ title }: ModelInfo, spec: NetworkSpec, { parameters, macs }: NetworkDescription): string =>
  drawNetwork({
    title,
    subtitle: `${grouped(parameters)} parameters, ${shortCount(macs)} multiplications with additions`,
    input: spec.nodes[0].shape,
    stages: networkStages(spec),
  });

/** 1,234,567; nothing for 0. */
const grouped = (count: number): string => (count === 0 ? '' : count.toLocaleString('en-US'));

/** Columns of one width each. @param right columns of numbers */
const alignedText = (
  head: readonly string[],
  rows: readonly string[][],
  right: readonly number[],
): string => {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map(row => row[column].length)));
  return all
    .map(row =>
      row
        .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `${line}\n`)
    .join('');
};
