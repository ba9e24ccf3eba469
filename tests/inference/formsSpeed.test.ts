/**
 * What Winograd's form is for: fewer multiplications. Both forms run in turns in one thread, by the process's own CPU time and the
 * fastest run of each, so that other work on the machine slows neither more than the other. The limit is far below the 2 that an
 * idle core shows (`npm run bench:forms`): it finds a form that has lost its point, not a change of some percent.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { PLANES } from '../../features/planes.ts';
import { decodeNetwork } from '../../src/inference/contract.ts';
import { makeWinogradForm } from '../../src/inference/winogradForm.ts';
import { exportOnnx } from '../../src/models/exportOnnx.ts';
import { policyNetwork } from '../../src/models/goNetworks.ts';
import { encodeOnnx } from '../../src/onnx/onnxFile.ts';
import { drawWeights } from '../support/networks.ts';

const BATCH = 8;
const ROUNDS = 6;
const LEAST_RATIO = 1.2;
const FORMS = ['direct', 'winograd'] as const;

test('Winograd takes less CPU time than direct convolutions, with 128 filters and batches of 8', async () => {
  const spec = policyNetwork({ layers: 5, filters: 128, heads: [], batchNorm: false, identity: false });
  const bytes = exportOnnx({ spec, weights: drawWeights(spec, 1) });
  const open = (model: Uint8Array): Promise<InferenceSession> =>
    InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const sessions = {
    direct: await open(bytes),
    winograd: await open(encodeOnnx(makeWinogradForm(decodeNetwork(bytes, 'drawn'))!)),
  };
  const planes = Float32Array.from({ length: BATCH * PLANES * 23 * 23 }, (_, i) => +(i % 3 === 0));
  const feeds = { planes: new Tensor('float32', planes, [BATCH, PLANES, 23, 23]) };
  const fastest = { direct: Infinity, winograd: Infinity };
  for (let round = 0; round < ROUNDS; round++)
    for (const form of FORMS) {
      const before = process.cpuUsage();
      await sessions[form].run(feeds);
      const { user, system } = process.cpuUsage(before);
      fastest[form] = Math.min(fastest[form], user + system);
    }
  for (const session of Object.values(sessions)) await session.release();
  expect(fastest.direct / fastest.winograd).toBeGreaterThan(LEAST_RATIO);
});
