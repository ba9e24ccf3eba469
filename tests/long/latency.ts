/**
 * How long a line of input waits while the engine thinks: the time from sending it to its answer.
 *
 *     npm run build && npm run long:latency -- [--lines 500]
 *
 * Each time something is started that takes long, and at a random moment of it `name` is sent: an analysis of a new position
 * with all that a line can hold, a search that can be cancelled, pondering. A move that is interrupted has to be chosen yet.
 */
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Random } from '../../engine/random.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { GtpProcess } from '../support/gtpProcess.ts';
import { percentile } from '../support/statistics.ts';

/** Lines come at any moment of this long. */
const THOUGHT_MS = 400;

/** Moves before a new game begins: positions differ, and the boards fill. */
const GAME_LENGTH = 100;

const { values } = parseArgs({ options: { lines: { type: 'string', default: '500' } } });
const lines = Number(values.lines);
const random = new Random(1);
const engine = new GtpProcess(process.execPath, [
  join(packageRoot, 'dist', 'src', 'cli', 'main.js'),
  'gtp',
  '--quiet',
  '--cache',
  '0',
]);

/** Starts something; the promise is resolved when it has ended. */
type Start = () => Promise<unknown>;

/** Milliseconds from a line to the answer of `name`, with what was started under way. */
const measure = async (start: Start, line: string): Promise<number> => {
  const thinking = start();
  await setTimeout(random.below(THOUGHT_MS));
  const sent = performance.now();
  if (line !== 'name') engine.write(`${line}\n`);
  await engine.send('name');
  const waited = performance.now() - sent;
  await thinking;
  return waited;
};

const run = async (name: string, start: Start, line = 'name'): Promise<void> => {
  const waits: number[] = [];
  for (let i = 0; i < lines; i++) {
    if (i % GAME_LENGTH === 0) await engine.send('clear_board');
    await engine.send('kata-set-param maxVisits 1');
    await engine.send(`genmove ${i % 2 === 0 ? 'b' : 'w'}`);
    await engine.send('kata-set-param maxVisits 1000000');
    waits.push(await measure(start, line));
  }
  const show = (share: number): string => `${percentile(waits, share).toFixed(2)} ms`;
  process.stdout.write(
    `${name}: ${lines} lines, median ${show(0.5)}, 90th percentile ${show(0.9)}, 99th ${show(0.99)}, longest ${show(1)}\n`,
  );
};

await engine.send('kata-set-param maxVisits 1');
await engine.send('genmove b');
await run('an analysis', () => engine.send('kata-analyze 10 ownership true'));
await run('an analysis with ownership after each move', () =>
  engine.send('kata-analyze 10 ownership true movesOwnership true pvVisits true'),
);
await run('a search that is cancelled', () => engine.send('kata-search_cancellable'));
await run('a move that is interrupted', () => engine.send('reg_genmove b'), '# interrupt');
await engine.send('kata-set-param ponderingEnabled true');
await run('pondering', async () => {
  await engine.send('kata-set-param maxVisits 1');
  await engine.send('genmove b');
});
await engine.end();
