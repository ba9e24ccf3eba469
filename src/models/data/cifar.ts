/** Pictures in the binary form of CIFAR-10: https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version". */
import { findFiles, readMaybePacked } from './files.ts';
import type { ImageSet } from './images.ts';
import { ModelDataError } from './modelDataError.ts';

const SIZE = 32;
const CHANNELS = 3;
const PICTURE = CHANNELS * SIZE * SIZE;
/** A label, then red, green and blue, each row by row. */
const RECORD = 1 + PICTURE;

export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/** @param name for messages @throws ModelDataError if the bytes are no whole records, or a label is above 9 */
export const decodeCifar10 = (bytes: Uint8Array, name: string): ImageSet => {
  if (bytes.length === 0 || bytes.length % RECORD !== 0)
    throw new ModelDataError(
      `${name} is no CIFAR-10 file: ${bytes.length} bytes are not records of ${RECORD}`,
    );
  const count = bytes.length / RECORD;
  const pixels = new Uint8Array(count * PICTURE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = bytes[i * RECORD];
    if (labels[i] >= CIFAR10_CLASSES.length)
      throw new ModelDataError(`${name}: label ${labels[i]} of picture ${i}: 0 to 9 only`);
    pixels.set(bytes.subarray(i * RECORD + 1, (i + 1) * RECORD), i * PICTURE);
  }
  return { count, channels: CHANNELS, height: SIZE, width: SIZE, pixels, labels, classes: CIFAR10_CLASSES };
};

/**
 * The pictures of a folder: `data_batch_N.bin` or `train*.bin`, and `test*.bin`, packed by gzip or not.
 * @throws ModelDataError naming what is missing or damaged
 */
export const readCifar10 = async (
  folder: string,
): Promise<{ readonly train: ImageSet; readonly test: ImageSet }> => ({
  train: await readPictures(folder, /^(data_batch|train).*\.bin(\.gz)?$/, 'the training pictures'),
  test: await readPictures(folder, /^test.*\.bin(\.gz)?$/, 'the test pictures'),
});

const readPictures = async (folder: string, pattern: RegExp, what: string): Promise<ImageSet> => {
  const sets: ImageSet[] = [];
  for (const path of await findFiles(folder, pattern, what))
    sets.push(decodeCifar10(await readMaybePacked(path), path));
  if (sets.length === 1) return sets[0];
  return {
    ...sets[0],
    count: sets.reduce((sum, { count }) => sum + count, 0),
    pixels: joined(sets.map(({ pixels }) => pixels)),
    labels: joined(sets.map(({ labels }) => labels)),
  };
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
