import { describe, expect, test } from 'vitest';
import { preprocess, preprocessingFor, resizeImage, type RawImage } from '../../../src/models/preprocess.ts';
import { modelInfo } from '../../../src/models/registry.ts';
import { distance } from '../../support/networks.ts';

const grey = (width: number, height: number, at: (x: number, y: number) => number): RawImage => ({
  width,
  height,
  channels: 1,
  data: Float32Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))),
});

describe('a picture of another size', () => {
  test('has the mean of what it shrinks, and keeps a slope that it enlarges', () => {
    const half = resizeImage(
      grey(8, 2, x => 10 * x),
      [1, 4],
    );
    // A triangle over two old points on either side.
    expect([...half.data].slice(1, 3)).toEqual([25, 45]);
    const flat = resizeImage(
      grey(5, 7, () => 100),
      [3, 11],
    );
    expect(distance(flat.data as Float32Array, new Float32Array(33).fill(100))).toBeLessThan(1e-3);
    const twice = resizeImage(
      grey(4, 1, x => 10 * x),
      [1, 8],
    );
    expect([...twice.data]).toEqual([0, 2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 30]);
  });
});

describe("LeNet-5's digits", () => {
  const config = modelInfo('lenet5').preprocessing!;
  const digit = (paper: number, ink: number): RawImage =>
    grey(28, 28, (x, y) => (x > 10 && x < 16 && y > 4 && y < 24 ? ink : paper));

  test('are 28 x 28 in the middle of 32 x 32, paper -0.1, ink 1.175', () => {
    const values = preprocess(digit(0, 255), config);
    expect(values).toHaveLength(32 * 32);
    expect(values[0]).toBeCloseTo(-0.1, 6);
    expect(values[12 * 32 + 13]).toBeCloseTo(1.175, 6);
    expect(values[12 * 32 + 12]).toBeCloseTo(-0.1, 6);
  });

  test('are the same in dark ink on light paper', () => {
    const [light, dark] = [preprocess(digit(0, 255), config), preprocess(digit(255, 0), config)];
    expect(distance(light, dark)).toBeLessThan(1e-6);
  });

  test('fill the middle, whatever size they come in', () => {
    const values = preprocess(
      grey(56, 28, () => 0),
      config,
    );
    expect(distance(values, new Float32Array(32 * 32).fill(-0.1))).toBeLessThan(1e-6);
    expect(
      preprocess(
        grey(32, 32, (x, y) => (x === 0 && y === 5 ? 255 : 0)),
        config,
      )[5 * 32],
    ).toBeCloseTo(1.175, 6);
  });
});

test('a photograph is cut out of its middle, its channels less the mean and by the deviation', () => {
  const config = modelInfo('resnet50').preprocessing!;
  const data = new Uint8Array(300 * 512 * 3);
  for (let i = 0; i < data.length; i++) data[i] = [255, 0, 51][i % 3];
  const values = preprocess({ width: 512, height: 300, channels: 3, data }, config);
  expect(values).toHaveLength(3 * 224 * 224);
  const area = 224 * 224;
  expect(values[0]).toBeCloseTo((1 - 0.485) / 0.229, 4);
  expect(values[area]).toBeCloseTo(-0.456 / 0.224, 4);
  expect(values[3 * area - 1]).toBeCloseTo((0.2 - 0.406) / 0.225, 4);
});

test('a grey picture is one of three channels that are the same', () => {
  const config = { ...modelInfo('resnet20').preprocessing!, mean: [0, 0, 0], std: [1, 1, 1] };
  const values = preprocess(
    grey(32, 32, () => 51),
    config,
  );
  expect(distance(values, new Float32Array(3 * 32 * 32).fill(0.2))).toBeLessThan(1e-6);
});

describe('an input of another shape', () => {
  const photograph = modelInfo('resnet50').preprocessing!;

  test('takes as much of the picture', () => {
    const half = preprocessingFor(photograph, [3, 112, 112]);
    expect([half.resize, half.shape, half.mean]).toEqual([128, [3, 112, 112], photograph.mean]);
    expect(preprocessingFor(photograph, [3, 224, 224])).toEqual(photograph);
    const digits = preprocessingFor(modelInfo('lenet5-modern').preprocessing!, [1, 64, 64]);
    expect([digits.resize, digits.isInk]).toEqual([{ fit: 56 }, true]);
  });

  test('of other channels is less the mean over them', () => {
    const dark = preprocessingFor({ ...photograph, mean: [0.1, 0.2, 0.6], std: [1, 1, 1] }, [1, 32, 32]);
    expect([dark.mean, dark.std]).toEqual([[expect.closeTo(0.3, 9)], [1]]);
    const values = preprocess(
      grey(32, 32, () => 51),
      dark,
    );
    expect(values[0]).toBeCloseTo(-0.1, 6);
  });

  test('is of pictures, and has a mean and a deviation for each channel', () => {
    expect(() => preprocessingFor(photograph, [4, 224, 224])).toThrow('pictures have 1 or 3 channels, not 4');
    const blank = grey(2, 2, () => 0);
    expect(() => preprocess(blank, { ...photograph, mean: [0.5] })).toThrow(
      'mean has 1 numbers for 3 channels',
    );
  });
});
