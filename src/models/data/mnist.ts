/** Digits in the IDX form of the MNIST database: http://yann.lecun.com/exdb/mnist, "FILE FORMATS". */
import { findFile, readMaybePacked } from './files.ts';
import type { ImageSet } from './images.ts';
import { ModelDataError } from './modelDataError.ts';

/** Unsigned bytes, the only kind of number that MNIST has. */
const BYTES = 0x08;
const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/**
 * An IDX file of bytes.
 * @param name for messages
 * @throws ModelDataError if the header is not one of bytes, or if there are more or fewer of them than it says
 */
export const decodeIdx = (
  bytes: Uint8Array,
  name: string,
): { readonly dims: readonly number[]; readonly values: Uint8Array } => {
  const fail = (what: string): never => {
    throw new ModelDataError(`${name} is no IDX file: ${what}`);
  };
  if (bytes.length < 4) return fail(`${bytes.length} bytes are too few`);
  if (bytes[0] !== 0 || bytes[1] !== 0) return fail('it does not begin with two bytes of 0');
  if (bytes[2] !== BYTES) return fail(`its numbers are of type ${bytes[2]}, not ${BYTES} (bytes)`);
  const start = 4 + 4 * bytes[3];
  if (bytes.length < start) return fail('its header is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dims = Array.from({ length: bytes[3] }, (_, i) => view.getUint32(4 + 4 * i));
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (bytes.length - start !== size)
    return fail(`it has ${bytes.length - start} numbers, not ${dims.join(' x ')}`);
  return { dims, values: bytes.subarray(start) };
};

/**
 * The digits of a folder: `train*-images-idx3-ubyte`, `train*-labels-idx1-ubyte`, `t10k-...`, packed by gzip or not.
 * @throws ModelDataError naming what is missing or does not fit
 */
export const readMnist = async (
  folder: string,
): Promise<{ readonly train: ImageSet; readonly test: ImageSet }> => ({
  train: await readDigits(folder, 'train', 'training'),
  test: await readDigits(folder, 't10k', 'test'),
});

const readDigits = async (folder: string, prefix: string, what: string): Promise<ImageSet> => {
  const read = async (kind: string): Promise<{ path: string } & ReturnType<typeof decodeIdx>> => {
    const pattern = new RegExp(`^${prefix}.*${kind}-ubyte(\\.gz)?$`);
    const path = await findFile(folder, pattern, `the ${what} ${kind.split('-')[0]}`);
    return { path, ...decodeIdx(await readMaybePacked(path), path) };
  };
  const [images, labels] = [await read('images-idx3'), await read('labels-idx1')];
  if (images.dims.length !== 3)
    throw new ModelDataError(`${images.path} has ${images.dims.length} dimensions, not 3`);
  const [count, height, width] = images.dims;
  if (labels.dims.length !== 1 || labels.dims[0] !== count)
    throw new ModelDataError(`${labels.path} has ${labels.dims.join(' x ')} labels for ${count} images`);
  const wrong = labels.values.findIndex(label => label >= DIGITS.length);
  if (wrong >= 0)
    throw new ModelDataError(`${labels.path}: label ${labels.values[wrong]} of image ${wrong}: 0 to 9 only`);
  return {
    count,
    channels: 1,
    height,
    width,
    pixels: images.values,
    labels: labels.values,
    classes: DIGITS,
  };
};
