/**
 * What the last steps of a run showed: mean losses over the positions that have a target, beside what the best constant answer
 * would have lost. A head that does no better than a constant has learned nothing, which its loss alone does not tell.
 */
import { LEAD_SCALE } from '../../features/scales.ts';
import { TARGET_SIZES, type Batch, type TargetField } from './batch.ts';
import { LEAD_BETA, LOSSES, type LossName, type StepResult } from './engine.ts';

/** Target and weight of each loss. */
const FIELDS: Readonly<Record<LossName, readonly [TargetField, TargetField]>> = {
  policy: ['policy', 'policyWeight'],
  expert: ['expert', 'expertWeight'],
  reply: ['reply', 'replyWeight'],
  ownership: ['ownership', 'ownershipWeight'],
  value: ['chance', 'chanceWeight'],
  lead: ['lead', 'leadWeight'],
};

/** Means over a window of steps; a loss that no position had a target for is left out. */
export interface WindowSummary {
  readonly steps: number;
  readonly positions: number;
  readonly total: number;
  readonly losses: Partial<Record<LossName, number>>;
  /** What the best constant answer would have lost. */
  readonly constants: Partial<Record<LossName, number>>;
  /** Fewest units of the value head that a step found dead: those that stayed so. */
  readonly deadUnits: number;
}

export class Window {
  private steps = 0;
  private positions = 0;
  private total = 0;
  private deadUnits = Infinity;
  private readonly sums = new Map<LossName, number>();
  private readonly weights = new Map<LossName, number>();
  /** Sum of the targets by weight, and of their squares. */
  private readonly targets = new Map<LossName, Float64Array>();
  private readonly squares = new Map<LossName, number>();
  private readonly leads: number[] = [];

  add(batch: Batch, { losses, total, deadUnits }: StepResult): void {
    const positions = batch.komi.length;
    this.steps++;
    this.positions += positions;
    this.total += total;
    this.deadUnits = Math.min(this.deadUnits, deadUnits);
    for (const name of LOSSES) {
      // The engine gives the mean over all positions; those without a target count as 0 there.
      this.sums.set(name, (this.sums.get(name) ?? 0) + losses[name] * positions);
      this.addTargets(name, batch, positions);
    }
  }

  summary(): WindowSummary {
    const losses: Partial<Record<LossName, number>> = {};
    const constants: Partial<Record<LossName, number>> = {};
    for (const name of LOSSES) {
      const weight = this.weights.get(name) ?? 0;
      if (weight === 0) continue;
      losses[name] = this.sums.get(name)! / weight;
      constants[name] = this.constantLoss(name, weight);
    }
    const { steps, positions, deadUnits } = this;
    return { steps, positions, total: this.total / steps, losses, constants, deadUnits };
  }

  private addTargets(name: LossName, batch: Batch, positions: number): void {
    const [field, weightField] = FIELDS[name];
    const size = TARGET_SIZES[field];
    const values = batch[field];
    const sums = this.targets.get(name) ?? new Float64Array(size);
    this.targets.set(name, sums);
    let squares = this.squares.get(name) ?? 0;
    let weights = this.weights.get(name) ?? 0;
    for (let n = 0; n < positions; n++) {
      const weight = batch[weightField][n];
      if (weight === 0) continue;
      weights += weight;
      for (let i = 0; i < size; i++) {
        const value = values[n * size + i];
        sums[i] += weight * value;
        squares += weight * value * value;
      }
      if (name === 'lead') this.leads.push(values[n]);
    }
    this.squares.set(name, squares);
    this.weights.set(name, weights);
  }

  private constantLoss(name: LossName, weight: number): number {
    const mean = Array.from(this.targets.get(name)!, sum => sum / weight);
    if (name === 'lead') return meanLeadLoss(this.leads, mean[0]);
    if (name === 'value') return -logTerm(mean[0]) - logTerm(1 - mean[0]);
    if (name === 'ownership') {
      const squared = this.squares.get(name)! / weight;
      return (squared - mean.reduce((sum, value) => sum + value * value, 0)) / mean.length;
    }
    // Cross-entropy with the mean itself: its entropy.
    return -mean.reduce((sum, share) => sum + logTerm(share), 0);
  }
}

const logTerm = (share: number): number => (share > 0 ? share * Math.log(share) : 0);

const meanLeadLoss = (leads: readonly number[], constant: number): number =>
  leads.reduce((sum, lead) => sum + smoothL1((lead - constant) / LEAD_SCALE), 0) / leads.length;

const smoothL1 = (error: number): number => {
  const size = Math.abs(error);
  return size < LEAD_BETA ? (0.5 * size * size) / LEAD_BETA : size - LEAD_BETA / 2;
};
