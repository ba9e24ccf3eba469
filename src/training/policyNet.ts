/**
 * The policy network with its heads as it is trained: batch normalisation after each convolution, an identity branch around each
 * 3x3 layer, and the heads of the paper's time and ours on one trunk (weights/README.md has the form that is served).
 */
import { BoardOps } from './boardOps.ts';
import type { Tensor } from './graph.ts';
import type { Tape } from './tape.ts';

const AREA = 361;
const VALUE_UNITS = 64;
const EPSILON = 1e-5;

/** Outputs of the convolutional head, in this order: the best move, a strong human's, the opponent's reply, ownership. */
const HEAD_OUTPUTS = 4;
/** Outputs of the value head: value before tanh, lead / 20, logit of passing. */
const VALUE_OUTPUTS = 3;
/** Points of ownership in the value head's scale, that of komi. */
const POINTS_SCALE = 10;

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
      { name: `blocks.${i}.bn.weight`, dims: [filters], kind: 'gain', fanIn: 1 },
      { name: `blocks.${i}.bn.bias`, dims: [filters], kind: 'bias', fanIn: 1 },
    );
  }
  const pooled = 2 * filters + 2;
  specs.push(
    { name: 'head.weight', dims: [HEAD_OUTPUTS, filters], kind: 'weight', fanIn: filters },
    { name: 'head.bias', dims: [HEAD_OUTPUTS, AREA], kind: 'bias', fanIn: 1 },
    { name: 'gn.weight', dims: [pooled], kind: 'gain', fanIn: 1 },
    { name: 'gn.bias', dims: [pooled], kind: 'bias', fanIn: 1 },
    { name: 'v1.weight', dims: [VALUE_UNITS, pooled], kind: 'weight', fanIn: pooled },
    { name: 'v1.bias', dims: [VALUE_UNITS], kind: 'bias', fanIn: 1 },
    { name: 'v2.weight', dims: [VALUE_OUTPUTS, VALUE_UNITS], kind: 'weight', fanIn: VALUE_UNITS },
    { name: 'v2.bias', dims: [VALUE_OUTPUTS], kind: 'bias', fanIn: 1 },
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
  /** ReLU units of the value head. Shape [positions, 64]. */
  readonly units: Tensor;
  readonly statistics: readonly BatchStatistics[];
}

/**
 * Records the network on a tape.
 * @param planes zero-padded by 2, shape [positions, planes, 23, 23]
 * @param komi points / 10 for the player to move; shape [positions]
 * @param parameters by name, as {@link parameterSpecs}
 */
export const recordPolicyNet = (
  tape: Tape,
  { layers }: PolicyNetShape,
  planes: Tensor,
  komi: Tensor,
  parameters: ReadonlyMap<string, Tensor>,
): PolicyNetOutputs => {
  const boards = new BoardOps(tape);
  const get = (name: string): Tensor => parameters.get(name)!;
  const [positions] = planes.dims;
  const statistics: BatchStatistics[] = [];
  const normalize = (name: string, a: Tensor): Tensor => {
    const { output, mean, variance } = boards.normalize(
      a,
      get(`${name}.weight`),
      get(`${name}.bias`),
      EPSILON,
    );
    statistics.push({ name, mean, variance });
    return output;
  };

  let x = boards.input(planes);
  for (let i = 0; i < layers - 1; i++) {
    const convolved = boards.convolve(x, get(`blocks.${i}.conv.weight`), i === 0 ? 0 : 1);
    const normalized = normalize(`blocks.${i}.bn`, convolved);
    x = boards.relu(i === 0 ? normalized : boards.add(normalized, x));
  }

  const heads = tape.add(
    boards.points(boards.pointwise(x, get('head.weight'))),
    tape.reshape(get('head.bias'), [HEAD_OUTPUTS, 1, AREA]),
  );
  const head = (i: number): Tensor => tape.reshape(tape.slice(heads, 0, i, i + 1), [positions, AREA]);
  const ownership = tape.tanh(head(3));

  const komiColumn = tape.reshape(komi, [positions, 1]);
  const lead = tape.add(tape.scale(tape.sum(ownership, [1]), 1 / POINTS_SCALE), komiColumn);
  const pooled = tape.concat([boards.mean(x), boards.maximum(x), komiColumn, lead], 1);
  const units = tape.relu(
    tape.add(tape.matmul(normalize('gn', pooled), get('v1.weight'), { transB: true }), get('v1.bias')),
  );
  const values = tape.add(tape.matmul(units, get('v2.weight'), { transB: true }), get('v2.bias'));
  const value = (i: number): Tensor => tape.slice(values, 1, i, i + 1);
  return {
    policy: tape.concat([head(0), value(2)], 1),
    expert: head(1),
    reply: head(2),
    ownership,
    value: value(0),
    lead: value(1),
    units,
    statistics,
  };
};
