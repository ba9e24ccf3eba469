import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWeightsFile } from '../../src/models/modelFiles.ts';
import { initialWeights, modelSpec } from '../../src/models/registry.ts';
import { describeWeights } from '../../src/models/trained.ts';
import { hane } from '../support/hane.ts';
import { referenceLenet } from '../support/referenceNetworks.ts';

let folder = '';
let weights = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hane-models-'));
  weights = join(folder, 'lenet5.safetensors');
  await writeWeightsFile(weights, modelSpec('lenet5'), initialWeights('lenet5'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A picture in PGM. */
const pgm = (width: number, height: number, data: Uint8Array): Uint8Array =>
  Uint8Array.from([...new TextEncoder().encode(`P5\n${width} ${height}\n255\n`), ...data]);

test('all networks are listed with their counts', async () => {
  const { code, out } = await hane(['models']);
  expect(code).toBe(0);
  expect(out).toMatch(/^name +parameters +MACs +its paper +what\n/);
  expect(out).toMatch(
    /\nresnet152 +60\.2 M +11\.3 G +21\.43 % ImageNet 2012 validation, top-1 error, 10 crops +ResNet-152\n/,
  );
});

test('a network is a table of layers with its sums', async () => {
  const { code, out } = await hane(['models', 'resnet152']);
  expect(code).toBe(0);
  expect(out).toMatch(/\nconv1 +conv 7x7 \/ 2 pad 3 +64x112x112 +9,408 +118,013,952 +7x7\n/);
  expect(out).toContain(
    '\n60,192,808 parameters, 11,282,415,616 MACs; beside them 151,424 running means and variances\n',
  );
});

test('an option changes it, JSON has all of it, and it is drawn', async () => {
  const svg = join(folder, 'small.svg');
  const { code, out } = await hane([
    'models',
    'resnet20',
    '--option',
    'numClasses=7',
    '--json',
    '--svg',
    svg,
  ]);
  expect(code).toBe(0);
  const table = JSON.parse(out) as { parameters: number; layers: { name: string; shape: number[] }[] };
  expect(table.parameters).toBe(269_722 - 3 * 65);
  expect(table.layers.at(-1)).toMatchObject({ name: 'linear', shape: [7] });
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg [\s\S]*ResNet-20 for CIFAR-10[\s\S]*<\/svg>\n$/);
});

test('a network with its weights is an ONNX file', async () => {
  const path = join(folder, 'lenet5.onnx');
  const { code, out } = await hane(['models', 'export', 'lenet5', '--weights', weights, '--out', path]);
  expect([code, out]).toEqual([0, `${path}: lenet5, 0.3 MB\n`]);
  expect((await readFile(path)).length).toBeGreaterThan(240_000);
  const again = await hane(['models', 'export', 'lenet5', '--weights', path, '--out', path]);
  expect(again.code).toBe(2);
  expect(again.err).toMatch(
    /lenet5\.onnx is no safetensors file: .* An ONNX file is for use only: keep the weights it was made from\n$/,
  );
});

describe('mistakes are named:', () => {
  test.each<[string, string[], string]>([
    ['a network', ['models', 'vgg17'], 'hane: there is no network "vgg17": one of lenet5'],
    [
      'an option',
      ['models', 'vgg16', '--option', 'depth=3'],
      'hane: vgg16 has no option "depth": one of numClasses',
    ],
    ['a drawing of all', ['models', '--svg', 'x.svg'], 'hane: --svg draws one network: say which'],
    [
      'no weights',
      ['models', 'run', 'lenet5', 'x.png', '--weights', 'none'],
      'hane: cannot read x.png: ENOENT',
    ],
    [
      'a network of sentences without weights',
      ['models', 'run', 'kim-rand', 'a fine film'],
      'hane: no weights of kim-rand come with this program: give a file, or one of lenet5',
    ],
    [
      'weights that are none',
      ['models', 'export', 'lenet5', '--weights', 'package.json', '--out', 'x'],
      'hane: package.json is no safetensors file',
    ],
  ])('%s', async (_, args, message) => {
    const { code, err } = await hane(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('weights of another network, and a picture that is none', async () => {
    const other = await hane([
      'models',
      'export',
      'lenet5-modern',
      '--weights',
      weights,
      '--out',
      join(folder, 'x'),
    ]);
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringContaining('"c3.weight" is [60, 5, 5], not [16, 6, 5, 5]'),
    ]);
    const text = await hane(['models', 'run', 'lenet5', weights, '--weights', weights]);
    expect([text.code, text.err]).toEqual([
      2,
      expect.stringContaining('is no picture: it has to be PNG, JPEG'),
    ]);
  });
});

describe('weights say whose they are:', () => {
  const small = { numClasses: 3, width: 0.5, stochasticDepth: { survival: 0.2 } };
  let own = '';
  let picture = '';
  beforeAll(async () => {
    own = join(folder, 'own.safetensors');
    picture = join(folder, 'slope.pgm');
    const description = { network: 'resnet20', options: small, classes: ['red', 'green', 'blue'] };
    const spec = modelSpec('resnet20', small);
    await writeWeightsFile(own, spec, initialWeights('resnet20', small), describeWeights(description));
    await writeFile(
      picture,
      pgm(
        16,
        16,
        Uint8Array.from({ length: 256 }, (_, i) => i),
      ),
    );
  });
  const run = (...args: string[]): ReturnType<typeof hane> =>
    hane(['models', 'run', 'resnet20', picture, '--weights', own, ...args]);

  test('options and classes are known without being told', async () => {
    const { code, out } = await run();
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d (red|green|blue): [\d.]+ %\n(.*\n){2}$/)]);
    const told = await run('--option', `stochasticDepth=${JSON.stringify(small.stochasticDepth)}`);
    expect(told.out).toBe(out);
    const other = await run('--option', 'stochasticDepth={"survival":1}');
    expect(other.out).not.toBe(out);
  });

  test('they are not taken for those of another network', async () => {
    const { code, err } = await hane(['models', 'run', 'resnet32', picture, '--weights', own]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('own.safetensors is of resnet20, not of resnet32'),
    ]);
  });

  test('names of classes are as many as classes', async () => {
    const names = join(folder, 'names.txt');
    await writeFile(names, 'a\nb\n');
    const { code, err } = await run('--classes', names);
    expect([code, err]).toEqual([2, expect.stringContaining('names.txt has 2 names, resnet20 3 classes')]);
  });
});

