import { describe, expect, test } from 'vitest';
import { policyNetwork, residualTower, valueNetwork } from '../../src/models/goNetworks.ts';
import {
  SpecBuilder,
  countParameters,
  hiddenReluLayers,
  parameterSpecs,
  rawValueOf,
  statisticSpecs,
} from '../../src/models/spec.ts';

const PLAIN = { heads: [], batchNorm: false, identity: false } as const;

describe('parameters of the Go networks are as many as published or counted by hand:', () => {
  test.each([
    // Silver et al. 2016: 230,592 + 11 x 331,968 + 192 + 361.
    ['policy 13x192', policyNetwork({ layers: 13, filters: 192, ...PLAIN }), 3_882_793],
    ['policy 13x64', policyNetwork({ layers: 13, filters: 64, ...PLAIN }), 483_497],
    // 235,392 + 11 x 331,968 + 193 + 92,672 + 257.
    ['value 15 layers, 192 filters', valueNetwork({ filters: 192 }), 3_980_162],
    // 25 x 48 x 8 + 2 x 2 x 9 x 64 kernels, 5 x 16 of normalisations, a head of 8 + 361.
    ['tower of 2 blocks, 8 filters', residualTower({ blocks: 2, filters: 8, heads: [] }), 12_353],
  ])('%s', (_, spec, count) => {
    expect(countParameters(spec)).toBe(count);
  });
});

test('every parameter knows its shape, its kind and whether a ReLU follows', () => {
  const specs = parameterSpecs(policyNetwork({ layers: 3, filters: 8 }));
  const find = (name: string): unknown => {
    const { dims, kind, fanIn, rectified } = specs.find(spec => spec.name === name)!;
    return { dims, kind, fanIn, rectified };
  };
  expect(find('blocks.1.conv.weight')).toEqual({
    dims: [8, 8, 3, 3],
    kind: 'kernel',
    fanIn: 72,
    rectified: true,
  });
  expect(find('head.bias')).toEqual({ dims: [4, 361], kind: 'bias', fanIn: 1, rectified: false });
  expect(find('v1.weight')).toEqual({ dims: [64, 18], kind: 'weight', fanIn: 18, rectified: true });
  expect(find('v2.weight')).toEqual({ dims: [3, 64], kind: 'weight', fanIn: 64, rectified: false });
});

test('normalisations have running statistics', () => {
  expect(statisticSpecs(policyNetwork({ layers: 2, filters: 8, heads: ['value'] }))).toEqual([
    { name: 'blocks.0.bn.running_mean', size: 8 },
    { name: 'blocks.0.bn.running_var', size: 8 },
    { name: 'gn.running_mean', size: 17 },
    { name: 'gn.running_var', size: 17 },
  ]);
});

test('the value has a layer before its tanh, and hidden units are those behind the boards', () => {
  const policy = policyNetwork({ layers: 3, filters: 8 });
  expect(rawValueOf(policy)).toBe('v2.value');
  expect(hiddenReluLayers(policy).map(({ name, shape }) => [name, shape])).toEqual([['v1.relu', [64]]]);
  const bare = policyNetwork({ layers: 3, filters: 8, ...PLAIN });
  expect([rawValueOf(bare), hiddenReluLayers(bare)]).toEqual([undefined, []]);
});

test('a network without ownership has no lead of ownership in its value head', () => {
  const { nodes, outputs } = policyNetwork({ layers: 2, filters: 8, heads: ['value'] });
  expect(nodes.find(({ name }) => name === 'pooled')!.shape).toEqual([17]);
  expect(Object.keys(outputs)).toEqual(['policy', 'value', 'lead', 'pass']);
});

describe('what cannot be is refused with the numbers:', () => {
  test.each<[string, () => unknown, string]>([
    ['layers', () => policyNetwork({ layers: 1, filters: 8 }), 'layers 1: must be a whole number from 2'],
    [
      'filters',
      () => policyNetwork({ layers: 3, filters: 0.5 }),
      'filters 0.5: must be a whole number from 1',
    ],
    ['blocks', () => residualTower({ blocks: 0, filters: 8 }), 'blocks 0: must be a whole number from 1'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, (net: SpecBuilder) => unknown, string]>([
    ['a missing layer', net => net.relu('r', 'y'), 'there is no layer "y": one of x'],
    ['a name twice', net => net.input('x', [1]), 'there is a layer "x" already'],
    ['an even size', net => net.conv('c', 'x', { filters: 1, size: 2 }), 'c: a size of 2 has no middle'],
    [
      'a dense layer on a board',
      net => net.dense('d', 'x', 3),
      'd: a dense layer takes [inputs], not [2, 5, 5]',
    ],
    [
      'a pool of padding alone',
      net => net.maxPool('p', 'x', { size: 2, padding: [0, 0, 3, 0], stride: 1 }),
      'p: a padding of 0, 0, 3, 0 has windows that see no point',
    ],
    [
      'a pool of padding alone at its beginning',
      net => net.meanPool('p', 'x', { size: 1, padding: 1, stride: 2 }),
      'p: a padding of 1, 1, 1, 1 has windows that see no point',
    ],
    ['a slice', net => net.slice('s', 'x', 1, 3), 's: entries 1 to 3 of 2'],
    [
      'shapes that do not add up',
      net => net.add('a', 'x', net.globalMean('m', 'x')),
      'a: shapes [2,5,5] and [2] cannot be added',
    ],
  ])('%s', (_, build, message) => {
    const net = new SpecBuilder();
    net.input('x', [2, 5, 5]);
    expect(() => build(net)).toThrow(message);
  });

  test('a value that is no tanh', () => {
    const net = new SpecBuilder();
    const spec = net.finish({ value: net.dense('v', net.input('x', [2]), 1) });
    expect(() => rawValueOf(spec)).toThrow('the output "value" is v, a dense, not a tanh');
  });
});
