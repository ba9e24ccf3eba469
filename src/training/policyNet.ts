/**
 * The policy network with its heads as it is trained: batch normalisation after each convolution, an identity branch around each
 * 3x3 layer, and the heads of the paper's time and ours on one trunk (weights/README.md has the form that is served).
 *
 * Positions lie flat: a tensor of the trunk has shape [filters, positions * 400], each board as 20 rows of 20 whose last row and
 * column are zero, so that all boards are one picture to a 3x3 convolution (tape.ts `convolve`). The first layer, 5x5, needs two zero rows
 * and columns: 21 by 21.
 */
import type { Tensor } from './graph.ts';
import type { Tape } from './tape.ts';

const SIZE = 19;
const AREA = SIZE * SIZE;
/** Rows and columns of a board in the trunk, and before its first layer. */
const STRIDE = SIZE + 1;
const WIDE_STRIDE = SIZE + 2;
const VALUE_UNITS = 64;
const EPSILON = 1e-5;

/** Outputs of the convolutional head, in this order: the best move, a strong human's, the opponent's reply, ownership. */
const HEAD_OUTPUTS = 4;
/** Outputs of the value head: value before tanh, lead / 20, logit of passing. */
const VALUE_OUTPUTS = 3;
const LEAD_SCALE = 20;

export interface PolicyNetShape {
  /** Convolutional layers with the 1x1 at the end, as the paper counts: 13. */
  readonly layers: number;
  readonly filters: number;
  /** 48. */
  readonly planes: number;
}

/** Name, shape and part of every parameter. Convolution kernels have shape [outputs, inputs, size, size]. */
export interface ParameterSpec {
  readonly name: string;
  readonly dims: readonly number[];
  readonly kind: 'kernel' | 'weight' | 'gain' | 'bias';
  /** Inputs of one unit, for the spread of its first values. */
  readonly fanIn: number;
}

export const parameterSpecs = ({ layers, filters, planes }: PolicyNetShape): ParameterSpec[] => {
  const specs: ParameterSpec[] = [];
  for (let i = 0; i < layers - 1; i++) {
    const [inputs, size] = i === 0 ? [planes, 5] : [filters, 3];
    const fanIn = inputs * size * size;
    specs.push(
      { name: `blocks.${i}.conv.weight`, dims: [filters, inputs, size, size], kind: 'kernel', fanIn },
      { name: `blocks.${i}.bn.weight`, dims: [filters, 1], kind: 'gain', fanIn: 1 },
      { name: `blocks.${i}.bn.bias`, dims: [filters, 1], kind: 'bias', fanIn: 1 },
    );
  }
  const pooled = 2 * filters + 2;
  specs.push(
    { name: 'head.weight', dims: [HEAD_OUTPUTS, filters], kind: 'weight', fanIn: filters },
    { name: 'head.bias', dims: [HEAD_OUTPUTS, AREA], kind: 'bias', fanIn: 1 },
    { name: 'gn.weight', dims: [pooled, 1], kind: 'gain', fanIn: 1 },
    { name: 'gn.bias', dims: [pooled, 1], kind: 'bias', fanIn: 1 },
    { name: 'v1.weight', dims: [VALUE_UNITS, pooled], kind: 'weight', fanIn: pooled },
    { name: 'v1.bias', dims: [VALUE_UNITS, 1], kind: 'bias', fanIn: 1 },
    { name: 'v2.weight', dims: [VALUE_OUTPUTS, VALUE_UNITS], kind: 'weight', fanIn: VALUE_UNITS },
    { name: 'v2.bias', dims: [VALUE_OUTPUTS, 1], kind: 'bias', fanIn: 1 },
  );
  return specs;
};

/** Mean and variance of a normalisation over one batch, for its running mean. */
export interface BatchStatistics {
  readonly name: string;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export interface PolicyNetOutputs {
  /** Logits of the moves and, last, of passing. Shape [positions, 362]. */
  readonly policy: Tensor;
  /** Logits. Shape [positions, 361]. */
  readonly expert: Tensor;
  readonly reply: Tensor;
  /** In [-1, 1], for the player to move. Shape [positions, 361]. */
  readonly ownership: Tensor;
  /** Before tanh. Shape [positions, 1]. */
  readonly value: Tensor;
  /** In points / 20. Shape [positions, 1]. */
  readonly lead: Tensor;
  readonly statistics: readonly BatchStatistics[];
}

/** Length of the flat planes of a batch: what a caller fills, shape [planes, inputLength]. */
export const inputLength = (positions: number): number => positions * WIDE_STRIDE * WIDE_STRIDE;

/** Where a point of a position stands in flat planes. */
export const inputIndex = (position: number, x: number, y: number): number =>
  (position * WIDE_STRIDE + y) * WIDE_STRIDE + x;

/** 1 on the board, 0 between boards. Shape [1, positions * stride * stride]. */
const boardMask = (tape: Tape, positions: number, stride: number): Tensor => {
  const length = positions * stride * stride;
  const mask = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const at = i % (stride * stride);
    if (at % stride < SIZE && at < SIZE * stride) mask[i] = 1;
  }
  return tape.constant(mask, [1, length]);
};

/**
 * Records the network on a tape.
 * @param planes shape [planes, inputLength(positions)]
 * @param komi points / 10 for the player to move; shape [1, positions]
 * @param parameters by name, as {@link parameterSpecs}
 */
