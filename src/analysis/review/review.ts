/**
 * What is known of a whole game: each position searched, each move with what it lost. Plain data, written as JSON: a page shows
 * it, an SGF file carries it, and a later run finds it again.
 *
 * Win rates are Black's, from 0 to 1, leads Black's in points, whoever is to move; what a move lost is its player's.
 */

/** Version of the form; a file of another one is made anew. */
export const REVIEW_VERSION = 1;

export interface ReviewCandidate {
  /** GTP vertex, as everywhere here. */
  readonly move: string;
  readonly visits: number;
  /** Probability by the policy alone. */
  readonly prior: number;
  readonly winrate?: number | undefined;
  readonly lead?: number | undefined;
  /** The move and what is expected to follow. */
  readonly line: readonly string[];
}

export interface ReviewPosition {
  readonly toPlay: 'B' | 'W';
  readonly visits: number;
  readonly winrate?: number | undefined;
  readonly lead?: number | undefined;
  /** The best first, at most {@link MOST_CANDIDATES}. */
  readonly candidates: readonly ReviewCandidate[];
  /** A character a point, top row first: see ownershipText.ts. Undefined if the network has no ownership. */
  readonly ownership?: string | undefined;
}

/** A move, and how it compares with the position before it. */
export interface ReviewMove {
  readonly color: 'B' | 'W';
  readonly move: string;
  /** Stones that it took, or that took themselves. */
  readonly captures: readonly string[];
  /** Points of the lead that it gave away; negative if it won some. Undefined if the network knows no lead. */
  readonly pointsLost?: number | undefined;
  /** The same of the win rate, from 0 to 1. */
  readonly winrateLost?: number | undefined;
  /** 1 if it was the best candidate; moves without visits count by their priors. */
  readonly rank: number;
}

export interface ReviewGame {
  readonly black: string;
  readonly white: string;
  readonly blackRank?: string | undefined;
  readonly whiteRank?: string | undefined;
  /** As the record has it. */
  readonly result?: string | undefined;
  readonly date?: string | undefined;
  readonly rules?: string | undefined;
  readonly komi: number;
  readonly width: number;
  readonly height: number;
  readonly setup: { readonly black: readonly string[]; readonly white: readonly string[] };
  /** What of the record was left out, in words. */
  readonly problems: readonly string[];
}

/** What a review depends on besides the game. */
export interface ReviewSettings {
  readonly network: string;
  /** SHA-256 of the network's file, in hexadecimal: files change, and many have the same name. */
  readonly networkHash: string;
  /** Visits of each position. */
  readonly visits: number;
  readonly seed: number;
}

export interface Review {
  readonly version: typeof REVIEW_VERSION;
  /** Of the record's bytes and the game's place among them. */
  readonly source: string;
  readonly settings: ReviewSettings;
  readonly game: ReviewGame;
  /** One more than moves. */
  readonly positions: readonly ReviewPosition[];
  readonly moves: readonly ReviewMove[];
}

/** Candidates kept of a position. */
export const MOST_CANDIDATES = 10;

export const SEVERITIES = ['fine', 'inaccuracy', 'mistake', 'blunder'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Least loss of each severity but the first, in points and, where no lead is known, in win rate. */
const POINTS = [2, 5, 10] as const;
const WINRATES = [0.05, 0.1, 0.2] as const;

/** How bad a move was. */
export const severityOf = ({ pointsLost, winrateLost = 0 }: ReviewMove): Severity => {
  const [loss, limits] = pointsLost === undefined ? [winrateLost, WINRATES] : [pointsLost, POINTS];
  return SEVERITIES[limits.filter(limit => loss >= limit).length];
};

/** A move that lost much: its number from 1, for a list. */
export interface Mistake {
  readonly number: number;
  readonly move: ReviewMove;
  readonly severity: Severity;
}

/** The moves that lost most, the worst first; none that are fine. */
export const biggestMistakes = ({ moves }: Review, count: number): Mistake[] =>
  moves
    .map((move, i) => ({ number: i + 1, move, severity: severityOf(move) }))
    .filter(({ severity }) => severity !== 'fine')
    .toSorted((a, b) => lossOf(b.move) - lossOf(a.move))
    .slice(0, count);

const lossOf = ({ pointsLost, winrateLost = 0 }: ReviewMove): number => pointsLost ?? winrateLost;

/** How one player did. */
export interface PlayerSummary {
  readonly moves: number;
  /** Mean loss of a move in points, gains counted as none; undefined without moves or leads. */
  readonly meanPointsLost: number | undefined;
  /** Share of moves that were the best candidate; undefined without moves. */
  readonly bestShare: number | undefined;
  readonly counts: Readonly<Record<Severity, number>>;
}

export const summarizePlayer = ({ moves }: Review, color: 'B' | 'W'): PlayerSummary => {
  const own = moves.filter(move => move.color === color);
  const losses = own.flatMap(({ pointsLost }) => (pointsLost === undefined ? [] : [Math.max(0, pointsLost)]));
  const count = (severity: Severity): number => own.filter(move => severityOf(move) === severity).length;
  return {
    moves: own.length,
    meanPointsLost:
      losses.length > 0 ? losses.reduce((sum, loss) => sum + loss, 0) / losses.length : undefined,
    bestShare: own.length > 0 ? own.filter(({ rank }) => rank === 1).length / own.length : undefined,
    counts: {
      fine: count('fine'),
      inaccuracy: count('inaccuracy'),
      mistake: count('mistake'),
      blunder: count('blunder'),
    },
  };
};
