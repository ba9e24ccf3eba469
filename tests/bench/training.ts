/**
 * How fast an engine learns: positions a second, and what multiplications and additions that is for convolutions by their
 * definition, three times the forward pass (forward, gradients of the input and of the kernels). Winograd's form does with a
 * quarter of them, so the figure can be above what the machine reaches. After each step the weights are read, as a run does for
 * their mean.
 *
 *     npm run bench:training -- [engine] [positions of a batch] [seconds] [threads] [network ...]
 *
 * Networks take turns step by step, so that a busy machine slows all of them alike. CPU time counts every thread of the process.
 */
import { goNetwork } from '../../src/models/goNetworks.ts';
import { nodesByName, sizeOf, type NetworkSpec } from '../../src/models/spec.ts';
import { LOSS_WEIGHTS, type TrainingEngine } from '../../src/training/engine.ts';
import { ENGINES, openEngine, type EngineName } from '../../src/training/engines.ts';
import { randomBatch } from '../support/randomBatch.ts';
import { percentile } from '../support/statistics.ts';

const RATES = { kernels: 0.01, rest: 0.001 };
const PASSES = 3;

/** Floating-point operations of one position's forward pass: two for each weight at each point. */
const operationsOf = (spec: NetworkSpec): number => {
  const byName = nodesByName(spec);
  return spec.nodes.reduce((sum, { layer, inputs, shape }) => {
    const inputsOf = (): number => byName.get(inputs[0])!.shape[0];
    if (layer.type === 'conv') return sum + 2 * sizeOf(shape) * inputsOf() * sizeOf(layer.kernel);
    return layer.type === 'dense' ? sum + 2 * layer.units * inputsOf() : sum;
  }, 0);
};

const [name = 'onnx', positions = '64', seconds = '30', threads = '2', ...networks] = process.argv.slice(2);
const engineName = ENGINES.find(known => known === name);
if (!engineName) throw new RangeError(`unknown engine "${name}": one of ${ENGINES.join(', ')}`);
const names = networks.length > 0 ? networks : ['13x64', '13x128', '13x192'];

interface Runner {
  readonly network: string;
  readonly operations: number;
  readonly engine: TrainingEngine;
  readonly wallMs: number[];
  readonly cpuMs: number[];
}

const open = async (engine: EngineName, network: string): Promise<Runner> => {
  const spec = goNetwork(network);
  return {
    network,
    operations: operationsOf(spec),
    engine: await openEngine(engine, spec, {
      positions: Number(positions),
      threads: Number(threads),
      methods: { kernels: 'muon', rest: 'adamw' },
      lossWeights: LOSS_WEIGHTS,
    }),
    wallMs: [],
    cpuMs: [],
  };
};

const batch = randomBatch(Number(positions), 1);
const runners: Runner[] = [];
for (const network of names) runners.push(await open(engineName, network));
// The first step allocates.
for (const { engine } of runners) await engine.step(batch, RATES);
const end = performance.now() + Number(seconds) * 1000;
do {
  for (const { engine, wallMs, cpuMs } of runners) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await engine.step(batch, RATES);
    await engine.readWeights();
    wallMs.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    cpuMs.push((user + system) / 1000);
  }
} while (performance.now() < end);

console.log(`${runners[0].engine.name}, batches of ${positions}, ${threads} threads`);
console.log('| network | positions/s, median | best | GFLOP/s, median | best | positions per CPU-second |');
console.log('|---|---|---|---|---|---|');
for (const { network, operations, engine, wallMs, cpuMs } of runners) {
  const [median, best, perCpu] = [percentile(wallMs, 0.5), Math.min(...wallMs), percentile(cpuMs, 0.5)].map(
    ms => (1000 * engine.positions) / ms,
  );
  const gflops = [median, best].map(rate => (PASSES * operations * rate) / 1e9);
  const cells = [median, best, ...gflops, perCpu].map(cell => cell.toFixed(0));
  console.log(`| ${network} | ${cells.join(' | ')} |`);
  await engine.close();
}
