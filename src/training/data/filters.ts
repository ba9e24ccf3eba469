/** Which games of a collection go into a dataset. */
import { kindOfResult, type GameContent, type ResultKind } from './gameRecord.ts';
import { makeRank, type Rank } from './rank.ts';

export interface GameFilters {
  /** Lowest and highest rank of both players. Games of machines pass. */
  readonly minRank?: Rank | undefined;
  readonly maxRank?: Rank | undefined;
  /** How games may have ended; any way by default. */
  readonly results?: readonly ResultKind[] | undefined;
  /** Games of machines pass. */
  readonly minMoves: number;
  readonly maxMoves?: number | undefined;
  readonly maxHandicap?: number | undefined;
  /** Least and most, in points. */
  readonly komi?: readonly [number, number] | undefined;
  /** First and last; infinite where there is no limit, as of komi. */
  readonly years?: readonly [number, number] | undefined;
}

/** Shorter games of people are mostly escapes and tests. */
export const DEFAULT_FILTERS: GameFilters = { minMoves: 30 };

/** Why a game is left out, in words that are the same for all such games; undefined if it passes. */
export const whyFiltered = (game: GameContent, filters: GameFilters): string | undefined => {
  const { minMoves, maxMoves, maxHandicap, results, komi, years } = filters;
  const { length } = game.moves;
  if (game.isHuman && length < minMoves) return `fewer than ${minMoves} moves`;
  if (maxMoves !== undefined && length > maxMoves) return `more than ${maxMoves} moves`;
  if (maxHandicap !== undefined && game.handicap > maxHandicap)
    return maxHandicap === 0 ? 'with handicap' : `more than ${maxHandicap} handicap stones`;
  const kind = kindOfResult(game.result);
  if (results && !results.includes(kind)) return `result: ${kind}`;
  return (
    whyOutside(game.komi, komi, 'komi') ??
    whyOutside(game.year, years, 'year') ??
    (game.isHuman ? whyRank(game, filters) : undefined)
  );
};

const whyOutside = (
  value: number | undefined,
  range: readonly [number, number] | undefined,
  name: string,
): string | undefined => {
  if (!range) return undefined;
  if (value === undefined) return `${name} unknown`;
  if (value < range[0]) return `${name} below ${range[0]}`;
  return value > range[1] ? `${name} above ${range[1]}` : undefined;
};

const whyRank = (
  { blackRank, whiteRank }: GameContent,
  { minRank, maxRank }: GameFilters,
): string | undefined => {
  if (minRank === undefined && maxRank === undefined) return undefined;
  if (blackRank === undefined || whiteRank === undefined) return 'rank unknown';
  if (minRank !== undefined && Math.min(blackRank, whiteRank) < minRank)
    return `a player below ${makeRank(minRank)}`;
  if (maxRank !== undefined && Math.max(blackRank, whiteRank) > maxRank)
    return `a player above ${makeRank(maxRank)}`;
  return undefined;
};

const describeRange = (range: readonly [number, number]): string =>
  range.map(end => (Number.isFinite(end) ? end : '')).join(':');

/** The filters that are set, by the names that they have on the command line. */
export const describeFilters = (filters: GameFilters): Record<string, string> => {
  const { minRank, maxRank, results, minMoves, maxMoves, maxHandicap, komi, years } = filters;
  const texts = {
    'min-rank': minRank === undefined ? undefined : makeRank(minRank),
    'max-rank': maxRank === undefined ? undefined : makeRank(maxRank),
    result: results?.join(','),
    'min-moves': `${minMoves}`,
    'max-moves': maxMoves?.toString(),
    'max-handicap': maxHandicap?.toString(),
    komi: komi && describeRange(komi),
    years: years && describeRange(years),
  };
  const isSet = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;
  return Object.fromEntries(Object.entries(texts).filter(isSet));
};
