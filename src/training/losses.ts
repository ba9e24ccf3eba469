/** What a network is taught with: a loss for each head, and their sum by weight. */
import type { TargetField } from './batch.ts';
import { LOSSES, type LossName, type LossWeights } from './engine.ts';
import type { Tensor } from './graph.ts';
import type { PolicyNetOutputs } from './policyNet.ts';
import type { Tape } from './tape.ts';

const AREA = 361;
/** The network gives the lead in this many points. */
const LEAD_SCALE = 20;
/** Where the loss of the lead turns from squared to absolute error, in that scale. */
const LEAD_BETA = 0.5;

/** What a batch teaches, as batch.ts has it. Shape [positions, size]; a position that lacks a target has weight 0 there. */
export type Targets = Readonly<Record<TargetField, Tensor>>;

/** Mean over the positions of a batch of each loss, shape [1]; positions without a target count as 0. */
export const recordLosses = (
  tape: Tape,
  outputs: PolicyNetOutputs,
  targets: Targets,
): Record<LossName, Tensor> => {
  const [positions] = outputs.value.dims;
  const mean = (loss: Tensor, weight: Tensor): Tensor =>
    tape.scale(tape.total(tape.mul(loss, weight)), 1 / positions);
  const crossEntropy = (logits: Tensor, target: Tensor): Tensor =>
    tape.scale(tape.sum(tape.mul(tape.logSoftmax(logits), target), [1]), -1);
  const squared = (a: Tensor): Tensor => tape.mul(a, a);
  // The chance is (1 + tanh(value)) / 2, which is the logistic function of 2 value.
  const logit = tape.scale(outputs.value, 2);
  const chanceLoss = tape.sub(tape.softplus(logit), tape.mul(logit, targets.chance));
  const leadError = tape.sub(outputs.lead, tape.scale(targets.lead, 1 / LEAD_SCALE));
  const ownershipError = tape.scale(
    tape.sum(squared(tape.sub(outputs.ownership, targets.ownership)), [1]),
    1 / AREA,
  );
  return {
    policy: mean(crossEntropy(outputs.policy, targets.policy), targets.policyWeight),
    expert: mean(crossEntropy(outputs.expert, targets.expert), targets.expertWeight),
    reply: mean(crossEntropy(outputs.reply, targets.reply), targets.replyWeight),
    ownership: mean(ownershipError, targets.ownershipWeight),
    value: mean(chanceLoss, targets.chanceWeight),
    lead: mean(tape.smoothL1(leadError, LEAD_BETA), targets.leadWeight),
  };
};

/** The sum by weight. @returns shape [1] */
export const totalLoss = (
  tape: Tape,
  losses: Readonly<Record<LossName, Tensor>>,
  weights: LossWeights,
): Tensor =>
  LOSSES.map(name => tape.scale(losses[name], weights[name])).reduce((sum, loss) => tape.add(sum, loss));
