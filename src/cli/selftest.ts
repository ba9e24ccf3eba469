/** `hane selftest`: what works on this machine, what does not, and why. For people, and by its status for scripts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Game } from '../../engine/game.ts';
import { judge } from '../../engine/judge.ts';
import { Random } from '../../engine/random.ts';
import { encode, planeSize } from '../../features/encode.ts';
import { PLANES } from '../../features/planes.ts';
import { BACKENDS, accelerators, type Backend } from '../inference/backends.ts';
import { evaluate } from '../inference/evaluate.ts';
import { openEvaluator } from '../inference/evaluator.ts';
import { NO_BATCH, type LeastBatches } from '../inference/kernels.ts';
import { readNetwork } from '../inference/manifest.ts';
import { LARGEST_DIFFERENCE, isBetter, probe } from '../inference/probe.ts';
import { packageRoot } from '../packageRoot.ts';
import { wholeNumber } from './position.ts';

interface SelftestOptions {
  readonly network?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** One line of the report. */
interface Check {
  readonly name: string;
  /** Undefined: not expected to work here, so no fault. */
  readonly isGood: boolean | undefined;
  readonly detail: string;
}

/**
 * SHA-256 of the 48 planes of a fixed random game of 200 moves, as little-endian floats: made by this encoder when it agreed
 * with an independent one on positions of real games; another value means that this machine computes something else.
 */
const PLANES_SHA256 = 'a616a02d421eefae06035d10c9a61e3ebebc0d794bd409d4cf3ce9faeec7accd';
const PLANES_MOVES = 200;
const ENCODINGS = 2000;
const EVALUATIONS = 20;

/** Backends that have to work on any machine; `auto` does not look at them. */
const EVERYWHERE: readonly Backend[] = ['wasm', 'tfjs'];

/** Adds the command `selftest`. */
export const addSelftestCommand = (program: Command): void => {
  program
    .command('selftest')
    .description('say what works on this machine; status 0 if hane can play')
    .option('--network <name|file>', 'network to test with')
    .option('--threads <n>', 'threads for the network', wholeNumber(1))
    .option('--json', 'print the report as JSON')
    .action(runSelftest);
};

const runSelftest = async ({ network, threads, json = false }: SelftestOptions): Promise<void> => {
  const checks: Check[] = [];
  const report = (check: Check): void => {
    checks.push(check);
    if (!json) process.stdout.write(`${mark(check)} ${check.name.padEnd(10)} ${check.detail}\n`);
  };
  report(checkVersions());
  report(checkPlanes());
  report(checkPlayouts());
  report(await attempt('network', () => checkNetwork(network)));
  report(await attempt('moves', () => checkEvaluation(network, threads)));
  const expected = new Set<Backend>(accelerators());
  for (const backend of BACKENDS.filter(name => name !== 'cpu'))
    report(await checkBackend(backend, expected, network, threads));
  const works = checks.every(({ isGood }) => isGood !== false);
  if (json) process.stdout.write(`${JSON.stringify({ works, checks }, undefined, 2)}\n`);
  else
    process.stdout.write(
      works ? 'hane can play here.\n' : 'hane cannot play here: see the lines with "fail".\n',
    );
  if (!works) process.exitCode = 1;
};

const mark = ({ isGood }: Check): string => (isGood === undefined ? 'none' : isGood ? 'ok  ' : 'fail');

const attempt = async (name: string, check: () => Promise<string>): Promise<Check> => {
  try {
    return { name, isGood: true, detail: await check() };
  } catch (error) {
    return { name, isGood: false, detail: (error as Error).message };
  }
};

