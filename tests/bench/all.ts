/**
 * Every benchmark, one after the other, and their figures in one file:
 *
 *     npm run bench -- [file]
 *
 * The file, `bench.json` by default, says of which machine and version they are.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { searchSignature } from '../support/searchSignature.ts';

const BENCHMARKS = ['board', 'encode', 'forms', 'inference', 'search', 'server'];

const file = resolve(process.argv[2] ?? 'bench.json');
process.env['HANE_BENCH_FILE'] = file;
rmSync(file, { force: true });
const { keepFigures } = await import('../support/figures.ts');

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

let failed = 0;
for (const benchmark of BENCHMARKS) {
  process.stdout.write(`\n== ${benchmark}\n`);
  const script = fileURLToPath(new URL(`${benchmark}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' });
  if (status !== 0) failed++;
}
const signature = await searchSignature();
process.stdout.write(`\nBench: ${signature}\nfigures: ${file}\n`);
keepFigures('signature', { signature });
process.exitCode = failed > 0 ? 1 : 0;
