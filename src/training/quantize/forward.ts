/** Running one layer of a chain on many positions, and summing up what it reads and says. */
import { NetworkSession } from '../../inference/networkSession.ts';
import { TRAINED_SIZE } from '../../inference/resize.ts';
import { GraphWriter, ints } from '../../onnx/graphWriter.ts';
import type { ChainLayer } from './chain.ts';
import type { Moments } from './roundWeights.ts';

const AREA = TRAINED_SIZE * TRAINED_SIZE;

/** Positions of a run. */
const BATCH = 8;

/** Numbers of one position that a layer reads. */
const inputSize = ({ channels, side }: ChainLayer): number => channels * side * side;

/** Numbers of one position that it says. */
const outputSize = ({ filters }: ChainLayer): number => filters * AREA;

/**
 * What a layer says before its ReLU.
 * @param read shape [n, channels, side, side]
 * @returns shape [n, filters, 19, 19]
 */
export const convolve = async (
  layer: ChainLayer,
  weight: Float32Array,
  bias: Float32Array,
  read: Float32Array,
  threads: number,
): Promise<Float32Array> => {
  const { filters, channels, size, side, padding } = layer;
  const writer = new GraphWriter();
  const input = writer.input('x', ['n', channels, side, side]);
  const kernel = writer.floats('weight', weight, [filters, channels, size, size]);
  const pads = ints('pads', [padding, padding, padding, padding]);
  writer.node('Conv', 'y', [input, kernel, writer.floats('bias', bias, [filters])], [pads]);
  writer.output('y', ['n', filters, TRAINED_SIZE, TRAINED_SIZE]);
  const session = await NetworkSession.open(writer.finish('layer'), 'layer', threads);
  try {
    const each = inputSize(layer);
    const n = read.length / each;
    const said = new Float32Array(n * outputSize(layer));
    for (let first = 0; first < n; first += BATCH) {
      const count = Math.min(BATCH, n - first);
      const data = read.subarray(first * each, (first + count) * each);
      const { y } = await session.run({ x: { data, dims: [count, channels, side, side] } });
      said.set(y.data, first * outputSize(layer));
    }
    return said;
  } finally {
    await session.release();
  }
};

/** @param read what the layer reads @param said what it should say of it, before its ReLU */
export const sumMoments = async (
  layer: ChainLayer,
  read: Float32Array,
  said: Float32Array,
  threads: number,
): Promise<Moments> => {
  const { filters, channels, size: kernel } = layer;
  const size = channels * kernel * kernel + 1;
  const writer = new GraphWriter();
  const x = writer.input('x', ['n', size]);
  const y = writer.input('y', ['n', filters]);
  const turned = writer.node('Transpose', 'turned', [x], [ints('perm', [1, 0])]);
  writer.node('MatMul', 'inputs', [turned, x]);
  writer.node('MatMul', 'outputs', [turned, y]);
  writer.output('inputs', [size, size]);
  writer.output('outputs', [size, filters]);
  const session = await NetworkSession.open(writer.finish('moments'), 'moments', threads);
  try {
    const inputs = new Float64Array(size * size);
    const outputs = new Float64Array(size * filters);
    const patches = new Float32Array(AREA * size);
    const wanted = new Float32Array(AREA * filters);
    for (let position = 0; position * inputSize(layer) < read.length; position++) {
      cutPatches(layer, read, position * inputSize(layer), patches);
      for (let filter = 0; filter < filters; filter++)
        for (let point = 0; point < AREA; point++)
          wanted[point * filters + filter] = said[(position * filters + filter) * AREA + point];
      const sums = await session.run({
        x: { data: patches, dims: [AREA, size] },
        y: { data: wanted, dims: [AREA, filters] },
      });
      for (const i of inputs.keys()) inputs[i] += sums['inputs'].data[i];
      for (const i of outputs.keys()) outputs[i] += sums['outputs'].data[i];
    }
    return { size, inputs, outputs };
  } finally {
    await session.release();
  }
};

/** What the layer's kernel covers at each point, in the order of its weights, and 1 behind it. @param at the position's start */
const cutPatches = (
  { channels, size, side, padding }: ChainLayer,
  read: Float32Array,
  at: number,
  patches: Float32Array,
): void => {
  let to = 0;
  for (let point = 0; point < AREA; point++) {
    const top = Math.floor(point / TRAINED_SIZE) - padding;
    const left = (point % TRAINED_SIZE) - padding;
    for (let channel = 0; channel < channels; channel++)
      for (let y = top; y < top + size; y++)
        for (let x = left; x < left + size; x++)
          patches[to++] =
            x >= 0 && y >= 0 && x < side && y < side ? read[at + (channel * side + y) * side + x] : 0;
    patches[to++] = 1;
  }
};