export const recordPolicyNet = (
  tape: Tape,
  { layers, filters }: PolicyNetShape,
  positions: number,
  planes: Tensor,
  komi: Tensor,
  parameters: ReadonlyMap<string, Tensor>,
): PolicyNetOutputs => {
  const get = (name: string): Tensor => parameters.get(name)!;
  const statistics: BatchStatistics[] = [];
  const count = positions * AREA;
  const mask = boardMask(tape, positions, STRIDE);
  let x = planes;
  for (let i = 0; i < layers - 1; i++) {
    const kernel = get(`blocks.${i}.conv.weight`);
    const convolved =
      i === 0
        ? narrow(tape, tape.convolve(x, kernel, WIDE_STRIDE), filters, positions)
        : tape.convolve(x, kernel, STRIDE);
    const { output, mean, variance } = tape.normalize(
      convolved,
      mask,
      count,
      get(`blocks.${i}.bn.weight`),
      get(`blocks.${i}.bn.bias`),
      EPSILON,
    );
    statistics.push({ name: `blocks.${i}.bn`, mean, variance });
    x = tape.mul(tape.relu(i === 0 ? output : tape.add(output, x)), mask);
  }

  const heads = tape.add(
    onBoard(tape, tape.matmul(get('head.weight'), x), HEAD_OUTPUTS, positions),
    tape.reshape(get('head.bias'), [HEAD_OUTPUTS, 1, AREA]),
  );
  const head = (i: number): Tensor => tape.reshape(tape.slice(heads, 0, i, i + 1), [positions, AREA]);
  const ownership = tape.tanh(head(3));

  const boards = tape.reshape(x, [filters, positions, STRIDE * STRIDE]);
  const mean = tape.reshape(tape.scale(tape.sum(boards, [2]), 1 / AREA), [filters, positions]);
  const most = tape.reshape(tape.max(boards, 2), [filters, positions]);
  const lead = tape.add(tape.scale(tape.reshape(tape.sum(ownership, [1]), [1, positions]), 0.1), komi);
  const pooled = tape.concat([mean, most, komi, lead], 0);
  const general = tape.normalize(pooled, undefined, positions, get('gn.weight'), get('gn.bias'), EPSILON);
  statistics.push({ name: 'gn', mean: general.mean, variance: general.variance });
  const units = tape.relu(tape.add(tape.matmul(get('v1.weight'), general.output), get('v1.bias')));
  const values = tape.add(tape.matmul(get('v2.weight'), units), get('v2.bias'));
  const value = (i: number): Tensor => tape.reshape(tape.slice(values, 0, i, i + 1), [positions, 1]);
  return {
    policy: tape.concat([head(0), value(2)], 1),
    expert: head(1),
    reply: head(2),
    ownership,
    value: value(0),
    lead: value(1),
    statistics,
  };
};

/** From boards of 21 by 21 to boards of 20 by 20. */
const narrow = (tape: Tape, a: Tensor, filters: number, positions: number): Tensor => {
  const wide = tape.reshape(a, [filters, positions, WIDE_STRIDE, WIDE_STRIDE]);
  const rows = tape.slice(wide, 2, 0, STRIDE);
  return tape.reshape(tape.slice(rows, 3, 0, STRIDE), [filters, positions * STRIDE * STRIDE]);
};

/** The points of the boards alone. @returns shape [rows, positions, 361] */
const onBoard = (tape: Tape, a: Tensor, rows: number, positions: number): Tensor => {
  const boards = tape.reshape(a, [rows, positions, STRIDE, STRIDE]);
  const board = tape.slice(tape.slice(boards, 2, 0, SIZE), 3, 0, SIZE);
  return tape.reshape(board, [rows, positions, AREA]);
};

/** What a batch teaches; a position that lacks a target has weight 0 there. Weights have shape [positions, 1]. */
export interface Targets {
  /** Probabilities, passing last. Shape [positions, 362]. */
  readonly policy: Tensor;
  readonly policyWeight: Tensor;
  /** One-hot or soft. Shape [positions, 361]. */
  readonly expert: Tensor;
  readonly expertWeight: Tensor;
  readonly reply: Tensor;
  readonly replyWeight: Tensor;
  /** Winning chance of the player to move. Shape [positions, 1]. */
  readonly chance: Tensor;
  readonly chanceWeight: Tensor;
  /** Points for the player to move. Shape [positions, 1]. */
  readonly lead: Tensor;
  readonly leadWeight: Tensor;
  /** In [-1, 1]. Shape [positions, 361]. */
  readonly ownership: Tensor;
  readonly ownershipWeight: Tensor;
}

export const LOSSES = ['policy', 'expert', 'reply', 'ownership', 'value', 'lead'] as const;
export type LossName = (typeof LOSSES)[number];

/** What each loss counts for; from the trials that made the starting network. */
export const LOSS_WEIGHTS: Readonly<Record<LossName, number>> = {
  policy: 1,
  expert: 0.4,
  reply: 0.1,
  ownership: 0.6,
  value: 0.8,
  lead: 0.3,
};

/** Mean over the positions of a batch of each loss, shape [1]; positions without a target count as 0. */
export const recordLosses = (
  tape: Tape,
  outputs: PolicyNetOutputs,
  targets: Targets,
  positions: number,
): Record<LossName, Tensor> => {
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
    lead: mean(tape.smoothL1(leadError, 0.5), targets.leadWeight),
  };
};

/** The sum by {@link LOSS_WEIGHTS}. */
export const totalLoss = (tape: Tape, losses: Record<LossName, Tensor>): Tensor =>
  LOSSES.map(name => tape.scale(losses[name], LOSS_WEIGHTS[name])).reduce((sum, loss) => tape.add(sum, loss));
