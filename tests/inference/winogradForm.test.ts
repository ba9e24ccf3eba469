/** The network in Winograd's form beside the same network in ONNX Runtime's own convolutions. */
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { encode, planeSize } from '../../features/encode.ts';
import { PLANES } from '../../features/planes.ts';
import { decodeNetwork } from '../../src/inference/contract.ts';
import { readNetwork } from '../../src/inference/manifest.ts';
import { resizeNetwork } from '../../src/inference/resize.ts';
import { makeWinogradForm } from '../../src/inference/winogradForm.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { foldNetwork } from '../../src/models/fold.ts';
import { policyNetwork, residualTower, valueNetwork } from '../../src/models/goNetworks.ts';
import { SpecBuilder, type NetworkSpec } from '../../src/models/spec.ts';
import { encodeOnnx, type OnnxModel } from '../../src/onnx/onnxFile.ts';
import { replay, startGame } from '../../src/sgf/replay.ts';
import { distance, drawInputs, drawWeights, runOnnx } from '../support/networks.ts';
import { readGames } from '../support/records.ts';
import { sharedPath } from '../support/shared.ts';

const countOf = ({ graph }: OnnxModel, op: string): number =>
  graph.node.filter(({ op_type }) => op_type === op).length;

/** The network as it ships: folded. */
const modelOf = (spec: NetworkSpec, seed = 1): OnnxModel =>
  decodeNetwork(exportOnnx(foldNetwork(spec, drawWeights(spec, seed))), 'drawn');

const answersOf = (model: OnnxModel, feeds: Record<string, Tensor>): Promise<Record<string, Float32Array>> =>
  runOnnx(encodeOnnx(model), feeds);

/** Largest difference of each output, as a share of its largest number. */
const differences = async (
  model: OnnxModel,
  feeds: Record<string, Tensor>,
): Promise<Record<string, number>> => {
  const direct = await answersOf(model, feeds);
  const winograd = await answersOf(makeWinogradForm(model)!, feeds);
  return Object.fromEntries(
    Object.entries(direct).map(([name, values]) => {
      const most = values.reduce((so, value) => Math.max(so, Math.abs(value)), 1e-3);
      return [name, distance(winograd[name], values) / most];
    }),
  );
};

describe('the answers are the same', () => {
  test.each([
    ['of the policy network with all heads', policyNetwork({ layers: 5, filters: 12 }), 4],
    ['of a residual tower', residualTower({ blocks: 2, filters: 9 }), 5],
    ['of the value network', valueNetwork({ layers: 6, filters: 7, units: 16 }), 3],
  ])('%s', async (_, spec, convolutions) => {
    const model = modelOf(spec);
    const form = makeWinogradForm(model)!;
    expect(countOf(model, 'Conv') - countOf(form, 'Conv')).toBe(convolutions);
    for (const n of [1, 3])
      for (const difference of Object.values(await differences(model, drawInputs(spec, n, n))))
        expect(difference).toBeLessThan(5e-5);
  });

  test.each([
    [5, 5],
    [9, 9],
    [10, 10],
    [13, 13],
    [20, 10],
    [7, 25],
    [1, 2],
  ])('on a board of %d x %d', async (width, height) => {
    const spec = policyNetwork({ layers: 4, filters: 8 });
    const model = modelOf(spec);
    resizeNetwork(model, { width, height });
    const inputs = drawInputs(spec, 2, 1);
    const data = new Float32Array(2 * PLANES * planeSize(width, height));
    for (let i = 0; i < data.length; i++) data[i] = i % 7 === 0 || i % 11 === 3 ? 1 : 0;
    const planes = new Tensor('float32', data, [2, PLANES, height + 4, width + 4]);
    for (const difference of Object.values(await differences(model, { ...inputs, planes })))
      expect(difference).toBeLessThan(5e-5);
  });

  test('where only some convolutions can take the form', async () => {
    const net = new SpecBuilder();
    const planes = net.input('planes', [PLANES, 23, 23]);
    let x = net.conv('five', planes, { filters: 4, size: 5, padding: 'valid', bias: 'filter' });
    // Not rectified: the one behind it would read what is beyond the board.
    x = net.conv('three', x, { filters: 4, size: 3, bias: 'filter' });
    x = net.relu('relu', x);
    x = net.conv('one', x, { filters: 6, size: 1, bias: 'filter' });
    x = net.conv('last', x, { filters: 1, size: 3 });
    const spec = net.finish({ policy: net.flatten('policy', x) });
    const model = modelOf(spec);
    expect(countOf(makeWinogradForm(model)!, 'Conv')).toBe(3);
    expect((await differences(model, drawInputs(spec, 2, 5)))['policy']).toBeLessThan(5e-5);
  });
});

