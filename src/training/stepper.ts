/**
 * The training step of the policy network on ONNX Runtime: forward, backward and update in one graph, parameters and what the
 * optimisers remember kept here between runs.
 */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { Random } from '../../engine/random.ts';
import * as batches from './batch.ts';
import { PLANE_SIDE, TARGET_SIZES, type Batch, type TargetField } from './batch.ts';
import {
  LOSSES,
  LOSS_WEIGHTS,
  NotFiniteError,
  type LossName,
  type LossWeights,
  type StepRates,
  type StepResult,
} from './engine.ts';
import { sizeOf, type Tensor } from './graph.ts';
import { recordLosses, totalLoss, type Targets } from './losses.ts';
import { ADAM_BETAS, DEFAULT_METHODS, STATES, recordUpdate, type Method, type Methods } from './optimizer.ts';
import { parameterSpecs, recordPolicyNet, type ParameterSpec, type PolicyNetShape } from './policyNet.ts';
import { Tape } from './tape.ts';

/** An empty batch: no position has a target yet. */
export const makeBatch = ({ planes }: PolicyNetShape, positions: number): Batch =>
  batches.makeBatch(planes, positions);

export interface StepperOptions {
  /** Of the first values. */
  readonly seed?: number;
  readonly threads?: number;
  readonly methods?: Methods;
  readonly lossWeights?: LossWeights;
}

/** Running statistics follow a batch by this share. */
const STATISTICS_RATE = 0.02;

/** Session settings: threads that wait by spinning would take the core from whatever else runs. */
const SESSION_OPTIONS = {
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
} as const;

export class PolicyNetStepper {
  readonly shape: PolicyNetShape;
  readonly positions: number;
  readonly parameters = new Map<string, Float32Array>();
  /** Running mean and variance of each normalisation, as `NAME.running_mean` and `NAME.running_var`. */
  readonly statistics = new Map<string, Float32Array>();
  /** By parameter, what its method remembers. */
  readonly states = new Map<string, Float32Array[]>();
  steps = 0;
  private readonly specs: readonly ParameterSpec[];
  private readonly session: InferenceSession;

  private constructor(
    shape: PolicyNetShape,
    positions: number,
    session: InferenceSession,
    seed: number,
    methods: Methods,
  ) {
    this.shape = shape;
    this.positions = positions;
    this.session = session;
    this.specs = parameterSpecs(shape);
    const random = new Random(seed);
    for (const spec of this.specs) {
      const size = sizeOf(spec.dims);
      this.parameters.set(spec.name, firstValues(spec, random));
      this.states.set(
        spec.name,
        Array.from({ length: STATES[methodOf(spec, methods)] }, () => new Float32Array(size)),
      );
    }
  }

  /** @param positions of a batch */
  static async create(
    shape: PolicyNetShape,
    positions: number,
    { seed = 1, threads = 2, methods = DEFAULT_METHODS, lossWeights = LOSS_WEIGHTS }: StepperOptions = {},
  ): Promise<PolicyNetStepper> {
    const session = await InferenceSession.create(recordStep(shape, positions, methods, lossWeights), {
      ...SESSION_OPTIONS,
      intraOpNumThreads: threads,
    });
    return new PolicyNetStepper(shape, positions, session, seed, methods);
  }

