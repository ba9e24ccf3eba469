import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCheckpoint, type Checkpoint } from '../../src/training/checkpoint.ts';
import {
  CHECKPOINT_FILE,
  CURVES_FILE,
  LOG_FILE,
  NETWORK_FILE,
  runTraining,
  type RunOptions,
} from '../../src/training/run.ts';
import type { LogRow } from '../../src/training/runLog.ts';
import { decodeOnnx } from '../../src/onnx/onnxFile.ts';
import { lockFolder } from '../../src/training/lockFolder.ts';
import { validator } from '../../src/training/validate.ts';
import { makeDataset } from '../support/datasets.ts';

const BATCH = 4;
const DESIGN: RunOptions['design'] = {
  network: '3x6',
  batch: BATCH,
  seed: 3,
  methods: { kernels: 'muon', rest: 'adamw' },
};

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-run-'));
  data = await makeDataset(folder, { games: 6, moves: 40, labels: 4 });
});
afterAll(async () => {
  await rm(folder, { recursive: true, maxRetries: 5 });
});

const optionsFor = (out: string, changes: Partial<RunOptions> = {}): RunOptions => ({
  data,
  out: join(folder, out),
  design: DESIGN,
  engine: 'onnx',
  // One thread, so that sums are added in one order.
  threads: 1,
  feeders: 1,
  rates: { kernels: 0.01, rest: 0.002 },
  schedule: { warmupSteps: 3, decay: 0.5 },
  budget: { positions: 12 * BATCH },
  averageHorizon: 5,
  logSteps: 2,
  checkpointMinutes: 60,
  validateMinutes: 60,
  resume: false,
  restartSchedule: false,
  ...changes,
});

const read = (out: string): Promise<Checkpoint> => readCheckpoint(join(folder, out, CHECKPOINT_FILE));

