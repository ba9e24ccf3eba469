/**
 * A classifier that learns: a network as a TensorFlow.js model, its losses, and what its optimiser remembers. models.fit of TensorFlow.js
 * ignores constraints and the weights of losses, and cannot go on where it was cut off; so the step stands here.
 */
import {
  add,
  keep,
  mul,
  softmax,
  tensor2d,
  tidy,
  variableGrads,
  zeros,
  zerosLike,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Weights } from '../fold.ts';
import { seedLayers } from '../layerRandom.ts';
import { SpecError, nodesByName, parameterSpecs, storedSpecs, type NetworkSpec } from '../spec.ts';
import {
  buildTfModel,
  makeTfInputs,
  makeTfTensor,
  readTfNumbers,
  tfParameters,
  type TfParameter,
} from '../tfModel.ts';
import { checkConstraints, constrain, type Constraint } from './constraints.ts';
import { logitsOf, lossOf, type LossOptions } from './losses.ts';
import { countWrong } from './score.ts';
import { MEMORIES, update, type OptimizerOptions } from './optimizers.ts';

export interface LearnerOptions {
  readonly optimizer: OptimizerOptions;
  readonly loss: LossOptions;
  /** What the losses of further outputs count for; they are trained on the same classes (GoogLeNet: 0.3 each). */
  readonly auxiliary?: Readonly<Record<string, number>>;
  readonly constraints?: readonly Constraint[];
}

/** What a step showed. */
export interface StepFigures {
  /** Mean over the batch, of all outputs by their weights. */
  readonly loss: number;
  /** Examples whose class the main output got wrong. */
  readonly wrong: number;
}

/** What the optimiser remembers, by parameter, in the specification's layout. */
export type Memories = ReadonlyMap<string, readonly Float32Array[]>;

/** A loss that is no number: the rate is too high, or the data are damaged. */
export class DivergedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DivergedError';
  }
}

interface Learned extends TfParameter {
  readonly decays: boolean;
  readonly constraints: readonly Constraint[];
  memories: readonly Tensor[];
}

/** On TensorFlow.js's current backend. */
export class Learner {
  /** Its main output is the first of the specification; how many classes that has. */
  readonly classes: number;
  readonly inputShape: readonly number[];
  private readonly spec: NetworkSpec;
  private readonly options: LearnerOptions;
  private readonly model: LayersModel;
  private readonly learned: readonly Learned[];
  private readonly stored: readonly TfParameter[];
  private readonly input: string;
  /** Logits or distances: places among the model's outputs, the main one first, and what each counts. */
  private readonly graded: readonly { readonly at: number; readonly weight: number }[];
  private steps = 0;

  /**
   * @param weights where learning begins
   * @throws SpecError if the network is no classifier with one input, RangeError if a weight or a constrained parameter is missing
   */
  constructor(spec: NetworkSpec, weights: Weights, options: LearnerOptions) {
    this.spec = spec;
    this.options = options;
    const inputs = spec.nodes.filter(({ layer }) => layer.type === 'input');
    if (inputs.length !== 1)
      throw new SpecError(
        `a classifier has one input, not ${inputs.length}: ${inputs.map(({ name }) => name).join(', ')}`,
      );
    this.input = inputs[0].name;
    this.inputShape = inputs[0].shape;
    const outputs = gradedOutputs(spec, options.auxiliary ?? {});
    const shown = Object.values(spec.outputs);
    // A layer may be an output of a model but once.
    const extra = outputs.map(({ layer }) => layer).filter(layer => !shown.includes(layer));
    this.graded = outputs.map(({ layer, weight }) => ({ at: [...shown, ...extra].indexOf(layer), weight }));
    this.classes = nodesByName(spec).get(outputs[0].layer)!.shape[0];
    this.model = buildTfModel(spec, weights, extra);
    const kinds = new Map(parameterSpecs(spec).map(({ name, kind }) => [name, kind]));
    this.stored = tfParameters(this.model, spec);
    const constraints = options.constraints ?? [];
    this.learned = this.stored
      .filter(({ name }) => kinds.has(name))
      .map(parameter => ({
        ...parameter,
        decays: kinds.get(parameter.name) === 'kernel' || kinds.get(parameter.name) === 'weight',
        constraints: constraints.filter(constraint => constraint.parameter === parameter.name),
        memories: Array.from({ length: MEMORIES[options.optimizer.method] }, () =>
          zeros(parameter.variable.shape as number[]),
        ),
      }));
    checkConstraints(constraints, this.learned);
  }

  /**
   * Learns from a batch.
   * @param values of the examples, one behind the other @param labels their classes
   * @param seed of what chance does in layers
   * @throws DivergedError if the loss is no number; the learner is then of no further use
   */
  async step(
    values: Float32Array,
    labels: readonly number[],
    rate: number,
    seed: number,
  ): Promise<StepFigures> {
    seedLayers(seed);
    const { total, logits, gradients } = this.differentiate(values, labels);
    this.apply(gradients, rate);
    const [[loss], outputs] = await Promise.all([total.data(), logits.data()]);
    total.dispose();
    logits.dispose();
    if (!Number.isFinite(loss))
      throw new DivergedError(`step ${this.steps}: the loss is ${loss}: begin with a lower rate`);
    return { loss, wrong: countWrong(outputs as Float32Array, labels, this.classes) };
  }

