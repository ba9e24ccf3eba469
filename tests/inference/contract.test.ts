/** Networks of users: what differs from our form is said, and what it should be. */
import { describe, expect, test } from 'vitest';
import { decodeNetwork, formOf } from '../../src/inference/contract.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { policyNetwork } from '../../src/models/goNetworks.ts';
import type { OnnxModel, OnnxValueInfo } from '../../src/onnx/onnxFile.ts';
import { drawWeights } from '../support/networks.ts';

const SPEC = policyNetwork({ layers: 3, filters: 2, heads: [], batchNorm: false, identity: false });
const BYTES = exportOnnx({ spec: SPEC, weights: drawWeights(SPEC, 1) });

/** A network of our form with one thing changed. */
const changed = (change: (find: (name: string) => OnnxValueInfo, model: OnnxModel) => void): OnnxModel => {
  const model = decodeNetwork(BYTES, 'mine');
  const infos = [...model.graph.input, ...model.graph.output];
  change(name => infos.find(info => info.name === name)!, model);
  return model;
};

const dimsOf = ({ type }: OnnxValueInfo): { dim_value?: number | bigint; dim_param?: string }[] =>
  type.tensor_type.shape.dim as { dim_value?: number | bigint; dim_param?: string }[];

test('a network of our form is known', () => {
  const form = formOf(
    changed(() => {}),
    'mine',
  );
  expect([form.planes, form.outputs]).toEqual([48, ['policy']]);
});

describe('a network is refused', () => {
  test.each([
    [
      'whose batch is fixed',
      changed(find => (dimsOf(find('planes'))[0] = { dim_value: 1 })),
      'network mine: takes 1 position at a time, no more and no less: export it with a dynamic first axis',
    ],
    [
      'with another number of planes',
      changed(find => (dimsOf(find('planes'))[1] = { dim_value: 17 })),
      'input "planes" is [n, 17, 23, 23], not [n, 48 or 49, 23, 23]',
    ],
    [
      'that is not padded',
      changed(find => (dimsOf(find('planes'))[3] = { dim_value: 19 })),
      'input "planes" is [n, 48, 23, 19], not [n, 48 or 49, 23, 23]',
    ],
    [
      'with an input that nobody knows',
      changed((find, { graph }) => graph.input.push({ ...find('planes'), name: 'history' })),
      'has an unknown input "history": "planes" and "komi" are known',
    ],
    ['without a policy', changed(find => (find('policy').name = 'moves')), 'has no output "policy"'],
    [
      'with a policy of another board',
      changed(find => (dimsOf(find('policy'))[1] = { dim_value: 81 })),
      'output "policy" is [n, 81], not [n, 361]',
    ],
  ])('%s', (_, model, message) => {
    expect(() => formOf(model, 'mine')).toThrow(message);
  });
});