const readVersion = (path: string): string =>
  (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;

const checkVersions = (): Check => {
  const own = readVersion(join(packageRoot, 'package.json'));
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return {
    name: 'versions',
    isGood: true,
    detail: `hane ${own}, Node.js ${process.versions.node}, ONNX Runtime ${readVersion(runtime)}, ${process.platform} ${process.arch}, ${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
  };
};

const makePosition = (moves: number): Game => {
  const random = new Random(1);
  const game = new Game();
  while (game.moveCount < moves) {
    const point = game.board.points[random.below(game.board.area)];
    if (game.isLegal(point)) game.play(point);
  }
  return game;
};

const checkPlanes = (): Check => {
  const planes = new Float32Array(PLANES * planeSize(19, 19));
  const game = makePosition(PLANES_MOVES);
  encode(game, planes);
  const hash = createHash('sha256').update(Buffer.from(planes.buffer)).digest('hex');
  const start = performance.now();
  for (let i = 0; i < ENCODINGS; i++) encode(game, planes);
  const microseconds = ((performance.now() - start) * 1000) / ENCODINGS;
  return hash === PLANES_SHA256
    ? { name: 'planes', isGood: true, detail: `as they should be; ${microseconds.toFixed(0)} us a position` }
    : {
        name: 'planes',
        isGood: false,
        detail: `SHA-256 ${hash} in place of ${PLANES_SHA256}: reinstall with npm ci && npm run build`,
      };
};

const checkPlayouts = (): Check => {
  const start = performance.now();
  const { ownership } = judge(makePosition(PLANES_MOVES));
  const isGood = ownership.length === 361 && ownership.every(owner => Math.abs(owner) <= 1);
  return {
    name: 'playouts',
    isGood,
    detail: `a position judged in ${(performance.now() - start).toFixed(0)} ms`,
  };
};

const checkNetwork = async (network: string | undefined): Promise<string> => {
  const { name, bytes, entry } = await readNetwork(network);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `${name}, SHA-256 ${sha256.slice(0, 16)}...${entry ? ', as in weights/manifest.json' : ''}`;
};

const checkEvaluation = async (network: string | undefined, threads: number | undefined): Promise<string> => {
  const start = performance.now();
  const evaluator = await openEvaluator({ network, threads });
  try {
    const loaded = performance.now() - start;
    const game = new Game();
    let { policy } = await evaluate(evaluator, game);
    const first = performance.now();
    for (let i = 0; i < EVALUATIONS; i++) ({ policy } = await evaluate(evaluator, game));
    const each = (performance.now() - first) / EVALUATIONS;
    let sum = 0;
    for (const prior of policy) sum += prior;
    if (!(Math.abs(sum - 1) < 1e-3)) throw new Error(`the priors add up to ${sum}, not to 1`);
    const forms = describeForms(evaluator.least);
    return `${evaluator.backend}: loaded in ${loaded.toFixed(0)} ms, an evaluation takes ${each.toFixed(1)} ms; ${forms}`;
  } finally {
    await evaluator.close();
  }
};

const describeForms = ({ winograd, int8 }: LeastBatches): string => {
  const from = (least: number): string => (least === 1 ? '' : ` for batches of ${least} and more`);
  if (int8 !== NO_BATCH) return `whole numbers of 8 bits${from(int8)}`;
  return winograd === NO_BATCH ? "ONNX Runtime's own convolutions" : `Winograd's form${from(winograd)}`;
};

const checkBackend = async (
  backend: Backend,
  expected: ReadonlySet<Backend>,
  network: string | undefined,
  threads: number | undefined,
): Promise<Check> => {
  if (!expected.has(backend) && !EVERYWHERE.includes(backend))
    return { name: backend, isGood: undefined, detail: 'not for this kind of machine' };
  const result = await probe(backend, { network, threads });
  if (!result.works) return { name: backend, isGood: undefined, detail: result.reason ?? 'does not work' };
  const times = `a batch of 8 in ${result.milliseconds!.toFixed(1)} ms, the CPU takes ${result.cpuMilliseconds!.toFixed(1)} ms`;
  if (result.difference! > LARGEST_DIFFERENCE)
    return {
      name: backend,
      isGood: undefined,
      detail: `gives other answers than the CPU (by ${result.difference!.toExponential(1)}): auto will not use it`,
    };
  const verdict =
    isBetter(result) && expected.has(backend) ? 'auto will use it' : 'auto will stay on the CPU';
  return { name: backend, isGood: true, detail: `${times}: ${verdict}` };
};
