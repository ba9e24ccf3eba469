/**
 * The forms of a network (src/inference/kernels.ts) in turns: the network that ships, in whole numbers too, and others with drawn
 * numbers.
 *
 *     npm run bench:forms -- [rounds] [networks, such as 13x64,20x48]
 *
 * A batch's time is that of the process's CPUs, so that other work on the machine matters less; with more threads than one it is
 * the clock's. GFLOP/s count the work of the direct form for both, so that they compare; the share is that of a matrix product,
 * the fastest thing there is on a core, with the batch's threads.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { PLANES } from '../../features/planes.ts';
import { decodeNetwork } from '../../src/inference/contract.ts';
import { FORMS, partSize, settingsOf, type Form } from '../../src/inference/kernels.ts';
import { readInt8, readNetwork } from '../../src/inference/manifest.ts';
import { addsWholeSums } from '../../src/inference/wholeSums.ts';
import { makeWinogradForm } from '../../src/inference/winogradForm.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { policyNetwork } from '../../src/models/goNetworks.ts';
import { encodeOnnx } from '../../src/onnx/onnxFile.ts';
import { GraphWriter } from '../../src/onnx/graphWriter.ts';
import { keepFigures, makeTable, type Figures } from '../support/figures.ts';
import { drawWeights } from '../support/networks.ts';
import { percentile } from '../support/statistics.ts';

const BATCHES = [1, 2, 4, 8, 16];
const THREADS = [1, 2];
const AREA = 361;
/** Side of the product whose speed is the most a core gives. */
const PRODUCT = 1024;

const rounds = Number(process.argv[2] ?? 9);
const networks = (process.argv[3] ?? '13x64,13x128,13x192').split(',');

/** How the inference thread has whole numbers added here. */
let addsWhole = true;

const open = (bytes: Uint8Array, threads: number, form: Form = 'direct'): Promise<InferenceSession> =>
  InferenceSession.create(bytes, {
    logSeverityLevel: 3,
    intraOpNumThreads: threads,
    extra: settingsOf(form, addsWhole),
  });

/** Milliseconds of something, by the CPUs for one thread and by the clock for more. */
const time = async (threads: number, run: () => Promise<unknown>): Promise<number> => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  if (threads > 1) return performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000;
};

/** GFLOP/s of a large matrix product. */
const measurePeak = async (threads: number): Promise<number> => {
  const writer = new GraphWriter();
  writer.input('a', [PRODUCT, PRODUCT]);
  const numbers = new Float32Array(PRODUCT * PRODUCT).fill(0.5);
  writer.node('MatMul', 'c', ['a', writer.floats('b', numbers, [PRODUCT, PRODUCT])]);
  writer.output('c', [PRODUCT, PRODUCT]);
  const session = await open(writer.finish('product'), threads);
  const feeds = { a: new Tensor('float32', numbers, [PRODUCT, PRODUCT]) };
  const times: number[] = [];
  for (let i = 0; i < 12; i++) times.push(await time(threads, () => session.run(feeds)));
  await session.release();
  return (2 * PRODUCT ** 3) / 1e6 / Math.min(...times);
};

/** GFLOP of a position in the direct form. */
const workOf = (layers: number, filters: number): number =>
  (2 * AREA * (PLANES * filters * 25 + (layers - 2) * filters * filters * 9 + filters)) / 1e9;

/** The file in float32, and the one in whole numbers where there is one. */
const networkBytes = async (
  layers: number,
  filters: number,
): Promise<{ bytes: Uint8Array; int8?: Uint8Array | undefined }> => {
  if (layers === 13 && filters === 64) {
    const file = await readNetwork('13x64');
    return { bytes: file.bytes, int8: await readInt8(file) };
  }
  const spec = policyNetwork({ layers, filters, heads: [], batchNorm: false, identity: false });
  return { bytes: exportOnnx({ spec, weights: drawWeights(spec, 1) }) };
};

const feedsOf = (session: InferenceSession, positions: number): Record<string, Tensor> => {
  const planes = new Float32Array(positions * PLANES * 23 * 23);
  for (let i = 0; i < planes.length; i += 3) planes[i] = 1;
  const all = {
    planes: new Tensor('float32', planes, [positions, PLANES, 23, 23]),
    komi: new Tensor('float32', new Float32Array(positions), [positions]),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => session.inputNames.includes(name)));
};

const partsOf = (positions: number): number[] => {
  const most = partSize('winograd', positions);
  return Array.from({ length: Math.ceil(positions / most) }, (_, i) => Math.min(most, positions - i * most));
};

addsWhole = await addsWholeSums({ open: model => open(model, 1), Tensor });
const rows: Figures[] = [];
for (const threads of THREADS) {
  const peak = await measurePeak(threads);
  for (const network of networks) {
    const [layers, filters] = network.split('x').map(Number);
    const { bytes, int8 } = await networkBytes(layers, filters);
    const winograd = encodeOnnx(makeWinogradForm(decodeNetwork(bytes, 'network'))!);
    const sessions: Partial<Record<Form, InferenceSession>> = {
      direct: await open(bytes, threads),
      winograd: await open(winograd, threads, 'winograd'),
      ...(int8 ? { int8: await open(int8, threads, 'int8') } : {}),
    };
    const forms = FORMS.filter(form => sessions[form]);
    for (const positions of BATCHES) {
      const times: Record<Form, number[]> = { direct: [], winograd: [], int8: [] };
      // As the inference thread does it.
      const parts = { direct: [positions], winograd: partsOf(positions), int8: [positions] };
      const feeds = new Map(
        [...parts.direct, ...parts.winograd].map(size => [size, feedsOf(sessions.direct!, size)]),
      );
      const repeats = Math.max(1, Math.round((16 * 64) / filters / positions));
      for (let round = 0; round <= rounds; round++)
        for (const form of forms) {
          const spent = await time(threads, async () => {
            for (let i = 0; i < repeats; i++)
              for (const size of parts[form]) await sessions[form]!.run(feeds.get(size)!);
          });
          if (round > 0) times[form].push(spent / repeats);
        }
      const direct = percentile(times.direct, 0.5);
      for (const form of forms) {
        const spent = percentile(times[form], 0.5);
        const rate = (workOf(layers, filters) * positions * 1000) / spent;
        rows.push({
          network,
          threads,
          batch: positions,
          form,
          'positions/s': (1000 * positions) / spent,
          'GFLOP/s': rate,
          'to direct': direct / spent,
          'of peak %': (100 * rate) / peak,
        });
      }
    }
    for (const session of Object.values(sessions)) await session.release();
  }
}
process.stdout.write(`${makeTable(rows)}\n`);
keepFigures('forms', rows);
