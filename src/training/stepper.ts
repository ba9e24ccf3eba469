/**
 * The training step of the policy network on ONNX Runtime: forward, backward and update in one graph, parameters and what the
 * optimisers remember kept here between runs.
 */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { Random } from '../../engine/random.ts';
import { ADAM_BETAS, STATES, recordUpdate, type Method, type OptimizerInputs } from './optimizer.ts';
import {
  LOSSES,
  inputLength,
  parameterSpecs,
  recordLosses,
  recordPolicyNet,
  totalLoss,
  type LossName,
  type ParameterSpec,
  type PolicyNetShape,
  type Targets,
} from './policyNet.ts';
import { sizeOf, type Tensor } from './graph.ts';
import { Tape } from './tape.ts';

/** One batch as the graph takes it; made by {@link makeBatch} and filled by the caller. */
export type Batch = Readonly<Record<BatchField, Float32Array>>;

const AREA = 361;

/** Numbers a position has in each field; `planes` and `komi` are laid out by the graph. */
const TARGET_SIZES = {
  policy: AREA + 1,
  policyWeight: 1,
  expert: AREA,
  expertWeight: 1,
  reply: AREA,
  replyWeight: 1,
  chance: 1,
  chanceWeight: 1,
  lead: 1,
  leadWeight: 1,
  ownership: AREA,
  ownershipWeight: 1,
} as const satisfies Record<keyof Targets, number>;

type BatchField = 'planes' | 'komi' | keyof Targets;

/** An empty batch: no position has a target yet. */
export const makeBatch = (shape: PolicyNetShape, positions: number): Batch => ({
  planes: new Float32Array(shape.planes * inputLength(positions)),
  komi: new Float32Array(positions),
  ...(Object.fromEntries(
    Object.entries(TARGET_SIZES).map(([name, size]) => [name, new Float32Array(positions * size)]),
  ) as Record<keyof Targets, Float32Array>),
});

export interface StepRates {
  readonly muon: number;
  readonly adam: number;
}

export type Losses = Record<LossName, number> & { readonly total: number };

/** Running statistics follow a batch by this share. */
const STATISTICS_RATE = 0.02;

const methodOf = ({ kind }: ParameterSpec): Method => (kind === 'kernel' ? 'muon' : 'adam');

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

  private constructor(shape: PolicyNetShape, positions: number, session: InferenceSession, seed: number) {
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
        Array.from({ length: STATES[methodOf(spec)] }, () => new Float32Array(size)),
      );
    }
  }

  /** @param seed of the first values */
  static async create(
    shape: PolicyNetShape,
    positions: number,
    { seed = 1, threads = 2 }: { readonly seed?: number; readonly threads?: number } = {},
  ): Promise<PolicyNetStepper> {
    const session = await InferenceSession.create(recordStep(shape, positions), {
      intraOpNumThreads: threads,
      logSeverityLevel: 3,
    });
    return new PolicyNetStepper(shape, positions, session, seed);
  }

  /** Learns from one batch. @throws Error if the loss is no number: parameters are then as before */
  async step(batch: Batch, rates: StepRates): Promise<Losses> {
    const results = await this.session.run(this.makeFeeds(batch, rates));
    const valueOf = (name: string): Float32Array => results[name].data as Float32Array;
    const losses = Object.fromEntries(
      ['total', ...LOSSES].map(name => [name, valueOf(`loss ${name}`)[0]]),
    ) as Losses;
    if (!Number.isFinite(losses.total))
      throw new Error(`step ${this.steps + 1}: the loss is ${losses.total}: lower the rates`);
    this.steps++;
    for (const { name } of this.specs) {
      this.parameters.set(name, valueOf(`new ${name}`));
      this.states.set(
        name,
        this.states.get(name)!.map((_, i) => valueOf(`new state ${i} ${name}`)),
      );
    }
    for (const output of this.session.outputNames) {
      if (!output.startsWith('batch ')) continue;
      const name = output.slice('batch '.length);
      const fresh = valueOf(output);
      const running = this.statistics.get(name);
      // The first batch begins the mean.
      if (!running) this.statistics.set(name, fresh.slice());
      else for (let i = 0; i < fresh.length; i++) running[i] += STATISTICS_RATE * (fresh[i] - running[i]);
    }
    return losses;
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private makeFeeds(batch: Batch, rates: StepRates): Record<string, OrtTensor> {
    const { positions, shape, specs } = this;
    const [beta1, beta2] = ADAM_BETAS;
    const feeds: Record<string, OrtTensor> = {};
    const feed = (name: string, data: Float32Array, dims: readonly number[]): void => {
      feeds[name] = new OrtTensor('float32', data, [...dims]);
    };
    feed('planes', batch.planes, [shape.planes, inputLength(positions)]);
    feed('komi', batch.komi, [1, positions]);
    for (const [name, size] of Object.entries(TARGET_SIZES))
      feed(name, batch[name as keyof Targets], [positions, size]);
    const scalars = {
      muonRate: rates.muon,
      adamRate: rates.adam,
      firstCorrection: 1 / (1 - beta1 ** (this.steps + 1)),
      secondCorrection: 1 / (1 - beta2 ** (this.steps + 1)),
    };
    for (const [name, value] of Object.entries(scalars)) feed(name, Float32Array.of(value), [1]);
    for (const { name, dims } of specs) {
      feed(name, this.parameters.get(name)!, dims);
      for (const [i, state] of this.states.get(name)!.entries()) feed(`state ${i} ${name}`, state, dims);
    }
    return feeds;
  }
}

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
const recordStep = (shape: PolicyNetShape, positions: number): Uint8Array => {
  const tape = new Tape();
  const specs = parameterSpecs(shape);
  const planes = tape.input('planes', [shape.planes, inputLength(positions)]);
  const komi = tape.input('komi', [1, positions]);
  const targets = Object.fromEntries(
    Object.entries(TARGET_SIZES).map(([name, size]) => [name, tape.input(name, [positions, size])]),
  ) as unknown as Targets;
  const inputs: OptimizerInputs = {
    muonRate: tape.input('muonRate', [1]),
    adamRate: tape.input('adamRate', [1]),
    firstCorrection: tape.input('firstCorrection', [1]),
    secondCorrection: tape.input('secondCorrection', [1]),
  };
  const parameters = new Map(specs.map(({ name, dims }) => [name, tape.parameter(name, dims)]));
  const outputs = recordPolicyNet(tape, shape, positions, planes, komi, parameters);
  const losses = recordLosses(tape, outputs, targets, positions);
  const total = totalLoss(tape, losses);
  const gradients = tape.gradients(total, [...parameters.values()]);
  const results: Record<string, Tensor> = { 'loss total': total };
  for (const name of LOSSES) results[`loss ${name}`] = losses[name];
  for (const { name, mean, variance } of outputs.statistics) {
    results[`batch ${name}.running_mean`] = mean;
    results[`batch ${name}.running_var`] = variance;
  }
  for (const [i, spec] of specs.entries()) {
    const { name, dims } = spec;
    const method = methodOf(spec);
    const states = Array.from({ length: STATES[method] }, (_, k) => tape.input(`state ${k} ${name}`, dims));
    const updated = recordUpdate(tape, method, parameters.get(name)!, gradients[i], states, inputs);
    results[`new ${name}`] = updated.parameter;
    updated.states.forEach((state, k) => (results[`new state ${k} ${name}`] = state));
  }
  return tape.build(results);
};
