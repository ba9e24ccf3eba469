/** Small data sets in the forms of MNIST, MR and TREC, made by hand. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Random } from '../../engine/random.ts';

/** Bytes with dimensions. */
export const idxFile = (dims: readonly number[], values: ArrayLike<number>): Uint8Array => {
  const bytes = new Uint8Array(4 + 4 * dims.length + values.length);
  bytes.set([0, 0, 8, dims.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, dim] of dims.entries()) view.setUint32(4 + 4 * i, dim);
  bytes.set(Array.from(values), 4 + 4 * dims.length);
  return bytes;
};

const SIDE = 28;

/** "Digits" that anything can tell apart: digit d is a bar on line 2d + 4, with noise. Labels go round from 0. */
export const makeDigits = async (
  folder: string,
  { train, test }: { readonly train: number; readonly test: number },
): Promise<void> => {
  const random = new Random(7);
  const images = (count: number): Uint8Array => {
    const pixels = new Uint8Array(count * SIDE * SIDE);
    for (let i = 0; i < count; i++)
      for (let y = 0; y < SIDE; y++)
        for (let x = 0; x < SIDE; x++) {
          const isInk = y === 2 * (i % 10) + 4 && x > 3 && x < 24;
          pixels[(i * SIDE + y) * SIDE + x] = isInk ? 200 + random.below(56) : random.below(40);
        }
    return idxFile([count, SIDE, SIDE], pixels);
  };
  const labels = (count: number): Uint8Array =>
    idxFile(
      [count],
      Array.from({ length: count }, (_, i) => i % 10),
    );
  await writeFile(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(images(train)));
  await writeFile(join(folder, 'train-labels-idx1-ubyte'), labels(train));
  await writeFile(join(folder, 't10k-images-idx3-ubyte.gz'), gzipSync(images(test)));
  await writeFile(join(folder, 't10k-labels-idx1-ubyte'), labels(test));
};

export const makeReviews = async (
  folder: string,
  { positive, negative }: { readonly positive: readonly string[]; readonly negative: readonly string[] },
): Promise<void> => {
  for (const [ending, lines] of Object.entries({ pos: positive, neg: negative }))
    await writeFile(join(folder, `rt-polarity.${ending}`), Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
};

/** @param train lines as the files have them: `CLASS:detail question` */
export const makeQuestions = async (
  folder: string,
  train: readonly string[],
  test: readonly string[],
): Promise<void> => {
  await writeFile(join(folder, 'TREC.train'), `${train.join('\n')}\n`);
  await writeFile(join(folder, 'TREC.test'), `${test.join('\n')}\n`);
};
