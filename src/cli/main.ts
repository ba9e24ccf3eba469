#!/usr/bin/env node
/** The command `hane`: one thin file beside this one for each of its commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { NetworkError } from '../inference/networkError.ts';
import { packageRoot } from '../packageRoot.ts';
import { SgfError } from '../sgf/sgfError.ts';
import { UserError } from './errors.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
};

const program = new Command('hane')
  .description('A Go engine whose moves come from a convolutional policy network')
  .version(version)
  .showHelpAfterError('(hane --help lists the commands)')
  // What stands behind a command is its own, also where commands have commands.
  .enablePositionalOptions()
  // A mistake on the command line is a mistake of the user's like any other: status 2.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

/** The commands in the order in which help lists them. Only what is asked for is loaded: GUIs take a slow start for a hang. */
const COMMANDS: Readonly<Record<string, () => Promise<(to: Command) => void>>> = {
  serve: async () => (await import('./serve.ts')).addServeCommand,
  play: async () => (await import('./play.ts')).addPlayCommand,
  gtp: async () => (await import('./gtp.ts')).addGtpCommand,
  analyze: async () => (await import('./analyze.ts')).addAnalyzeCommand,
  analysis: async () => (await import('./analysis.ts')).addAnalysisCommand,
  planes: async () => (await import('./planes.ts')).addPlanesCommand,
  match: async () => (await import('./match.ts')).addMatchCommand,
  check: async () => (await import('./check.ts')).addCheckCommand,
  data: async () => (await import('./data.ts')).addDataCommand,
  train: async () => (await import('./train.ts')).addTrainCommand,
  eval: async () => (await import('./eval.ts')).addEvalCommand,
  export: async () => (await import('./export.ts')).addExportCommand,
  quantize: async () => (await import('./quantize.ts')).addQuantizeCommand,
  models: async () => (await import('./models.ts')).addModelsCommand,
  selftest: async () => (await import('./selftest.ts')).addSelftestCommand,
};

const asked = process.argv[2] ?? '';
const wanted = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS);
for (const load of wanted) (await load())(program);

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof UserError || error instanceof SgfError || error instanceof NetworkError;
  process.stderr.write(
    `hane: ${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = isExpected ? 2 : 1;
}
