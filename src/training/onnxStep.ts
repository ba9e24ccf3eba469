/** One training step of a network as an ONNX file: forward, losses, backward, update. */
import { planesOf } from '../models/goNetworks.ts';
import { parameterSpecs, type NetworkSpec, type ParameterSpec } from '../models/spec.ts';
import { PLANE_SIDE, TARGET_SIZES } from './batch.ts';
import { LOSSES } from './engine.ts';
import type { EngineOptions, Method } from './engines.ts';
import type { Tensor } from './graph.ts';
import { recordLosses, totalLoss, type Targets } from './losses.ts';
import { recordUpdate } from './optimizer.ts';
import { MEMORIES } from './optimizerConstants.ts';
import { recordNetwork } from './recordNetwork.ts';
import { Tape } from './tape.ts';

/** What the graph takes and gives; targets and parameters stand under their own names. */
export const NAMES = {
  planes: 'planes',
  komi: 'komi',
  kernelRate: 'rate of kernels',
  restRate: 'rate of the rest',
  firstCorrection: 'first correction',
  secondCorrection: 'second correction',
  memory: (parameter: string, i: number): string => `memory ${i} ${parameter}`,
  total: 'total loss',
  deadUnits: 'dead units',
  loss: (name: string): string => `loss ${name}`,
  /** Mean or variance over the batch. */
  statistic: (name: string): string => `batch ${name}`,
  newParameter: (parameter: string): string => `new ${parameter}`,
  newMemory: (parameter: string, i: number): string => `new memory ${i} ${parameter}`,
} as const;

export const methodOf = ({ kind }: ParameterSpec, { kernels, rest }: EngineOptions['methods']): Method =>
  kind === 'kernel' ? kernels : rest;

export const recordStep = (
  spec: NetworkSpec,
  { positions, methods, lossWeights }: EngineOptions,
): Uint8Array => {
  const tape = new Tape();
  const specs = parameterSpecs(spec);
  const takesKomi = spec.nodes.some(({ name }) => name === NAMES.komi);
  const inputs = new Map([
    [NAMES.planes as string, tape.input(NAMES.planes, [positions, planesOf(spec), PLANE_SIDE, PLANE_SIDE])],
    ...(takesKomi ? [[NAMES.komi as string, tape.input(NAMES.komi, [positions])] as const] : []),
  ]);
  const targets = Object.fromEntries(
    Object.entries(TARGET_SIZES).map(([name, size]) => [name, tape.input(name, [positions, size])]),
  ) as unknown as Targets;
  const rates = {
    kernel: tape.input(NAMES.kernelRate, [1]),
    rest: tape.input(NAMES.restRate, [1]),
  };
  const corrections = {
    firstCorrection: tape.input(NAMES.firstCorrection, [1]),
    secondCorrection: tape.input(NAMES.secondCorrection, [1]),
  };
  const parameters = new Map(specs.map(({ name, dims }) => [name, tape.parameter(name, dims)]));
  const network = recordNetwork(tape, spec, inputs, parameters);
  const losses = recordLosses(tape, spec, network, targets);
  const total = totalLoss(tape, losses, lossWeights);
  const gradients = tape.gradients(total, [...parameters.values()]);
  const results: Record<string, Tensor> = {
    [NAMES.total]: total,
    [NAMES.deadUnits]: countDeadUnits(tape, network.hidden),
  };
  for (const name of LOSSES) results[NAMES.loss(name)] = losses[name];
  for (const { name, mean, variance } of network.statistics) {
    results[NAMES.statistic(`${name}.running_mean`)] = mean;
    results[NAMES.statistic(`${name}.running_var`)] = variance;
  }
  for (const [i, parameter] of specs.entries()) {
    const { name, dims, kind } = parameter;
    const method = methodOf(parameter, methods);
    const memories = Array.from({ length: MEMORIES[method] }, (_, k) =>
      tape.input(NAMES.memory(name, k), dims),
    );
    const step = { rate: kind === 'kernel' ? rates.kernel : rates.rest, ...corrections };
    const updated = recordUpdate(tape, method, parameters.get(name)!, gradients[i], memories, step);
    results[NAMES.newParameter(name)] = updated.parameter;
    for (const [k, memory] of updated.states.entries()) results[NAMES.newMemory(name, k)] = memory;
  }
  return tape.build(results);
};

/** @param hidden units after ReLU, shape [positions, units] each @returns how many are 0 in every position; shape [1] */
const countDeadUnits = (tape: Tape, hidden: readonly Tensor[]): Tensor => {
  const counts = hidden.map(units =>
    tape.sub(tape.constant([units.dims[1]]), tape.total(tape.isPositive(tape.max(units, 0)))),
  );
  return counts.reduce((sum, count) => tape.add(sum, count), tape.constant([0]));
};
