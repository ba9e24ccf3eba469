/**
 * A training run: batches from the feeder through an engine, rates by schedule, the mean of the weights, a log, and checkpoints that
 * a run goes on from as if it had never stopped. It knows neither what the engine runs on nor the command line.
 */
import { WeightAverage } from './average.ts';
import type { Batch } from './batch.ts';
import { writeCheckpoint, type Checkpoint, type RunProgress, type RunSettings } from './checkpoint.ts';
import { NotFiniteError, type StepRates, type TrainingEngine } from './engine.ts';
import type { RunLog, TrainingRow } from './runLog.ts';
import { progressOf, rateFactor, type Budget, type Schedule } from './schedule.ts';
import { Window } from './window.ts';

/** Where batches come from, in order. */
export interface BatchSource {
  next(): Promise<Batch>;
  giveBack(batch: Batch): void;
}

export interface TrainerOptions {
  readonly engine: TrainingEngine;
  /** Its first batch has to be the one after the checkpoint's positions. */
  readonly source: BatchSource;
  readonly rates: StepRates;
  readonly schedule: Schedule;
  readonly budget: Budget;
  /** Steps that the mean of the weights looks back. */
  readonly averageHorizon: number;
  /** Steps between two lines of the log. */
  readonly logSteps: number;
  readonly checkpointPath: string;
  readonly checkpointMinutes: number;
  /** Minutes between two validations. */
  readonly validateMinutes: number;
  readonly settings: RunSettings;
  readonly dims: ReadonlyMap<string, readonly number[]>;
  readonly log: RunLog;
  /** ReLU units of the value head; 0 if it has none. */
  readonly hiddenUnits: number;
  /** Where to go on. */
  readonly from?: Checkpoint;
  /** Stops the run after the step it is in. */
  readonly signal?: AbortSignal;
  readonly onRow?: (row: TrainingRow) => void;
  readonly onWarning?: (message: string) => void;
  /** Looks how well the mean of the weights does; its figures go into the log. */
  readonly validate?: (
    average: ReadonlyMap<string, Float32Array>,
    signal: AbortSignal | undefined,
  ) => Promise<Record<string, number>>;
  /** Milliseconds; the clock of the process by default. */
  readonly now?: () => number;
}

export interface TrainingOutcome {
  readonly progress: RunProgress;
  /** Mean of parameters and statistics. */
  readonly average: ReadonlyMap<string, Float32Array>;
  /** Whether the budget was used up, not the run stopped. */
  readonly isFinished: boolean;
}

/** Steps in a row, and between two lines of the log, whose loss was no number, before a run gives up. */
const MOST_SKIPPED_IN_A_ROW = 5;
const MOST_SKIPPED = 20;
/** A step that seems to take longer was not at work: the process or the machine was stopped meanwhile. */
const LONGEST_STEP_MS = 120_000;
/** A head is given this many steps before it has to do better than a constant by this much. */
const EARLY_STEPS = 1000;
const BETTER = 0.98;
/** Share of the value head's units that may be 0 for whole batches: some are for rare positions. */
const MOST_DEAD = 0.5;
const MINUTE_MS = 60_000;

const FRESH: RunProgress = {
  steps: 0,
  positions: 0,
  minutes: 0,
  warmSteps: 0,
  begun: { positions: 0, minutes: 0 },
  skipped: 0,
  validatedMinutes: 0,
};

/**
 * Runs until the budget is used up or the signal says so, then writes a last checkpoint.
 * @throws NotFiniteError if too many steps give no number; the checkpoint before stays
 */
export const train = async (options: TrainerOptions): Promise<TrainingOutcome> => new Run(options).run();

class Run {
  private readonly options: TrainerOptions;
  private readonly now: () => number;
  private readonly average: WeightAverage;
  private progress: RunProgress;
  private window = new Window();
  private windowStart: Pick<RunProgress, 'positions' | 'minutes' | 'skipped'>;
  private skippedInARow = 0;
  private savedMinutes: number;
  private readonly warned = new Set<string>();

  constructor(options: TrainerOptions) {
    const { from, averageHorizon, now = () => performance.now() } = options;
    this.options = options;
    this.now = now;
    this.average = new WeightAverage(averageHorizon, from?.average, from?.averagedSteps);
    this.progress = { ...FRESH, ...from?.progress };
    this.windowStart = this.progress;
    this.savedMinutes = this.progress.minutes;
  }

  async run(): Promise<TrainingOutcome> {
    let last = this.now();
    while (this.used < 1 && !this.isStopped) {
      await this.step();
      const now = this.now();
      const minutes = this.progress.minutes + Math.min(now - last, LONGEST_STEP_MS) / MINUTE_MS;
      last = now;
      this.progress = { ...this.progress, minutes };
      await this.report();
      if (minutes - this.savedMinutes >= this.options.checkpointMinutes) await this.save();
      if (minutes - this.progress.validatedMinutes >= this.options.validateMinutes) {
        await this.save();
        await this.validate();
        last = this.now();
      }
    }
    await this.save();
    if (this.used >= 1) await this.validate();
    return { progress: this.progress, average: this.average.values, isFinished: this.used >= 1 };
  }

