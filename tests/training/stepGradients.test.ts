import { expect, test } from 'vitest';
import { goNetwork } from '../../src/models/goNetworks.ts';
import { LOSS_WEIGHTS } from '../../src/training/engine.ts';
import { OnnxEngine } from '../../src/training/onnxEngine.ts';
import { randomBatch } from '../support/randomBatch.ts';

/** The first step of descent with Nesterov's momentum goes this far along the gradient, for a rate of 1. */
const FIRST_STEP = 1.9;
/** Small enough for few ReLUs to turn, large enough for the difference of losses to have digits. */
const DISTANCE = 3e-3;
const NONE = { kernels: 0, rest: 0 };

test.each(['3x6', 'tower-1x6', 'value-5x6'])(
  'along each gradient of a whole step of %s the loss changes as it says',
  { timeout: 120_000 },
  async name => {
    const spec = goNetwork(name);
    const engine = await OnnxEngine.create(spec, {
      positions: 4,
      threads: 1,
      methods: { kernels: 'sgd', rest: 'sgd' },
      lossWeights: { ...LOSS_WEIGHTS, lead: 0.5 },
    });
    const planes = spec.nodes.find(node => node.name === 'planes')!.shape[0];
    const batch = randomBatch(4, 7, planes);
    const first = new Map((await engine.readState()).parameters);
    await engine.step(batch, { kernels: 1, rest: 1 });
    const moved = new Map((await engine.readState()).parameters);
    for (const [parameter, before] of first) {
      const gradient = before.map((value, i) => (value - moved.get(parameter)![i]) / FIRST_STEP);
      const length = Math.hypot(...gradient);
      if (length < 1e-3) continue;
      const lossAt = async (distance: number): Promise<number> => {
        const values = before.map((value, i) => value + (distance * gradient[i]) / length);
        await engine.writeState({ parameters: new Map([...first, [parameter, values]]) });
        return (await engine.step(batch, NONE)).total;
      };
      const slope = ((await lossAt(DISTANCE)) - (await lossAt(-DISTANCE))) / (2 * DISTANCE);
      expect(Math.abs(slope / length - 1), `${parameter}: ${slope} for ${length}`).toBeLessThan(0.08);
    }
    await engine.close();
  },
);
