import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeBatch, type Batch } from '../../src/training/batch.ts';
import { CheckpointError, readCheckpoint, writeCheckpoint } from '../../src/training/checkpoint.ts';
import {
  LOSSES,
  NotFiniteError,
  type StepRates,
  type StepResult,
  type TrainingEngine,
  type TrainingState,
  type TrainingWeights,
} from '../../src/training/engine.ts';
import { RunLog, type TrainingRow } from '../../src/training/runLog.ts';
import { train, type TrainerOptions } from '../../src/training/trainer.ts';

const POSITIONS = 4;

/** Walks one parameter towards the komi of each batch, with momentum; a komi that is no number is refused. */
class WalkingEngine implements TrainingEngine {
  readonly name = 'walking';
  readonly positions = POSITIONS;
  readonly rates: number[] = [];
  statesRead = 0;
  private steps = 0;
  private place = Float32Array.of(0, 0);
  private speed = Float32Array.of(0, 0);

  async step(batch: Batch, { kernels }: StepRates): Promise<StepResult> {
    const [goal] = batch.komi;
    if (!Number.isFinite(goal)) throw new NotFiniteError(`step ${this.steps + 1}: the loss is ${goal}`);
    this.steps++;
    this.rates.push(kernels);
    for (let i = 0; i < 2; i++) {
      this.speed[i] = 0.9 * this.speed[i] + goal - this.place[i];
      this.place[i] += kernels * this.speed[i];
    }
    const losses = Object.fromEntries(LOSSES.map(name => [name, name === 'value' ? 0.7 : 0]));
    return { losses: losses as StepResult['losses'], total: 0.7, deadUnits: goal === 3 ? 2 : 0 };
  }

  async readState(): Promise<TrainingState> {
    this.statesRead++;
    return {
      steps: this.steps,
      ...(await this.readWeights()),
      memories: new Map([['place', [this.speed]]]),
    };
  }

  async readWeights(): Promise<TrainingWeights> {
    return {
      parameters: new Map([['place', this.place]]),
      statistics: new Map([['place.running_mean', Float32Array.of(this.steps)]]),
    };
  }

  async writeState({ steps, parameters, memories }: Partial<TrainingState>): Promise<void> {
    this.steps = steps ?? this.steps;
    this.place = parameters?.get('place')?.slice() ?? this.place;
    this.speed = memories?.get('place')?.[0].slice() ?? this.speed;
  }

  async close(): Promise<void> {}
}

