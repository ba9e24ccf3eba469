/** What a network is taught with: a loss for each head, and their sum by weight. */
import { LEAD_SCALE } from '../../features/scales.ts';
import { rawValueOf, type NetworkSpec } from '../models/spec.ts';
import type { TargetField } from './batch.ts';
import { LEAD_BETA, LOSSES, type LossName, type LossWeights } from './engine.ts';
import type { Tensor } from './graph.ts';
import type { RecordedNetwork } from './recordNetwork.ts';
import type { Tape } from './tape.ts';

const AREA = 361;

/** What a batch teaches, as batch.ts has it. Shape [positions, size]; a position that lacks a target has weight 0 there. */
export type Targets = Readonly<Record<TargetField, Tensor>>;

/**
 * Mean over the positions of a batch of each loss, shape [1]; positions without a target count as 0, and so do heads that the
 * network does not have.
 * @throws SpecError if the network's value is not the tanh of something
 */
export const recordLosses = (
  tape: Tape,
  spec: NetworkSpec,
  network: RecordedNetwork,
  targets: Targets,
): Record<LossName, Tensor> => {
  const [positions] = targets.policy.dims;
  const output = (name: string): Tensor | undefined =>
    spec.outputs[name] === undefined ? undefined : network.units(spec.outputs[name]);
  const mean = (loss: Tensor, weight: Tensor): Tensor =>
    tape.scale(tape.total(tape.mul(loss, weight)), 1 / positions);
  const crossEntropy = (logits: Tensor, target: Tensor): Tensor =>
    tape.scale(tape.sum(tape.mul(tape.logSoftmax(logits), target), [1]), -1);

  const losses = Object.fromEntries(LOSSES.map(name => [name, tape.constant([0])])) as Record<
    LossName,
    Tensor
  >;
  const [policy, pass] = [output('policy'), output('pass')];
  if (policy) {
    // A network that cannot pass learns of the moves alone.
    const loss = pass
      ? crossEntropy(tape.concat([policy, pass], 1), targets.policy)
      : crossEntropy(policy, tape.slice(targets.policy, 1, 0, AREA));
    losses.policy = mean(loss, targets.policyWeight);
  }
  const expert = output('expert');
  if (expert) losses.expert = mean(crossEntropy(expert, targets.expert), targets.expertWeight);
  const reply = output('reply');
  if (reply) losses.reply = mean(crossEntropy(reply, targets.reply), targets.replyWeight);
  const ownership = output('ownership');
  if (ownership) {
    const error = tape.sub(ownership, targets.ownership);
    const squares = tape.scale(tape.sum(tape.mul(error, error), [1]), 1 / AREA);
    losses.ownership = mean(squares, targets.ownershipWeight);
  }
  const value = rawValueOf(spec);
  if (value !== undefined) {
    // The chance is (1 + tanh(v)) / 2, which is the logistic function of 2 v.
    const logit = tape.scale(network.units(value), 2);
    const chanceLoss = tape.sub(tape.softplus(logit), tape.mul(logit, targets.chance));
    losses.value = mean(chanceLoss, targets.chanceWeight);
  }
  const lead = output('lead');
  if (lead) {
    const error = tape.scale(tape.sub(lead, targets.lead), 1 / LEAD_SCALE);
    losses.lead = mean(tape.smoothL1(error, LEAD_BETA), targets.leadWeight);
  }
  return losses;
};

/** The sum by weight. @returns shape [1] */
export const totalLoss = (
  tape: Tape,
  losses: Readonly<Record<LossName, Tensor>>,
  weights: LossWeights,
): Tensor =>
  LOSSES.map(name => tape.scale(losses[name], weights[name])).reduce((sum, loss) => tape.add(sum, loss));
