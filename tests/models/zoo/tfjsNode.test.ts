import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../engine/random.ts';
import { modelSpec, type ModelOptions } from '../../../src/models/registry.ts';
import { sizeOf } from '../../../src/models/spec.ts';
import { startTfBackend, type TfBackendName } from '../../../src/models/tfBackend.ts';
import { buildTfModel, runTfModel } from '../../../src/models/tfModel.ts';
import { Learner } from '../../../src/models/train/learner.ts';
import { distance, drawWeights, weightDistance } from '../../support/networks.ts';
import { hasTensorflow } from '../../support/tensorflow.ts';

/** With every kind of window of the library, and branches that are left out. */
const NARROW: readonly [string, ModelOptions][] = [
  ['resnet18', { width: 1 / 8, inputShape: [3, 64, 63], numClasses: 5 }],
  ['resnet50', { width: 1 / 16, inputShape: [3, 64, 64], numClasses: 5, stochasticDepth: { survival: 0.3 } }],
  ['googlenet', { width: 1 / 8, inputShape: [3, 80, 81], numClasses: 5 }],
  ['googlenet-torchvision', { width: 1 / 8, inputShape: [3, 64, 64], numClasses: 5 }],
  ['alexnet', { width: 1 / 32, inputShape: [3, 99, 99], numClasses: 5 }],
  ['vgg11-bn', { width: 1 / 16, inputShape: [3, 32, 40], numClasses: 5 }],
  ['lenet5-modern', { pool: 'mean' }],
];

const ROWS = 2;

describe.skipIf(!hasTensorflow)(
  `TensorFlow's C library (${hasTensorflow ? 'found' : 'skipped: npm run setup:tensorflow builds it'})`,
  () => {
    // Loading it takes its time.
    beforeAll(async () => void (await startTfBackend('tfjs-node')), 120_000);

    describe.each(NARROW)('%s %o', (name, options) => {
      const spec = modelSpec(name, options);
      const weights = drawWeights(spec, 1);
      const random = new Random(4);
      const [{ name: input, shape }] = spec.nodes;
      const image = Float32Array.from({ length: ROWS * sizeOf(shape) }, () => 2 * random.float() - 1);

      test('says what WebAssembly says', async () => {
        const predict = async (backend: TfBackendName): Promise<Record<string, Float32Array>> => {
          await startTfBackend(backend);
          const model = buildTfModel(spec, weights);
          const outputs = await runTfModel(model, spec, { [input]: image }, ROWS);
          model.dispose();
          return outputs;
        };
        const [given, expected] = [await predict('tfjs-node'), await predict('wasm')];
        for (const [output, values] of Object.entries(expected)) {
          const scale = Math.max(1, ...values.map(Math.abs));
          expect(distance(given[output], values) / scale, output).toBeLessThan(1e-4);
        }
      });

      test('has the loss of WebAssembly, and takes a step of training', async () => {
        const step = async (backend: TfBackendName): Promise<[number, Map<string, Float32Array>]> => {
          await startTfBackend(backend);
          const learner = new Learner(spec, weights, {
            optimizer: { method: 'sgd', momentum: 0.9, weightDecay: 0 },
            loss: { kind: 'crossEntropy' },
          });
          const { loss } = await learner.step(image, [0, 1], 0.01, 1);
          const after = await learner.readWeights();
          learner.close();
          return [loss, after];
        };
        const [[given, after], [expected]] = [await step('tfjs-node'), await step('wasm')];
        expect(Math.abs(given / expected - 1)).toBeLessThan(1e-4);
        expect([...after.values()].every(values => values.every(Number.isFinite))).toBe(true);
        expect(weightDistance(after, weights)).toBeGreaterThan(0);
      });
    });
  },
);
