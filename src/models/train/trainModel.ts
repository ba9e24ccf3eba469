/**
 * The training loop of the model library: epochs over shuffled examples, measuring after each, and everything needed to stop anywhere and
 * go on as if nothing had happened. Nothing that chance does is remembered: it follows from the seed, the epoch and the step.
 */
import { setImmediate } from 'node:timers/promises';
import { Random } from '../../../engine/random.ts';
import { partByChance, shuffled, type Examples, type Split } from '../data/examples.ts';
import { firstWeights } from '../firstWeights.ts';
import { checkDesign, designOf, type Design } from './design.ts';
import { Learner, dimsOf } from './learner.ts';
import type { TrainModelOptions, TrainOutcome } from './recipe.ts';
import { writeResult } from './result.ts';
import {
  openRunFolder,
  readModelCheckpoint,
  writeModelCheckpoint,
  type EpochRow,
  type Progress,
} from './runFiles.ts';
import { rateAt } from './schedule.ts';
import { predictAll, scoreOf, type Score } from './score.ts';
import { CHANCE, seedFor } from './seeds.ts';

const CHECKPOINT_MINUTES = 5;
const START: Progress = {
  epochs: 0,
  stepsOfEpoch: 0,
  steps: 0,
  loss: 0,
  wrong: 0,
  seconds: 0,
  rows: [],
  chosenEpoch: 0,
};

/**
 * Trains on TensorFlow.js's current backend (tfBackend.ts starts one).
 * @throws TrainError if the folder holds another run, DivergedError if the loss becomes no number, SpecError if the network is no
 * classifier, RangeError if examples and network do not fit
 */
export const trainModel = async (options: TrainModelOptions): Promise<TrainOutcome> => {
  const { folder } = options;
  if (folder !== undefined) await openRunFolder(folder, options.resume ?? false);
  const run = await ModelRun.open(options);
  try {
    return await run.go();
  } finally {
    run.close();
  }
};

class ModelRun {
  private readonly options: TrainModelOptions;
  private readonly design: Design;
  private readonly split: Split;
  private readonly learner: Learner;
  private progress: Progress;
  private chosen: ReadonlyMap<string, Float32Array>;

  private constructor(
    options: TrainModelOptions,
    split: Split,
    learner: Learner,
    progress: Progress,
    chosen: ReadonlyMap<string, Float32Array>,
  ) {
    this.options = options;
    this.design = designOf(options);
    this.split = split;
    this.learner = learner;
    this.progress = progress;
    this.chosen = chosen;
  }

  static async open(options: TrainModelOptions): Promise<ModelRun> {
    const { spec, recipe, seed, folder } = options;
    const split = withDev(options);
    const from = folder === undefined ? undefined : await readModelCheckpoint(folder);
    if (from) checkDesign(folder!, from.design, designOf(options));
    const learner = new Learner(spec, from?.weights ?? options.weights ?? firstWeights(spec, seed), recipe);
    try {
      for (const examples of [split.train, split.dev, split.test]) checkExamples(learner, examples);
      if (from) learner.resume(from.progress.steps, from.memories);
      return new ModelRun(options, split, learner, from?.progress ?? START, from?.chosen ?? new Map());
    } catch (error) {
      learner.close();
      throw error;
    }
  }

  async go(): Promise<TrainOutcome> {
    const { recipe, signal, folder, onEpoch } = this.options;
    while (this.progress.epochs < recipe.epochs) {
      if (!(await this.learnEpoch())) {
        await this.writeCheckpoint();
        return this.outcome(false);
      }
      let row: EpochRow;
      try {
        row = await this.measureEpoch();
      } catch (error) {
        if (!signal?.aborted) throw error;
        await this.writeCheckpoint();
        return this.outcome(false);
      }
      onEpoch?.(row);
      await this.writeCheckpoint();
    }
    const outcome = await this.outcome(true);
    if (folder !== undefined) {
      const { spec, metadata } = this.options;
      await writeResult(folder, spec, this.design, outcome, metadata);
    }
    return outcome;
  }

  close(): void {
    this.learner.close();
  }