const rowsOf = async (out: string): Promise<LogRow[]> =>
  (await readFile(join(folder, out, LOG_FILE), 'utf8'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as LogRow);

test(
  'a run that was stopped and gone on with is the run that never stopped',
  { timeout: 120_000 },
  async () => {
    await runTraining(optionsFor('whole'));
    const stop = new AbortController();
    const first = await runTraining(
      optionsFor('parts', { signal: stop.signal, onRow: ({ steps }) => steps === 6 && stop.abort() }),
    );
    expect([first.progress.steps, first.isFinished]).toEqual([6, false]);
    const second = await runTraining(optionsFor('parts', { resume: true }));
    expect([second.progress.steps, second.isFinished]).toEqual([12, true]);
    const [whole, parts] = [await read('whole'), await read('parts')];
    expect(parts.state).toEqual(whole.state);
    expect(parts.average).toEqual(whole.average);
    expect({ ...parts.progress, minutes: 0 }).toEqual({ ...whole.progress, minutes: 0 });
    const losses = (rows: readonly LogRow[]): unknown[] =>
      rows.map(row => (row.kind === 'training' ? [row.steps, row.total, row.losses] : [row.steps]));
    expect(losses(await rowsOf('parts'))).toEqual(losses(await rowsOf('whole')));
    expect(Buffer.compare(...(await both(NETWORK_FILE)))).toBe(0);
  },
);

const both = async (file: string): Promise<[Buffer, Buffer]> => [
  await readFile(join(folder, 'whole', file)),
  await readFile(join(folder, 'parts', file)),
];

test(
  'a run with every core, stopped anywhere, goes on with the same positions and rates',
  { timeout: 120_000 },
  async () => {
    const options = { threads: 2, logSteps: 1 } as const;
    await runTraining(optionsFor('whole2', options));
    const stop = new AbortController();
    await runTraining(
      optionsFor('parts2', {
        ...options,
        signal: stop.signal,
        onRow: ({ steps }) => steps === 7 && stop.abort(),
      }),
    );
    await runTraining(optionsFor('parts2', { ...options, feeders: 2, resume: true }));
    const [whole, parts] = [await read('whole2'), await read('parts2')];
    expect(parts.state).toEqual(whole.state);
    expect((await rowsOf('parts2')).map(({ steps }) => steps)).toEqual(
      (await rowsOf('whole2')).map(({ steps }) => steps),
    );
  },
);

test('a run tells how it does on positions it never learned from, and draws its curves', async () => {
  const outcome = await runTraining(optionsFor('validated', { validate: validator(30, 1) }));
  expect(outcome.isFinished).toBe(true);
  const validation = (await rowsOf('validated')).filter(({ kind }) => kind === 'validation');
  expect(validation).toHaveLength(1);
  const [{ figures }] = validation as Extract<LogRow, { kind: 'validation' }>[];
  expect(figures['expertTop1']).toBeGreaterThanOrEqual(0);
  expect(figures['teacherSign']).toBeLessThanOrEqual(1);
  const curves = await readFile(join(folder, 'validated', CURVES_FILE), 'utf8');
  for (const text of ['policy', 'ownership', '3x6, batches of 4']) expect(curves).toContain(text);
});

test('a run begins with the weights of a checkpoint, and a new schedule counts from where it resumes', async () => {
  await runTraining(optionsFor('source'));
  const source = await read('source');
  const init = join(folder, 'source', CHECKPOINT_FILE);
  await runTraining(
    optionsFor('begun', { init, budget: { positions: BATCH }, rates: { kernels: 0, rest: 0 } }),
  );
  // At rate 0 the weights are still the mean of the source's.
  expect((await read('begun')).state.parameters).toEqual(
    new Map([...source.average].filter(([name]) => !name.includes('running'))),
  );
  const again = await runTraining(
    optionsFor('source', { resume: true, restartSchedule: true, budget: { positions: 5 * BATCH } }),
  );
  expect([again.progress.steps, again.progress.warmSteps]).toEqual([17, 5]);
});

describe('without labels', () => {
  let bare: string;
  beforeAll(async () => {
    await mkdir(join(folder, 'unlabelled'));
    bare = await makeDataset(join(folder, 'unlabelled'), { games: 6, moves: 40, labels: 0 });
  });

  const outputsOf = async (out: string): Promise<readonly string[]> => {
    const bytes = await readFile(join(folder, out, NETWORK_FILE));
    return decodeOnnx(bytes, out).graph.output.map(({ name }) => name);
  };

  test('the policy learns the human move, and what nothing teaches is not published', async () => {
    const messages: string[] = [];
    await runTraining(optionsFor('moves', { data: bare, onMessage: message => messages.push(message) }));
    expect(await outputsOf('moves')).toEqual(['policy', 'expert', 'value']);
    expect(messages).toContain(
      'without labels nothing teaches ownership, lead, pass: the network is published without',
    );
    const [row] = (await rowsOf('moves')).filter(({ kind }) => kind === 'training');
    expect(row).toMatchObject({ kind: 'training', losses: { policy: expect.any(Number) as number } });
  });

  test.each([
    ['value-6x6', ['value']],
    ['tower-1x6', ['policy', 'expert', 'value']],
  ])('%s is trained and published', async (network, outputs) => {
    const design = { ...DESIGN, network };
    await runTraining(optionsFor(network, { data: bare, design, validate: validator(20, 1) }));
    expect(await outputsOf(network)).toEqual(outputs);
  });
});

test('a folder is one process at a time, and free again when that is gone', async () => {
  const path = join(folder, 'locked');
  await mkdir(path);
  const unlock = await lockFolder(path);
  await expect(runTraining(optionsFor('locked'))).rejects.toThrow(
    `process ${process.pid} trains in ${path}: wait for it, or take another --out`,
  );
  await unlock();
  // A number that no process has.
  await writeFile(join(path, 'lock'), '99999999');
  await (
    await lockFolder(path)
  )();
});

describe('what cannot be begun is refused with what to do:', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'done'));
    await runTraining(optionsFor('small', { budget: { positions: BATCH } }));
    await copyFile(join(folder, 'small', CHECKPOINT_FILE), join(folder, 'done', CHECKPOINT_FILE));
  });

  test.each<[string, string, Partial<RunOptions>, RegExp]>([
    [
      'a folder that holds a run',
      'done',
      {},
      /holds a run: --resume goes on with it, another --out begins one/,
    ],
    ['nothing to go on with', 'empty', { resume: true }, /holds no checkpoint.safetensors to go on from/],
    ['two beginnings', 'done', { resume: true, init: 'x' }, /take one of them/],
    [
      'another batch',
      'done',
      { resume: true, design: { ...DESIGN, batch: 8 } },
      /batch was 4 and cannot become 8: begin another run with --init/,
    ],
    [
      'another network',
      'done',
      { resume: true, design: { ...DESIGN, network: '3x8' } },
      /network was "3x6" and cannot become "3x8"/,
    ],
    ['no dataset', 'none', { data: join(tmpdir(), 'no-such-dataset') }, /is no dataset/],
  ])('%s', async (_, out, changes, message) => {
    await expect(runTraining(optionsFor(out, changes))).rejects.toThrow(message);
  });
});
