/**
 * The package as others get it: packed, installed by npm in an empty folder, and used from there. Needs dist/, which `npm test` builds.
 * Where npm cannot get what the package depends on, that is linked from this repository instead, and the test of the installation is
 * skipped, with the reason.
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

/** What npm says where the registry cannot be reached, or is out of breath, and its cache has not all. */
const CANNOT_FETCH =
  /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|E403|E429|E50\d/;

/** Ample on a busy machine: it takes 14 s on two busy cores, for 82 packages of 600 MB, most of them ONNX Runtime's. */
const INSTALL_WITHIN_MS = 90_000;

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
  let packed: string;
  let folder: string;
  let installed: string;
  /** Why npm could not install it; undefined if it did. */
  let reason: string | undefined;

  beforeAll(() => {
    packed = mkdtempSync(join(tmpdir(), 'hane-packed-'));
    const name = run('npm', ['pack', '--silent', '--pack-destination', packed], packageRoot).trim();
    folder = mkdtempSync(join(tmpdir(), 'hane-user-'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "user", "type": "module" }\n');
    installed = join(folder, 'node_modules', 'hane');
    reason = install(join(packed, name), folder);
    if (reason === undefined) return;
    console.warn(`${reason}: the package's dependencies are linked, not installed`);
    link(join(packed, name), folder);
  }, 180_000);
  afterAll(() => {
    rmSync(packed, { recursive: true, maxRetries: 5 });
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  test('is installed by npm from its tarball, with what it depends on', context => {
    if (reason !== undefined) context.skip(reason);
    const { name, dependencies } = manifest();
    const { packages } = JSON.parse(
      readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'),
    ) as { readonly packages: Readonly<Record<string, { readonly link?: boolean }>> };
    for (const each of [name, ...Object.keys(dependencies)])
      expect(packages[`node_modules/${each}`]).toBeDefined();
    expect(Object.values(packages).filter(({ link: isLink }) => isLink)).toEqual([]);
    // Nothing that only the development needs.
    expect(packages['node_modules/vitest']).toBeUndefined();
    expect(run(join(folder, 'node_modules', '.bin', 'hane'), ['--version'], folder)).toMatch(
      /^\d+\.\d+\.\d+/,
    );
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

  test('plays with its own network', TIME, () => {
    const main = join(installed, 'dist', 'src', 'cli', 'main.js');
    const { stdout } = spawnSync(
      process.execPath,
      [main, 'gtp', '--quiet', '--backend', 'cpu', '--visits', '4'],
      {
        cwd: folder,
        encoding: 'utf8',
        input: 'genmove b\nquit\n',
      },
    );
    expect(stdout).toMatch(/^= [A-HJ-T]\d+\n\n= \n\n$/);
  });
});

/** As a user would, in an empty folder. @returns why npm cannot get the packages @throws Error where it fails otherwise */
const install = (tarball: string, folder: string): string | undefined => {
  const { status, signal, stderr } = spawnSync(
    'npm',
    ['install', '--omit=dev', '--prefer-offline', '--fetch-retries=0', tarball],
    {
      cwd: folder,
      encoding: 'utf8',
      timeout: INSTALL_WITHIN_MS,
      stdio: ['ignore', 'ignore', 'pipe'],
      // onnxruntime-node's script fetches CUDA's libraries, of some hundred megabytes and not from the registry, where they can be used.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    },
  );
  if (status === 0) return undefined;
  if (signal) return `npm was not done within ${INSTALL_WITHIN_MS / 1000} s`;
  const [code] = CANNOT_FETCH.exec(stderr) ?? [];
  if (code === undefined) throw new Error(`npm install fails:\n${stderr}`);
  return `npm cannot get the packages (${code})`;
};

/** The same without npm, as far as that goes: the tarball unpacked, and links to what it depends on. */
const link = (tarball: string, folder: string): void => {
  const modules = join(folder, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(join(modules, 'hane'), { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components', '1', '-C', join(modules, 'hane')], folder);
  linkDependencies(modules);
};

const manifest = (): { readonly name: string; readonly dependencies: Readonly<Record<string, string>> } =>
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

/** What the package says that it depends on, and no more, as links into this repository, where those find theirs. */
const linkDependencies = (to: string): void => {
  for (const name of Object.keys(manifest().dependencies)) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    symlinkSync(join(MODULES, name), join(to, name));
  }
};
