/** Trained networks of the shared data, with inputs and what they should say of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { C3_TABLE } from '../../src/models/zoo/lenet5.ts';
import { sharedPath } from './shared.ts';

export interface ReferenceNetwork {
  /** Under the specification's names and in its shapes. */
  readonly weights: Map<string, Float32Array>;
  /** Channels first. */
  readonly images: Float32Array;
  readonly count: number;
  /** [count, 10] */
  readonly expected: Float32Array;
  readonly labels: readonly number[];
}

interface Manifest {
  readonly weights: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly offset: number;
  }[];
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** Axes of [height, width, in, out] or [in, out] to [out, in, ...]. */
const toOutFirst = (values: Float32Array, shape: readonly number[]): Float32Array => {
  if (shape.length === 1) return values;
  const outs = shape.at(-1)!;
  const ins = shape.at(-2)!;
  const taps = values.length / (ins * outs);
  const turned = new Float32Array(values.length);
  for (let tap = 0; tap < taps; tap++)
    for (let i = 0; i < ins; i++)
      for (let out = 0; out < outs; out++)
        turned[(out * ins + i) * taps + tap] = values[(tap * ins + i) * outs + out];
  return turned;
};

const readWeights = (folder: string): { weights: Map<string, Float32Array>; manifest: Manifest } => {
  const manifest = readJson(join(folder, 'manifest.json')) as Manifest;
  const bytes = readFileSync(join(folder, 'weights.bin'));
  const weights = new Map(
    manifest.weights.map(({ name, shape, offset }) => {
      const own = Uint8Array.from(bytes.subarray(offset, offset + 4 * sizeOf(shape)));
      return [name, toOutFirst(new Float32Array(own.buffer), shape)] as const;
    }),
  );
  return { weights, manifest };
};

/** A LeNet-5 as published, trained on 10,000 digits; undefined where the data is absent. */
export const referenceLenet = (): ReferenceNetwork | undefined => {
  const folder = sharedPath('data/lenet5-faithful');
  const digits = sharedPath('data/mnist/t10k-images-idx3-ubyte.gz');
  if (folder === undefined || digits === undefined) return undefined;
  const { weights } = readWeights(folder);
  for (const layer of ['s2', 's4']) {
    weights.set(`${layer}.weight`, weights.get(`${layer}.w`)!);
    weights.set(`${layer}.bias`, weights.get(`${layer}.b`)!);
  }
  const dense = weights.get('c3.weight')!;
  const linked = C3_TABLE.flatMap((seen, filter) =>
    seen.map(channel => dense.subarray((filter * 6 + channel) * 25, (filter * 6 + channel + 1) * 25)),
  );
  weights.set('c3.weight', Float32Array.from(linked.flatMap(part => [...part])));
  const { y, labels } = readJson(join(folder, 'reference_outputs.json')) as {
    y: number[][];
    labels: number[];
  };
  const pixels = gunzipSync(readFileSync(digits)).subarray(16);
  const images = new Float32Array(y.length * 32 * 32).fill(-0.1);
  for (let image = 0; image < y.length; image++)
    for (let row = 0; row < 28; row++)
      for (let column = 0; column < 28; column++)
        images[(image * 32 + row + 2) * 32 + column + 2] =
          (pixels[(image * 28 + row) * 28 + column] / 255) * 1.275 - 0.1;
  return { weights, images, count: y.length, expected: Float32Array.from(y.flat()), labels };
};

/** A ResNet-20 trained on CIFAR-10; undefined where the data is absent. */
export const referenceResnet20 = (): ReferenceNetwork | undefined => {
  const folder = sharedPath('data/resnet20-cifar10');
  const pictures = sharedPath('data/cifar10-subset/test_1000.bin.gz');
  if (folder === undefined || pictures === undefined) return undefined;
  const { weights, manifest } = readWeights(folder);
  const { logits, labels } = readJson(join(folder, 'reference_logits.json')) as {
    logits: number[][];
    labels: number[];
  };
  const records = gunzipSync(readFileSync(pictures));
  const area = 32 * 32;
  const images = Float32Array.from({ length: logits.length * 3 * area }, (_, i) => {
    const image = Math.floor(i / (3 * area));
    const channel = Math.floor((i % (3 * area)) / area);
    const pixel = records[image * (1 + 3 * area) + 1 + (i % (3 * area))];
    return (pixel / 255 - manifest.mean![channel]) / manifest.std![channel];
  });
  return { weights, images, count: logits.length, expected: Float32Array.from(logits.flat()), labels };
};
