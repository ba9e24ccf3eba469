/** The standing of a match in numbers: a rating table, each pairing, colors, openings, time. Made from the results alone. */
import { findDuplicates } from './duplicates.ts';
import { between, blackPoints, countPairs, pointsOf, type GameRow } from './results.ts';
import {
  measureStrength,
  rate,
  runSprt,
  type Pentanomial,
  type Rating,
  type Sprt,
  type SprtSettings,
  type Strength,
} from './statistics.ts';

export interface Pairing {
  readonly first: string;
  readonly second: string;
  readonly games: number;
  readonly wins: number;
  readonly draws: number;
  readonly losses: number;
  readonly void: number;
  readonly pentanomial: Pentanomial;
  readonly strength: Strength;
  readonly sprt?: Sprt;
  /** Wins of the first engine with each color. */
  readonly asBlack: string;
  readonly asWhite: string;
}

export interface Summary {
  readonly ratings: readonly Rating[];
  readonly pairings: readonly Pairing[];
  readonly games: number;
  readonly void: number;
  readonly blackWins: number;
  /** Games equal to an earlier one up to symmetry. */
  readonly duplicates: number;
  /** Games in which a player counted another score than the one that was taken. */
  readonly disagreements: number;
  readonly meanMoves: number;
  /** By engine: mean seconds of a move. */
  readonly secondsPerMove: Readonly<Record<string, number>>;
  /** Losses by each kind of failure: time, forfeit. */
  readonly failures: Readonly<Record<string, { readonly time: number; readonly forfeit: number }>>;
}

export const summarize = (
  rows: readonly GameRow[],
  engines: readonly string[],
  sprt?: SprtSettings,
): Summary => {
  const points = engines.map(a =>
    engines.map(b =>
      a === b
        ? 0
        : rows.filter(row => between(row, a, b)).reduce((sum, row) => sum + (pointsOf(row, a) ?? 0), 0),
    ),
  );
  const pairings: Pairing[] = [];
  for (const [i, first] of engines.entries())
    for (const second of engines.slice(i + 1)) {
      const played = rows.filter(row => between(row, first, second));
      if (played.length > 0) pairings.push(summarizePairing(played, first, second, sprt));
    }
  const counted = rows.filter(row => blackPoints(row) !== undefined);
  const failures = Object.fromEntries(
    engines.map(name => [
      name,
      {
        time: rows.filter(row => loserOf(row) === name && row.result.endsWith('+T')).length,
        forfeit: rows.filter(row => loserOf(row) === name && row.result.endsWith('+F')).length,
      },
    ]),
  );
  return {
    ratings: rate(engines, points).toSorted((a, b) => b.elo - a.elo),
    pairings,
    games: rows.length,
    void: rows.length - counted.length,
    blackWins: counted.filter(row => blackPoints(row) === 1).length,
    duplicates: findDuplicates(rows).size,
    disagreements: rows.filter(({ reason }) => reason?.startsWith('a player counts') === true).length,
    meanMoves: mean(rows.map(({ moves }) => moves.length)),
    secondsPerMove: Object.fromEntries(engines.map(name => [name, secondsOf(rows, name)])),
    failures,
  };
};

const summarizePairing = (
  rows: readonly GameRow[],
  first: string,
  second: string,
  sprt: SprtSettings | undefined,
): Pairing => {
  const points = rows.map(row => pointsOf(row, first));
  const pentanomial = countPairs(rows, first, second);
  const withColor = (color: 'black' | 'white'): string => {
    const games = rows.filter(row => row[color] === first && blackPoints(row) !== undefined);
    return `${games.filter(row => pointsOf(row, first) === 1).length} of ${games.length}`;
  };
  return {
    first,
    second,
    games: rows.length,
    wins: points.filter(value => value === 1).length,
    draws: points.filter(value => value === 0.5).length,
    losses: points.filter(value => value === 0).length,
    void: points.filter(value => value === undefined).length,
    pentanomial,
    strength: measureStrength(pentanomial),
    ...(sprt ? { sprt: runSprt(pentanomial, sprt) } : {}),
    asBlack: withColor('black'),
    asWhite: withColor('white'),
  };
};

const loserOf = (row: GameRow): string | undefined => {
  const points = blackPoints(row);
  return points === 1 ? row.white : points === 0 ? row.black : undefined;
};

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const secondsOf = (rows: readonly GameRow[], name: string): number => {
  let seconds = 0;
  let moves = 0;
  for (const row of rows) {
    const own = Math.max(0, row.moves.length - row.openingMoves) / 2;
    if (row.black === name) seconds += row.secondsBlack;
    if (row.white === name) seconds += row.secondsWhite;
    if (row.black === name || row.white === name) moves += own;
  }
  return moves > 0 ? seconds / moves : 0;
};

const signed = (value: number): string =>
  Number.isFinite(value)
    ? `${value >= 0 ? '+' : '-'}${Math.abs(value).toFixed(0)}`
    : value > 0
      ? '+inf'
      : '-inf';

/** The table for terminals. */
export const drawSummary = ({ ratings, pairings, ...rest }: Summary): string => {
  const width = Math.max(6, ...ratings.map(({ name }) => name.length));
  const lines: string[] = [];
  if (ratings.length > 2) {
    lines.push(`${'engine'.padEnd(width)}    Elo   +/-  games  score`);
    for (const { name, elo, error, games, score } of ratings)
      lines.push(
        `${name.padEnd(width)} ${signed(elo).padStart(6)} ${error.toFixed(0).padStart(5)} ${String(games).padStart(6)} ${(100 * score).toFixed(1).padStart(5)} %`,
      );
    lines.push('');
  }
  for (const pairing of pairings) lines.push(...drawPairing(pairing));
  lines.push(
    `${rest.games} games, ${rest.meanMoves.toFixed(0)} moves each; Black won ${rest.blackWins}, void ${rest.void}, duplicates ${rest.duplicates}, disputed scores ${rest.disagreements}`,
  );
  for (const [name, { time, forfeit }] of Object.entries(rest.failures))
    if (time + forfeit > 0) lines.push(`${name} lost ${time} on time and ${forfeit} by forfeit`);
  return lines.join('\n');
};

const drawPairing = ({ first, second, wins, draws, losses, strength, sprt, ...rest }: Pairing): string[] => {
  const [low, high] = strength.interval;
  const lines = [
    `${first} - ${second}: ${wins} won, ${draws} drawn, ${losses} lost; as Black ${rest.asBlack}, as White ${rest.asWhite}`,
    `  Elo ${signed(strength.elo)} (95 %: ${signed(low)} to ${signed(high)}), LOS ${(100 * strength.los).toFixed(1)} %, ${strength.pairs} pairs ${rest.pentanomial.join(' ')}`,
  ];
  if (sprt)
    lines.push(
      `  SPRT: LLR ${sprt.llr.toFixed(2)} in ${sprt.lower.toFixed(2)} to ${sprt.upper.toFixed(2)}${sprt.verdict ? `: ${sprt.verdict} accepted` : ''}`,
    );
  return lines;
};