  /** Chances of each class, shape [n, classes]. */
  async predict(values: Float32Array, count: number): Promise<Float32Array> {
    const chances = tidy(() => {
      const outputs = this.run(values, count, false);
      return softmax(logitsOf(this.options.loss, outputs[this.graded[0].at] as Tensor2D));
    });
    const numbers = (await chances.data()) as Float32Array;
    chances.dispose();
    return numbers;
  }

  /** Parameters, running statistics and what is given, by name. */
  async readWeights(): Promise<Map<string, Float32Array>> {
    const numbers = await Promise.all(
      this.stored.map(parameter => readTfNumbers(parameter.variable.read(), parameter)),
    );
    return new Map(this.stored.map(({ name }, i) => [name, numbers[i]]));
  }

  async readMemories(): Promise<Memories> {
    const entries = this.learned.map(async parameter => {
      const numbers = parameter.memories.map(memory => readTfNumbers(memory, parameter));
      return [parameter.name, await Promise.all(numbers)] as const;
    });
    return new Map(await Promise.all(entries));
  }

  /**
   * Goes on after so many steps; the weights are those that it was made with.
   * @throws RangeError naming a parameter of which too little or too much is remembered
   */
  resume(steps: number, memories: Memories): void {
    for (const parameter of this.learned) {
      const values = memories.get(parameter.name) ?? [];
      if (values.length !== parameter.memories.length)
        throw new RangeError(
          `"${parameter.name}" has ${values.length} memories; ${this.options.optimizer.method} keeps ${parameter.memories.length}`,
        );
      remember(
        parameter,
        values.map(numbers => makeTfTensor(parameter, numbers)),
      );
    }
    this.steps = steps;
  }

  close(): void {
    this.model.dispose();
    for (const parameter of this.learned) remember(parameter, []);
  }

  private run(values: Float32Array, count: number, training: boolean): Tensor[] {
    const inputs = makeTfInputs(this.spec, { [this.input]: values }, count);
    return [this.model.apply(inputs, { training })].flat() as Tensor[];
  }

  /** Forward and backward. @returns the loss, the main output's logits, gradients by variable */
  private differentiate(
    values: Float32Array,
    labels: readonly number[],
  ): { total: Scalar; logits: Tensor2D; gradients: NamedTensorMap } {
    const { loss } = this.options;
    const variables = this.learned.map(({ variable }) => variable.read() as Variable);
    let logits: Tensor2D | undefined;
    const { value, grads } = variableGrads(() => {
      const outputs = this.run(values, labels.length, true);
      const wanted = tensor2d(oneHot(labels, this.classes), [labels.length, this.classes]);
      logits = keep(logitsOf(loss, outputs[this.graded[0].at] as Tensor2D).clone());
      const losses = this.graded.map(({ at, weight }) =>
        mul<Scalar>(lossOf(loss, outputs[at] as Tensor2D, wanted), weight),
      );
      return losses.reduce((a, b) => add(a, b));
    }, variables);
    return { total: value, logits: logits!, gradients: grads };
  }

  /** Takes the step and disposes the gradients. */
  private apply(gradients: NamedTensorMap, rate: number): void {
    this.steps++;
    for (const parameter of this.learned) {
      const { variable, memories, decays, constraints } = parameter;
      const [next, ...fresh] = tidy(() => {
        const before = variable.read();
        const gradient = gradients[(before as Variable).name] ?? zerosLike(before);
        const after = update(this.options.optimizer, before, gradient, memories, rate, this.steps, decays);
        const kept = constraints.reduce((value, constraint) => constrain(constraint, value), after.parameter);
        return [kept, ...after.memories];
      });
      variable.write(next);
      next.dispose();
      remember(parameter, fresh);
    }
    for (const gradient of Object.values(gradients)) gradient.dispose();
  }
}

/** Rows of zeros with a 1 at the class. */
const oneHot = (labels: readonly number[], classes: number): Float32Array => {
  const rows = new Float32Array(labels.length * classes);
  for (const [i, label] of labels.entries()) rows[i * classes + label] = 1;
  return rows;
};

const remember = (parameter: Learned, memories: readonly Tensor[]): void => {
  for (const memory of parameter.memories) memory.dispose();
  parameter.memories = memories;
};

/**
 * The outputs that are learned by, as layers: the first of the specification, then those that count besides. A softmax at the end is
 * left out: losses take logits.
 * @throws SpecError if an output is not there or has not the classes of the first
 */
const gradedOutputs = (
  spec: NetworkSpec,
  auxiliary: Readonly<Record<string, number>>,
): { readonly layer: string; readonly weight: number }[] => {
  const byName = nodesByName(spec);
  const [main] = Object.keys(spec.outputs);
  return [[main, 1] as const, ...Object.entries(auxiliary)].map(([output, weight]) => {
    const layer = spec.outputs[output];
    if (layer === undefined)
      throw new SpecError(`there is no output "${output}": ${Object.keys(spec.outputs).join(', ')}`);
    const node = byName.get(layer)!;
    const { shape } = node;
    if (shape.length !== 1 || shape[0] !== byName.get(spec.outputs[main])!.shape[0])
      throw new SpecError(`the output "${output}" is [${shape.join(', ')}], not one number a class`);
    return { layer: node.layer.type === 'softmax' ? node.inputs[0] : layer, weight };
  });
};

/** Shapes of all that {@link Learner.readWeights} gives. */
export const dimsOf = (spec: NetworkSpec): ReadonlyMap<string, readonly number[]> =>
  new Map(storedSpecs(spec).map(({ name, dims }) => [name, dims]));
