/** The options of `hane data build` as typed values. */
import { InvalidArgumentError } from 'commander';
import { DEFAULT_FILTERS, type GameFilters } from '../training/data/filters.ts';
import { RESULT_KINDS, type ResultKind } from '../training/data/gameRecord.ts';
import { parseRank, type Rank } from '../training/data/rank.ts';

export interface FilterOptions {
  readonly minRank?: Rank;
  readonly maxRank?: Rank;
  readonly result?: readonly ResultKind[];
  readonly minMoves: number;
  readonly maxMoves?: number;
  readonly maxHandicap?: number;
  readonly komi?: readonly [number, number];
  readonly years?: readonly [number, number];
}

export const readRank = (text: string): Rank => {
  const rank = parseRank(text);
  if (rank === undefined) throw new InvalidArgumentError('must be a rank such as 3k, 6d or 1p');
  return rank;
};

/** What `known` stands for. */
const KNOWN = RESULT_KINDS.filter(kind => kind !== 'unknown' && kind !== 'void');

/** Kinds of results, listed with commas. */
export const readResultKinds = (text: string): readonly ResultKind[] =>
  text.split(',').flatMap(name => {
    if (name === 'known') return KNOWN;
    const kind = RESULT_KINDS.find(one => one === name);
    if (!kind)
      throw new InvalidArgumentError(`must be of known, ${RESULT_KINDS.join(', ')}, with commas between`);
    return [kind];
  });

/** MIN:MAX; either may be left out, not both. */
export const readRange = (text: string): readonly [number, number] => {
  const parts = text.split(':');
  const [low, high] = parts.map(part => part.trim());
  const range = [low ? Number(low) : -Infinity, high ? Number(high) : Infinity] as const;
  if (parts.length !== 2 || (!low && !high) || !(range[0] <= range[1]))
    throw new InvalidArgumentError('must be MIN:MAX, MIN: or :MAX, such as 5.5:7.5');
  return range;
};

export const readShare = (text: string): number => {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 0.5))
    throw new InvalidArgumentError('must be a share from 0 to 0.5');
  return share;
};

/** The one size that datasets hold. */
export const readSize = (text: string): 19 => {
  if (text !== '19') throw new InvalidArgumentError('must be 19: a dataset holds games on 19x19 only');
  return 19;
};

export const filtersOf = ({ result, ...rest }: FilterOptions): GameFilters => ({
  ...DEFAULT_FILTERS,
  minRank: rest.minRank,
  maxRank: rest.maxRank,
  results: result,
  minMoves: rest.minMoves,
  maxMoves: rest.maxMoves,
  maxHandicap: rest.maxHandicap,
  komi: rest.komi,
  years: rest.years,
});
