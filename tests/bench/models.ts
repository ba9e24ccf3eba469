/**
 * What networks cost beside what they are said to cost: multiplications with additions (MACs, which papers call FLOPs), and time on
 * ONNX Runtime. Is ResNet-152 faster than VGG, having fewer of them?
 *
 *     npm run bench:models -- [--threads n] [--rounds n] [--batches 1,8] [network ...]
 *
 * Weights are random: time does not depend on them. Each network is there alone, as it is served: folded, one file, freed before the
 * next; the memory of VGG-19 is 0.6 GB as a file and twice that while it loads.
 */
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Random } from '../../engine/random.ts';
import { describeNetwork } from '../../src/models/describe.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { foldNetwork } from '../../src/models/fold.ts';
import { modelSpec } from '../../src/models/registry.ts';
import { parameterSpecs, sizeOf, statisticSpecs, type NetworkSpec } from '../../src/models/spec.ts';
import { percentile } from '../support/statistics.ts';

const NETWORKS = [
  'alexnet',
  'vgg11',
  'vgg16',
  'vgg19',
  'googlenet',
  'resnet18',
  'resnet34',
  'resnet50',
  'resnet101',
  'resnet152',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '10' },
    batches: { type: 'string', default: '1,8' },
  },
});
const [threads, rounds] = [Number(values.threads), Number(values.rounds)];
const batches = values.batches.split(',').map(Number);
for (const [name, value] of Object.entries({ threads, rounds, batches: Math.min(...batches) }))
  if (!(Number.isInteger(value) && value > 0))
    throw new RangeError(`--${name} ${value}: must be whole numbers from 1`);

/** Small numbers; drawing normal ones for 144 million weights takes longer than running them. */
const drawWeights = (spec: NetworkSpec): Map<string, Float32Array> => {
  const random = new Random(1);
  const weights = new Map<string, Float32Array>();
  for (const { name, dims, fanIn } of parameterSpecs(spec)) {
    const reach = Math.sqrt(2 / fanIn);
    const data = new Float32Array(sizeOf(dims));
    for (let i = 0; i < data.length; i++) data[i] = reach * (2 * random.float() - 1);
    weights.set(name, data);
  }
  for (const { name, size } of statisticSpecs(spec))
    weights.set(name, new Float32Array(size).fill(name.endsWith('var') ? 1 : 0));
  return weights;
};

/** Folded, with the first output alone: heads for training are not served. */
const serve = (spec: NetworkSpec): { readonly served: NetworkSpec; readonly file: Uint8Array } => {
  const [output] = Object.keys(spec.outputs);
  const folded = foldNetwork(spec, drawWeights(spec), [output]);
  return { served: folded.spec, file: exportOnnx(folded) };
};

/** Seconds of each round. */
const time = async (session: InferenceSession, feeds: Record<string, Tensor>): Promise<number[]> => {
  await session.run(feeds);
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await session.run(feeds);
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
};

const row = (...cells: readonly string[]): void =>
  void process.stdout.write(
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(16))).join(' | ')} |\n`,
  );

row(
  'network',
  'parameters, M',
  'GMACs',
  'activations, M',
  ...batches.flatMap(batch => [`ms each, by ${batch}`, `GMACs/s, by ${batch}`]),
);
row('---', ...Array.from({ length: 3 + 2 * batches.length }, () => '---'));
for (const name of positionals.length > 0 ? positionals : NETWORKS) {
  const spec = modelSpec(name);
  const input = spec.nodes.find(({ layer }) => layer.type === 'input')!;
  const { served, file } = serve(spec);
  const { parameters, macs, activations } = describeNetwork(served);
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const cells: string[] = [];
  for (const batch of batches) {
    const data = new Float32Array(batch * sizeOf(input.shape)).fill(0.5);
    const seconds = await time(session, {
      [input.name]: new Tensor('float32', data, [batch, ...input.shape]),
    });
    const each = percentile(seconds, 0.5) / batch;
    cells.push((1000 * each).toFixed(2), (macs / each / 1e9).toFixed(1));
  }
  await session.release();
  row(name, (parameters / 1e6).toFixed(2), (macs / 1e9).toFixed(2), (activations / 1e6).toFixed(2), ...cells);
  // With --expose-gc the file of one network is gone before the next one comes.
  globalThis.gc?.();
}
process.stdout.write(`median of ${rounds} rounds on ${threads} thread(s)\n`);
