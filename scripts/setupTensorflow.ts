/**
 * Builds @tensorflow/tfjs-node on a current TensorFlow: `npm run setup:tensorflow`, or with `-- --gpu` tfjs-node-gpu.
 *
 * The package as it comes wants TensorFlow 2.9.1 from a host of its own. Its binding uses TensorFlow's stable C interface only, so
 * it can be built on the library inside TensorFlow's Python package: pip fetches that, npm the package, node-gyp builds. Nothing
 * else depends on any of this.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VERSION = '4.22.0';
/** Of the binding: the interface of Node that it is built for. */
const NAPI = '8';

/** What stops the script, as a user should read it. */
class SetupError extends Error {}

const run = (command: string, args: readonly string[], cwd: string, quiet = false): void => {
  execFileSync(command, args, { cwd, stdio: quiet ? 'pipe' : 'inherit' });
};

const step = (text: string): void => void process.stdout.write(`${text}\n`);

/** @returns the path of TensorFlow's wheel */
const fetchTensorflow = (wheel: string, folder: string): string => {
  try {
    const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--dest', folder, wheel];
    run('python3', pip, folder, true);
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: Buffer };
    const lines = `${stderr?.toString() ?? ''}\n${message}`.split('\n');
    const reason = lines.find(line => line.startsWith('ERROR')) ?? lines.find(line => line.trim() !== '');
    throw new SetupError(
      `pip has no ${wheel} for this machine (${process.platform} ${process.arch}), so tfjs-node cannot be built here. Everything else works without it. (${reason})`,
      { cause: error },
    );
  }
  return join(
    folder,
    readdirSync(folder).find(name => name.endsWith('.whl'))!,
  );
};

/** Takes the library and its headers out of the wheel. */
const UNPACK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if name.startswith('tensorflow/include/') or name.split('/')[-1].startswith(('libtensorflow_cc.so', 'libtensorflow_framework.so')):
            wheel.extract(name, sys.argv[2])
`;

/** Lays the library out as the package's own download would. @param dependencies its folder `deps` */
const layOut = (unpacked: string, dependencies: string): void => {
  const library = join(dependencies, 'lib');
  rmSync(dependencies, { recursive: true, force: true });
  mkdirSync(library, { recursive: true });
  renameOrCopy(join(unpacked, 'tensorflow', 'include'), join(dependencies, 'include'));
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    renameOrCopy(join(unpacked, 'tensorflow', name), join(library, name));
  symlinkSync('libtensorflow_cc.so.2', join(library, 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(library, 'libtensorflow_framework.so'));
};

const renameOrCopy = (from: string, to: string): void => {
  if (!existsSync(from))
    throw new SetupError(`TensorFlow's package has no ${from.split('/').at(-1)}: it is of another make`);
  try {
    renameSync(from, to);
  } catch {
    // Another disk.
    run('cp', ['-r', from, to], dirname(to));
  }
};

/** npm brings its own node-gyp. */
const nodeGyp = (): string => {
  const npm = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim();
  const path = join(npm, 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  if (!existsSync(path)) throw new SetupError(`node-gyp is not where npm has it: ${path}`);
  return path;
};

const build = (folder: string): void => {
  // Where Node came with its headers nothing has to be fetched for it.
  const prefix = join(dirname(process.execPath), '..');
  const headers = existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
  const args = [
    nodeGyp(),
    'rebuild',
    '--module_name=tfjs_binding',
    `--module_path=${join(folder, 'lib', `napi-v${NAPI}`)}`,
    `--napi_version=${NAPI}`,
    `--napi_build_version=${NAPI}`,
    ...headers,
  ];
  run(process.execPath, args, folder, true);
};

/** Multiplies in a process of its own: a library that does not load takes its process with it. */
const tryOut = (folder: string, name: string): string => {
  const entry = JSON.stringify(pathToFileURL(join(ROOT, 'src/models/tfBackend.ts')).href);
  const core = createRequire(join(folder, 'package.json')).resolve('@tensorflow/tfjs-core');
  const program = `
    import { startTfBackend } from ${entry};
    import * as tf from ${JSON.stringify(pathToFileURL(core).href)};
    const { description } = await startTfBackend(${JSON.stringify(name)});
    const [four] = await tf.matMul([[2, 0], [0, 1]], [[2, 0], [0, 1]]).data();
    if (four !== 4) throw new Error('2 x 2 is ' + four);
    console.log(description);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  return execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env }).trim();
};

const setUp = (isGpu: boolean): void => {
  const name = isGpu ? 'tfjs-node-gpu' : 'tfjs-node';
  const wheel = isGpu ? 'tensorflow' : 'tensorflow-cpu';
  if (process.platform !== 'linux')
    throw new SetupError(`this builds on Linux only, not on ${process.platform}`);
  const work = mkdtempSync(join(tmpdir(), 'hane-tensorflow-'));
  try {
    step(`Fetching TensorFlow (the package ${wheel} by pip, some 300 MB) ...`);
    const path = fetchTensorflow(wheel, work);
    step(`Installing @tensorflow/${name} ${VERSION} ...`);
    // As an optional peer alone npm would leave it out.
    const how = ['--no-save', '--save-prod', '--ignore-scripts'];
    run('npm', ['install', ...how, `@tensorflow/${name}@${VERSION}`], ROOT);
    const folder = join(ROOT, 'node_modules', '@tensorflow', name);
    step(`Building it on ${path.split('/').at(-1)} ...`);
    run('python3', ['-c', UNPACK, path, work], work);
    layOut(work, join(folder, 'deps'));
    build(folder);
    step(`Done: ${tryOut(folder, name)}. hane train --engine ${name} and --backend tfjs use it from now on.`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

const { values } = parseArgs({ options: { gpu: { type: 'boolean', default: false } } });
try {
  setUp(values.gpu);
} catch (error) {
  const { stderr, message } = error as Error & { readonly stderr?: Buffer };
  process.stderr.write(
    error instanceof SetupError ? `${message}\n` : `${message}\n${stderr?.toString() ?? ''}\n`,
  );
  process.exitCode = 1;
}
