/** Answers of an analysis engine as judgements for the player to move, and from whose view an engine reports. */
import { BLACK, WHITE, type Color } from '../../../engine/types.ts';
import { LABEL_SIZE } from './analysisQuery.ts';

const AREA = LABEL_SIZE * LABEL_SIZE;
/** How far probabilities may be from adding up to 1: engines round what they print. */
const SUM_ERROR = 0.02;
/** Ownership and win rates may be off their ranges by rounding. */
const ROUNDING = 1e-3;

/** One line that an engine wrote, as far as this module cares. Nothing in it can be relied on. */
export interface AnswerLine {
  readonly id?: unknown;
  readonly turnNumber?: unknown;
  readonly isDuringSearch?: unknown;
  readonly noResults?: unknown;
  readonly error?: unknown;
  readonly warning?: unknown;
  readonly field?: unknown;
  readonly rootInfo?: {
    readonly winrate?: unknown;
    readonly scoreLead?: unknown;
    readonly currentPlayer?: unknown;
  } | null;
  readonly policy?: unknown;
  readonly ownership?: unknown;
}

/** From whose view numbers are. */
export const VIEWS = ['side to move', 'black', 'white'] as const;
export type View = (typeof VIEWS)[number];

/** Engines are told to report for the side to move; not all of them do. */
export interface Perspective {
  /** Of winning chance and lead. */
  readonly chance: View;
  readonly ownership: View;
}

/** What an engine said about a position, for the player to move. */
export interface Judgement {
  /** From 0 to 1. */
  readonly chance: number;
  /** In points. */
  readonly lead: number;
  /** Passing last, below 0 where a move is illegal. Shape [362]. */
  readonly policy: readonly number[];
  /** Shape [361]. */
  readonly ownership: readonly number[];
}

/** An answer that is none; the message says what is wrong with it. */
export class AnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AnswerError';
  }
}

/** @throws AnswerError if a number is missing or impossible, or the engine took another player to be to move */
export const readJudgement = (line: AnswerLine, toPlay: Color, perspective: Perspective): Judgement => {
  const { rootInfo, policy, ownership } = line;
  const letter = toPlay === BLACK ? 'B' : 'W';
  const player = rootInfo?.currentPlayer;
  if (player !== undefined && player !== letter)
    throw new AnswerError(`it took ${JSON.stringify(player)} to be to move, not "${letter}"`);
  const chance = numberWithin('rootInfo.winrate', rootInfo?.winrate, 0, 1);
  const lead = numberWithin('rootInfo.scoreLead', rootInfo?.scoreLead, -2 * AREA, 2 * AREA);
  const priors = numbers('policy', policy, AREA + 1, -1, 1);
  const sum = priors.reduce((total, prior) => total + Math.max(0, prior), 0);
  if (Math.abs(sum - 1) > SUM_ERROR) throw new AnswerError(`"policy" adds up to ${sum.toFixed(3)}, not 1`);
  const owners = numbers('ownership', ownership, AREA, -1, 1);
  const isOurs = (view: View): boolean =>
    view === 'side to move' || (view === 'black') === (toPlay === BLACK);
  return {
    chance: isOurs(perspective.chance) ? chance : 1 - chance,
    lead: isOurs(perspective.chance) ? lead : -lead,
    policy: priors,
    ownership: isOurs(perspective.ownership) ? owners : owners.map(owner => -owner),
  };
};

/**
 * From whose view an engine reports, by what it says of a position that Black has won.
 * @param black its answer with Black to move @param white with White to move
 * @returns undefined where its numbers say neither
 * @throws AnswerError as {@link readJudgement}
 */
export const findPerspective = (
  black: AnswerLine,
  white: AnswerLine,
): { readonly [key in keyof Perspective]: View | undefined } => {
  const plain: Perspective = { chance: 'side to move', ownership: 'side to move' };
  const first = readJudgement(black, BLACK, plain);
  const second = readJudgement(white, WHITE, plain);
  return {
    chance: viewOf(first.chance - 0.5, second.chance - 0.5),
    ownership: viewOf(meanOf(first.ownership), meanOf(second.ownership)),
  };
};

/** Numbers within this of even do not say who is ahead. */
const UNDECIDED = 0.05;

/** @param blackToMove @param whiteToMove what is reported of a position that is good for Black; above 0: good */
const viewOf = (blackToMove: number, whiteToMove: number): View | undefined => {
  if (Math.abs(blackToMove) < UNDECIDED || Math.abs(whiteToMove) < UNDECIDED) return undefined;
  if (blackToMove > 0) return whiteToMove > 0 ? 'black' : 'side to move';
  return whiteToMove < 0 ? 'white' : undefined;
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const numberWithin = (what: string, value: unknown, low: number, high: number): number => {
  if (typeof value !== 'number' || !(value >= low - ROUNDING && value <= high + ROUNDING))
    throw new AnswerError(`"${what}" is ${JSON.stringify(value)}, not a number from ${low} to ${high}`);
  return Math.min(high, Math.max(low, value));
};

const numbers = (what: string, value: unknown, length: number, low: number, high: number): number[] => {
  if (!Array.isArray(value)) throw new AnswerError(`"${what}" is missing`);
  if (value.length !== length) throw new AnswerError(`"${what}" has ${value.length} numbers, not ${length}`);
  return value.map((item: unknown, i) => numberWithin(`${what}[${i}]`, item, low, high));
};