  private get used(): number {
    const { positions, minutes, begun } = this.progress;
    return progressOf(this.options.budget, minutes - begun.minutes, positions - begun.positions);
  }

  private get isStopped(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  private get rate(): number {
    return rateFactor(this.options.schedule, this.progress.warmSteps, this.used);
  }

  private async step(): Promise<void> {
    const { engine, source, rates } = this.options;
    const batch = await source.next();
    const { rate } = this;
    try {
      const result = await engine.step(batch, { kernels: rates.kernels * rate, rest: rates.rest * rate });
      this.window.add(batch, result);
      const { parameters, statistics } = await engine.readWeights();
      this.average.add(parameters, statistics);
      this.skippedInARow = 0;
      this.advance({ steps: 1, skipped: 0 });
    } catch (error) {
      if (!(error instanceof NotFiniteError)) throw error;
      this.options.onWarning?.(`${error.message}; the batch is skipped`);
      this.skippedInARow++;
      this.advance({ steps: 0, skipped: 1 });
      const lately = this.progress.skipped - this.windowStart.skipped;
      if (this.skippedInARow >= MOST_SKIPPED_IN_A_ROW || lately >= MOST_SKIPPED)
        throw new NotFiniteError(
          `${lately} steps gave no number, ${this.skippedInARow} of them in a row: lower the rates (kernels ${rates.kernels}, rest ${rates.rest})`,
        );
    } finally {
      source.giveBack(batch);
    }
  }

  private advance({ steps, skipped }: { readonly steps: number; readonly skipped: number }): void {
    const { progress } = this;
    this.progress = {
      ...progress,
      steps: progress.steps + steps,
      warmSteps: progress.warmSteps + steps,
      positions: progress.positions + this.options.engine.positions,
      skipped: progress.skipped + skipped,
    };
  }

  /** A line of the log when its steps are full. */
  private async report(): Promise<void> {
    const { steps, positions, minutes, skipped } = this.progress;
    const { log, logSteps, onRow } = this.options;
    if (steps % logSteps !== 0 || positions === this.windowStart.positions) return;
    const summary = this.window.summary();
    if (summary.steps === 0) return;
    const elapsed = minutes - this.windowStart.minutes;
    const row: TrainingRow = {
      kind: 'training',
      time: new Date().toISOString(),
      steps,
      positions,
      minutes,
      positionsPerSecond: (positions - this.windowStart.positions) / (60 * elapsed),
      used: this.used,
      rate: this.rate,
      total: summary.total,
      losses: summary.losses,
      constants: summary.constants,
      deadUnits: summary.deadUnits,
      skipped,
    };
    this.window = new Window();
    this.windowStart = this.progress;
    await log.add(row);
    onRow?.(row);
    this.warnOf(row);
  }

  private warnOf({ steps, losses, constants, deadUnits }: TrainingRow): void {
    if (steps < EARLY_STEPS) return;
    for (const [name, loss] of Object.entries(losses)) {
      const constant = constants[name as keyof typeof constants]!;
      if (loss <= BETTER * constant) continue;
      this.warnOnce(
        name,
        `after ${steps} steps the ${name} head does no better than a constant: it loses ${loss.toFixed(4)}, a constant ${constant.toFixed(4)}`,
      );
    }
    const { hiddenUnits } = this.options;
    if (deadUnits > MOST_DEAD * hiddenUnits)
      this.warnOnce(
        'dead',
        `after ${steps} steps ${deadUnits} of the ${hiddenUnits} units of the value head are 0 for every position`,
      );
  }

  private warnOnce(what: string, message: string): void {
    if (this.warned.has(what)) return;
    this.warned.add(what);
    this.options.onWarning?.(message);
  }

  private async save(): Promise<void> {
    const { engine, checkpointPath, settings, dims } = this.options;
    this.savedMinutes = this.progress.minutes;
    const state = await engine.readState();
    const { progress, average } = this;
    for (const [name, values] of [...state.parameters, ...average.values])
      if (!values.every(Number.isFinite))
        throw new NotFiniteError(
          `step ${progress.steps}: "${name}" is no number any more: go on from the checkpoint before with lower rates`,
        );
    const checkpoint = { settings, progress, state, average: average.values, averagedSteps: average.count };
    await writeCheckpoint(checkpointPath, checkpoint, dims);
  }

  private async validate(): Promise<void> {
    const { validate, log } = this.options;
    const { steps, positions, minutes } = this.progress;
    this.progress = { ...this.progress, validatedMinutes: minutes };
    if (!validate || this.average.count === 0) return;
    try {
      const figures = await validate(this.average.values, this.options.signal);
      if (!this.isStopped)
        await log.add({
          kind: 'validation',
          time: new Date().toISOString(),
          steps,
          positions,
          minutes,
          figures,
        });
    } catch (error) {
      this.options.onWarning?.(`the validation failed, the run goes on: ${(error as Error).message}`);
    }
  }
}
