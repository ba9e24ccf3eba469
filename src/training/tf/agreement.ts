/**
 * Whether an accelerator computes what it should. A GPU's driver or kernels may be wrong without any error: TensorFlow.js on WebGPU
 * went on with a shader that had not compiled and reported a plausible loss. So before a run it takes the same first steps as
 * WebAssembly does.
 */
import { Random } from '../../../engine/random.ts';
import { firstWeights } from '../../models/firstWeights.ts';
import type { NetworkSpec } from '../../models/spec.ts';
import { PLANE_SIZE, TARGET_SIZES, makeBatch, type Batch, type TargetField } from '../batch.ts';
import { EngineError, type TrainingEngine } from '../engine.ts';

/** The second loss shows what the first step changed. */
const STEPS = 2;
const RATES = { kernels: 0.005, rest: 0.001 };
/** Rounding makes 1e-6 of the first loss, and a step in slightly different numbers 1e-5 of the second. */
const TOLERANCE = 1e-3;
const SEED = 1;

/**
 * Takes some steps on both engines, whose numbers are overwritten.
 * @throws EngineError if a loss differs by more than a thousandth
 */
export const checkAgreement = async (
  engine: TrainingEngine,
  reference: TrainingEngine,
  spec: NetworkSpec,
): Promise<void> => {
  const batch = makeProbe(spec, engine.positions);
  const parameters = firstWeights(spec, SEED);
  for (const each of [engine, reference]) await each.writeState({ parameters });
  for (let step = 1; step <= STEPS; step++) {
    const { total } = await engine.step(batch, RATES);
    const expected = (await reference.step(batch, RATES)).total;
    if (!(Math.abs(total / expected - 1) <= TOLERANCE))
      throw new EngineError(
        `${engine.name} computes something else: its loss in step ${step} of a probe is ${total}, that of ${reference.name} ${expected}`,
      );
  }
};

/** Random planes and targets. */
const makeProbe = ({ nodes }: NetworkSpec, positions: number): Batch => {
  const planes = nodes.find(({ name }) => name === 'planes')!.shape[0];
  const batch = makeBatch(planes, positions);
  const random = new Random(SEED);
  const fill = (field: TargetField | 'komi', from: number, to: number): void => {
    const values = batch[field];
    for (let i = 0; i < values.length; i++) values[i] = from + (to - from) * random.float();
  };
  for (let i = 0; i < positions * planes * PLANE_SIZE; i++) batch.planes[i] = random.below(4) === 0 ? 1 : 0;
  fill('komi', -1, 1);
  fill('chance', 0, 1);
  fill('lead', -20, 20);
  fill('ownership', -1, 1);
  for (const field of ['policy', 'expert', 'reply'] as const)
    for (let i = 0; i < positions; i++)
      batch[field][i * TARGET_SIZES[field] + random.below(TARGET_SIZES[field])] = 1;
  for (const field of Object.keys(TARGET_SIZES) as TargetField[])
    if (field.endsWith('Weight')) batch[field].fill(1);
  return batch;
};
