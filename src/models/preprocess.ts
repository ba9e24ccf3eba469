/** From a picture to what a network takes: its size, its colours, its range. */
import { SpecError, type Pair } from './layerTypes.ts';
import { resizeImage, type RawImage } from './resizeImage.ts';

export { resizeImage, type RawImage } from './resizeImage.ts';

/** How a network wants its pictures. */
export interface Preprocessing {
  /** [channels, height, width]; 1 channel is grey, 3 are red, green, blue. */
  readonly shape: readonly [number, number, number];
  /** The shorter side before the middle is cut out; `fit` shrinks all of the picture into the middle, with paper around it. */
  readonly resize: number | { readonly fit: number };
  /** A channel's value, 0 to 1, becomes (value - mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Whether values are of ink: the paper, which is what most of the edge is, counts 0 whether it is light or dark. */
  readonly isInk?: boolean;
}

/**
 * How pictures come into a network whose input is not of the usual shape: cut out and shrunk in proportion, and by the mean over the
 * channels if there are more or fewer of them.
 * @throws SpecError for other than 1 or 3 channels
 */
export const preprocessingFor = (
  { shape: usual, resize, mean, std, ...rest }: Preprocessing,
  shape: readonly [number, number, number],
): Preprocessing => {
  const [channels, height, width] = shape;
  checkChannels(channels);
  const factor = Math.min(height, width) / Math.min(usual[1], usual[2]);
  const scaled = (side: number): number => Math.max(1, Math.round(side * factor));
  const spread = (values: readonly number[]): readonly number[] =>
    channels === values.length
      ? values
      : Array.from({ length: channels }, () => values.reduce((sum, value) => sum + value, 0) / values.length);
  return {
    ...rest,
    shape,
    resize: typeof resize === 'number' ? scaled(resize) : { fit: scaled(resize.fit) },
    mean: spread(mean),
    std: spread(std),
  };
};

const checkChannels = (channels: number): void => {
  if (channels !== 1 && channels !== 3)
    throw new SpecError(`pictures have 1 or 3 channels, not ${channels} as the input of this network`);
};

/** @returns [channels, height, width] @throws RangeError if there are not as many means and deviations as channels, 1 or 3 */
export const preprocess = (image: RawImage, config: Preprocessing): Float32Array => {
  const [channels, height, width] = config.shape;
  checkChannels(channels);
  for (const [name, { length }] of Object.entries({ mean: config.mean, std: config.std }))
    if (length !== channels) throw new RangeError(`${name} has ${length} numbers for ${channels} channels`);
  const toned = channels === 1 ? toGrey(image) : toColour(image);
  const inked = config.isInk ? toInk(toned) : toned;
  const scaled = resizeImage(inked, sizeFor(inked, config));
  const top = Math.round((scaled.height - height) / 2);
  const left = Math.round((scaled.width - width) / 2);
  const result = new Float32Array(channels * height * width);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [row, column] = [y + top, x + left];
        const isInside = row >= 0 && row < scaled.height && column >= 0 && column < scaled.width;
        const value = isInside
          ? scaled.data[(row * scaled.width + column) * channels + channel] / 255
          : config.isInk
            ? 0
            : config.mean[channel];
        result[(channel * height + y) * width + x] = (value - config.mean[channel]) / config.std[channel];
      }
  return result;
};

/** [height, width] that a picture is brought to before its middle is taken. A picture of the network's own size stays. */
const sizeFor = ({ width, height }: RawImage, { resize, shape }: Preprocessing): Pair => {
  if (height === shape[1] && width === shape[2]) return [height, width];
  const factor =
    typeof resize === 'number' ? resize / Math.min(width, height) : resize.fit / Math.max(width, height);
  return [Math.max(1, Math.round(height * factor)), Math.max(1, Math.round(width * factor))];
};

/** Weights of luma (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;

const toGrey = ({ width, height, channels, data }: RawImage): RawImage => {
  if (channels === 1) return { width, height, channels, data };
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i++)
    for (const [channel, weight] of LUMA.entries()) grey[i] += weight * data[i * channels + channel];
  return { width, height, channels: 1, data: grey };
};

const toColour = ({ width, height, channels, data }: RawImage): RawImage => {
  const colour = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    for (let channel = 0; channel < 3; channel++)
      colour[i * 3 + channel] = data[i * channels + (channels === 1 ? 0 : channel)];
  return { width, height, channels: 3, data: colour };
};

const toInk = (image: RawImage): RawImage => {
  const { width, height, data } = image;
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (y === 0 || x === 0 || y === height - 1 || x === width - 1) {
        sum += data[y * width + x];
        count++;
      }
  return sum / count < 127.5 ? image : { ...image, data: Float32Array.from(data, value => 255 - value) };
};
