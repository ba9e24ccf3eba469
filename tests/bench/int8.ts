/**
 * Whether whole numbers of 8 bits would do: the network's convolutions with weights and activations rounded (statically, weights
 * by filter, activations by tensor), calibrated on real positions; its speed beside the plain form's, and how often it finds the
 * same best move. A form that changes more than 2 % of the best moves is not worth a match.
 *
 *     npx tsx tests/bench/int8.ts [positions] [rounds]
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encode, planeSize } from '../../features/encode.ts';
import { PLANES } from '../../features/planes.ts';
import { decodeNetwork } from '../../src/inference/contract.ts';
import { readNetwork } from '../../src/inference/manifest.ts';
import { makeWinogradForm } from '../../src/inference/winogradForm.ts';
import { int, type Attribute } from '../../src/onnx/graphWriter.ts';
import {
  FLOAT32,
  encodeOnnx,
  floatsOf,
  toNumber,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../../src/onnx/onnxFile.ts';
import { replay, startGame } from '../../src/sgf/replay.ts';
import { keepFigures } from '../support/figures.ts';
import { readGames } from '../support/records.ts';
import { sharedPath } from '../support/shared.ts';
import { percentile } from '../support/statistics.ts';

/** Types of onnx.proto. */
const UINT8 = 2;
const INT8 = 3;
const SIZE = PLANES * planeSize(19, 19);
const BATCH = 8;
const CALIBRATION = 64;
const LEAST_SAME = 0.98;

const count = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 9);
const archive = sharedPath('data/kgs-6d/kgs-2015.tar.gz');
if (!archive) throw new Error('needs game records: see CONTRIBUTING.md');

const open = (model: OnnxModel): Promise<InferenceSession> =>
  InferenceSession.create(encodeOnnx(model), { logSeverityLevel: 3, intraOpNumThreads: 1 });

/** One position a game. */
const planes = new Float32Array(count * SIZE);
let found = 0;
for await (const { record } of readGames(archive)) {
  if (found === count) break;
  if (record.width !== 19 || record.height !== 19 || record.moves.length < 250) continue;
  const game = startGame(record);
  if (!replay(game, record, (found * 7) % 250)) encode(game, planes, found++ * SIZE);
}

const feedsOf = (first: number, size: number): Record<string, Tensor> => ({
  planes: new Tensor('float32', planes.subarray(first * SIZE, (first + size) * SIZE), [size, PLANES, 23, 23]),
  komi: new Tensor('float32', new Float32Array(size).fill(0.75), [size]),
});

const { bytes, name } = await readNetwork();
const plain = decodeNetwork(bytes, name);
const isConvolution = ({ op_type, input }: OnnxNode): boolean => op_type === 'Conv' && input.length > 1;

/** The largest number that each convolution reads. */
const findRanges = async (): Promise<Map<string, number>> => {
  const read = [...new Set(plain.graph.node.filter(isConvolution).map(({ input }) => input[0]))].filter(
    tensor => tensor !== 'planes',
  );
  const outputs = read.map(tensor => ({
    name: tensor,
    type: {
      tensor_type: {
        elem_type: FLOAT32,
        shape: { dim: ['n', 'c', 'h', 'w'].map(size => ({ dim_param: size })) },
      },
    },
  }));
  const session = await open({
    ...plain,
    graph: { ...plain.graph, output: [...plain.graph.output, ...outputs] },
  });
  const ranges = new Map<string, number>([['planes', 1]]);
  for (let first = 0; first + BATCH <= CALIBRATION; first += BATCH) {
    const results = await session.run(feedsOf(first, BATCH));
    for (const tensor of read)
      ranges.set(
        tensor,
        (results[tensor].data as Float32Array).reduce(
          (most, value) => Math.max(most, value),
          ranges.get(tensor) ?? 0,
        ),
      );
  }
  await session.release();
  return ranges;
};

const tensorOf = (of: string, type: number, data: Uint8Array, dims: readonly number[]): OnnxTensor => ({
  name: of,
  data_type: type,
  dims: [...dims],
  raw_data: data,
  float_data: [],
  int64_data: [],
});

