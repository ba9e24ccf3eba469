import { expect, test } from 'vitest';
import { drawNetwork, shortCount } from '../../src/draw/networkDrawing.ts';
import { listModels, modelSpec } from '../../src/models/registry.ts';
import { networkStages } from '../../src/models/stages.ts';

const draw = (name: string): string => {
  const spec = modelSpec(name);
  return drawNetwork({ title: name, input: spec.nodes[0].shape, stages: networkStages(spec) });
};

const textsOf = (svg: string): string[] => [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text);

test('a residual network is told as in its paper, blocks that are the same once', () => {
  const texts = textsOf(draw('resnet152'));
  expect(texts).toEqual(
    expect.arrayContaining([
      'layer3: 1024 x 14 x 14',
      '1x1 conv 256 / 2, 3x3 conv 256, 1x1 conv 1024',
      '35 times 1x1 conv 256, 3x3 conv 256, 1x1 conv 1024',
      '40.6 M parameters',
    ]),
  );
});

test('stages have all parameters and MACs of their network', () => {
  for (const { name, counts } of listModels()) {
    const stages = networkStages(modelSpec(name));
    const total = (of: 'parameters' | 'macs'): number => stages.reduce((sum, stage) => sum + stage[of], 0);
    expect([name, total('parameters'), total('macs')]).toEqual([name, counts.parameters, counts.macs]);
  }
});

test('what joins branches stands behind them', () => {
  expect(networkStages(modelSpec('kim-multichannel')).map(({ name }) => name)).toEqual([
    'words',
    'over time',
    'head',
  ]);
});

test('what a network is known for is in its stages', () => {
  const stagesOf = (name: string): ReturnType<typeof networkStages> => networkStages(modelSpec(name));
  const residual = stagesOf('resnet50').filter(({ isResidual }) => isResidual);
  expect(residual.map(({ name }) => name)).toEqual(['layer1', 'layer2', 'layer3', 'layer4']);
  const module = stagesOf('googlenet').find(({ name }) => name === 'inception3a')!;
  expect(module.branches).toEqual([64, 128, 32, 32]);
  expect(stagesOf('googlenet').filter(({ isSide }) => isSide)).toHaveLength(2);
  // The board has 192 filters to its end; one number a point is the head's.
  for (const name of ['alphago-policy-192', 'alphago-value-192'])
    expect(stagesOf(name)[0].shape).toEqual([192, 19, 19]);
});

test('every network is drawn, the same each time, and without numbers that are none', () => {
  for (const { name } of listModels()) {
    const svg = draw(name);
    expect(svg).toBe(draw(name));
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  }
});

test('names are no markup', () => {
  const svg = drawNetwork({ title: '<b>', input: [1], stages: [] });
  expect(svg).toContain('&lt;b&gt;');
});

test.each([
  [0, '0'],
  [999, '999'],
  [60_000, '60.0 k'],
  [11_282_415_616, '11.3 G'],
])('%i is written %s', (count, text) => {
  expect(shortCount(count)).toBe(text);
});
