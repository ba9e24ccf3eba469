/**
 * Every benchmark, one after the other, and their figures in one file:
 *
 *     npm run bench -- [file]
 *
 * The file, `bench.json` by default, is JSON and appears when all have run; one that was there is kept until then. It has
 *
 *     machine     processor, cores, memory in GiB, version of Node, commit
 *     board       for each operation, playouts among them: how many a second
 *     encode      CPU time of the planes of a position beside that of an evaluation
 *     forms       for each network, threads, batch and form: positions and GFLOP a second, ratio to the direct form, share of the peak
 *     inference   a batch through the evaluator beside a bare session
 *     search      evaluations a second of the search beside the bare evaluator
 *     tree        bytes, and microseconds for each node, of a large tree
 *     server      latencies and memory with many viewers
 *     signature   of the search (searchSignature.ts)
 *     failed      names of the benchmarks that missed their limit or did not end
 *
 * Each of them but the last is a row or a list of rows: numbers by names that say their unit.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { searchSignature } from '../support/searchSignature.ts';

const BENCHMARKS = ['board', 'encode', 'forms', 'inference', 'search', 'server'];

const file = resolve(process.argv[2] ?? 'bench.json');
const draft = `${file}.part`;
process.env['HANE_BENCH_FILE'] = draft;
rmSync(draft, { force: true });
const { keepFailed, keepFigures } = await import('../support/figures.ts');

const commit = ((): string => {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'unknown';
  }
})();
keepFigures('machine', {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  'memory GiB': Math.round(totalmem() / 2 ** 30),
  node: process.version,
  commit,
});

const failed: string[] = [];
for (const benchmark of BENCHMARKS) {
  process.stdout.write(`\n== ${benchmark}\n`);
  const script = fileURLToPath(new URL(`${benchmark}.ts`, import.meta.url));
  const { status, signal } = spawnSync(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' });
  // The same Ctrl-C is for this process, which cannot hear it while it waits.
  if (signal === 'SIGINT') {
    rmSync(draft);
    process.exit(130);
  }
  if (status !== 0) failed.push(benchmark);
}
const signature = await searchSignature();
keepFigures('signature', { signature });
keepFailed(failed);
renameSync(draft, file);
process.stdout.write(`\nBench: ${signature}\nfigures: ${file}\n`);
if (failed.length > 0) process.stdout.write(`beyond their limits: ${failed.join(', ')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
