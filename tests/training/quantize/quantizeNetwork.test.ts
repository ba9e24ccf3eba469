import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { decodeNetwork, formOf } from '../../../src/inference/contract.ts';
import { openEvaluator } from '../../../src/inference/evaluator.ts';
import { NO_BATCH, type Kernel } from '../../../src/inference/kernels.ts';
import { int8Path, readInt8, readNetwork } from '../../../src/inference/manifest.ts';
import { exportOnnx } from '../../../src/models/exportOnnx.ts';
import { foldNetwork } from '../../../src/models/fold.ts';
import { goNetwork, policyNetwork } from '../../../src/models/goNetworks.ts';
import { ints } from '../../../src/onnx/graphWriter.ts';
import { encodeOnnx, type OnnxNode } from '../../../src/onnx/onnxFile.ts';
import { compareNetworks } from '../../../src/training/quantize/compare.ts';
import { feedsOf } from '../../../src/training/quantize/feeds.ts';
import { quantizeNetwork } from '../../../src/training/quantize/quantizeNetwork.ts';
import { distance, drawWeights } from '../../support/networks.ts';
import { playRandomMoves } from '../../support/randomGames.ts';

const games = Array.from({ length: 40 }, (_, i) => {
  const game = new Game();
  playRandomMoves(game, 6 * i, new Random(i));
  return game;
});
const known = feedsOf(games.slice(0, 20), 48);
const others = feedsOf(games.slice(20), 48);

const drawn = (seed: number): Uint8Array => {
  const spec = policyNetwork({ layers: 5, filters: 16, heads: ['value', 'ownership'] });
  return exportOnnx(foldNetwork(spec, drawWeights(spec, seed), ['policy', 'pass', 'value', 'ownership']));
};
const bytes = drawn(1);
let int8: Uint8Array;
const steps: [layer: number, layers: number, error: number][] = [];
let folder = '';
let path = '';

beforeAll(async () => {
  int8 = await quantizeNetwork(bytes, 'drawn', known.planes.data, {
    threads: 1,
    onLayer: (...step) => steps.push(step),
  });
  folder = await mkdtemp(join(tmpdir(), 'hane-'));
  path = join(folder, 'drawn.onnx');
  await writeFile(path, bytes);
  await writeFile(int8Path(path), int8);
});
afterAll(() => rm(folder, { recursive: true }));

test('a network in whole numbers says nearly what it says in float32, of positions that it was not made on', async () => {
  expect(steps.map(([layer, layers]) => `${layer} of ${layers}`)).toEqual([
    '1 of 4',
    '2 of 4',
    '3 of 4',
    '4 of 4',
  ]);
  for (const [, , error] of steps) expect(error).toBeLessThan(0.05);
  const { positions, sameBest, moved, value } = await compareNetworks(bytes, int8, others, 1);
  expect(positions).toBe(20);
  expect(sameBest).toBeGreaterThanOrEqual(0.8);
  expect(moved).toBeGreaterThan(0);
  expect(moved).toBeLessThan(0.03);
  expect(value).toBeLessThan(0.05);
});

test('it has the same form, less than half of the size, and is the same bytes each time', async () => {
  expect(formOf(decodeNetwork(int8, 'int8'), 'int8')).toEqual(formOf(decodeNetwork(bytes, 'drawn'), 'drawn'));
  expect(int8.length).toBeLessThan(0.45 * bytes.length);
  const again = await quantizeNetwork(bytes, 'drawn', known.planes.data, { threads: 1 });
  expect(Buffer.from(again).equals(Buffer.from(int8))).toBe(true);
});

test('a network compared with itself agrees', async () => {
  expect(await compareNetworks(bytes, bytes, others, 1)).toEqual({
    positions: 20,
    sameBest: 1,
    moved: 0,
    value: 0,
  });
});

test('a network with branches is no chain, and is told which convolution is not in one', async () => {
  const spec = goNetwork('tower-1x8');
  const weights = drawWeights(spec, 3);
  const folded = exportOnnx(foldNetwork(spec, weights, ['policy']));
  const made = quantizeNetwork(folded, 'tower', known.planes.data, { threads: 1 });
  await expect(made).rejects.toThrow(
    /^network tower is not one chain of convolutions with a bias and a ReLU each: ".+" is not in it$/,
  );
});

/** The drawn network with something changed. */
const changed = (change: (nodes: OnnxNode[]) => void): Uint8Array => {
  const model = decodeNetwork(bytes, 'drawn');
  change(model.graph.node);
  return encodeOnnx(model);
};

