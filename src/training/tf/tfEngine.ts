/**
 * Training on TensorFlow.js: the network as a model (src/models/tfModel.ts) in training mode, its gradients, the optimisers. For GPUs
 * and for comparisons; on a CPU the ONNX Runtime engine is several times faster.
 */
import {
  add,
  keep,
  max,
  mul,
  scalar,
  stack,
  step,
  sub,
  sum,
  tidy,
  variableGrads,
  zeros,
  zerosLike,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { firstWeights } from '../../models/firstWeights.ts';
import {
  hiddenReluLayers,
  parameterSpecs,
  rawValueOf,
  type NetworkSpec,
  type ParameterKind,
} from '../../models/spec.ts';
import {
  ACCELERATORS,
  TfBackendError,
  startTfBackend,
  type TfBackend,
  type TfBackendName,
  type TfBackendOptions,
} from '../../models/tfBackend.ts';
import {
  buildTfModel,
  makeTfInputs,
  makeTfTensor,
  readTfNumbers,
  tfParameters,
  writeTfParameter,
  type TfParameter,
} from '../../models/tfModel.ts';
import type { Batch } from '../batch.ts';
import {
  EngineError,
  LOSSES,
  NotFiniteError,
  type LossName,
  type StepRates,
  type StepResult,
  type TrainingEngine,
  type TrainingState,
  type TrainingWeights,
} from '../engine.ts';
import type { EngineOptions, Method } from '../engines.ts';
import { MEMORIES } from '../optimizerConstants.ts';
import { checkAgreement } from './agreement.ts';
import { computeLosses, makeTargets } from './losses.ts';
import { update } from './optimizer.ts';

/** A parameter that is learned, how, and what its method remembers. */
interface Learned extends TfParameter {
  readonly isKernel: boolean;
  readonly method: Method;
  memories: readonly Tensor[];
}

/** Positions of the batch that an accelerator is checked with: WebAssembly may have neither time nor memory for a run's own. */
const PROBE_POSITIONS = 8;

export type TfEngineOptions = Omit<EngineOptions, 'threads'> & TfBackendOptions;

export class TfEngine implements TrainingEngine {
  readonly name: string;
  readonly positions: number;
  private readonly backend: TfBackend;
  private readonly spec: NetworkSpec;
  private readonly options: TfEngineOptions;
  private readonly model: LayersModel;
  private readonly learned: readonly Learned[];
  private readonly statistics: readonly TfParameter[];
  private steps = 0;

  private constructor(backend: TfBackend, spec: NetworkSpec, options: TfEngineOptions) {
    this.backend = backend;
    this.name = `TensorFlow.js, ${backend.description}`;
    this.positions = options.positions;
    this.spec = spec;
    this.options = options;
    this.model = buildTfModel(spec, firstWeights(spec, 1), extraLayers(spec));
    const kinds = new Map(parameterSpecs(spec).map(({ name, kind }) => [name, kind]));
    const parameters = tfParameters(this.model, spec);
    this.learned = parameters
      .filter(({ name }) => kinds.has(name))
      .map(parameter => learn(parameter, kinds.get(parameter.name)!, options));
    this.statistics = parameters.filter(({ name }) => !kinds.has(name));
  }

  /**
   * A network that has learned nothing. An accelerator has to agree with WebAssembly first, which takes as long as
   * WebAssembly needs for two steps of at most 8 positions.
   * @throws EngineError if the backend does not start, or if an accelerator computes something else
   */
  static async create(name: TfBackendName, spec: NetworkSpec, options: TfEngineOptions): Promise<TfEngine> {
    const open = async (backend: TfBackendName, changes: Partial<TfEngineOptions> = {}): Promise<TfEngine> =>
      new TfEngine(await startBackend(backend, options), spec, { ...options, ...changes });
    if (!ACCELERATORS.includes(name)) return open(name);
    const small = { positions: Math.min(PROBE_POSITIONS, options.positions) };
    const [tried, reference] = [await open(name, small), await open('wasm', small)];
    try {
      await checkAgreement(tried, reference, spec);
    } finally {
      await tried.close();
      await reference.close();
    }
    return open(name);
  }

  async step(batch: Batch, rates: StepRates): Promise<StepResult> {
    await this.backend.use();
    const before = this.statistics.map(({ variable }) => variable.read().clone());
    const { figures, gradients } = this.differentiate(batch);
    // Queued before the loss is read, so that a GPU does not wait in between.
    const updated = this.update(gradients, rates);
    const values = await figures.data();
    figures.dispose();
    const fault = this.backend.takeFault();
    const [total, deadUnits] = values;
    if (fault === undefined && Number.isFinite(total)) this.accept(updated);
    else this.reject(updated, before);
    for (const tensorBefore of before) tensorBefore.dispose();
    if (fault !== undefined) throw new Error(`${this.name} failed in step ${this.steps + 1}: ${fault}`);
    if (!Number.isFinite(total))
      throw new NotFiniteError(`step ${this.steps + 1}: the loss is ${total}: lower the rates`);
    this.steps++;
    const losses = Object.fromEntries(LOSSES.map((loss, i) => [loss, values[2 + i]])) as Record<
      LossName,
      number
    >;
    return { losses, total, deadUnits };
  }

  async readState(): Promise<TrainingState> {
    const { parameters, statistics } = await this.readWeights();
    const memories = new Map<string, readonly Float32Array[]>();
    for (const parameter of this.learned) {
      const read = parameter.memories.map(memory => readTfNumbers(memory, parameter));
      memories.set(parameter.name, await Promise.all(read));
    }
    return { steps: this.steps, parameters, statistics, memories };
  }

  async readWeights(): Promise<TrainingWeights> {
    await this.backend.use();
    const [parameters, statistics] = await Promise.all([readAll(this.learned), readAll(this.statistics)]);
    return { parameters, statistics };
  }

  async writeState({ steps, parameters, statistics, memories }: Partial<TrainingState>): Promise<void> {
    await this.backend.use();
    for (const parameter of [...this.learned, ...this.statistics]) {
      const values = parameters?.get(parameter.name) ?? statistics?.get(parameter.name);
      if (values) writeTfParameter(parameter, values);
    }
    for (const parameter of this.learned) {
      const values = memories?.get(parameter.name);
      if (!values) continue;
      const count = MEMORIES[parameter.method];
      if (values.length !== count)
        throw new RangeError(
          `"${parameter.name}" has ${values.length} memories; ${parameter.method} keeps ${count}`,
        );
      const made = values.map(memory => makeTfTensor(parameter, memory));
      this.remember(parameter, made);
    }
    if (steps !== undefined) this.steps = steps;
  }

  async close(): Promise<void> {
    await this.backend.use();
    this.model.dispose();
    for (const parameter of this.learned) this.remember(parameter, []);
  }

  /** Forward and backward. @returns total, dead units and the six losses as one tensor; gradients by variable */
  private differentiate(batch: Batch): { figures: Tensor; gradients: NamedTensorMap } {
    const variables = this.learned.map(({ variable }) => variable.read() as Variable);
    let figures: Tensor | undefined;
    const { value, grads } = variableGrads(() => {
      const { losses, deadUnits } = this.forward(batch);
      const { lossWeights } = this.options;
      const total = LOSSES.map(name => mul(losses[name], lossWeights[name])).reduce((a, b) =>
        add(a, b),
      ) as Scalar;
      figures = keep(stack([total, deadUnits, ...LOSSES.map(name => losses[name])]));
      return total;
    }, variables);
    value.dispose();
    return { figures: figures!, gradients: grads };
  }

  private forward(batch: Batch): { losses: Record<LossName, Scalar>; deadUnits: Scalar } {
    const { spec, positions } = this;
    const given = [
      this.model.apply(makeTfInputs(spec, batch, positions), { training: true }),
    ].flat() as Tensor[];
    const outputs: Record<string, Tensor> = {};
    const names = Object.keys(spec.outputs);
    for (const [i, name] of names.entries()) outputs[name] = given[i];
    const extra = given.slice(names.length);
    if (rawValueOf(spec) !== undefined) outputs['rawValue'] = extra.shift()!;
    const dead = extra.map(units => sum(sub(1, step(max(units, 0)))));
    return {
      losses: computeLosses(outputs, makeTargets(batch, positions)),
      deadUnits: dead.reduce<Scalar>((a, b) => add(a, b), scalar(0)),
    };
  }

  /** New values of every parameter, not yet taken over. Disposes the gradients. */
  private update(gradients: NamedTensorMap, rates: StepRates): (readonly Tensor[])[] {
    const updated = this.learned.map(({ variable, memories, method, isKernel }) =>
      tidy(() => {
        const parameter = variable.read();
        const gradient = gradients[(parameter as Variable).name] ?? zerosLike(parameter);
        const rate = isKernel ? rates.kernels : rates.rest;
        const next = update(method, parameter, gradient, memories, rate, this.steps + 1);
        return [next.parameter, ...next.memories];
      }),
    );
    for (const gradient of Object.values(gradients)) gradient.dispose();
    return updated;
  }

  private accept(updated: readonly (readonly Tensor[])[]): void {
    for (const [i, parameter] of this.learned.entries()) {
      const [next, ...memories] = updated[i];
      parameter.variable.write(next);
      next.dispose();
      this.remember(parameter, memories);
    }
  }

  private reject(updated: readonly (readonly Tensor[])[], statistics: readonly Tensor[]): void {
    for (const tensors of updated) for (const made of tensors) made.dispose();
    for (const [i, { variable }] of this.statistics.entries()) variable.write(statistics[i]);
  }

  private remember(parameter: Learned, memories: readonly Tensor[]): void {
    for (const memory of parameter.memories) memory.dispose();
    parameter.memories = memories;
  }
}

/** Numbers by name. All are asked for before the first has come, so that a GPU's queue is waited for once. */
const readAll = async (parameters: readonly TfParameter[]): Promise<Map<string, Float32Array>> => {
  const numbers = await Promise.all(
    parameters.map(parameter => readTfNumbers(parameter.variable.read(), parameter)),
  );
  return new Map(parameters.map(({ name }, i) => [name, numbers[i]]));
};

const startBackend = async (name: TfBackendName, options: TfBackendOptions): Promise<TfBackend> => {
  try {
    return await startTfBackend(name, options);
  } catch (error) {
    if (error instanceof TfBackendError) throw new EngineError(error.message, { cause: error });
    throw error;
  }
};

const learn = (parameter: TfParameter, kind: ParameterKind, { methods }: TfEngineOptions): Learned => {
  const isKernel = kind === 'kernel';
  const method = isKernel ? methods.kernels : methods.rest;
  const { shape } = parameter.variable;
  const memories = Array.from({ length: MEMORIES[method] }, () => zeros(shape as number[]));
  return { ...parameter, isKernel, method, memories };
};

/** What a step has to see besides the outputs: the value before its tanh, and the units that could die. */
const extraLayers = (spec: NetworkSpec): string[] => {
  const rawValue = rawValueOf(spec);
  const units = hiddenReluLayers(spec).map(({ name }) => name);
  return [...(rawValue === undefined ? [] : [rawValue]), ...units];
};
