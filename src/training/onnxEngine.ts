/**
 * Training on ONNX Runtime: forward pass, losses, backward pass and the update of every parameter are one graph (onnxStep.ts); the
 * numbers are kept here between its runs. On a CPU nothing else in npm is as fast.
 */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { firstWeights } from '../models/firstWeights.ts';
import { planesOf } from '../models/goNetworks.ts';
import {
  STATISTICS_RATE,
  parameterSpecs,
  sizeOf,
  type NetworkSpec,
  type ParameterSpec,
} from '../models/spec.ts';
import { PLANE_SIDE, TARGET_SIZES, type Batch, type TargetField } from './batch.ts';
import { isStatistic } from './checkpoint.ts';
import {
  LOSSES,
  NotFiniteError,
  type LossName,
  type StepRates,
  type StepResult,
  type TrainingEngine,
  type TrainingState,
  type TrainingWeights,
} from './engine.ts';
import type { EngineOptions } from './engines.ts';
import { NAMES, methodOf, recordStep } from './onnxStep.ts';
import { ADAM_BETAS, MEMORIES } from './optimizerConstants.ts';

/** Threads that wait by spinning would take the core from whatever else runs. */
const SESSION_OPTIONS = {
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
} as const;

export class OnnxEngine implements TrainingEngine {
  readonly name = 'ONNX Runtime';
  readonly positions: number;
  private readonly planes: number;
  private readonly specs: readonly ParameterSpec[];
  private readonly session: InferenceSession;
  private readonly parameters = new Map<string, Float32Array>();
  private readonly statistics = new Map<string, Float32Array>();
  private readonly memories = new Map<string, Float32Array[]>();
  private steps = 0;

  private constructor(spec: NetworkSpec, options: EngineOptions, session: InferenceSession) {
    this.positions = options.positions;
    this.planes = planesOf(spec);
    this.specs = parameterSpecs(spec);
    this.session = session;
    for (const [name, values] of firstWeights(spec, 1))
      (isStatistic(name) ? this.statistics : this.parameters).set(name, values);
    for (const parameter of this.specs) {
      const count = MEMORIES[methodOf(parameter, options.methods)];
      const size = sizeOf(parameter.dims);
      this.memories.set(
        parameter.name,
        Array.from({ length: count }, () => new Float32Array(size)),
      );
    }
  }

  static async create(spec: NetworkSpec, options: EngineOptions): Promise<OnnxEngine> {
    const session = await InferenceSession.create(recordStep(spec, options), {
      ...SESSION_OPTIONS,
      intraOpNumThreads: options.threads,
    });
    return new OnnxEngine(spec, options, session);
  }

  async step(batch: Batch, rates: StepRates): Promise<StepResult> {
    const results = await this.session.run(this.makeFeeds(batch, rates));
    const valueOf = (name: string): Float32Array => results[name].data as Float32Array;
    const [total] = valueOf(NAMES.total);
    if (!Number.isFinite(total))
      throw new NotFiniteError(`step ${this.steps + 1}: the loss is ${total}: lower the rates`);
    this.steps++;
    for (const { name } of this.specs) {
      this.parameters.set(name, valueOf(NAMES.newParameter(name)));
      const memories = this.memories.get(name)!;
      this.memories.set(
        name,
        memories.map((_, i) => valueOf(NAMES.newMemory(name, i))),
      );
    }
    for (const [name, running] of this.statistics) {
      const fresh = valueOf(NAMES.statistic(name));
      for (let i = 0; i < fresh.length; i++) running[i] += STATISTICS_RATE * (fresh[i] - running[i]);
    }
    const losses = LOSSES.map(name => [name, valueOf(NAMES.loss(name))[0]]);
    return {
      losses: Object.fromEntries(losses) as Record<LossName, number>,
      total,
      deadUnits: valueOf(NAMES.deadUnits)[0],
    };
  }

  async readState(): Promise<TrainingState> {
    const { steps, parameters, statistics, memories } = this;
    return { steps, parameters, statistics, memories };
  }

  async readWeights(): Promise<TrainingWeights> {
    const { parameters, statistics } = this;
    return { parameters, statistics };
  }

  async writeState({ steps, parameters, statistics, memories }: Partial<TrainingState>): Promise<void> {
    this.steps = steps ?? this.steps;
    for (const [name, values] of parameters ?? []) replace(this.parameters, name, values);
    for (const [name, values] of statistics ?? []) replace(this.statistics, name, values);
    for (const [name, lists] of memories ?? []) {
      const own = this.memories.get(name);
      if (!own || own.length !== lists.length)
        throw new RangeError(
          `"${name}" has ${lists.length} memories of an optimiser, not ${own?.length ?? 0}`,
        );
      this.memories.set(
        name,
        own.map((known, i) => checked(name, known, lists[i]).slice()),
      );
    }
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private makeFeeds(batch: Batch, rates: StepRates): Record<string, OrtTensor> {
    const { positions, planes, specs, steps } = this;
    const [beta1, beta2] = ADAM_BETAS;
    const feeds: Record<string, OrtTensor> = {};
    const feed = (name: string, data: Float32Array, dims: readonly number[]): void => {
      feeds[name] = new OrtTensor('float32', data, [...dims]);
    };
    feed(NAMES.planes, batch.planes, [positions, planes, PLANE_SIDE, PLANE_SIDE]);
    feed(NAMES.komi, batch.komi, [positions]);
    for (const [name, size] of Object.entries(TARGET_SIZES))
      feed(name, batch[name as TargetField], [positions, size]);
    const scalars: [string, number][] = [
      [NAMES.kernelRate, rates.kernels],
      [NAMES.restRate, rates.rest],
      [NAMES.firstCorrection, 1 / (1 - beta1 ** (steps + 1))],
      [NAMES.secondCorrection, 1 / (1 - beta2 ** (steps + 1))],
    ];
    for (const [name, value] of scalars) feed(name, Float32Array.of(value), [1]);
    for (const { name, dims } of specs) {
      feed(name, this.parameters.get(name)!, dims);
      for (const [i, memory] of this.memories.get(name)!.entries()) feed(NAMES.memory(name, i), memory, dims);
    }
    // What the network does not have is no input of the graph.
    return Object.fromEntries(this.session.inputNames.map(name => [name, feeds[name]]));
  }
}

const checked = (name: string, own: Float32Array | undefined, values: Float32Array): Float32Array => {
  if (own?.length !== values.length)
    throw new RangeError(`"${name}" has ${values.length} numbers, not ${own?.length ?? 'any'}`);
  return values;
};

const replace = (all: Map<string, Float32Array>, name: string, values: Float32Array): void => {
  all.set(name, checked(name, all.get(name), values).slice());
};
