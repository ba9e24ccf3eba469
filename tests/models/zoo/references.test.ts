import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportOnnx } from '../../../src/models/exportOnnx.ts';
import { foldNetwork } from '../../../src/models/fold.ts';
import type { NetworkSpec } from '../../../src/models/spec.ts';
import { startTfBackend } from '../../../src/models/tfBackend.ts';
import { buildTfModel, runTfModel } from '../../../src/models/tfModel.ts';
import { lenet5 } from '../../../src/models/zoo/lenet5.ts';
import { cifarResnet } from '../../../src/models/zoo/resnet.ts';
import { distance, runOnnx } from '../../support/networks.ts';
import { referenceLenet, referenceResnet20, type ReferenceNetwork } from '../../support/referenceNetworks.ts';

beforeAll(async () => {
  await startTfBackend('wasm');
});

describe.each<[string, NetworkSpec, ReferenceNetwork | undefined, 'least' | 'most']>([
  ['LeNet-5 as published', lenet5(), referenceLenet(), 'least'],
  ['ResNet-20 for CIFAR-10', cifarResnet(20), referenceResnet20(), 'most'],
])('a trained %s says what torch says of 20 pictures', (_, spec, reference, best) => {
  const [output] = Object.keys(spec.outputs);
  const input = (): Record<string, Tensor> => {
    const { shape } = spec.nodes[0];
    return { image: new Tensor('float32', reference!.images, [reference!.count, ...shape]) };
  };

  /** How many of the pictures are told right. */
  const countRight = (given: Float32Array): number => {
    const sign = best === 'most' ? 1 : -1;
    return reference!.labels.filter((label, i) => {
      const row = Array.from(given.subarray(10 * i, 10 * i + 10), value => sign * value);
      return row.indexOf(Math.max(...row)) === label;
    }).length;
  };

  test.skipIf(!reference)('through TensorFlow.js', async () => {
    const model = buildTfModel(spec, reference!.weights);
    const results = await runTfModel(model, spec, { image: reference!.images }, reference!.count);
    model.dispose();
    expect(distance(results[output], reference!.expected)).toBeLessThan(1e-4);
    expect(countRight(results[output])).toBeGreaterThan(reference!.count / 2);
  });

  test.skipIf(!reference)('through ONNX', async () => {
    const results = await runOnnx(exportOnnx({ spec, weights: reference!.weights }), input());
    expect(distance(results[output], reference!.expected)).toBeLessThan(1e-4);
  });

  test.skipIf(!reference)('through ONNX, folded', async () => {
    const folded = foldNetwork(spec, reference!.weights);
    expect(folded.spec.nodes.some(({ layer }) => layer.type === 'batchNorm')).toBe(false);
    const results = await runOnnx(exportOnnx(folded), input());
    expect(distance(results[output], reference!.expected)).toBeLessThan(1e-4);
  });
});
