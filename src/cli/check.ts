/** `hane check`: whether an engine is a good citizen of the Go Text Protocol, and where a client would stumble. */
import type { Command } from 'commander';
import { checkEngine, type Finding } from '../match/check/check.ts';
import { MatchError, parseEngine } from '../match/engineSpec.ts';
import { UserError } from './errors.ts';
import { usesColor, wholeNumber } from './position.ts';

interface CheckCommandOptions {
  readonly json?: boolean;
  readonly startSeconds: number;
  readonly moveSeconds: number;
}

const COLORS = { pass: 32, warn: 33, fail: 31, skip: 90 } as const;

/** Adds the command `check`. */
export const addCheckCommand = (program: Command): void => {
  program
    .command('check')
    .description("test an engine's GTP: what a GUI, a server or a match runner would stumble over")
    .argument('<engine>', 'its command line, in quotes')
    .option('--start-seconds <s>', 'longest wait for its first answer', wholeNumber(1), 60)
    .option('--move-seconds <s>', 'longest wait for a move', wholeNumber(1), 60)
    .option('--json', 'print the findings as JSON')
    .action(runCheck);
};

const runCheck = async (
  text: string,
  { json = false, startSeconds, moveSeconds }: CheckCommandOptions,
): Promise<void> => {
  const findings = await checkEngine(readEngine(text), {
    startMs: startSeconds * 1000,
    moveMs: moveSeconds * 1000,
    ...(json ? {} : { onFinding: print }),
  });
  const count = (status: Finding['status']): number =>
    findings.filter(finding => finding.status === status).length;
  if (json) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
  else
    process.stdout.write(
      `${count('pass')} passed, ${count('warn')} warnings, ${count('fail')} failed, ${count('skip')} not offered\n`,
    );
  if (count('fail') > 0) process.exitCode = 1;
};

const readEngine = (text: string): ReturnType<typeof parseEngine> => {
  try {
    return parseEngine(text);
  } catch (error) {
    if (error instanceof MatchError) throw new UserError(error.message, { cause: error });
    throw error;
  }
};

const print = ({ status, name, detail }: Finding): void => {
  const shown = usesColor() ? `\u001b[${COLORS[status]}m${status}\u001b[0m` : status;
  process.stdout.write(`${shown}  ${name}${detail === '' ? '' : `: ${detail}`}\n`);
};