const quantize = (ranges: ReadonlyMap<string, number>): OnnxModel => {
  const weights = new Map(plain.graph.initializer.map(tensor => [tensor.name, tensor]));
  const added: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  const done = new Set<string>();
  const emit = (op: string, to: string, input: string[], attribute: readonly Attribute[] = []): string => {
    nodes.push({ op_type: op, name: to, input, output: [to], attribute });
    return to;
  };
  const floats = (of: string, values: Float32Array, dims: readonly number[]): string => {
    added.push(tensorOf(of, FLOAT32, new Uint8Array(values.buffer), dims));
    return of;
  };
  for (const node of plain.graph.node) {
    if (!isConvolution(node)) {
      nodes.push(node);
      continue;
    }
    const [from, weight, ...rest] = node.input;
    if (!done.has(from)) {
      done.add(from);
      const scale = floats(`${from} scale`, Float32Array.of(ranges.get(from)! / 255), []);
      added.push(tensorOf(`${from} zero`, UINT8, new Uint8Array(1), []));
      const whole = emit('QuantizeLinear', `${from} whole`, [from, scale, `${from} zero`]);
      emit('DequantizeLinear', `${from} rounded`, [whole, scale, `${from} zero`]);
    }
    const tensor = weights.get(weight)!;
    const values = floatsOf(tensor);
    const dims = tensor.dims.map(toNumber);
    const each = values.length / dims[0];
    const whole = new Int8Array(values.length);
    const scales = new Float32Array(dims[0]);
    for (let filter = 0; filter < dims[0]; filter++) {
      const numbers = values.subarray(filter * each, (filter + 1) * each);
      scales[filter] = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12) / 127;
      for (let i = 0; i < each; i++) whole[filter * each + i] = Math.round(numbers[i] / scales[filter]);
    }
    added.push(tensorOf(`${weight} whole`, INT8, new Uint8Array(whole.buffer), dims));
    added.push(tensorOf(`${weight} zero`, INT8, new Uint8Array(dims[0]), [dims[0]]));
    const scale = floats(`${weight} scale`, scales, [dims[0]]);
    const rounded = emit(
      'DequantizeLinear',
      `${weight} rounded`,
      [`${weight} whole`, scale, `${weight} zero`],
      [int('axis', 0)],
    );
    nodes.push({ ...node, input: [`${from} rounded`, rounded, ...rest] });
  }
  const used = new Set(nodes.flatMap(({ input }) => input));
  const initializer = [...plain.graph.initializer.filter(({ name: of }) => used.has(of)), ...added];
  return { ...plain, graph: { ...plain.graph, node: nodes, initializer } };
};

const sessions = {
  direct: await open(plain),
  winograd: await open(makeWinogradForm(plain)!),
  int8: await open(quantize(await findRanges())),
};

const bestMoves = async (session: InferenceSession): Promise<number[]> => {
  const moves: number[] = [];
  for (let first = 0; first + BATCH <= count; first += BATCH) {
    const policy = (await session.run(feedsOf(first, BATCH)))['policy'].data as Float32Array;
    for (let i = 0; i < BATCH; i++) {
      const logits = policy.subarray(i * 361, (i + 1) * 361);
      moves.push(logits.indexOf(logits.reduce((most, value) => Math.max(most, value), -Infinity)));
    }
  }
  return moves;
};

const moves = await bestMoves(sessions.direct);
for (const form of ['winograd', 'int8'] as const) {
  const same = (await bestMoves(sessions[form])).filter((move, i) => move === moves[i]).length / moves.length;
  const times: Record<string, number[]> = { direct: [], [form]: [] };
  for (let round = 0; round <= rounds; round++)
    for (const each of ['direct', form] as const) {
      const start = process.cpuUsage();
      for (let i = 0; i < 4; i++) await sessions[each].run(feedsOf(0, BATCH));
      const { user, system } = process.cpuUsage(start);
      if (round > 0) times[each].push((user + system) / 4000 / BATCH);
    }
  const [direct, other] = ['direct', form].map(each => percentile(times[each], 0.5));
  process.stdout.write(
    `${form}: ${other.toFixed(2)} ms of CPU a position (direct ${direct.toFixed(2)}, ${(direct / other).toFixed(2)}x); the same best move in ${(100 * same).toFixed(1)} % of ${moves.length} positions (at least ${100 * LEAST_SAME} %)\n`,
  );
  keepFigures(form, { 'ms a position': other, 'to direct': direct / other, 'same best move %': 100 * same });
}
