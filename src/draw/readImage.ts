/** Pictures out of files: PNG, JPEG, GIF and WebP by resvg, which decodes what it draws; PGM and PPM by hand. */

/** A picture as numbers from 0 to 255, row by row, red, green and blue of a point together, or grey alone. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Bytes that are no picture; the message says what was expected. */
export class ImageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImageError';
  }
}

/** More points than this are no picture for a network. */
const MOST_POINTS = 50_000_000;

/**
 * What is transparent is white.
 * @param name for messages
 * @throws ImageError if it is no picture of these kinds or is damaged
 */
export const readImage = async (bytes: Uint8Array, name: string): Promise<DecodedImage> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = kindOf(bytes);
  if (kind === undefined) throw new ImageError(`${name} is no picture: it has to be PNG, JPEG, PGM or PPM`);
  if (kind === 'pnm') return readPnm(bytes, name);
  const size = kind === 'png' ? pngSize(view) : jpegSize(view, name);
  if (!size) throw new ImageError(`${name} is a damaged ${kind.toUpperCase()}: it has no size`);
  const [width, height] = size;
  checkSize(width, height, name);
  const source = `data:image/${kind};base64,${Buffer.from(bytes).toString('base64')}`;
  const { Resvg } = await import('@resvg/resvg-js');
  const draw = (ground: string): Uint8Array => {
    const image = `<image width="${width}" height="${height}" image-rendering="optimizeSpeed" href="${source}"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${ground}${image}</svg>`;
    return new Resvg(svg, { font: { loadSystemFonts: false } }).render().pixels;
  };
  // What resvg cannot decode it leaves out without a word.
  if (draw('').every((value, i) => i % 4 < 3 || value === 0))
    throw new ImageError(`${name} is a damaged ${kind.toUpperCase()}, or nothing is on it`);
  const pixels = draw(`<rect width="${width}" height="${height}" fill="#fff"/>`);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    for (let channel = 0; channel < 3; channel++) data[i * 3 + channel] = pixels[i * 4 + channel];
  return { width, height, channels: 3, data };
};

const kindOf = (bytes: Uint8Array): 'png' | 'jpeg' | 'pnm' | undefined => {
  const starts = (...first: readonly number[]): boolean => first.every((byte, i) => bytes[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  return starts(0x50, 0x35) || starts(0x50, 0x36) ? 'pnm' : undefined;
};

/** Of the header, which is always the first chunk. */
const pngSize = (view: DataView): readonly [number, number] | undefined =>
  view.byteLength < 24 ? undefined : [view.getUint32(16), view.getUint32(20)];

/** Frames that are read, by their markers SOF0 to SOF2: baseline, extended, progressive. */
const JPEG_FRAMES = [0, 1, 2];

/**
 * Of the first frame header: markers SOF0 to SOF15 but those that mean something else. Source: ITU-T T.81, B.2.2.
 * @throws ImageError for a frame that is not read
 */
const jpegSize = (view: DataView, name: string): readonly [number, number] | undefined => {
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      checkFrame(marker - 0xc0, view.getUint8(at + 4), view.getUint8(at + 9), name);
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
};

const checkFrame = (frame: number, bits: number, components: number, name: string): void => {
  if (!JPEG_FRAMES.includes(frame))
    throw new ImageError(
      `${name} is a JPEG of frame SOF${frame}: baseline (SOF0, SOF1) and progressive (SOF2) are read`,
    );
  if (bits !== 8 || ![1, 3].includes(components))
    throw new ImageError(
      `${name} is a JPEG of ${components} x ${bits} bits a point: 1 x 8 (grey) and 3 x 8 (colours) are read`,
    );
};

const checkSize = (width: number, height: number, name: string): void => {
  if (width < 1 || height < 1 || width * height > MOST_POINTS)
    throw new ImageError(`${name} is ${width} x ${height}: from 1 to ${MOST_POINTS} points are read`);
};

/** Binary PGM (P5) and PPM (P6) of 8 bits. Source: netpbm's pgm(5) and ppm(5). */
const readPnm = (bytes: Uint8Array, name: string): DecodedImage => {
  const numbers: number[] = [];
  let at = 2;
  const isSpace = (): boolean => [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at]);
  while (numbers.length < 3 && at < bytes.length) {
    if (isSpace()) at++;
    else if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at++;
    else {
      let digits = '';
      while (at < bytes.length && !isSpace()) digits += String.fromCodePoint(bytes[at++]);
      numbers.push(Number(digits));
    }
  }
  const [width, height, most] = numbers;
  if (most !== 255) throw new ImageError(`${name}: its values go to ${most}, not 255`);
  checkSize(width, height, name);
  const channels = bytes[1] === 0x35 ? 1 : 3;
  const data = bytes.slice(at + 1, at + 1 + width * height * channels);
  if (data.length < width * height * channels)
    throw new ImageError(`${name} ends after ${data.length} of ${width * height * channels} numbers`);
  return { width, height, channels, data };
};
