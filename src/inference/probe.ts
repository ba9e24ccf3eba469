/**
 * Tries one backend against the CPU, in a process of its own: an accelerator's driver may hang or crash, and only one thread
 * of a process may hold a GPU. Run as a program it prints a {@link ProbeResult} as JSON; {@link probe} runs it.
 */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import type { Backend } from './backends.ts';
import { openEvaluator, type EvaluatorOptions } from './evaluator.ts';

export interface ProbeResult {
  readonly backend: Backend;
  /** Whether it started and gave answers. */
  readonly works: boolean;
  /** Largest difference of a probability from the CPU's. */
  readonly difference?: number;
  /** Milliseconds of one batch, the fastest of some. */
  readonly milliseconds?: number;
  readonly cpuMilliseconds?: number;
  /** Why it does not work. */
  readonly reason?: string;
}

export interface ProbeOptions {
  readonly network?: string | undefined;
  readonly threads?: number | undefined;
  /** Positions of a batch; {@link BATCH} by default. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
  /** Environment of the process; this one's by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Probabilities of a good backend differ by rounding only. */
export const LARGEST_DIFFERENCE = 1e-4;

const BATCH = 8;
const ROUNDS = 4;
/** Compiling shaders may take that long. */
const TIMEOUT_MS = 180_000;

/** Whether an answer is right and comes sooner than the CPU's. */
export const isBetter = ({ works, difference, milliseconds, cpuMilliseconds }: ProbeResult): boolean =>
  works && difference! <= LARGEST_DIFFERENCE && milliseconds! < cpuMilliseconds!;

/** Runs the probe at the lowest priority. Never rejects: a probe that fails is a backend that does not work. */
export const probe = (backend: Backend, options: ProbeOptions = {}): Promise<ProbeResult> =>
  new Promise(resolve => {
    const { network = '', threads = '', batch = BATCH, signal, env = process.env } = options;
    const file = fileURLToPath(import.meta.url);
    const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
    const child = spawn(process.execPath, [...loader, file, backend, network, `${threads}`, `${batch}`], {
      // Its input ends when this process does, however that happens: then it ends too.
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      env,
      ...(signal ? { signal } : {}),
    });
    child.unref();
    child.stdin.on('error', () => {});
    try {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended already.
    }
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const fail = (reason: string): void => resolve({ backend, works: false, reason });
    child.on('error', error => fail(error.message));
    child.on('close', (code, killed) => {
      try {
        resolve(JSON.parse(output.split('\n').findLast(line => line.startsWith('{'))!) as ProbeResult);
      } catch {
        fail(`the process that tried it ended (${code ?? killed})`);
      }
    });
  });

/** Positions of random games, the same every time. */
const positions = (count: number): Game[] =>
  Array.from({ length: count }, (_, i) => {
    const random = new Random(i + 1);
    const game = new Game();
    while (game.moveCount < 25 * i) {
      const point = game.board.points[random.below(game.board.area)];
      if (game.isLegal(point)) game.play(point);
    }
    return game;
  });

/** Answers and the fastest time of a batch. */
const measure = async (
  options: EvaluatorOptions,
  games: readonly Game[],
): Promise<{ policies: Float32Array[]; milliseconds: number }> => {
  const evaluator = await openEvaluator({ ...options, maxBatch: games.length });
  let policies: Float32Array[] = [];
  let milliseconds = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const batch = evaluator.begin();
    for (const game of games) batch.add(game);
    const start = performance.now();
    await batch.run();
    if (round > 0) milliseconds = Math.min(milliseconds, performance.now() - start);
    policies = games.map((_, slot) => batch.policy(slot).slice());
    batch.release();
  }
  await evaluator.close();
  return { policies, milliseconds };
};

const compare = async (
  options: EvaluatorOptions & { backend: Backend },
  count: number,
): Promise<ProbeResult> => {
  const { backend } = options;
  const games = positions(count);
  const tried = await measure({ ...options, kernel: 'float' }, games);
  const cpu = await measure({ ...options, backend: 'cpu', kernel: 'float' }, games);
  // What it has to be faster than may be less exact.
  const fastest = await measure({ ...options, backend: 'cpu' }, games);
  let difference = 0;
  for (const [i, policy] of tried.policies.entries())
    policy.forEach((prior, k) => (difference = Math.max(difference, Math.abs(prior - cpu.policies[i][k]))));
  return {
    backend,
    works: true,
    difference,
    milliseconds: tried.milliseconds,
    cpuMilliseconds: Math.min(cpu.milliseconds, fastest.milliseconds),
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdin.on('end', () => process.exit(1)).resume();
  const [backend, network, threads, batch] = process.argv.slice(2) as [Backend, string, string, string];
  const result = await compare(
    { backend, network: network || undefined, threads: threads ? Number(threads) : undefined },
    Number(batch),
  ).catch((error: Error): ProbeResult => ({ backend, works: false, reason: error.message }));
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}
