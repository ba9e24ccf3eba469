import { describe, expect, test } from 'vitest';
import { describeNetwork, type NetworkDescription } from '../../../src/models/describe.ts';
import { listModels, modelSpec, type ModelOptions } from '../../../src/models/registry.ts';
import { countParameters } from '../../../src/models/spec.ts';
import { cifarResnet } from '../../../src/models/zoo/resnet.ts';

const describeModel = (name: string, options: ModelOptions = {}): NetworkDescription =>
  describeNetwork(modelSpec(name, options));

/** Published or counted by other programs; MACs as exactly as they are known. */
const CANONICAL: readonly [
  name: string,
  options: ModelOptions,
  parameters: number,
  statistics: number,
  macs: string,
][] = [
  // 156 + 12 + 1,516 + 32 + 48,120 + 10,164.
  ['lenet5', {}, 60_000, 0, '326520'],
  ['lenet5-modern', {}, 61_706, 0, '416520'],
  ['alexnet', {}, 60_965_224, 0, '724406816'],
  ['alexnet-ungrouped', {}, 62_378_344, 0, '1135256096'],
  ['alexnet-torchvision', {}, 61_100_840, 0, '714188480'],
  ['vgg11', {}, 132_863_336, 0, '7.609 G'],
  ['vgg13', {}, 133_047_848, 0, '11.308 G'],
  ['vgg16', {}, 138_357_544, 0, '15470264320'],
  ['vgg19', {}, 143_667_240, 0, '19632062464'],
  // Parameters of all four are `num_params` of torchvision's VGG11_BN_Weights and so on (torchvision/models/vgg.py), MACs of the first
  // two its `_ops`. Statistics are two a filter: 11 layers have 64 + 128 + 2 x 256 + 4 x 512 filters, 13 another 64 + 128.
  ['vgg11-bn', {}, 132_868_840, 5_504, '7.609 G'],
  ['vgg13-bn', {}, 133_053_736, 5_888, '11.308 G'],
  ['vgg16-bn', {}, 138_365_992, 8_448, '15470264320'],
  ['vgg19-bn', {}, 143_678_248, 11_008, '19632062464'],
  ['googlenet', { auxiliary: false }, 6_998_552, 0, '1582671872'],
  ['googlenet', {}, 13_378_280, 0, '1591044096'],
  ['googlenet-torchvision', { auxiliary: false }, 6_624_904, 14_560, '1498376192'],
  ['googlenet-torchvision', {}, 13_004_888, 15_072, '1.507 G'],
  ['googlenet-bn', { auxiliary: false }, 7_005_832, 14_560, '1.583 G'],
  ['googlenet-bn', {}, 13_385_816, 15_072, '1.591 G'],
  ['resnet18', {}, 11_689_512, 9_600, '1814073344'],
  ['resnet34', {}, 21_797_672, 17_024, '3663761408'],
  ['resnet50', {}, 25_557_032, 53_120, '3.858 G'],
  ['resnet50', { version: 'v1.5' }, 25_557_032, 53_120, '4.089 G'],
  ['resnet101', {}, 44_549_160, 105_344, '7.570 G'],
  ['resnet101', { version: 'v1.5' }, 44_549_160, 105_344, '7.801 G'],
  ['resnet152', {}, 60_192_808, 151_424, '11.282 G'],
  ['resnet152', { version: 'v1.5' }, 60_192_808, 151_424, '11.514 G'],
  ['resnet20', {}, 269_722, 1_376, '0.041 G'],
  ['resnet32', {}, 464_154, 2_272, '0.069 G'],
  ['resnet44', {}, 658_586, 3_168, '0.097 G'],
  ['resnet56', {}, 853_018, 4_064, '0.125 G'],
  ['resnet110', {}, 1_727_962, 8_096, '0.253 G'],
  ['kim-rand', {}, 5_990_702, 0, '0.022 G'],
  ['kim-static', {}, 360_902, 0, '0.022 G'],
  ['kim-non-static', {}, 5_990_702, 0, '0.022 G'],
  ['kim-multichannel', {}, 5_629_800 + 360_902, 0, '0.022 G'],
  ['kim-multichannel', { sharedFilters: false }, 5_629_800 + 720_902, 0, '0.044 G'],
  ['alphago-policy-128', {}, 1_777_641, 0, '0.641 G'],
  ['alphago-policy-192', {}, 3_882_793, 0, '1.401 G'],
  ['alphago-policy-256', {}, 6_798_953, 0, '2.453 G'],
  ['alphago-policy-384', {}, 15_064_297, 0, '5.436 G'],
  ['alphago-value-192', {}, 3_980_162, 0, '1.403 G'],
];