test('names that a tensor has beside its own are seen through', async () => {
  const named = changed(nodes => {
    const at = nodes.findIndex(({ op_type }) => op_type === 'Relu');
    const [output] = nodes[at].output;
    nodes[at].output = ['by another name'];
    nodes.splice(at + 1, 0, {
      op_type: 'Identity',
      name: 'its own name',
      input: ['by another name'],
      output: [output],
      attribute: [],
    });
  });
  const whole = await quantizeNetwork(named, 'named', known.planes.data, { threads: 1 });
  expect((await compareNetworks(int8, whole, others, 1)).moved).toBe(0);
});

test.each(['strides', 'dilations'])('a convolution with %s is none of a chain', async name => {
  const other = changed(nodes => {
    const conv = nodes.filter(({ op_type }) => op_type === 'Conv')[1];
    conv.attribute = [...conv.attribute.filter(each => each.name !== name), ints(name, [2, 2])];
  });
  const made = quantizeNetwork(other, 'other', known.planes.data, { threads: 1 });
  await expect(made).rejects.toThrow(/^network other is not one chain .+: ".+" is not in it$/);
});

/** Policies of an empty board and of one with a stone, on boards of these sizes. */
const policiesOf = async (kernel: Kernel): Promise<Float32Array[]> => {
  const evaluator = await openEvaluator({ network: path, threads: 1, maxBatch: 2, kernel });
  const policies: Float32Array[] = [];
  for (const size of [19, 9]) {
    const batch = evaluator.begin();
    const pair = [new Game({ width: size }), new Game({ width: size })];
    pair[1].play(pair[1].board.points[2 * size + 3]);
    for (const game of pair) batch.add(game);
    await batch.run();
    for (const slot of pair.keys()) policies.push(batch.policy(slot).slice());
    batch.release();
  }
  await evaluator.close();
  return policies;
};

test('the evaluator takes it from beside the network, on boards of any size, and leaves it where float is asked for', async () => {
  const [direct, float, whole] = [
    await policiesOf('direct'),
    await policiesOf('float'),
    await policiesOf('int8'),
  ];
  for (const [i, policy] of direct.entries()) {
    expect(distance(policy, float[i])).toBeLessThan(2e-5);
    expect(distance(policy, whole[i])).toBeGreaterThan(0);
    expect(distance(policy, whole[i])).toBeLessThan(0.02);
  }
});

test('whole numbers that are not there, or of another network, are refused where they are asked for, and else left alone', async () => {
  const lonely = join(folder, 'lonely.onnx');
  await writeFile(lonely, bytes);
  expect(await readInt8(await readNetwork(lonely))).toBeUndefined();
  await expect(openEvaluator({ network: lonely, kernel: 'int8' })).rejects.toThrow(
    `network lonely has no form in whole numbers: hane quantize makes it, as ${int8Path(lonely)}`,
  );
  await writeFile(lonely, drawn(2));
  await writeFile(int8Path(lonely), int8);
  await expect(openEvaluator({ network: lonely, kernel: 'int8' })).rejects.toThrow(
    `${int8Path(lonely)} was not made of ${lonely}: make it again with hane quantize, or delete it`,
  );
  const evaluator = await openEvaluator({ network: lonely, threads: 1 });
  expect(evaluator.least.int8).toBe(NO_BATCH);
  await evaluator.close();
});

test('what is damaged is refused with what to do, and not looked at where float or no CPU is asked for', async () => {
  const damaged = join(folder, 'damaged.onnx');
  await writeFile(damaged, bytes);
  await writeFile(int8Path(damaged), int8.subarray(0, int8.length / 2));
  await expect(openEvaluator({ network: damaged })).rejects.toThrow(
    /damaged\.int8\.onnx is not an ONNX file: .+: make it again with hane quantize, or delete it$/,
  );
  for (const options of [{ kernel: 'float' }, { backend: 'tfjs' }] as const) {
    const evaluator = await openEvaluator({ network: damaged, threads: 1, maxBatch: 1, ...options });
    await evaluator.close();
  }
});

test('the one that ships is of the network that ships, and says nearly the same of games at random', async () => {
  const network = await readNetwork();
  const shipped = await readInt8(network);
  const { sameBest, moved, value } = await compareNetworks(network.bytes, shipped!, others, 1);
  expect(sameBest).toBeGreaterThanOrEqual(0.8);
  expect(moved).toBeLessThan(0.1);
  expect(value).toBeLessThan(0.1);
});
