import { describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { foldOf, partByChance, pick, shuffled, type Examples } from '../../../src/models/data/examples.ts';
import { CIFAR_IMAGES, LENET_IMAGES, imageExamples, type ImageSet } from '../../../src/models/data/images.ts';
import { preprocess } from '../../../src/models/preprocess.ts';
import { CIFAR_INPUT, LENET_INPUT } from '../../../src/models/zoo/inputs.ts';
import { distance } from '../../support/networks.ts';

const drawSet = (channels: number, side: number): ImageSet => {
  const random = new Random(3);
  const pixels = Uint8Array.from({ length: 2 * channels * side * side }, () => random.below(256));
  return {
    count: 2,
    channels,
    height: side,
    width: side,
    pixels,
    labels: Uint8Array.of(0, 1),
    classes: ['a', 'b'],
  };
};

const numbersOf = (examples: Examples, index: number, random?: Random): Float32Array => {
  const out = new Float32Array(examples.shape.reduce((size, dim) => size * dim, 1));
  examples.write(index, out, 0, random);
  return out;
};

test('a digit is padded with paper, which is -0.1, and ink is 1.175', () => {
  const set = { ...drawSet(1, 28), pixels: new Uint8Array(2 * 28 * 28) };
  set.pixels[28 * 28 + 28 + 5] = 255;
  const examples = imageExamples(set, LENET_IMAGES);
  const numbers = numbersOf(examples, 1);
  expect(examples.shape).toEqual([1, 32, 32]);
  expect(numbers[3 * 32 + 7]).toBeCloseTo(1.175, 6);
  expect(new Set(numbers).size).toBe(2);
  expect(Math.min(...numbers)).toBeCloseTo(-0.1, 6);
});

describe('what is learned from is what a picture becomes in use', () => {
  test('for digits', () => {
    const set = drawSet(1, 28);
    // Dark edges, so that light is ink.
    set.pixels.fill(0, 28 * 28, 28 * 28 + 28 * 28);
    set.pixels[28 * 28 + 400] = 130;
    const image = { width: 28, height: 28, channels: 1 as const, data: set.pixels.subarray(28 * 28) };
    const numbers = numbersOf(imageExamples(set, LENET_IMAGES), 1);
    expect(distance(numbers, preprocess(image, LENET_INPUT))).toBeLessThan(1e-5);
  });

  test('for CIFAR-10', () => {
    const set = drawSet(3, 32);
    const data = new Uint8Array(3072);
    for (let c = 0; c < 3; c++) for (let i = 0; i < 1024; i++) data[3 * i + c] = set.pixels[1024 * c + i];
    const numbers = numbersOf(imageExamples(set, CIFAR_IMAGES), 0);
    const expected = preprocess({ width: 32, height: 32, channels: 3, data }, CIFAR_INPUT);
    expect(distance(numbers, expected)).toBeLessThan(1e-5);
  });
});

test('in training pictures are mirrored and moved, with zeros coming in, the same for the same seed', () => {
  const set = drawSet(1, 8);
  const examples = imageExamples(set, { scale: [1], shift: [0], moves: 2, mirrors: true });
  const plain = numbersOf(examples, 0);
  const at = (numbers: Float32Array, y: number, x: number): number =>
    y < 0 || x < 0 || y > 7 || x > 7 ? 0 : numbers[8 * y + x];
  const seen = new Set<string>();
  for (let seed = 0; seed < 400; seed++) {
    const changed = numbersOf(examples, 0, new Random(seed));
    expect(numbersOf(examples, 0, new Random(seed))).toEqual(changed);
    const matches: string[] = [];
    for (const isMirrored of [false, true])
      for (let down = -2; down <= 2; down++)
        for (let right = -2; right <= 2; right++) {
          const isSame = changed.every((value, i) => {
            const [y, x] = [Math.floor(i / 8), i % 8];
            return value === at(plain, y + down, (isMirrored ? 7 - x : x) + right);
          });
          if (isSame) matches.push(`${isMirrored} ${down} ${right}`);
        }
    expect(matches).toHaveLength(1);
    seen.add(matches[0]);
  }
  expect(seen.size).toBe(50);
});

test('scales of another number of channels are refused', () => {
  expect(() => imageExamples(drawSet(1, 8), CIFAR_IMAGES)).toThrow(
    'scale has 3 numbers for pictures of 1 channels',
  );
});

describe('parts of examples', () => {
  const examples: Examples = {
    count: 1000,
    shape: [1],
    labels: Int32Array.from({ length: 1000 }, (_, i) => i % 7),
    classes: ['0', '1', '2', '3', '4', '5', '6'],
    write: (index, out, offset) => void (out[offset] = index),
  };

  test('are picked in order, with their labels', () => {
    const picked = pick(examples, [5, 3]);
    expect([picked.count, picked.labels[0], numbersOf(picked, 1)[0]]).toEqual([2, 5, 3]);
    expect(() => pick(examples, [1000])).toThrow('there is no example 1000 of 1000');
  });

  test('are disjoint and complete, whatever they are cut by', () => {
    const indicesOf = (part: Examples): number[] =>
      Array.from({ length: part.count }, (_, i) => numbersOf(part, i)[0]);
    const [dev, train] = partByChance(examples, 0.1, new Random(1));
    expect(dev.count).toBe(100);
    expect(new Set([...indicesOf(dev), ...indicesOf(train)]).size).toBe(1000);
    const folds = [0, 1, 2].map(fold => foldOf(examples, fold, 3, new Random(2)));
    expect(new Set(folds.flatMap(fold => indicesOf(fold.test))).size).toBe(1000);
    for (const fold of folds) expect(fold.train.count + fold.test.count).toBe(1000);
    expect(() => foldOf(examples, 3, 3, new Random(1))).toThrow('there is no fold 3 of 3: 0 to 2');
  });

  test('are in an order that belongs to the seed', () => {
    expect(shuffled(50, new Random(1))).toEqual(shuffled(50, new Random(1)));
    expect(shuffled(50, new Random(1))).not.toEqual(shuffled(50, new Random(2)));
    expect(shuffled(50, new Random(1)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
  });
});
