/**
 * Nonsense for `hane gtp`, through its pipes: every command gets exactly one response with its own id.
 *
 *     npm run build && npm run long:fuzz -- [--lines 100000] [--seed 1]
 *
 * Lines as in tests/gtp/fuzzLines.ts, with LF or CRLF, sent in chunks that cut characters apart, and now and then a line of a
 * megabyte. What comes back is checked against the commands that were sent.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../engine/random.ts';
import { parseCommand } from '../../src/gtp/command.ts';
import { packageRoot } from '../../src/packageRoot.ts';
import { makeLine } from '../gtp/fuzzLines.ts';
import { GtpProcess } from '../support/gtpProcess.ts';

const MEGABYTE = 1 << 20;
const LONG_EVERY = 10_000;
const CHUNK = 4099;
/** Lines sent before their answers are waited for. */
const AT_ONCE = 2000;

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const count = Number(values.lines);
const random = new Random(Number(values.seed));
const engine = new GtpProcess(process.execPath, [
  join(packageRoot, 'dist', 'src', 'cli', 'main.js'),
  'gtp',
  '--quiet',
  '--visits',
  '2',
]);

/** Ids of the answers so far, from the output as it is. */
const readIds = (): (string | undefined)[] => {
  const responses = engine.output.split('\n\n');
  responses.pop();
  return responses.map(response => /^[=?](\d*) /.exec(response)?.[1]);
};

let sent = 0;
let commands = 0;
let seen = 0;
while (sent < count) {
  const lines = ['boardsize 9'];
  while (lines.length < AT_ONCE && sent + lines.length < count) {
    const line =
      lines.length % LONG_EVERY === 7 && random.below(4) === 0
        ? `name ${'囲'.repeat(MEGABYTE / 3)}`
        : makeLine(random);
    if (!/\bquit\b/.test(line)) lines.push(line);
  }
  // Any line ends an analysis; a last one whose answer can be waited for.
  lines.push('999999 name');
  const expected = lines.map(parseCommand).filter(command => command !== undefined);
  const bytes = Buffer.from(lines.map(line => `${line}${random.below(2) === 0 ? '\r' : ''}\n`).join(''));
  const start = engine.output.length;
  for (let at = 0; at < bytes.length; at += CHUNK) engine.write(bytes.subarray(at, at + CHUNK));
  while (!engine.output.includes('=999999 ', start)) await new Promise(resolve => setTimeout(resolve, 20));
  while (!engine.output.endsWith('\n\n')) await new Promise(resolve => setTimeout(resolve, 5));
  const ids = readIds();
  const wrong = expected.findIndex(({ id }, i) => ids[i] !== id);
  if (ids.length !== expected.length || wrong >= 0) {
    process.stderr.write(
      `\n${expected.length} commands, ${ids.length} responses; the first that differs is ${wrong}: ${JSON.stringify(expected[wrong])}\n`,
    );
    process.exit(1);
  }
  engine.output = '';
  sent += lines.length;
  commands += expected.length;
  seen += ids.length;
  process.stderr.write(`\r${sent} lines`);
}
const code = await engine.end();
process.stdout.write(`\r${sent} lines, ${commands} commands, ${seen} responses, ended with status ${code}\n`);
if (engine.messages.includes('Error')) process.stdout.write(engine.messages.slice(0, 2000));
