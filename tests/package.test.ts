/**
 * The package as others get it: packed, installed in an empty folder, and used from there. Needs dist/, which `npm test` builds. Nothing
 * is fetched: what the package depends on is linked from this repository.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../src/packageRoot.ts';

const TIME = { timeout: 180_000 };
const MODULES = join(packageRoot, 'node_modules');

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const hasNpm = ((): boolean => {
  try {
    run('npm', ['--version'], packageRoot);
    return true;
  } catch {
    return false;
  }
})();

const SCRIPT = `
import { strictEqual } from 'node:assert';
import { Game, Search, makeVertex, uniformEvaluator } from 'hane';
import { countParameters, describeNetwork, exportOnnx, featureExtractor, foldNetwork, initialWeights, listModels, modelSpec, resnet18, startTfBackend } from 'hane/models';

strictEqual(listModels('resnet').some(({ name }) => name === 'resnet152'), true);
strictEqual(describeNetwork(modelSpec('resnet18')).parameters, 11689512);
await startTfBackend('wasm');
const options = { numClasses: 3, width: 0.125, inputShape: [3, 32, 32] };
const model = resnet18(options);
const features = featureExtractor(model, ['layer2.1.relu']);
strictEqual(features.outputs[0].shape.join(), ',4,4,16');
const spec = modelSpec('resnet18', options);
strictEqual(countParameters(spec) > 0, true);
const { spec: folded, weights } = foldNetwork(spec, initialWeights('resnet18', options));
strictEqual(exportOnnx({ spec: folded, weights }).length > 1000, true);

const { best } = await new Search(uniformEvaluator()).think(new Game({ width: 5 }), { visits: 20 });
console.log(makeVertex(best, { width: 5, height: 5 }));
`;

const USER = `
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Game, type Evaluator, uniformEvaluator } from 'hane';
import { resnet50, trainModel, type Examples, type Recipe, type TrainOutcome } from 'hane/models';

export const evaluator: Evaluator = uniformEvaluator();
export const legal: boolean = new Game({ width: 9 }).whyIllegal(1) === undefined;
export const make = (numClasses: number): LayersModel => resnet50({ numClasses, version: 'v1.5' });
export const train = (train: Examples, test: Examples, recipe: Recipe): Promise<TrainOutcome> =>
  trainModel({ spec: { nodes: [], outputs: {} }, split: { train, test }, recipe, seed: 1 });
// @ts-expect-error there is no version 2
export const wrong = resnet50({ version: 'v2' });
`;

describe.skipIf(!hasNpm)('the packed package', () => {
  let folder: string;
  let installed: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hane-package-'));
    const packed = run('npm', ['pack', '--silent', '--pack-destination', folder], packageRoot).trim();
    writeFileSync(join(folder, 'package.json'), '{ "name": "user", "type": "module" }\n');
    installed = join(folder, 'node_modules', 'hane');
    mkdirSync(installed, { recursive: true });
    run('tar', ['-xzf', join(folder, packed), '--strip-components', '1', '-C', installed], folder);
    linkDependencies(join(folder, 'node_modules'));
  }, 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  test('has what it needs and nothing else', () => {
    expect(readdirSync(installed).toSorted()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'weights'].toSorted(),
    );
    const isSource = (name: string): boolean => name.endsWith('.ts') && !name.endsWith('.d.ts');
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(files.filter(isSource)).toEqual([]);
  });

  test('plays and makes networks', TIME, () => {
    writeFileSync(join(folder, 'use.js'), SCRIPT);
    expect(run(process.execPath, ['use.js'], folder)).toMatch(/^[A-E][1-5]\n$/);
  });

  test('tells its types', TIME, () => {
    writeFileSync(join(folder, 'user.ts'), USER);
    const options = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['user.ts'] }),
    );
    const tsc = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin',
      'tsc',
    );
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  test('starts as a program', TIME, () => {
    const main = join(installed, 'dist', 'src', 'cli', 'main.js');
    expect(run(process.execPath, [main, '--version'], folder)).toMatch(/^\d+\.\d+\.\d+/);
  });
});

/** What the package says that it depends on, and no more, as links into this repository, where those find theirs. */
const linkDependencies = (to: string): void => {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> };
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    symlinkSync(join(MODULES, name), join(to, name));
  }
};
