/**
 * How long a line of input waits while the network is busy: the time from sending a line that ends an analysis to the answer.
 *
 *     npm run build && npm run long:latency -- [--lines 2000]
 *
 * Each time an analysis of a new position is started, and at a random moment of its evaluation `name` is sent.
 */
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Random } from '../../engine/random.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { GtpProcess } from '../support/gtpProcess.ts';
import { percentile } from '../support/statistics.ts';

/** An analysis takes about this long; lines come at any moment of it. */
const ANALYSIS_MS = 80;

const { values } = parseArgs({ options: { lines: { type: 'string', default: '2000' } } });
const lines = Number(values.lines);
const random = new Random(1);
const engine = new GtpProcess(process.execPath, [
  join(packageRoot, 'dist', 'src', 'cli', 'main.js'),
  'gtp',
  '--quiet',
  '--cache',
  '0',
]);
await engine.send('genmove b');
const waits: number[] = [];
let unfinished = 0;
for (let i = 0; i < lines; i++) {
  if (i % 100 === 0) await engine.send('clear_board');
  else await engine.send(`play ${i % 2 === 0 ? 'b' : 'w'} pass`);
  const analysis = engine.send('kata-analyze 10 ownership true');
  await setTimeout(random.below(ANALYSIS_MS));
  const start = performance.now();
  await engine.send('name');
  waits.push(performance.now() - start);
  if (!(await analysis).includes('info')) unfinished++;
}
await engine.end();
const show = (share: number): string => `${percentile(waits, share).toFixed(2)} ms`;
process.stdout.write(
  `${lines} lines, ${unfinished} of them during the evaluation: median ${show(0.5)}, 90th percentile ${show(0.9)}, 99th ${show(0.99)}, longest ${show(1)}\n`,
);
