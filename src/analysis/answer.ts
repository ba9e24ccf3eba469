/**
 * Analyses as answers of KataGo's protocol. What the network does not say is left out; `utility` is the value itself, since
 * the score has no part in our search.
 */
import type { Analysis, Candidate, Evaluation } from '../../engine/analysis.ts';
import { makeVertex } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK } from '../../engine/types.ts';
import { hashPosition } from './positionHash.ts';
import type { AnalysisQuery } from './query.ts';
import type { View } from './settings.ts';

/** What is known of a position of a query. */
export interface Finding {
  readonly query: AnalysisQuery;
  readonly turn: number;
  /** The position. */
  readonly game: Game;
  readonly analysis: Analysis;
  /** What the network alone says of the position. */
  readonly evaluation: Evaluation;
  readonly isDuringSearch: boolean;
}

/** Digits after the point: what a network in single precision knows. */
const DIGITS = 1e6;

const round = (value: number): number => Math.round(value * DIGITS) / DIGITS;

/** One answer, to be written as JSON; fields that are undefined stay out. */
export const makeAnswer = (finding: Finding): object => {
  const { query, turn, game, analysis, evaluation, isDuringSearch } = finding;
  const { includes, settings } = query;
  const sign = signOf(settings.view, game);
  return {
    id: query.id,
    isDuringSearch,
    turnNumber: turn,
    moveInfos: analysis.candidates.map((candidate, order) => makeMoveInfo(candidate, order, finding, sign)),
    rootInfo: makeRootInfo(game, analysis, evaluation, sign),
    ownership: includes.ownership ? ownershipFor(analysis.ownership, sign) : undefined,
    policy: includes.policy ? makePolicy(game, evaluation.policy) : undefined,
  };
};

/** The answer for a position that was not searched at all. */
export const makeNoResults = (id: string, turn: number): object => ({
  id,
  isDuringSearch: false,
  noResults: true,
  turnNumber: turn,
});

/** 1 if the view is that of the player to move, -1 if it is the opponent's. */
const signOf = (view: View, { toPlay }: Game): number =>
  view === 'SIDETOMOVE' || (view === 'BLACK') === (toPlay === BLACK) ? 1 : -1;

const winrate = (value: number | undefined, sign: number): number | undefined =>
  value === undefined ? undefined : round((1 + sign * value) / 2);

const signed = (value: number | undefined, sign: number): number | undefined =>
  value === undefined ? undefined : round(sign * value);

const ownershipFor = (ownership: Float32Array | undefined, sign: number): number[] | undefined =>
  ownership && Array.from(ownership, owner => round(sign * owner));

const makeMoveInfo = (
  { point, visits, prior, value, lowerBound, lead, leadDeviation, line, lineVisits, ownership }: Candidate,
  order: number,
  { query: { includes }, game }: Finding,
  sign: number,
): object => ({
  move: makeVertex(point, game),
  order,
  visits,
  edgeVisits: visits,
  weight: visits,
  winrate: winrate(value, sign),
  lcb: winrate(lowerBound, sign),
  utility: signed(value, sign),
  utilityLcb: signed(lowerBound, sign),
  ...scores(lead, leadDeviation, sign),
  prior: round(prior),
  pv: line.map(move => makeVertex(move, game)),
  pvVisits: includes.pvVisits ? lineVisits : undefined,
  ownership: includes.movesOwnership ? ownershipFor(ownership, sign) : undefined,
});

const makeRootInfo = (game: Game, analysis: Analysis, raw: Evaluation, sign: number): object => ({
  currentPlayer: game.toPlay === BLACK ? 'B' : 'W',
  ...hashPosition(game),
  visits: analysis.visits,
  weight: analysis.visits,
  winrate: winrate(analysis.value, sign),
  utility: signed(analysis.value, sign),
  ...scores(analysis.lead, analysis.leadDeviation, sign),
  rawWinrate: winrate(raw.value, sign),
  rawLead: signed(raw.lead, sign),
});

/** The lead under all its names; we know of no self-play score that differs from it. */
const scores = (lead: number | undefined, deviation: number | undefined, sign: number): object => {
  const score = signed(lead, sign);
  return {
    scoreLead: score,
    scoreMean: score,
    scoreSelfplay: score,
    scoreStdev: deviation === undefined ? undefined : round(deviation),
  };
};

/** Priors of the network, -1 where a move is illegal, passing last. */
const makePolicy = (game: Game, policy: Float32Array): number[] => {
  const { points, area } = game.board;
  return Array.from(policy, (prior, i) => (i === area || game.isLegal(points[i]) ? round(prior) : -1));
};
