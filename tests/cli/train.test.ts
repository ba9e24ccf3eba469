/** `hane train` and `hane export` as processes. */
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseManifest, type ManifestEntry } from '../../src/inference/manifest.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { readCheckpoint } from '../../src/training/checkpoint.ts';
import { makeDataset } from '../support/datasets.ts';
import { hane } from '../support/hane.ts';

const TIME = { timeout: 120_000 };
const SMALL = ['--network', '3x6', '--batch', '4', '--threads', '1', '--validate-positions', '0'];

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-train-'));
  data = await makeDataset(folder, { games: 6, moves: 40, labels: 4 });
});
afterAll(async () => {
  await rm(folder, { recursive: true, maxRetries: 5 });
});

const train = (out: string, ...args: string[]): string[] => [
  'train',
  '--data',
  data,
  '--out',
  out,
  ...SMALL,
  ...args,
];

test('a network is trained and exported into a manifest', TIME, async () => {
  const out = join(folder, 'run');
  const trained = await hane(train(out, '--positions', '40', '--log-steps', '5'));
  expect([trained.code, trained.out]).toEqual([0, '']);
  // Kernels 7,200 + 324, normalisations 24 + 28, heads 24 + 1,444, value 960 + 195.
  expect(trained.err).toContain('policy-3x6: 10199 parameters in training');
  expect(trained.err).toMatch(
    /finished after 40 positions in \d+\.\d minutes; the network is .*network\.onnx/,
  );

  await copyFile(join(packageRoot, 'weights', 'manifest.json'), join(folder, 'manifest.json'));
  const file = join(folder, 'small.onnx');
  const exported = await hane([
    'export',
    join(out, 'checkpoint.safetensors'),
    '--out',
    file,
    '--manifest',
    join(folder, 'manifest.json'),
    '--positions',
    '10',
    '--trained-on',
    'games by chance',
    '--default',
  ]);
  expect([exported.code, exported.err]).toEqual([0, '']);
  expect(exported.out).toMatch(/small\.onnx: policy-3x6, \d+ parameters, 0\.\d MB/);
  expect(exported.out).toMatch(/greatest difference to its source on 10 positions: policy \d\.\de-\d/);
  const manifest = parseManifest(await readFile(join(folder, 'manifest.json'), 'utf8'), 'manifest.json');
  expect(manifest.default).toBe('small');
  const entry = manifest.networks.find(({ name }) => name === 'small') as ManifestEntry;
  expect(entry).toMatchObject({
    layers: 3,
    filters: 6,
    inputs: { planes: 48, komi: true },
    trainedOn: 'games by chance',
  });
  expect(Buffer.compare(await readFile(file), await readFile(join(out, 'network.onnx')))).toBe(0);
});

test('a run that is killed loses nothing that is older than its checkpoint', TIME, async () => {
  const out = join(folder, 'killed');
  const options = ['--positions', '100000', '--log-steps', '1', '--checkpoint-minutes', '0.0001'];
  const ended = await hane(train(out, ...options), {
    // The first line is of the network; from the first row on there are checkpoints.
    onStderr: (text, child) => {
      if (!text.includes('loss')) return;
      setTimeout(() => child.kill('SIGKILL'), 1500);
    },
  });
  expect(ended.code).toBeNull();
  const { steps: saved } = (await readCheckpoint(join(out, 'checkpoint.safetensors'))).progress;
  expect(saved).toBeGreaterThan(0);
  // Everything else is as it was begun.
  const on = await hane(['train', '--out', out, '--resume', '--positions', `${4 * (saved + 3)}`]);
  expect(on.code).toBe(0);
  expect(on.err).toContain(`other options than before: --positions 100000 -> ${4 * (saved + 3)}`);
  expect(on.err).toContain('policy-3x6: 10199 parameters');
  expect((await readCheckpoint(join(out, 'checkpoint.safetensors'))).progress.steps).toBe(saved + 3);
});

test('an interrupt ends a run after its step, with a checkpoint', TIME, async () => {
  const out = join(folder, 'interrupted');
  const { code, err } = await hane(train(out, '--positions', '1000000', '--log-steps', '1'), {
    onStderr: (text, child) => {
      if (text.includes('loss')) child.kill('SIGINT');
    },
  });
  expect(code).toBe(0);
  expect(err).toContain('stopping after this step; again to stop at once');
  expect(err).toMatch(/stopped after \d+ positions/);
  expect((await stat(join(out, 'checkpoint.safetensors'))).size).toBeGreaterThan(10_000);
});

describe('what is wrong is said in one line:', () => {
  test.each<[string, string[], string]>([
    [
      'a network',
      ['--network', '13y64'],
      'unknown network "13y64": one of policy-LAYERSxFILTERS, tower-BLOCKSxFILTERS',
    ],
    ['an engine', ['--engine', 'abacus'], 'must be one of onnx, tfjs-node-gpu'],
    ['a head', ['--heads', 'expert,legs'], 'must be one of expert, reply, ownership, value'],
    ['a loss', ['--loss', 'value=-1'], 'must not be below 0: value=-1'],
    ['a budget', ['--minutes', '0'], 'must be a number above 0'],
    ['a share', ['--decay', '1.5'], 'must be a number from 0 to 1'],
    [
      'a tower without shortcuts',
      ['--network', 'tower-1x6', '--no-identity'],
      'a tower is always normalised',
    ],
    ['a dataset', ['--data', join(tmpdir(), 'nothing-here')], 'is no dataset: cannot read'],
  ])('%s', TIME, async (_, args, message) => {
    const { code, err } = await hane([...train(join(folder, 'bad')), ...args]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });

  test('weights of another network', TIME, async () => {
    const file = join(folder, 'other.onnx');
    const { code, err } = await hane([
      'export',
      join(folder, 'run', 'checkpoint.safetensors'),
      '--network',
      '3x8',
      '--out',
      file,
    ]);
    expect(code).toBe(2);
    expect(err).toContain(
      '"blocks.0.conv.weight" has 7200 numbers, this network\'s has 9600: it is for another network',
    );
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});
