#!/usr/bin/env node
/** The command `hane`: one thin file beside this one for each of its commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { NetworkError } from '../inference/networkError.ts';
import { packageRoot } from '../packageRoot.ts';
import { SgfError } from '../sgf/sgfError.ts';
import { UserError } from './errors.ts';
import { addAnalysisCommand } from './analysis.ts';
import { addAnalyzeCommand } from './analyze.ts';
import { addGtpCommand } from './gtp.ts';
import { addCheckCommand } from './check.ts';
import { addDataCommand } from './data.ts';
import { addEvalCommand } from './eval.ts';
import { addExportCommand } from './export.ts';
import { addMatchCommand } from './match.ts';
import { addPlanesCommand } from './planes.ts';
import { addPlayCommand } from './play.ts';
import { addSelftestCommand } from './selftest.ts';
import { addServeCommand } from './serve.ts';
import { addTrainCommand } from './train.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
};

const program = new Command('hane')
  .description('A Go engine whose moves come from a convolutional policy network')
  .version(version)
  .showHelpAfterError('(hane --help lists the commands)')
  // A mistake on the command line is a mistake of the user's like any other: status 2.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
addPlayCommand(program);
addGtpCommand(program);
addAnalyzeCommand(program);
addAnalysisCommand(program);
addPlanesCommand(program);
addMatchCommand(program);
addCheckCommand(program);
addDataCommand(program);
addTrainCommand(program);
addEvalCommand(program);
addExportCommand(program);
addSelftestCommand(program);
addServeCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof UserError || error instanceof SgfError || error instanceof NetworkError;
  process.stderr.write(
    `hane: ${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = isExpected ? 2 : 1;
}
