import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { decodeNetwork, formOf } from '../../src/inference/contract.ts';
import { goNetwork } from '../../src/models/goNetworks.ts';
import { encodeSafetensors } from '../../src/models/safetensors.ts';
import { parameterSpecs } from '../../src/models/spec.ts';
import { EXPORT_TOLERANCE, compareExport, exportNetwork } from '../../src/training/exportNetwork.ts';
import { readInitialWeights } from '../../src/training/initialWeights.ts';
import { drawWeights } from '../support/networks.ts';
import { playRandomMoves } from '../support/randomGames.ts';

const positions = (count: number): Game[] => {
  const random = new Random(4);
  return Array.from({ length: count }, () => {
    const game = new Game();
    playRandomMoves(game, random.below(120), random);
    return game;
  });
};

const SPEC = goNetwork('4x8');

test('what is served says what its source says, without the heads that only training needs', async () => {
  const weights = drawWeights(SPEC, 3);
  const { bytes, parameters, policyParameters } = exportNetwork(SPEC, weights);
  expect(formOf(decodeNetwork(bytes, 'x'), 'x').outputs).toEqual([
    'policy',
    'pass',
    'expert',
    'value',
    'lead',
    'ownership',
  ]);
  // 25 x 48 x 8 + 8, two of 9 x 64 + 8, 8 + 361.
  expect(policyParameters).toBe(9608 + 2 * 584 + 369);
  // Two more heads of 8 + 361; 18 pooled numbers to 64 units, and three answers.
  expect(parameters).toBe(policyParameters + 2 * 369 + 64 * 19 + 3 * 65);
  const differences = await compareExport(SPEC, weights, bytes, positions(5));
  expect([...differences.keys()]).toHaveLength(6);
  for (const difference of differences.values()) expect(difference).toBeLessThan(EXPORT_TOLERANCE);
  expect(Buffer.compare(bytes, exportNetwork(SPEC, weights).bytes)).toBe(0);
});

test('a network that says something else is found out', async () => {
  const weights = drawWeights(SPEC, 3);
  const other = new Map(weights);
  other.set(
    'blocks.2.bn.bias',
    other.get('blocks.2.bn.bias')!.map(value => value + 0.01),
  );
  const differences = await compareExport(SPEC, weights, exportNetwork(SPEC, other).bytes, positions(5));
  expect(Math.max(...differences.values())).toBeGreaterThan(EXPORT_TOLERANCE);
});

describe('weights out of a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hane-weights-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const write = async (name: string, weights: ReadonlyMap<string, Float32Array>): Promise<string> => {
    const path = join(folder, name);
    const tensors = new Map([...weights].map(([key, data]) => [key, { dims: [data.length], data }]));
    await writeFile(path, encodeSafetensors(tensors));
    return path;
  };

  test('are those of the network, under their own names or those of the starting network', async () => {
    const weights = drawWeights(SPEC, 3);
    const renamed = new Map([...weights].map(([name, data]) => [name === 'head.bias' ? 'bias' : name, data]));
    const read = await readInitialWeights(await write('a.safetensors', renamed), SPEC);
    expect(read.missing).toEqual([]);
    expect(read.weights.size).toBe(weights.size);
    for (const [name, data] of weights) expect(read.weights.get(name)).toEqual(data);
  });

  test('of a checkpoint are the mean', async () => {
    const weights = drawWeights(SPEC, 3);
    const averaged = new Map(weights);
    for (const [name, data] of weights)
      averaged.set(
        `average.${name}`,
        data.map(value => value + 1),
      );
    const read = await readInitialWeights(await write('b.safetensors', averaged), SPEC);
    expect(read.weights.get('v2.bias')![0]).toBeCloseTo(weights.get('v2.bias')![0] + 1, 6);
  });

  test('that lack a head say so', async () => {
    const some = drawWeights(goNetwork('4x8', { heads: ['expert', 'reply', 'ownership'] }), 3);
    const { missing } = await readInitialWeights(await write('c.safetensors', some), SPEC);
    expect(missing).toContain('v1.weight');
    expect(missing).not.toContain('head.weight');
  });

  test('of another network are refused', async () => {
    const path = await write('d.safetensors', drawWeights(goNetwork('4x9'), 3));
    await expect(readInitialWeights(path, SPEC)).rejects.toThrow(
      `${path}: "blocks.0.conv.weight" has 10800 numbers, this network's has 9600: it is for another network`,
    );
    const alien = await write('e.safetensors', new Map([['x', new Float32Array(1)]]));
    await expect(readInitialWeights(alien, SPEC)).rejects.toThrow(
      `${alien} has none of this network's parameters, such as "${parameterSpecs(SPEC)[0].name}"`,
    );
    await writeFile(join(folder, 'f'), (await readFile(alien)).subarray(0, 9));
    await expect(readInitialWeights(join(folder, 'f'), SPEC)).rejects.toThrow('is no safetensors file');
  });
});
