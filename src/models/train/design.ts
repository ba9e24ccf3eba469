/** What a run was begun with. A run is gone on with as itself only: as anything else its numbers would mean nothing. */
import type { TrainModelOptions } from './recipe.ts';
import { TrainError } from './trainError.ts';

/** By name: what the run is about, its seed, how many examples it learns from, its recipe. As JSON keeps it. */
export type Design = Readonly<Record<string, unknown>>;

export const designOf = ({
  recipe,
  seed,
  about = {},
  split,
}: Pick<TrainModelOptions, 'recipe' | 'seed' | 'about' | 'split'>): Design => ({
  ...about,
  seed,
  examples: split.train.count,
  recipe,
});

/** @throws TrainError naming the first thing that is not as it was */
export const checkDesign = (folder: string, was: Design, is: Design): void => {
  const change = firstChange('', was, is);
  if (change)
    throw new TrainError(
      `${folder}: ${change.path} was ${textOf(change.was)} and cannot become ${textOf(change.is)}: take another --out`,
    );
};

interface Change {
  /** "recipe.schedule.rate" */
  readonly path: string;
  readonly was: unknown;
  readonly is: unknown;
}

const firstChange = (path: string, was: unknown, is: unknown): Change | undefined => {
  if (!isObject(was) || !isObject(is))
    return JSON.stringify(was) === JSON.stringify(is) ? undefined : { path, was, is };
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const change = firstChange(path === '' ? key : `${path}.${key}`, was[key], is[key]);
    if (change) return change;
  }
  return undefined;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Longer values (codes of classes) tell nobody anything. */
const LONGEST = 80;

const textOf = (value: unknown): string => {
  if (value === undefined) return 'not given';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
};
