/** Pictures as bytes, and as the numbers that networks take: padded, scaled, mirrored and moved. */
import type { Random } from '../../../engine/random.ts';
import type { Examples } from './examples.ts';

export interface ImageSet {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Shape [count, channels, height, width]. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly classes: readonly string[];
}

export interface ImageOptions {
  /** Points of background added on every side. */
  readonly padding?: number;
  /** A byte p of channel c becomes p * scale[c] + shift[c]; background is a byte of 0. */
  readonly scale: readonly number[];
  readonly shift: readonly number[];
  /** In training: pictures are moved by up to so many points each way, with zeros (after scaling) coming in. */
  readonly moves?: number;
  /** In training: every other picture is mirrored. */
  readonly mirrors?: boolean;
}

/** White paper is -0.1, black ink 1.175: mean about 0, variance about 1 (LeCun et al. 1998, section III.C). */
const INK_RANGE = 1.275;
const PAPER = -0.1;

/** Digits of 28x28 in 32x32, as LeNet-5 takes them. */
export const LENET_IMAGES: ImageOptions = { padding: 2, scale: [INK_RANGE / 255], shift: [PAPER] };

/** Scale and shift that take a mean off, in units of the deviation; both of numbers from 0 to 1. */
export const standardize = (
  mean: readonly number[],
  deviation: readonly number[],
): Pick<ImageOptions, 'scale' | 'shift'> => ({
  scale: deviation.map(value => 1 / (255 * value)),
  shift: mean.map((value, i) => -value / deviation[i]),
});

/** Of ImageNet, as torchvision's models were trained. */
export const IMAGENET_STATISTICS = standardize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

/**
 * Mirrors and moves by up to 4 points (He et al. 2015, section 4.2). Standardised as the registry's networks for CIFAR-10 take pictures,
 * which is by ImageNet's numbers.
 */
export const CIFAR_IMAGES: ImageOptions = { ...IMAGENET_STATISTICS, moves: 4, mirrors: true };

/** @throws RangeError if scale or shift are not of as many channels as the pictures have */
export const imageExamples = (set: ImageSet, options: ImageOptions): Examples => {
  const { channels, height, width, pixels } = set;
  const { padding = 0, scale, shift, moves = 0, mirrors = false } = options;
  for (const [name, values] of Object.entries({ scale, shift }))
    if (values.length !== channels)
      throw new RangeError(`${name} has ${values.length} numbers for pictures of ${channels} channels`);
  const outHeight = height + 2 * padding;
  const outWidth = width + 2 * padding;
  const area = outHeight * outWidth;

  /** Row dy and column dx of the result are at the padded picture's dy + down, dx + right. */
  const draw = (
    index: number,
    out: Float32Array,
    offset: number,
    down: number,
    right: number,
    isMirrored: boolean,
  ): void => {
    for (let c = 0; c < channels; c++) {
      const from = (index * channels + c) * height * width;
      const [factor, base] = [scale[c], shift[c]];
      for (let y = 0; y < outHeight; y++) {
        const row = y + down;
        const isIn = row >= 0 && row < outHeight;
        const isInk = row >= padding && row < padding + height;
        for (let x = 0; x < outWidth; x++) {
          const column = (isMirrored ? outWidth - 1 - x : x) + right;
          const at = offset + c * area + y * outWidth + x;
          if (!isIn || column < 0 || column >= outWidth) out[at] = 0;
          else if (isInk && column >= padding && column < padding + width)
            out[at] = pixels[from + (row - padding) * width + column - padding] * factor + base;
          else out[at] = base;
        }
      }
    }
  };

  return {
    count: set.count,
    shape: [channels, outHeight, outWidth],
    labels: set.labels,
    classes: set.classes,
    write: (index, out, offset, random) => {
      const [down, right] = random ? [moveOf(moves, random), moveOf(moves, random)] : [0, 0];
      const isMirrored = random !== undefined && mirrors && random.float() < 0.5;
      draw(index, out, offset, down, right, isMirrored);
    },
  };
};

const moveOf = (moves: number, random: Random): number =>
  moves > 0 ? random.below(2 * moves + 1) - moves : 0;
