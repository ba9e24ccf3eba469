/**
 * How long a move may take by the clock: every kind that GTP, KGS and KataGo have. Seconds come in as controllers send them,
 * milliseconds go out.
 */

/** As of GTP's `time_settings`, `kgs-time_settings` and `kata-time_settings`; seconds. */
export type TimeSettings =
  | { readonly kind: 'none' }
  | { readonly kind: 'absolute'; readonly main: number }
  /** After the main time each move may take one period; one that takes longer uses up whole periods. */
  | { readonly kind: 'byoyomi'; readonly main: number; readonly period: number; readonly periods: number }
  /** After the main time so many stones have to be played in each period. */
  | { readonly kind: 'canadian'; readonly main: number; readonly period: number; readonly stones: number }
  | {
      readonly kind: 'fischer';
      readonly main: number;
      readonly increment: number;
      /** Most that a move may take, if there is such a limit. */
      readonly mostPerMove?: number | undefined;
    };

/** As of GTP's `time_left`. */
export interface TimeLeft {
  /** Seconds of the main time, or of the period under way; below 0 with lag. */
  readonly seconds: number;
  /** 0 in the main time; else stones left to play in the period (Canadian), or periods left (byo-yomi). */
  readonly stones: number;
}

/** What a move should take and what it may take at most, in milliseconds. */
export interface TimePlan {
  readonly targetMs: number;
  readonly mostMs: number;
}

/** Seconds kept back for the way to the controller and back, on every move. */
export const LAG_SECONDS = 0.1;

/** Where running out of time loses the game, this much of it is never planned with: CGOS counts its own lag (Leela Zero #1776). */
const RESERVE_SECONDS = 1;
const RESERVE_SHARE = 0.01;
/** ... but never more than this share of what is left. */
const MOST_RESERVE_SHARE = 0.3;

/** A game lasts about this many moves for each point of the board, ... */
const MOVES_PER_POINT = 0.75;
/** ... and at least so many more, by each player. */
const FEWEST_MOVES = 0.08;

/** A move may take so many times its target, but no more than this share of what is left. */
const MOST_FACTOR = 3;
const MOST_SHARE = 0.25;

/** Share of the increment, or of the period, that a move plans with while main time is left. */
const EXTRA_SHARE = 0.9;

/** CLOCK_CARE of ending.ts: 250 playouts, of about 0.7 to 1.4 ms each on 361 points. */
const ENDING_MS_PER_POINT = 1;
/** ... but no more than this share of what a move may take. */
const MOST_ENDING_SHARE = 0.5;

/** The time at the start of a game. */
export const fullTime = (settings: TimeSettings): TimeLeft => {
  if (settings.kind === 'none') return { seconds: Infinity, stones: 0 };
  if (settings.main > 0 || settings.kind === 'absolute' || settings.kind === 'fischer')
    return { seconds: settings.main, stones: 0 };
  return settings.kind === 'byoyomi'
    ? { seconds: settings.period, stones: settings.periods }
    : { seconds: settings.period, stones: settings.stones };
};

/**
 * Plans one move.
 * @param game how far it has come and on how many points
 * @param lag seconds that the way to the controller takes
 * @returns undefined where there is no limit
 */
export const planMove = (
  settings: TimeSettings,
  { seconds, stones }: TimeLeft,
  { moveCount, area }: { readonly moveCount: number; readonly area: number },
  lag: number = LAG_SECONDS,
): TimePlan | undefined => {
  if (settings.kind === 'none' || isUnlimited(settings)) return undefined;
  const moves = Math.max(MOVES_PER_POINT * area - moveCount, 2 * FEWEST_MOVES * area, 2) / 2;
  if (stones > 0 && settings.kind === 'canadian')
    return spread(seconds - reserveOf(seconds, lag), stones, 0, lag);
  if (stones > 0 && settings.kind === 'byoyomi') return makePlan(seconds, seconds, lag);
  // When the main time is used up the period is there, so nothing is kept back; the move may run into it.
  if (settings.kind === 'byoyomi') return overtime(seconds, settings.period, moves, lag);
  if (settings.kind === 'canadian') return overtime(seconds, settings.period / settings.stones, moves, lag);
  const extra = settings.kind === 'fischer' ? EXTRA_SHARE * settings.increment : 0;
  const plan = spread(seconds - reserveOf(seconds, lag), moves, extra, lag);
  const most = settings.kind === 'fischer' ? settings.mostPerMove : undefined;
  return most === undefined || most < 0 ? plan : cap(plan, most - lag);
};

/** `time_settings 0 1 0` and the like: time for moves, but for no number of them. */
const isUnlimited = (settings: TimeSettings): boolean =>
  settings.kind === 'canadian' && settings.stones === 0 && settings.period > 0;

const reserveOf = (seconds: number, lag: number): number =>
  Math.min(
    Math.max(lag, RESERVE_SECONDS + RESERVE_SHARE * seconds),
    MOST_RESERVE_SHARE * Math.max(0, seconds),
  );

/** An even share of what is left, and what comes back after the move. */
const spread = (left: number, moves: number, extra: number, lag: number): TimePlan => {
  const target = left / moves + extra;
  return makePlan(target, Math.min(MOST_FACTOR * target, Math.max(target, MOST_SHARE * left), left), lag);
};

/** A share of the main time on top of what each move has anyway; all of that if the main time is nearly gone. */
const overtime = (main: number, perMove: number, moves: number, lag: number): TimePlan => {
  const target = Math.max(main / moves, EXTRA_SHARE * perMove);
  const all = main + EXTRA_SHARE * perMove;
  return makePlan(Math.min(target, all), Math.min(MOST_FACTOR * target, all), lag);
};

const makePlan = (target: number, most: number, lag: number): TimePlan => {
  const mostMs = 1000 * Math.max(0, most - Math.min(lag, MOST_RESERVE_SHARE * Math.max(0, most)));
  return { targetMs: Math.min(1000 * Math.max(0, target), mostMs), mostMs };
};

/**
 * The plan less what choosing the move takes after the search at the end of a game, where passing is a choice.
 * @param area points of the board
 */
export const keepForEnding = ({ targetMs, mostMs }: TimePlan, area: number): TimePlan => {
  const most = mostMs - Math.min(ENDING_MS_PER_POINT * area, MOST_ENDING_SHARE * mostMs);
  return { targetMs: Math.min(targetMs, most), mostMs: most };
};

const cap = ({ targetMs, mostMs }: TimePlan, seconds: number): TimePlan => {
  const capMs = 1000 * Math.max(0, seconds);
  return { targetMs: Math.min(targetMs, capMs), mostMs: Math.min(mostMs, capMs) };
};
