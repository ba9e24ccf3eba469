/** What a network is measured by, and how one position is scored. Pure: numbers in, numbers out. */
import type { Color } from '../../../engine/types.ts';

interface MetricForm {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** share: 0 or 1 in a position, told in percent. nats: of a cross-entropy. points: of the board. squared: of a value in [-1, 1]. */
  readonly unit: 'share' | 'nats' | 'points' | 'squared';
}

/**
 * All measures, in groups: against the move a human played, the result of the game, a teacher's label.
 * Squared errors are of values in [-1, 1], so that 1 is that of always saying 0 to a decided game.
 */
export const METRICS = [
  { name: 'policyTop1', title: 'human move, policy, top-1', unit: 'share' },
  { name: 'policyTop5', title: 'human move, policy, top-5', unit: 'share' },
  { name: 'policyLoss', title: 'human move, policy, cross-entropy', unit: 'nats' },
  { name: 'expertTop1', title: 'human move, expert, top-1', unit: 'share' },
  { name: 'expertTop5', title: 'human move, expert, top-5', unit: 'share' },
  { name: 'expertLoss', title: 'human move, expert, cross-entropy', unit: 'nats' },
  { name: 'resultSign', title: 'winner of the game ahead', unit: 'share' },
  { name: 'resultSquared', title: 'result, squared error', unit: 'squared' },
  { name: 'resultLead', title: 'counted result, lead error', unit: 'points' },
  { name: 'teacherTop1', title: "teacher's best move, top-1", unit: 'share' },
  { name: 'teacherTop5', title: "teacher's best move, top-5", unit: 'share' },
  { name: 'teacherLoss', title: "teacher's policy, cross-entropy", unit: 'nats' },
  { name: 'teacherSign', title: "teacher's side ahead", unit: 'share' },
  { name: 'teacherSquared', title: "teacher's value, squared error", unit: 'squared' },
  { name: 'teacherLead', title: "teacher's lead, error", unit: 'points' },
  { name: 'teacherOwnership', title: "teacher's ownership, squared error", unit: 'squared' },
] as const satisfies readonly MetricForm[];

export type MetricName = (typeof METRICS)[number]['name'];

const INDEX = Object.fromEntries(METRICS.map(({ name }, i) => [name, i])) as Record<MetricName, number>;

export const metricIndex = (name: MetricName): number => INDEX[name];

/** What a network said, as a batch gives it (engine/evaluator.ts). */
export interface Outputs {
  /** Shape [area + 1]. */
  readonly policy: Float32Array;
  /** Shape [area]. */
  readonly expert: Float32Array | undefined;
  readonly value: number | undefined;
  readonly lead: number | undefined;
  readonly ownership: Float32Array | undefined;
}

/** What a teacher said, for the player to move. */
export interface TeacherTarget {
  /** Adds up to 1, passing last. Shape [area + 1]. */
  readonly policy: Float32Array;
  /** From 0 to 1. */
  readonly chance: number;
  readonly lead: number;
  /** Shape [area]. */
  readonly ownership: Float32Array;
}

/** What is true of a position, as far as it is known. */
export interface Target {
  readonly toPlay: Color;
  /** Policy index of the move a human played; -1 where there is none, or it was a pass. */
  readonly next: number;
  /** Who won the game. */
  readonly winner: Color | undefined;
  /** Points the winner won by, if they were counted. */
  readonly margin: number | undefined;
  readonly teacher: TeacherTarget | undefined;
}

/** A prior counts as at least this: a move that a network excludes would cost an infinity. */
const LEAST_PRIOR = 1e-6;

const TOP = 5;

/** @param out shape [METRICS.length]; NaN where network or target say nothing */
export const scorePosition = (outputs: Outputs, target: Target, out: Float64Array): void => {
  out.fill(Number.NaN);
  scoreMove(outputs, target, out);
  scoreResult(outputs, target, out);
  if (target.teacher) scoreTeacher(outputs, target.teacher, out);
};

const scoreMove = ({ policy, expert }: Outputs, { next }: Target, out: Float64Array): void => {
  if (next < 0) return;
  const rank = rankOf(policy, next);
  out[INDEX.policyTop1] = rank === 0 ? 1 : 0;
  out[INDEX.policyTop5] = rank < TOP ? 1 : 0;
  out[INDEX.policyLoss] = lossOf(policy[next]);
  if (!expert) return;
  const expertRank = rankOf(expert, next);
  out[INDEX.expertTop1] = expertRank === 0 ? 1 : 0;
  out[INDEX.expertTop5] = expertRank < TOP ? 1 : 0;
  out[INDEX.expertLoss] = lossOf(expert[next]);
};

const scoreResult = ({ value, lead }: Outputs, target: Target, out: Float64Array): void => {
  const { toPlay, winner, margin } = target;
  if (winner === undefined) return;
  const sign = winner === toPlay ? 1 : -1;
  if (value !== undefined) {
    out[INDEX.resultSign] = sign * value > 0 ? 1 : 0;
    out[INDEX.resultSquared] = (value - sign) ** 2;
  }
  if (lead !== undefined && margin !== undefined) out[INDEX.resultLead] = Math.abs(lead - sign * margin);
};

const scoreTeacher = (outputs: Outputs, teacher: TeacherTarget, out: Float64Array): void => {
  const { policy, value, lead, ownership } = outputs;
  const rank = rankOf(policy, bestOf(teacher.policy));
  out[INDEX.teacherTop1] = rank === 0 ? 1 : 0;
  out[INDEX.teacherTop5] = rank < TOP ? 1 : 0;
  let loss = 0;
  for (let i = 0; i < teacher.policy.length; i++)
    if (teacher.policy[i] > 0) loss += teacher.policy[i] * lossOf(policy[i]);
  out[INDEX.teacherLoss] = loss;
  const truth = 2 * teacher.chance - 1;
  if (value !== undefined) {
    out[INDEX.teacherSign] = value * truth > 0 ? 1 : 0;
    out[INDEX.teacherSquared] = (value - truth) ** 2;
  }
  if (lead !== undefined) out[INDEX.teacherLead] = Math.abs(lead - teacher.lead);
  if (!ownership) return;
  let sum = 0;
  for (let i = 0; i < ownership.length; i++) sum += (ownership[i] - teacher.ownership[i]) ** 2;
  out[INDEX.teacherOwnership] = sum / ownership.length;
};

const lossOf = (prior: number): number => -Math.log(Math.max(LEAST_PRIOR, prior));

/** Moves that come before this one: likelier ones, and equally likely ones with a lower index. */
const rankOf = (priors: Float32Array, index: number): number => {
  const own = priors[index];
  let rank = 0;
  for (let i = 0; i < priors.length; i++) if (priors[i] > own || (priors[i] === own && i < index)) rank++;
  return rank;
};

const bestOf = (shares: Float32Array): number => {
  let best = 0;
  for (let i = 1; i < shares.length; i++) if (shares[i] > shares[best]) best = i;
  return best;
};
