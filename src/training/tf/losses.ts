/** The losses of a batch in TensorFlow.js; the same as those of the ONNX Runtime engine (../losses.ts). */
import {
  abs,
  clipByValue,
  concat,
  logSoftmax,
  mul,
  scalar,
  slice,
  softplus,
  square,
  sub,
  sum,
  tensor2d,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { LEAD_SCALE } from '../../../features/scales.ts';
import { TARGET_SIZES, type Batch, type TargetField } from '../batch.ts';
import { LEAD_BETA, type LossName } from '../engine.ts';

const AREA = TARGET_SIZES.ownership;

/** Targets of a batch, shape [n, size]. */
export type Targets = Readonly<Record<TargetField, Tensor2D>>;

export const makeTargets = (batch: Batch, positions: number): Targets =>
  Object.fromEntries(
    Object.entries(TARGET_SIZES).map(([name, size]) => [
      name,
      tensor2d(batch[name as TargetField], [positions, size]),
    ]),
  ) as unknown as Targets;

/**
 * Mean over the positions of each loss; a position without a target counts as 0, and so does a head that is not there.
 * @param outputs by name as the specification has them, shape [n, size]; `rawValue` is the value before its tanh
 */
export const computeLosses = (
  outputs: Readonly<Record<string, Tensor | undefined>>,
  targets: Targets,
): Record<LossName, Scalar> => {
  const { policy, pass, expert, reply, ownership, rawValue, lead } = outputs as Record<
    string,
    Tensor2D | undefined
  >;
  const [positions] = targets.policyWeight.shape;
  const mean = (loss: Tensor2D, weight: Tensor2D): Scalar =>
    mul<Scalar>(sum(mul(loss, weight)), 1 / positions);
  const crossEntropy = (logits: Tensor2D, target: Tensor2D): Tensor2D =>
    mul(sum(mul(logSoftmax(logits), target), 1, true), -1);
  const none = (): Scalar => scalar(0);

  const moves = (): Scalar => {
    if (!policy) return none();
    const target = pass ? targets.policy : slice(targets.policy, [0, 0], [positions, AREA]);
    return mean(crossEntropy(pass ? concat([policy, pass], 1) : policy, target), targets.policyWeight);
  };
  const owners = (map: Tensor2D): Scalar =>
    mean(mul(sum(square(sub(map, targets.ownership)), 1, true), 1 / AREA), targets.ownershipWeight);
  const chance = (raw: Tensor2D): Scalar => {
    // The chance is (1 + tanh(value)) / 2, which is the logistic function of 2 value.
    const logit = mul(raw, 2);
    return mean(sub(softplus(logit), mul(logit, targets.chance)), targets.chanceWeight);
  };
  const points = (given: Tensor2D): Scalar =>
    mean(smoothL1(mul(sub(given, targets.lead), 1 / LEAD_SCALE)), targets.leadWeight);
  return {
    policy: moves(),
    expert: expert ? mean(crossEntropy(expert, targets.expert), targets.expertWeight) : none(),
    reply: reply ? mean(crossEntropy(reply, targets.reply), targets.replyWeight) : none(),
    ownership: ownership ? owners(ownership) : none(),
    value: rawValue ? chance(rawValue) : none(),
    lead: lead ? points(lead) : none(),
  };
};

/** 0.5 a^2 / beta near 0, |a| - beta / 2 beyond beta. */
const smoothL1 = (a: Tensor2D): Tensor2D => {
  const size: Tensor2D = abs(a);
  const clipped = clipByValue(size, 0, LEAD_BETA);
  // Both branches at once.
  return mul(mul(clipped, sub(size, mul(clipped, 0.5))), 1 / LEAD_BETA);
};
