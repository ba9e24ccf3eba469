/** What `hane models train` says and draws of its runs. */
import { join } from 'node:path';
import type { ExperimentOptions, ExperimentResult, Member } from '../models/train/experiment.ts';
import { readRows, type EpochRow } from '../models/train/runFiles.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { drawMembers, drawModelCurves } from './modelsCurves.ts';
import { ProgressLine } from './progressLine.ts';

export const CURVES_FILE = 'curves.svg';

/** A line of progress while a member learns, one of figures after each epoch, curves at its end. */
export const reporters = (
  name: string,
  isSingle: boolean,
): Required<Pick<ExperimentOptions, 'onStep' | 'onEpoch' | 'onMember'>> => {
  let line: ProgressLine | undefined;
  let shown: Member | undefined;
  let start = 0;
  return {
    onStep: (member, { done, total, epoch, epochs, loss }) => {
      if (shown !== member) {
        line = new ProgressLine();
        shown = member;
        start = done;
      }
      const text = `${isSingle ? '' : `${member.name}, `}epoch ${epoch} of ${epochs}, loss ${loss.toFixed(4)}`;
      line?.show({ done: done - start, total: total - start, count: done - start, unit: 'examples', text });
    },
    onEpoch: (member, row) => {
      line?.clear();
      process.stderr.write(`${isSingle ? '' : `${member.name}: `}${epochText(row)}\n`);
    },
    onMember: async (member, folder, { rows, isFinished }) => {
      line?.clear();
      shown = undefined;
      const title = `${name}${isSingle ? '' : `, ${member.name}`}`;
      await writeFileAtomic(join(folder, CURVES_FILE), drawModelCurves(rows, title));
      if (isFinished) process.stderr.write(`${member.name} is done\n`);
    },
  };
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** An epoch as a line. */
const epochText = ({ epoch, loss, trainError, dev, test, examplesPerSecond }: EpochRow): string => {
  const errors = [`training ${percent(trainError)}`];
  if (dev) errors.push(`dev ${percent(dev.error)}`);
  if (test) errors.push(`test ${percent(test.error)}`);
  return `epoch ${epoch}: loss ${loss.toFixed(4)}; errors: ${errors.join(', ')}; ${examplesPerSecond.toFixed(0)} examples/s`;
};

/** What came out, in lines. */
export const textOf = (name: string, { members, testError, ensemble }: ExperimentResult): string => {
  if (members.length === 1) {
    const { error, accuracy, examples } = members[0].test;
    return `${name}: test error ${percent(error)}, accuracy ${percent(accuracy)}, of ${examples} examples`;
  }
  const { mean, median, least, greatest, deviation } = testError;
  const rows = members.map(member => `${member.name}: test error ${percent(member.test.error)}`);
  rows.push(
    `test error: mean ${percent(mean)}, median ${percent(median)}, ${percent(least)} to ${percent(greatest)}, deviation ${percent(deviation)}; mean accuracy ${percent(1 - mean)}`,
  );
  if (ensemble) rows.push(`ensemble of ${members.length}: test error ${percent(ensemble.error)}`);
  return rows.join('\n');
};

/** Draws all members of an experiment in one picture. */
export const writeSummary = async (
  name: string,
  out: string,
  members: readonly Member[],
  { ensemble }: ExperimentResult,
): Promise<void> => {
  const rows = new Map<string, readonly EpochRow[]>();
  for (const member of members) rows.set(member.name, await readRows(join(out, member.name)));
  await writeFileAtomic(
    join(out, CURVES_FILE),
    drawMembers(rows, `${name}, ${members.length} runs`, ensemble?.error),
  );
};