test('a picture comes in as the input is, in colour where the network is usually grey', async () => {
  const options = { inputShape: [3, 32, 32] } as const;
  const path = join(folder, 'colour.safetensors');
  await writeWeightsFile(path, modelSpec('lenet5-modern', options), initialWeights('lenet5-modern', options));
  const picture = join(folder, 'grey.pgm');
  await writeFile(picture, pgm(2, 2, Uint8Array.of(0, 50, 0, 0)));
  const { out } = await hane([
    'models',
    'run',
    'lenet5-modern',
    picture,
    '--weights',
    path,
    '--option',
    'inputShape=[3,32,32]',
  ]);
  expect(out).toMatch(/^class \d: [\d.]+ %\n/);
});

test('LeNet-5 reads a digit with the weights that come along', async () => {
  const drawn = [
    '................',
    '................',
    '....########....',
    '...##########...',
    '...##......##...',
    '...........##...',
    '..........##....',
    '..........##....',
    '.........##.....',
    '.........##.....',
    '........##......',
    '........##......',
    '.......##.......',
    '.......##.......',
    '................',
    '................',
  ].join('');
  const picture = join(folder, 'seven.pgm');
  await writeFile(
    picture,
    pgm(
      16,
      16,
      Uint8Array.from(drawn, point => (point === '#' ? 255 : 0)),
    ),
  );
  const { code, out } = await hane(['models', 'run', 'lenet5', picture, '--top', '1']);
  expect([code, out]).toEqual([0, expect.stringMatching(/^class 7: distance \d+\.\d\d\n$/)]);
  const other = await hane(['models', 'run', 'resnet20', picture]);
  expect([other.code, other.err]).toEqual([
    2,
    expect.stringContaining('no weights of resnet20 come with this program'),
  ]);
});

const reference = referenceLenet();

test.skipIf(!reference)('a trained LeNet-5 reads a digit, in light or dark ink', async () => {
  const trained = join(folder, 'trained.safetensors');
  await writeWeightsFile(trained, modelSpec('lenet5'), reference!.weights);
  const points = Uint8Array.from({ length: 28 * 28 }, (_, i) => {
    const value = reference!.images[(Math.floor(i / 28) + 2) * 32 + (i % 28) + 2];
    return Math.round(((value + 0.1) / 1.275) * 255);
  });
  const [best] = reference!.labels;
  for (const data of [points, points.map(value => 255 - value)]) {
    const picture = join(folder, 'digit.pgm');
    await writeFile(picture, pgm(28, 28, data));
    const { code, out } = await hane([
      'models',
      'run',
      'lenet5',
      picture,
      '--weights',
      trained,
      '--top',
      '2',
    ]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^class ${best}: distance 0\\.07\nclass \\d: distance \\d+`)),
    ]);
  }
});
