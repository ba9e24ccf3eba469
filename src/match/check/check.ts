/** Runs all checks on one engine, and those of its start and end on fresh ones. */
import type { EngineSpec } from '../engineSpec.ts';
import { CHECKS, type CheckContext, type Verdict } from './checks.ts';
import { RawEngine, bodyOf, isSuccess } from './rawEngine.ts';

export interface Finding extends Verdict {
  readonly name: string;
}

export interface CheckOptions {
  readonly startMs?: number;
  readonly answerMs?: number;
  readonly moveMs?: number;
  readonly onFinding?: (finding: Finding) => void;
}

const START_MS = 60_000;
const ANSWER_MS = 5000;
const MOVE_MS = 60_000;
/** How long an engine may live after its end was asked for: Sabaki kills after 3 s, CGOS after half of one. */
const END_MS = 1000;
const LATEST_END_MS = 10_000;

/** @returns every finding, in order; an engine that ends early fails all that is left */
export const checkEngine = async (spec: EngineSpec, options: CheckOptions = {}): Promise<Finding[]> => {
  const { startMs = START_MS, answerMs = ANSWER_MS, moveMs = MOVE_MS, onFinding } = options;
  const findings: Finding[] = [];
  const add = (name: string, verdict: Verdict): void => {
    const finding = { name, ...verdict };
    findings.push(finding);
    onFinding?.(finding);
  };
  const engine = new RawEngine(spec);
  try {
    const start = await checkStart(engine, startMs);
    add('it starts and speaks GTP 2', start);
    if (start.status === 'fail') return findings;
    const list = bodyOf(await engine.ask('list_commands', answerMs));
    const context: CheckContext = {
      engine,
      commands: new Set(list.split('\n').map(line => line.trim())),
      answerMs,
      moveMs,
    };
    for (const { name, run } of CHECKS) {
      if (engine.isRunning) add(name, await run(context));
      else add(name, { status: 'fail', detail: 'the engine has ended' });
    }
    add('stdout has nothing but answers', checkOutput(engine.output));
    add('quit is answered and ends it within a second', await checkQuit(engine));
  } finally {
    await engine.kill();
  }
  add('the end of its input ends it', await checkEndOfInput(spec, startMs));
  add('quit during a move ends it', await checkQuitInMove(spec, startMs));
  return findings;
};

const checkStart = async (engine: RawEngine, startMs: number): Promise<Verdict> => {
  const started = performance.now();
  const answer = await engine.ask('protocol_version', startMs);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  if (answer === '') {
    const status = engine.isRunning ? 'no answer came' : `it ended with ${await engine.exit(0)}`;
    return { status: 'fail', detail: `${status} within ${startMs / 1000} s` };
  }
  if (!engine.output.startsWith('='))
    return {
      status: 'fail',
      detail: `stdout begins with "${engine.output.slice(0, 20)}": gomill stops there`,
    };
  return isSuccess(answer) && /^2(\.0)?$/.test(bodyOf(answer))
    ? { status: 'pass', detail: `first answer after ${seconds} s` }
    : { status: 'fail', detail: `protocol_version was answered "${answer.slice(0, 40)}"` };
};

/** Everything on stdout has to be inside answers. */
const checkOutput = (output: string): Verdict => {
  const stray = output
    .replaceAll('\r', '')
    .split('\n\n')
    .map(answer => answer.replace(/^\n+/, ''))
    .find(answer => answer !== '' && !/^[=?]/.test(answer));
  return stray === undefined
    ? { status: 'pass', detail: '' }
    : { status: 'fail', detail: `"${stray.slice(0, 60)}" belongs to no answer: kgsGtp kills the engine` };
};

const judgeEnd = (status: number | string | undefined, milliseconds: number): Verdict => {
  if (status === undefined) return { status: 'fail', detail: 'it lives on: a zombie that eats the machine' };
  if (milliseconds > END_MS) return { status: 'warn', detail: `after ${(milliseconds / 1000).toFixed(1)} s` };
  return status === 0
    ? { status: 'pass', detail: `in ${milliseconds.toFixed(0)} ms` }
    : { status: 'warn', detail: `with ${status}, not 0` };
};

const timeEnd = async (engine: RawEngine): Promise<Verdict> => {
  const started = performance.now();
  return judgeEnd(await engine.exit(LATEST_END_MS), performance.now() - started);
};

const checkQuit = async (engine: RawEngine): Promise<Verdict> => {
  if (!engine.isRunning) return { status: 'fail', detail: 'the engine has ended' };
  engine.write('99 quit\n');
  const verdict = await timeEnd(engine);
  if (verdict.status === 'fail') return verdict;
  return /(^|\n)=99 ?\n/.test(engine.output)
    ? verdict
    : { status: 'warn', detail: 'quit itself was not answered' };
};

const checkEndOfInput = async (spec: EngineSpec, startMs: number): Promise<Verdict> => {
  const engine = new RawEngine(spec);
  try {
    await engine.ask('name', startMs);
    engine.endInput();
    return await timeEnd(engine);
  } finally {
    await engine.kill();
  }
};

const checkQuitInMove = async (spec: EngineSpec, startMs: number): Promise<Verdict> => {
  const engine = new RawEngine(spec);
  try {
    await engine.ask('name', startMs);
    await engine.ask('genmove b', startMs);
    engine.write('genmove w\nquit\n');
    const verdict = await timeEnd(engine);
    return verdict;
  } finally {
    await engine.kill();
  }
};
