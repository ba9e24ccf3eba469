/**
 * Several runs of one kind, one after the other: seeds, or folds of a data set. One member is a run in its folder; more have folders of
 * their own in it, and a summary. Members that were measured on the same examples are an ensemble, too: the mean of their softmax
 * outputs. Members that have ended are not trained again.
 */
import { join } from 'node:path';
import { writeFileAtomic } from '../../writeFileAtomic.ts';
import type { Split } from '../data/examples.ts';
import type { Weights } from '../fold.ts';
import { readWeightsFile } from '../modelFiles.ts';
import type { NetworkSpec } from '../spec.ts';
import { checkDesign, designOf } from './design.ts';
import { Learner } from './learner.ts';
import type { Recipe, TrainModelOptions, TrainOutcome } from './recipe.ts';
import { readResult } from './result.ts';
import { RESULT_FILE, WEIGHTS_FILE, hasCheckpoint, type EpochRow } from './runFiles.ts';
import { averageChances, predictAll, scoreOf, type Score } from './score.ts';
import { TrainError } from './trainError.ts';
import { trainModel } from './trainModel.ts';

export interface Member {
  /** Of its folder: `seed-1`, `fold-0`. */
  readonly name: string;
  readonly seed: number;
  readonly split: Split;
}

export interface ExperimentOptions extends Pick<
  TrainModelOptions,
  'resume' | 'signal' | 'checkpointMinutes' | 'metadata'
> {
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  readonly members: readonly Member[];
  /** Where a member begins. */
  readonly firstWeights: (seed: number) => Weights;
  readonly folder: string;
  readonly about: Readonly<Record<string, unknown>>;
  /** Whether the members' test sets are the same one. */
  readonly isEnsemble: boolean;
  readonly onStep?: (member: Member, state: Parameters<NonNullable<TrainModelOptions['onStep']>>[0]) => void;
  readonly onEpoch?: (member: Member, row: EpochRow) => void;
  /** After each member that was trained to its end, or stopped. */
  readonly onMember?: (member: Member, folder: string, outcome: TrainOutcome) => Promise<void>;
}

/** Several numbers as one line. */
export interface Spread {
  readonly mean: number;
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
  /** Standard deviation of the members, with n - 1; 0 for one. */
  readonly deviation: number;
}

export interface ExperimentResult {
  readonly members: readonly { readonly name: string; readonly seed: number; readonly test: Score }[];
  readonly testError: Spread;
  readonly ensemble?: Score;
}

/**
 * @returns undefined if it was stopped
 * @throws TrainError if the folder holds one run and several are asked for, or the other way; what trainModel throws
 */
export const runExperiment = async (options: ExperimentOptions): Promise<ExperimentResult | undefined> => {
  const { folder, members, spec, recipe, about, isEnsemble } = options;
  const isSingle = members.length === 1;
  const folderOf = ({ name }: Member): string => (isSingle ? folder : join(folder, name));
  await checkFolder(folder, members);
  const done: ExperimentResult['members'][number][] = [];
  for (const member of members) {
    const score = await trainMember(options, member, folderOf(member));
    if (!score) return undefined;
    done.push({ name: member.name, seed: member.seed, test: score });
  }
  const result: ExperimentResult = {
    members: done,
    testError: spreadOf(done.map(({ test }) => test.error)),
    ...(isEnsemble && !isSingle ? { ensemble: await scoreEnsemble(spec, recipe, members, folderOf) } : {}),
  };
  if (!isSingle) {
    const text = JSON.stringify({ ...about, recipe, ...result }, undefined, 2);
    await writeFileAtomic(join(folder, RESULT_FILE), `${text}\n`);
  }
  return result;
};

const checkFolder = async (folder: string, members: readonly Member[]): Promise<void> => {
  const [{ name }] = members;
  const isSingle = members.length === 1;
  if (await hasCheckpoint(isSingle ? join(folder, name) : folder))
    throw new TrainError(
      isSingle
        ? `${folder} holds several runs: another --out for one alone`
        : `${folder} holds a run of its own: another --out for ${members.length} of them`,
    );
};

/** @returns how it does on its test set; undefined if it was stopped */
const trainMember = async (
  options: ExperimentOptions,
  member: Member,
  folder: string,
): Promise<Score | undefined> => {
  const { spec, recipe, firstWeights, onStep, onEpoch, onMember } = options;
  const { resume = false, signal, checkpointMinutes, metadata } = options;
  const { split, seed } = member;
  const about = { ...options.about, member: member.name };
  const ended = resume ? await readResult(folder) : undefined;
  if (ended?.test) {
    const design = designOf({ recipe, seed, about, split });
    const was = Object.fromEntries(Object.keys(design).map(key => [key, ended[key]]));
    checkDesign(folder, was, design);
    return ended.test;
  }
  const outcome = await trainModel({
    spec,
    split,
    recipe,
    seed,
    weights: firstWeights(seed),
    folder,
    resume,
    about,
    ...(metadata ? { metadata } : {}),
    ...(checkpointMinutes === undefined ? {} : { checkpointMinutes }),
    ...(signal ? { signal } : {}),
    onStep: state => onStep?.(member, state),
    onEpoch: row => onEpoch?.(member, row),
  });
  await onMember?.(member, folder, outcome);
  return outcome.isFinished ? outcome.test : undefined;
};

const scoreEnsemble = async (
  spec: NetworkSpec,
  recipe: Recipe,
  members: readonly Member[],
  folderOf: (member: Member) => string,
): Promise<Score> => {
  const [{ split }] = members;
  const chances: Float32Array[] = [];
  for (const member of members) {
    const { weights } = await readWeightsFile(join(folderOf(member), WEIGHTS_FILE), spec);
    const learner = new Learner(spec, weights, recipe);
    chances.push(await predictAll(learner, split.test));
    learner.close();
  }
  return scoreOf(averageChances(chances), split.test.labels, split.test.classes.length);
};

/** @param values at least one */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    median: (sorted[Math.floor((count - 1) / 2)] + sorted[Math.floor(count / 2)]) / 2,
    least: sorted[0],
    greatest: sorted[count - 1],
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
  };
};