describe('networks have as many parameters, running statistics and MACs as they are known for:', () => {
  test.each(CANONICAL)('%s %o', (name, options, parameters, statistics, macs) => {
    const found = describeModel(name, options);
    expect(found.parameters).toBe(parameters);
    expect(countParameters(modelSpec(name, options))).toBe(parameters);
    expect(found.statistics).toBe(statistics);
    expect(macs.endsWith('G') ? `${(found.macs / 1e9).toFixed(3)} G` : `${found.macs}`).toBe(macs);
  });
});

test('the registry says of every network what its specification has', () => {
  for (const { name, counts } of listModels()) {
    const { parameters, statistics, macs } = describeModel(name);
    expect({ name, parameters, statistics, macs }).toEqual({ name, ...counts });
  }
});

test('LeNet-5 has the connections of the paper, layer by layer', () => {
  const { layers, connections, fixed } = describeModel('lenet5');
  const counted = layers.filter(layer => layer.connections > 0).map(layer => [layer.name, layer.connections]);
  expect(Object.fromEntries(counted)).toEqual({
    c1: 122_304,
    s2: 5_880,
    c3: 151_600,
    s4: 2_000,
    c5: 48_120,
    f6: 10_164,
    output: 840,
  });
  expect([connections, fixed]).toEqual([340_908, 840]);
  const parameters = layers
    .filter(layer => layer.parameters > 0)
    .map(layer => [layer.name, layer.parameters]);
  expect(Object.fromEntries(parameters)).toEqual({
    c1: 156,
    s2: 12,
    c3: 1_516,
    s4: 32,
    c5: 48_120,
    f6: 10_164,
  });
});