  /** Learns from one batch. @throws NotFiniteError if the loss is no number: parameters are then as before */
  async step(batch: Batch, rates: StepRates): Promise<StepResult> {
    const results = await this.session.run(this.makeFeeds(batch, rates));
    const valueOf = (name: string): Float32Array => results[name].data as Float32Array;
    const losses = Object.fromEntries(LOSSES.map(name => [name, valueOf(`loss ${name}`)[0]])) as Record<
      LossName,
      number
    >;
    const [total] = valueOf('loss total');
    if (!Number.isFinite(total))
      throw new NotFiniteError(`step ${this.steps + 1}: the loss is ${total}: lower the rates`);
    this.steps++;
    for (const { name } of this.specs) {
      this.parameters.set(name, valueOf(`new ${name}`));
      this.states.set(
        name,
        this.states.get(name)!.map((_, i) => valueOf(`new state ${i} ${name}`)),
      );
    }
    for (const output of this.session.outputNames)
      if (output.startsWith('batch ')) this.follow(output.slice('batch '.length), valueOf(output));
    return { losses, total, deadUnits: valueOf('dead units')[0] };
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  /** Moves a running statistic towards that of a batch; the first batch begins it. */
  private follow(name: string, fresh: Float32Array): void {
    const running = this.statistics.get(name);
    if (!running) this.statistics.set(name, fresh.slice());
    else for (let i = 0; i < fresh.length; i++) running[i] += STATISTICS_RATE * (fresh[i] - running[i]);
  }

  private makeFeeds(batch: Batch, rates: StepRates): Record<string, OrtTensor> {
    const { positions, shape, specs } = this;
    const [beta1, beta2] = ADAM_BETAS;
    const feeds: Record<string, OrtTensor> = {};
    const feed = (name: string, data: Float32Array, dims: readonly number[]): void => {
      feeds[name] = new OrtTensor('float32', data, [...dims]);
    };
    feed('planes', batch.planes, [positions, shape.planes, PLANE_SIDE, PLANE_SIDE]);
    feed('komi', batch.komi, [positions]);
    for (const [name, size] of Object.entries(TARGET_SIZES))
      feed(name, batch[name as TargetField], [positions, size]);
    const scalars = {
      'rate of kernels': rates.kernels,
      'rate of the rest': rates.rest,
      'first correction': 1 / (1 - beta1 ** (this.steps + 1)),
      'second correction': 1 / (1 - beta2 ** (this.steps + 1)),
    };
    for (const [name, value] of Object.entries(scalars)) feed(name, Float32Array.of(value), [1]);
    for (const { name, dims } of specs) {
      feed(name, this.parameters.get(name)!, dims);
      for (const [i, state] of this.states.get(name)!.entries()) feed(`state ${i} ${name}`, state, dims);
    }
    return feeds;
  }
}

const methodOf = ({ kind }: ParameterSpec, { kernels, rest }: Methods): Method =>
  kind === 'kernel' ? kernels : rest;

/** He's initialisation for what goes through ReLU, small values for what gives outputs. */
const firstValues = ({ dims, kind, fanIn, name }: ParameterSpec, random: Random): Float32Array => {
  const values = new Float32Array(sizeOf(dims));
  if (kind === 'gain') return values.fill(1);
  if (kind === 'bias') return values;
  const isOutput = name.startsWith('head') || name.startsWith('v2');
  const spread = Math.sqrt((isOutput ? 0.1 : 2) / fanIn);
  for (let i = 0; i < values.length; i++) values[i] = spread * gaussian(random);
  return values;
};

/** Box and Muller. */
const gaussian = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());

/** The whole step as an ONNX file. */
const recordStep = (
  shape: PolicyNetShape,
  positions: number,
  methods: Methods,
  lossWeights: LossWeights,
): Uint8Array => {
  const tape = new Tape();
  const specs = parameterSpecs(shape);
  const planes = tape.input('planes', [positions, shape.planes, PLANE_SIDE, PLANE_SIDE]);
  const komi = tape.input('komi', [positions]);
  const targets = Object.fromEntries(
    Object.entries(TARGET_SIZES).map(([name, size]) => [name, tape.input(name, [positions, size])]),
  ) as unknown as Targets;
  const kernelRate = tape.input('rate of kernels', [1]);
  const restRate = tape.input('rate of the rest', [1]);
  const corrections = {
    firstCorrection: tape.input('first correction', [1]),
    secondCorrection: tape.input('second correction', [1]),
  };
  const parameters = new Map(specs.map(({ name, dims }) => [name, tape.parameter(name, dims)]));
  const outputs = recordPolicyNet(tape, shape, planes, komi, parameters);
  const losses = recordLosses(tape, outputs, targets);
  const total = totalLoss(tape, losses, lossWeights);
  const gradients = tape.gradients(total, [...parameters.values()]);
  const results: Record<string, Tensor> = {
    'loss total': total,
    'dead units': countDeadUnits(tape, outputs.units),
  };
  for (const name of LOSSES) results[`loss ${name}`] = losses[name];
  for (const { name, mean, variance } of outputs.statistics) {
    results[`batch ${name}.running_mean`] = mean;
    results[`batch ${name}.running_var`] = variance;
  }
  for (const [i, spec] of specs.entries()) {
    const { name, dims, kind } = spec;
    const method = methodOf(spec, methods);
    const states = Array.from({ length: STATES[method] }, (_, k) => tape.input(`state ${k} ${name}`, dims));
    const rate = kind === 'kernel' ? kernelRate : restRate;
    const inputs = { rate, ...corrections };
    const updated = recordUpdate(tape, method, parameters.get(name)!, gradients[i], states, inputs);
    results[`new ${name}`] = updated.parameter;
    updated.states.forEach((state, k) => (results[`new state ${k} ${name}`] = state));
  }
  return tape.build(results);
};

/** @param units after ReLU, shape [positions, units] @returns how many are 0 in every position; shape [1] */
const countDeadUnits = (tape: Tape, units: Tensor): Tensor => {
  const alive = tape.total(tape.isPositive(tape.max(units, 0)));
  return tape.sub(tape.constant([units.dims[1]]), alive);
};
