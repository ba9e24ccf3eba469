/** `hane quantize`: a network in whole numbers of 8 bits beside the one in float32, for processors that are fast with them. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { decodeNetwork, formOf } from '../inference/contract.ts';
import { int8Path, readNetwork } from '../inference/manifest.ts';
import { compareNetworks } from '../training/quantize/compare.ts';
import { feedsOf } from '../training/quantize/feeds.ts';
import { quantizeNetwork } from '../training/quantize/quantizeNetwork.ts';
import { UserError } from './errors.ts';
import { wholeNumber, writeOutput } from './position.ts';
import { ProgressLine } from './progressLine.ts';
import { samplePositions } from './samplePositions.ts';

interface QuantizeOptions {
  readonly games: string;
  readonly out?: string;
  readonly positions: number;
  readonly check: number;
  readonly threads: number;
}

/** Fewer calibrate nothing. */
const LEAST_POSITIONS = 8;

/** Adds the command `quantize`. */
export const addQuantizeCommand = (program: Command): void => {
  program
    .command('quantize')
    .description(
      'make the form of a network in whole numbers of 8 bits: lies beside it and is taken wherever it proves faster',
    )
    .argument('<network>', 'the network in float32: a name of weights/manifest.json, or an ONNX file')
    .requiredOption('--games <path>', 'records to take positions from: SGF files, folders, archives')
    .option('--out <file.onnx>', 'file to write (default: beside the network, NETWORK.int8.onnx)')
    .option('--positions <n>', 'positions to find ranges and weights by', wholeNumber(LEAST_POSITIONS), 192)
    .option('--check <n>', 'other positions, to compare both networks on', wholeNumber(1), 500)
    .option('--threads <n>', 'threads', wholeNumber(1), 1)
    .action(runQuantize);
};

const runQuantize = async (
  path: string,
  { games, out, positions, check, threads }: QuantizeOptions,
): Promise<void> => {
  const network = await readNetwork(path);
  const { bytes, name } = network;
  const file = out ?? int8Path(network.path);
  if (resolve(file) === resolve(network.path))
    throw new UserError(`--out ${file} is the network itself: another file has to be written`);
  const form = formOf(decodeNetwork(bytes, name), name);
  const sample = await samplePositions(games, positions + check);
  if (sample.length < LEAST_POSITIONS + 1)
    throw new UserError(
      `${games} has ${sample.length} games on 19x19: ${LEAST_POSITIONS + 1} are the least, ${positions + check} are asked for`,
    );
  // Where there are too few games, the ranges get their share of them.
  const share = Math.round((sample.length * positions) / (positions + check));
  const calibrating = Math.max(LEAST_POSITIONS, Math.min(share, sample.length - 1));
  const known = feedsOf(sample.slice(0, calibrating), form.planes);
  const progress = new ProgressLine();
  const quantized = await quantizeNetwork(bytes, name, known.planes.data, {
    threads,
    onLayer: (done, total, error) =>
      progress.show({
        done,
        total,
        count: done,
        unit: 'layers',
        text: `error ${(100 * error).toFixed(1)} %`,
      }),
  });
  progress.clear();
  const others = feedsOf(sample.slice(calibrating), form.planes);
  const { sameBest, moved, value } = await compareNetworks(bytes, quantized, others, threads);
  await writeOutput(file, quantized);
  const parts = [
    `the same best move in ${(100 * sameBest).toFixed(1)} %`,
    `${(100 * moved).toFixed(1)} % of the probability elsewhere`,
    ...(value === undefined ? [] : [`values ${value.toFixed(3)} apart (root mean square, of -1 to 1)`]),
  ];
  process.stdout.write(
    `${file}: ${(quantized.length / 1e6).toFixed(1)} MB, made on ${calibrating} positions\n` +
      `beside ${network.path} on ${sample.length - calibrating} others: ${parts.join(', ')}\n`,
  );
};
