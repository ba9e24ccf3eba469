import { describe, expect, test } from 'vitest';
import { svgToPng } from '../../src/draw/png.ts';
import { readImage } from '../../src/draw/readImage.ts';

const COLORS = [
  ['#000000', '#ffffff', '#ff0000'],
  ['#00ff00', '#0000ff', '#808080'],
] as const;

/** Six points of known colours as a PNG. */
const sixPoints = (): Promise<Uint8Array> => {
  const rects = COLORS.flatMap((row, y) =>
    row.map((color, x) => `<rect x="${x}" y="${y}" width="1" height="1" fill="${color}"/>`),
  );
  return svgToPng(`<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2">${rects.join('')}</svg>`);
};

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const bytes = (head: string, ...values: readonly number[]): Uint8Array =>
  Uint8Array.from([...ascii(head), ...values]);

describe('a picture is read point by point:', () => {
  test('PNG', async () => {
    const { width, height, channels, data } = await readImage(await sixPoints(), 'six.png');
    expect([width, height, channels]).toEqual([3, 2, 3]);
    const expected = COLORS.flat().flatMap(color => [...Buffer.from(color.slice(1), 'hex')]);
    expect([...data]).toEqual(expected);
  });

  test('what is transparent in a PNG is white', async () => {
    const half = await svgToPng(
      '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><rect width="1" height="1"/></svg>',
    );
    expect([...(await readImage(half, 'x')).data]).toEqual([0, 0, 0, 255, 255, 255]);
  });

  test('PGM with a comment, and PPM', async () => {
    expect(await readImage(bytes('P5\n# by hand\n2 1\n255\n', 7, 35), 'x.pgm')).toEqual({
      width: 2,
      height: 1,
      channels: 1,
      data: Uint8Array.of(7, 35),
    });
    expect(await readImage(bytes('P6 1 1 255\n', 1, 2, 3), 'x.ppm')).toEqual({
      width: 1,
      height: 1,
      channels: 3,
      data: Uint8Array.of(1, 2, 3),
    });
  });
});

describe('what is no picture is refused:', () => {
  test.each<[string, Uint8Array, string]>([
    ['text', ascii('hello'), 'x is no picture: it has to be PNG, JPEG, PGM or PPM'],
    ['nothing', new Uint8Array(0), 'x is no picture'],
    ['16 bits', bytes('P5 1 1 65535\n', 1, 2), 'x: its values go to 65535, not 255'],
    ['too few numbers', bytes('P5 2 2 255\n', 1), 'x ends after 1 of 4 numbers'],
    ['no size', bytes('P5 0 2 255\n'), 'x is 0 x 2: from 1 to 50000000 points are read'],
    [
      'a cut PNG',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0),
      'x is a damaged PNG: it has no size',
    ],
    ['a JPEG without a frame', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), 'x is a damaged JPEG: it has no size'],
  ])('%s', async (_, content, message) => {
    await expect(readImage(content, 'x')).rejects.toThrow(message);
  });

  test('a PNG whose points are cut off', async () => {
    const whole = await sixPoints();
    await expect(readImage(whole.slice(0, 40), 'x')).rejects.toThrow(
      'x is a damaged PNG, or nothing is on it',
    );
  });
});
