/** `hane gtp`: the Go Text Protocol on standard input and output. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import type { Evaluator } from '../../engine/evaluator.ts';
import { PolicyPlayer } from '../../engine/players.ts';
import { Random } from '../../engine/random.ts';
import { GtpEngine, type Player } from '../gtp/engine.ts';
import { writeMessage } from '../gtp/output.ts';
import { serveGtp } from '../gtp/serve.ts';
import { openEvaluator } from '../inference/evaluator.ts';
import { TRAINED_SIZE } from '../inference/resize.ts';
import { packageRoot } from '../packageRoot.ts';

/** How long the network may take to end. */
const PATIENCE_MS = 800;

interface GtpOptions {
  readonly network?: string;
  readonly threads?: number;
  readonly temperature: number;
  readonly seed?: number;
  readonly cleanup?: boolean;
}

/** Adds the command `gtp`. */
export const addGtpCommand = (program: Command): void => {
  program
    .command('gtp')
    .description('speak the Go Text Protocol, version 2, on standard input and output')
    .option('--network <name|file>', 'network of weights/manifest.json, or an ONNX file of the same form')
    .option('--threads <n>', 'threads for the network', readCount)
    .option(
      '--temperature <t>',
      'draw moves from the priors: 1 as they are, lower is sharper, 0 always plays the best',
      readTemperature,
      0,
    )
    .option('--seed <n>', 'seed of the draws (default: a different one each time)', readCount)
    .option(
      '--cleanup',
      'take dead stones off the board before passing, for servers that count every stone (CGOS)',
    )
    .action(runGtp);
};

const runGtp = async ({
  network,
  threads,
  temperature,
  seed = Date.now(),
  cleanup = false,
}: GtpOptions): Promise<void> => {
  // Loading goes on while the first commands are answered: GUIs take a slow start for a hang.
  const loading = openEvaluator({ network, threads, maxBatch: 1 });
  loading.catch((error: unknown) => {
    writeMessage(error instanceof Error ? error.message : String(error));
    process.exit(2);
  });
  const player = createPlayer(loading, temperature, new Random(seed));
  await serveGtp(new GtpEngine(player, readIdentity(), { friendlyPass: !cleanup }), loading);
  // An orderly end, since a run that is torn down aborts the process; but no GUI should wait for it.
  await Promise.race([loading.then(evaluator => evaluator.close()), setTimeout(PATIENCE_MS)]);
  process.exit(0);
};

/** The bare policy of a network that may still be loading. */
const createPlayer = (loading: Promise<Evaluator>, temperature: number, random: Random): Player => {
  let hasWarned = false;
  return {
    genmove: async (game, { cleanup }) => {
      const evaluator = await loading;
      if (!hasWarned && (game.width !== TRAINED_SIZE || game.height !== TRAINED_SIZE)) {
        hasWarned = true;
        writeMessage(
          `the network learned on ${TRAINED_SIZE}x${TRAINED_SIZE}: it is weaker on ${game.width}x${game.height}`,
        );
      }
      return new PolicyPlayer(evaluator, { temperature, random, cleanup }).genmove(game);
    },
  };
};

const readIdentity = (): { name: string; version: string } => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { name: 'Hane', version };
};

const readCount = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
};

const readTemperature = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('must be a number from 0');
  return value;
};