/** Batch number k wants to go to (k mod 5) / 10, unless told otherwise. */
const sourceFrom = (
  first: number,
  goals: (k: number) => number = k => (k % 5) / 10,
): TrainerOptions['source'] => {
  let k = first;
  return {
    async next(): Promise<Batch> {
      const batch = makeBatch(48, POSITIONS);
      batch.komi.fill(goals(k++));
      batch.chance.fill(1, 0, 2);
      batch.chanceWeight.fill(1);
      return batch;
    },
    giveBack() {},
  };
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-train-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const optionsFor = (engine: TrainingEngine, changes: Partial<TrainerOptions> = {}): TrainerOptions => ({
  engine,
  source: sourceFrom(0),
  rates: { kernels: 0.1, rest: 0.01 },
  schedule: { warmupSteps: 3, decay: 0.5 },
  budget: { positions: 20 * POSITIONS },
  averageHorizon: 5,
  logSteps: 5,
  checkpointPath: join(folder, 'checkpoint.safetensors'),
  checkpointMinutes: Infinity,
  validateMinutes: Infinity,
  settings: { network: 'walk' },
  dims: new Map([['place', [1, 2]]]),
  log: new RunLog(join(folder, 'log.jsonl')),
  hiddenUnits: 3,
  ...changes,
});

test('the whole state is read for checkpoints only, not for the mean of the weights', async () => {
  const engine = new WalkingEngine();
  const { average } = await train(optionsFor(engine));
  expect(engine.statesRead).toBe(1);
  expect([...average.keys()]).toEqual(['place', 'place.running_mean']);
});

test('a run that was stopped goes on as if it never had been', async () => {
  const unbroken = new WalkingEngine();
  const whole = await train(optionsFor(unbroken, { log: new RunLog(join(folder, 'whole.jsonl')) }));

  const first = new WalkingEngine();
  const stop = new AbortController();
  const half = await train(
    optionsFor(first, { signal: stop.signal, onRow: ({ steps }) => steps === 10 && stop.abort() }),
  );
  expect([half.isFinished, half.progress.steps]).toEqual([false, 10]);

  const from = await readCheckpoint(join(folder, 'checkpoint.safetensors'));
  const second = new WalkingEngine();
  await second.writeState(from.state);
  const log = new RunLog(join(folder, 'log.jsonl'));
  await log.resume(from.progress.positions);
  const rest = await train(
    optionsFor(second, { from, log, source: sourceFrom(from.progress.positions / POSITIONS) }),
  );
  expect(rest.isFinished).toBe(true);
  expect(await second.readState()).toEqual(await unbroken.readState());
  expect(rest.average).toEqual(whole.average);
  expect([...first.rates, ...second.rates]).toEqual(unbroken.rates);
  expect(log.rows.map(({ steps }) => steps)).toEqual([5, 10, 15, 20]);
});

test('what the log has beyond the checkpoint is taken out, and so is a line that was cut off', async () => {
  const path = join(folder, 'log.jsonl');
  const row = (positions: number): string => JSON.stringify({ kind: 'training', positions });
  await writeFile(path, `${row(4)}\n${row(8)}\n${row(12)}\n${row(16).slice(0, 9)}`);
  const log = new RunLog(path);
  await log.resume(8);
  expect(await readFile(path, 'utf8')).toBe(`${row(4)}\n${row(8)}\n`);
  expect(log.rows).toHaveLength(2);
});

test('checkpoints are written every few minutes of training, and time in which the process was stopped is none', async () => {
  let clock = 0;
  const saved: number[] = [];
  const path = join(folder, 'checkpoint.safetensors');
  // A minute a step; before step 7 somebody stops the process for a day.
  const now = (): number => (clock += clock === 7 * 60_000 ? 86_400_000 : 60_000);
  await train(
    optionsFor(new WalkingEngine(), {
      now,
      checkpointMinutes: 3,
      budget: { positions: 10 * POSITIONS },
      logSteps: 1,
      onRow: ({ minutes }) => {
        void readCheckpoint(path).then(
          ({ progress }) => saved.push(progress.steps),
          () => {},
        );
        expect(minutes).toBeLessThan(13);
      },
    }),
  );
  expect((await readCheckpoint(path)).progress.steps).toBe(10);
  expect(new Set(saved).size).toBeGreaterThanOrEqual(2);
});

test('a batch whose loss is no number is skipped and told about; five in a row end the run', async () => {
  const warnings: string[] = [];
  const onWarning = (message: string): number => warnings.push(message);
  const engine = new WalkingEngine();
  const { progress } = await train(
    optionsFor(engine, { onWarning, source: sourceFrom(0, k => (k === 3 ? Number.NaN : 0.5)) }),
  );
  expect([progress.steps, progress.skipped]).toEqual([19, 1]);
  expect(warnings).toEqual(['step 4: the loss is NaN; the batch is skipped']);
  const failing = train(optionsFor(new WalkingEngine(), { source: sourceFrom(0, () => Number.NaN) }));
  await expect(failing).rejects.toThrow(
    '5 steps gave no number, 5 of them in a row: lower the rates (kernels 0.1, rest 0.01)',
  );
});

test('a head that does no better than a constant is told about once, and so are dead units', async () => {
  const warnings: string[] = [];
  const onWarning = (message: string): number => warnings.push(message);
  await train(
    optionsFor(new WalkingEngine(), {
      onWarning,
      budget: { positions: 1020 * POSITIONS },
      source: sourceFrom(0, () => 3),
    }),
  );
  // Half of the positions are won: a constant loses ln 2 = 0.6931, the head 0.7.
  expect(warnings).toEqual([
    'after 1000 steps the value head does no better than a constant: it loses 0.7000, a constant 0.6931',
    'after 1000 steps 2 of the 3 units of the value head are 0 for every position',
  ]);
});

test('validations and rows go into the log', async () => {
  const log = new RunLog(join(folder, 'log.jsonl'));
  let clock = 0;
  await train(
    optionsFor(new WalkingEngine(), {
      log,
      now: () => (clock += 60_000),
      validateMinutes: 10,
      validate: async average => ({ place: average.get('place')![0] }),
    }),
  );
  const kinds = log.rows.map(({ kind }) => kind);
  expect(kinds.filter(kind => kind === 'validation').length).toBeGreaterThanOrEqual(2);
  const row = log.rows.find(({ kind }) => kind === 'training') as TrainingRow;
  expect(row.losses).toEqual({ value: 0.7 });
  expect((await readFile(log.path, 'utf8')).trim().split('\n')).toHaveLength(log.rows.length);
});

describe('a file that is no checkpoint is refused with its name:', () => {
  test('it is not there', async () => {
    await expect(readCheckpoint(join(folder, 'none'))).rejects.toThrow(/cannot read .*none/);
  });

  test('it has weights only', async () => {
    const path = join(folder, 'weights.safetensors');
    await writeFile(path, Buffer.from('02000000000000007b7d', 'hex'));
    await expect(readCheckpoint(path)).rejects.toThrow(
      'is no checkpoint: it has weights only, which --init takes',
    );
  });

  test('it is cut off', async () => {
    const path = join(folder, 'checkpoint.safetensors');
    const engine = new WalkingEngine();
    const progress = {
      steps: 0,
      positions: 0,
      minutes: 0,
      warmSteps: 0,
      skipped: 0,
      validatedMinutes: 0,
      begun: { positions: 0, minutes: 0 },
    };
    const checkpoint = {
      settings: {},
      progress,
      state: await engine.readState(),
      average: new Map(),
      averagedSteps: 0,
    };
    await writeCheckpoint(path, checkpoint, new Map());
    await writeFile(path, (await readFile(path)).subarray(0, -4));
    await expect(readCheckpoint(path)).rejects.toThrow(CheckpointError);
  });
});