/** [network, layer, shape] as the papers' tables have them. */
const STAGES: readonly [string, string, number[]][] = [
  ['lenet5', 'c1', [6, 28, 28]],
  ['lenet5', 's2', [6, 14, 14]],
  ['lenet5', 'c3', [16, 10, 10]],
  ['lenet5', 's4', [16, 5, 5]],
  ['lenet5', 'c5', [120, 1, 1]],
  ['alexnet', 'conv1', [96, 55, 55]],
  ['alexnet', 'pool1', [96, 27, 27]],
  ['alexnet', 'conv2', [256, 27, 27]],
  ['alexnet', 'pool2', [256, 13, 13]],
  ['alexnet', 'conv3', [384, 13, 13]],
  ['alexnet', 'conv5', [256, 13, 13]],
  ['alexnet', 'pool5', [256, 6, 6]],
  ['alexnet-torchvision', 'features.0', [64, 55, 55]],
  ['alexnet-torchvision', 'features.12', [256, 6, 6]],
  ['vgg16', 'features.4', [64, 112, 112]],
  ['vgg16', 'features.9', [128, 56, 56]],
  ['vgg16', 'features.16', [256, 28, 28]],
  ['vgg16', 'features.23', [512, 14, 14]],
  ['vgg16', 'features.30', [512, 7, 7]],
  ['googlenet', 'conv1.conv', [64, 112, 112]],
  ['googlenet', 'maxpool1', [64, 56, 56]],
  ['googlenet', 'conv3.conv', [192, 56, 56]],
  ['googlenet', 'maxpool2', [192, 28, 28]],
  ['googlenet', 'inception3a', [256, 28, 28]],
  ['googlenet', 'inception3b', [480, 28, 28]],
  ['googlenet', 'maxpool3', [480, 14, 14]],
  ['googlenet', 'inception4a', [512, 14, 14]],
  ['googlenet', 'aux1.pool', [512, 4, 4]],
  ['googlenet', 'inception4d', [528, 14, 14]],
  ['googlenet', 'inception4e', [832, 14, 14]],
  ['googlenet', 'maxpool4', [832, 7, 7]],
  ['googlenet', 'inception5b', [1024, 7, 7]],
  ['googlenet-torchvision', 'aux2.pool', [528, 4, 4]],
  ['resnet34', 'conv1', [64, 112, 112]],
  ['resnet34', 'maxpool', [64, 56, 56]],
  ['resnet34', 'layer2.3.relu', [128, 28, 28]],
  ['resnet152', 'layer1.2.relu', [256, 56, 56]],
  ['resnet152', 'layer2.7.relu', [512, 28, 28]],
  ['resnet152', 'layer3.35.relu', [1024, 14, 14]],
  ['resnet152', 'layer4.2.relu', [2048, 7, 7]],
  ['resnet110', 'layer1.17.relu', [16, 32, 32]],
  ['resnet110', 'layer3.17.relu', [64, 8, 8]],
  ['kim-rand', 'embedding', [300, 64, 1]],
  ['kim-rand', 'conv5', [100, 60, 1]],
  ['kim-rand', 'features', [300]],
  ['alphago-policy-192', 'blocks.0.conv', [192, 19, 19]],
];

test.each(STAGES)('%s: %s gives %j', (network, layer, shape) => {
  expect(describeModel(network).layers.find(({ name }) => name === layer)!.shape).toEqual(shape);
});

test.each<[string, ModelOptions, string, number]>([
  // Counted by hand: kernels grow the view by (size - 1) times the strides before them.
  ['lenet5', {}, 's4', 16],
  ['alexnet', {}, 'pool5', 195],
  ['vgg16', {}, 'features.30', 212],
  ['resnet18', {}, 'layer4.1.relu', 435],
  // 11 + 3 x 8 + 4 x 16 + 6 x 32 + 3 x 64; with the stride in the 3x3 those see half as far in three blocks.
  ['resnet50', {}, 'layer4.2.relu', 483],
  ['resnet50', { version: 'v1.5' }, 'layer4.2.relu', 427],
  ['alphago-policy-192', {}, 'head', 27],
])('a point of %s %o behind %s sees %i points of the input', (network, options, layer, side) => {
  const found = describeModel(network, options).layers.find(({ name }) => name === layer)!;
  expect(found.receptiveField).toEqual([side, side]);
});

describe('shortcuts', () => {
  test('of kind A have no parameters, of kind C one projection a block', () => {
    const parametersOf = (options: ModelOptions): number => describeModel('resnet34', options).parameters;
    const projections = (widths: readonly (readonly [number, number])[]): number =>
      widths.reduce((sum, [from, to]) => sum + from * to + 2 * to, 0);
    const changing = projections([
      [64, 128],
      [128, 256],
      [256, 512],
    ]);
    expect(parametersOf({}) - parametersOf({ shortcut: 'A' })).toBe(changing);
    const same = (count: number, width: number): [number, number][] =>
      Array.from({ length: count }, () => [width, width]);
    const rest = projections([...same(3, 64), ...same(3, 128), ...same(5, 256), ...same(2, 512)]);
    expect(parametersOf({ shortcut: 'C' }) - parametersOf({})).toBe(rest);
  });

  test('a depth between the published ones is of the form 6n + 2', () => {
    expect(describeNetwork(cifarResnet(26)).layers.filter(({ type }) => type === 'conv')).toHaveLength(25);
    expect(() => cifarResnet(21)).toThrow('depth 21: must be 6n + 2, such as 20, 32, 44, 56, 110');
  });
});