test('a convolution without padding behind one that is not rectified does not see what is beyond the board', async () => {
  const net = new SpecBuilder();
  const valid = { filters: 4, padding: 'valid', bias: 'filter' } as const;
  let x = net.conv('first', net.input('planes', [PLANES, 23, 23]), { ...valid, size: 5 });
  x = net.conv('second', x, { ...valid, size: 5 });
  x = net.conv('third', x, { ...valid, size: 3 });
  const spec = net.finish({ policy: net.flatten('policy', x) });
  expect((await differences(modelOf(spec), drawInputs(spec, 2, 3)))['policy']).toBeLessThan(5e-5);
});

test('a network without such convolutions is left alone', () => {
  const net = new SpecBuilder();
  const x = net.conv('one', net.input('planes', [PLANES, 23, 23]), { filters: 1, size: 1 });
  expect(makeWinogradForm(modelOf(net.finish({ policy: net.flatten('policy', x) })))).toBeUndefined();
});

test('the network that is rewritten stays as it is', () => {
  const model = modelOf(policyNetwork({ layers: 3, filters: 4 }));
  const before = encodeOnnx(model);
  makeWinogradForm(model);
  expect(Buffer.compare(encodeOnnx(model), before)).toBe(0);
});

const archive = sharedPath('data/kgs-6d/kgs-2015.tar.gz');

test.skipIf(!archive)(
  'on 200 positions of real games the network that ships differs by 2e-5 in probability, 1e-4 of the deviation in logits',
  async () => {
    const { bytes, name } = await readNetwork();
    const model = decodeNetwork(bytes, name);
    const data = new Float32Array(200 * PLANES * planeSize(19, 19));
    const komi = new Float32Array(200);
    let count = 0;
    for await (const { record } of readGames(archive!)) {
      if (count === 200) break;
      if (record.width !== 19 || record.height !== 19 || record.moves.length < 200) continue;
      const game = startGame(record);
      if (replay(game, record, (count * 7) % 200)) continue;
      komi[count] = 0.75;
      encode(game, data, count++ * PLANES * planeSize(19, 19));
    }
    const feeds = {
      planes: new Tensor('float32', data, [200, PLANES, 23, 23]),
      komi: new Tensor('float32', komi, [200]),
    };
    const direct = (await answersOf(model, feeds))['policy'];
    const winograd = (await answersOf(makeWinogradForm(model)!, feeds))['policy'];
    const mean = direct.reduce((sum, value) => sum + value, 0) / direct.length;
    const deviation = Math.sqrt(direct.reduce((sum, value) => sum + (value - mean) ** 2, 0) / direct.length);
    expect(distance(winograd, direct) / deviation).toBeLessThan(1e-4);
    let worst = 0;
    for (let i = 0; i < 200; i++) {
      const [a, b] = [direct, winograd].map(all => softmax(all.subarray(i * 361, (i + 1) * 361)));
      worst = Math.max(worst, distance(a, b));
    }
    expect(worst).toBeLessThan(2e-5);
  },
);

const softmax = (logits: Float32Array): Float32Array => {
  const most = logits.reduce((so, value) => Math.max(so, value), -Infinity);
  const weights = logits.map(value => Math.exp(value - most));
  const sum = weights.reduce((so, value) => so + value, 0);
  return weights.map(value => value / sum);
};
