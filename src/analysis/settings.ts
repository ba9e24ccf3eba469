/** What a query may change about the search, by the names of KataGo's configuration: the object `overrideSettings`. */
import type { SearchParameters } from '../../engine/search/params.ts';
import { isFields, type Fields } from './fields.ts';
import { QueryError } from './queryError.ts';

export const VIEWS = ['BLACK', 'WHITE', 'SIDETOMOVE'] as const;
/** From whose view win rates, leads and ownership are told. */
export type View = (typeof VIEWS)[number];

/** How a position is searched, and from whose view the result is told. */
export interface QuerySettings {
  visits: number;
  playouts: number | undefined;
  timeMs: number | undefined;
  view: View;
  parameters: Partial<SearchParameters>;
}

/** @returns undefined if the text names no view */
export const parseView = (text: string): View | undefined => {
  const name = text.toUpperCase();
  if (name === 'B') return 'BLACK';
  if (name === 'W') return 'WHITE';
  return VIEWS.find(view => view === name);
};

/** Reads a value of the outside and changes settings. @throws RangeError saying what is allowed */
type Setter = (settings: QuerySettings, name: string, value: unknown) => void;

/** KataGo takes numbers as texts too. */
const readNumber = (name: string, value: unknown, least: number, most: number): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= least && number <= most))
    throw new RangeError(`${name} must be a number from ${least} to ${most}`);
  return number;
};

const parameter =
  (key: keyof SearchParameters, least: number, most: number): Setter =>
  (settings, name, value) => {
    settings.parameters = { ...settings.parameters, [key]: readNumber(name, value, least, most) };
  };

const MOST_VISITS = 2 ** 50;
const MOST_SECONDS = 1e20;

/**
 * KataGo's noise at the root: its part without chance, which makes the priors flatter (cpp/search/searchexplorehelpers.cpp). The
 * other part, random bonuses, is left out, so that the same query has the same answer.
 */
const setWideRootNoise: Setter = (settings, name, value) => {
  const noise = readNumber(name, value, 0, 5);
  const { rootPolicyTemperature = 1 } = settings.parameters;
  settings.parameters = {
    ...settings.parameters,
    rootPolicyTemperature: Math.min(100, rootPolicyTemperature * (1 + 4 * noise)),
  };
};

const SETTERS: Readonly<Record<string, Setter>> = {
  reportAnalysisWinratesAs: (settings, name, value) => {
    const view = typeof value === 'string' ? parseView(value) : undefined;
    if (!view) throw new RangeError(`${name} must be one of ${VIEWS.join(', ')}`);
    settings.view = view;
  },
  maxVisits: (settings, name, value) =>
    (settings.visits = Math.floor(readNumber(name, value, 1, MOST_VISITS))),
  maxPlayouts: (settings, name, value) =>
    (settings.playouts = Math.floor(readNumber(name, value, 1, MOST_VISITS))),
  maxTime: (settings, name, value) => (settings.timeMs = 1000 * readNumber(name, value, 0, MOST_SECONDS)),
  rootPolicyTemperature: parameter('rootPolicyTemperature', 0.01, 100),
  wideRootNoise: setWideRootNoise,
  analysisWideRootNoise: setWideRootNoise,
  rootFpuReductionMax: parameter('rootFpuReduction', 0, 2),
  fpuReductionMax: parameter('fpuReduction', 0, 2),
  cpuctExploration: parameter('cPuct', 0, 10),
  cpuctExplorationLog: parameter('cPuctLog', 0, 10),
  cpuctExplorationBase: parameter('cPuctBase', 10, 1e5),
};

/**
 * Applies the field `overrideSettings`, if it is there.
 * @returns names that are not known, which KataGo warns of
 * @throws QueryError for a value out of range
 */
export const overrideSettings = (settings: QuerySettings, { overrideSettings: value }: Fields): string[] => {
  if (value === undefined) return [];
  if (!isFields(value)) throw new QueryError('overrideSettings', 'Must be an object');
  const unknown: string[] = [];
  // The noise comes last, since it scales a temperature.
  const names = Object.keys(value).toSorted((a, b) => Number(isNoise(a)) - Number(isNoise(b)));
  for (const name of names) {
    if (!Object.hasOwn(SETTERS, name)) {
      unknown.push(name);
      continue;
    }
    try {
      SETTERS[name](settings, name, value[name]);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new QueryError('overrideSettings', `Could not set settings: ${error.message}`);
    }
  }
  return unknown;
};

const isNoise = (name: string): boolean => SETTERS[name] === setWideRootNoise;