  /** The steps that are left of the epoch. @returns false if it was stopped */
  private async learnEpoch(): Promise<boolean> {
    const { recipe, seed, signal, onStep, checkpointMinutes = CHECKPOINT_MINUTES } = this.options;
    const { train } = this.split;
    const epoch = this.progress.epochs;
    const order = shuffled(train.count, new Random(seedFor(seed, CHANCE.order, epoch)));
    const steps = Math.ceil(train.count / recipe.batch);
    let savedMs = performance.now();
    for (let step = this.progress.stepsOfEpoch; step < steps; step++) {
      // A step of WebAssembly never lets go of the thread; signals and lines of progress need it.
      await setImmediate();
      if (signal?.aborted) return false;
      const startMs = performance.now();
      const indices = order.slice(step * recipe.batch, (step + 1) * recipe.batch);
      const { loss, wrong } = await this.learner.step(
        this.drawExamples(indices),
        indices.map(index => train.labels[index]),
        this.rateOf(step),
        seedFor(seed, CHANCE.layers, this.progress.steps),
      );
      const before = this.progress;
      this.progress = {
        ...before,
        stepsOfEpoch: step + 1,
        steps: before.steps + 1,
        loss: before.loss + loss * indices.length,
        wrong: before.wrong + wrong,
        seconds: before.seconds + (performance.now() - startMs) / 1000,
      };
      const seen = Math.min(train.count, (step + 1) * recipe.batch);
      onStep?.({
        epoch: epoch + 1,
        epochs: recipe.epochs,
        done: epoch * train.count + seen,
        total: recipe.epochs * train.count,
        loss: this.progress.loss / seen,
      });
      if (performance.now() - savedMs > checkpointMinutes * 60_000) {
        await this.writeCheckpoint();
        savedMs = performance.now();
      }
    }
    return true;
  }

  /** What the epoch's end shows, and whether its weights are kept. */
  private async measureEpoch(): Promise<EpochRow> {
    const { recipe, signal } = this.options;
    const { train, dev, test } = this.split;
    const { epochs, loss, wrong, seconds, rows, chosenEpoch, stepsOfEpoch } = this.progress;
    const devScore = dev && (await this.measure(dev, signal));
    const row: EpochRow = {
      epoch: epochs + 1,
      rate: this.rateOf(stepsOfEpoch - 1),
      loss: loss / train.count,
      trainError: wrong / train.count,
      ...(devScore ? { dev: devScore } : {}),
      test: await this.measure(test, signal),
      seconds,
      examplesPerSecond: train.count / seconds,
    };
    const best = rows.find(({ epoch }) => epoch === chosenEpoch)?.dev;
    const isChosen = devScore !== undefined && !(best && best.accuracy > devScore.accuracy);
    if (isChosen && epochs + 1 < recipe.epochs) this.chosen = await this.learner.readWeights();
    this.progress = {
      ...START,
      epochs: epochs + 1,
      steps: this.progress.steps,
      rows: [...rows, row],
      chosenEpoch: isChosen ? row.epoch : chosenEpoch,
    };
    return row;
  }

  private async measure(examples: Examples, signal: AbortSignal | undefined): Promise<Score> {
    const chances = await predictAll(this.learner, examples, signal);
    return scoreOf(chances, examples.labels, this.learner.classes);
  }

  private drawExamples(indices: readonly number[]): Float32Array {
    const { train } = this.split;
    const size = train.shape.reduce((product, dim) => product * dim, 1);
    const values = new Float32Array(indices.length * size);
    for (const [i, index] of indices.entries()) {
      const seed = seedFor(this.options.seed, CHANCE.example, this.progress.epochs, index);
      train.write(index, values, i * size, new Random(seed));
    }
    return values;
  }

  private rateOf(step: number): number {
    const { recipe } = this.options;
    const steps = Math.ceil(this.split.train.count / recipe.batch);
    return rateAt(recipe.schedule, this.progress.epochs + step / steps, recipe.epochs);
  }

  private async outcome(isFinished: boolean): Promise<TrainOutcome> {
    const { rows, chosenEpoch } = this.progress;
    const last = rows.at(-1);
    const epoch = chosenEpoch || (last?.epoch ?? 0);
    const isLast = epoch === last?.epoch;
    const row = rows.find(({ epoch: of }) => of === epoch);
    return {
      isFinished,
      rows,
      chosenEpoch: epoch,
      weights: isLast || this.chosen.size === 0 ? await this.learner.readWeights() : this.chosen,
      ...(row?.dev ? { dev: row.dev } : {}),
      ...(row?.test ? { test: row.test } : {}),
    };
  }

  private async writeCheckpoint(): Promise<void> {
    const { folder, spec } = this.options;
    if (folder === undefined) return;
    const [weights, memories] = [await this.learner.readWeights(), await this.learner.readMemories()];
    const { design, progress, chosen } = this;
    await writeModelCheckpoint(folder, { design, progress, weights, chosen, memories }, dimsOf(spec));
  }
}

const withDev = ({ split, recipe, seed }: TrainModelOptions): Split => {
  if (split.dev || !recipe.devShare) return split;
  const random = new Random(seedFor(seed, CHANCE.dev));
  const [dev, train] = partByChance(split.train, recipe.devShare, random);
  return { train, dev, test: split.test };
};

const checkExamples = (learner: Learner, examples: Examples | undefined): void => {
  if (!examples) return;
  if (examples.count === 0) throw new RangeError('there are no examples');
  const [wanted, given] = [learner.inputShape, examples.shape].map(shape => shape.join(', '));
  if (wanted !== given) throw new RangeError(`the network takes [${wanted}], the examples are [${given}]`);
  if (examples.classes.length !== learner.classes)
    throw new RangeError(
      `the network has ${learner.classes} classes, the examples ${examples.classes.length}: ${examples.classes.join(', ')}`,
    );
};
