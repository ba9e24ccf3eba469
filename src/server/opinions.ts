/** What the network and the search say, as messages have it: from Black's view, and without what they do not say. */
import { listCandidates, type Analysis, type Candidate, type Evaluation } from '../../engine/analysis.ts';
import { makeVertex, policyIndexOf } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK } from '../../engine/types.ts';
import { letterOf, type Outlook } from './protocol/board.ts';
import { PROBABILITY_DIGITS, type CandidateInfo, type PositionAnalysis } from './protocol/messages.ts';

/** Moves that are listed. */
export const MOST_CANDIDATES = 20;

/** What the network said of a position, and how long it took. */
export interface Seen {
  readonly node: number;
  readonly evaluation: Evaluation;
  readonly evaluationMs: number;
}

const OWNERSHIP_DIGITS = 3;
const LEAD_DIGITS = 2;
const MS_DIGITS = 1;

/** What the network alone says. */
export const describeEvaluation = (game: Game, seen: Seen): PositionAnalysis => {
  const { candidates } = listCandidates(game, seen.evaluation, { maxMoves: MOST_CANDIDATES });
  const bare = candidates.map(({ point, prior }) => ({
    vertex: makeVertex(point, game),
    visits: 0,
    prior: round(prior, PROBABILITY_DIGITS),
    line: [makeVertex(point, game)],
  }));
  return { ...describe(game, seen, seen.evaluation), visits: 1, candidates: bare };
};

/** What a search says, beside the network's policy. */
export const describeSearch = (game: Game, seen: Seen, analysis: Analysis): PositionAnalysis => ({
  ...describe(game, seen, {
    value: analysis.value,
    lead: analysis.lead,
    ownership: analysis.ownership ?? seen.evaluation.ownership,
  }),
  visits: analysis.visits,
  candidates: analysis.candidates
    .slice(0, MOST_CANDIDATES)
    .map(candidate => describeCandidate(game, candidate, seen.evaluation.policy)),
});

/** Win rate and lead, for the graph. */
export const outlookOf = (
  game: Game,
  node: number,
  { value, lead }: Pick<Evaluation, 'value' | 'lead'>,
): Outlook => ({
  node,
  ...chancesOf(game, value, lead),
});

const describe = (
  game: Game,
  { node, evaluation, evaluationMs }: Seen,
  { value, lead, ownership }: Pick<Evaluation, 'value' | 'lead' | 'ownership'>,
): Omit<PositionAnalysis, 'visits' | 'candidates'> => {
  const { policy, expert } = evaluation;
  const sign = signOf(game);
  return {
    node,
    toPlay: letterOf(game.toPlay),
    ...chancesOf(game, value, lead),
    policy: Array.from(policy, prior => round(prior, PROBABILITY_DIGITS)),
    ...(expert ? { expert: Array.from(expert, prior => round(prior, PROBABILITY_DIGITS)) } : {}),
    ...(ownership
      ? { ownership: Array.from(ownership, owner => round(sign * owner, OWNERSHIP_DIGITS)) }
      : {}),
    evaluationMs: round(evaluationMs, MS_DIGITS),
  };
};

/** The prior is the heat map's: the search looks at each position turned by chance, and its own differs. */
const describeCandidate = (
  game: Game,
  { point, visits, value, lead, line }: Candidate,
  policy: Float32Array,
): CandidateInfo => ({
  vertex: makeVertex(point, game),
  visits,
  prior: round(policy[policyIndexOf(point, game)], PROBABILITY_DIGITS),
  ...(visits > 0 ? chancesOf(game, value, lead) : {}),
  line: line.map(each => makeVertex(each, game)),
});

/** @param value in [-1, 1] @param lead in points; both for the player to move */
const chancesOf = (
  game: Game,
  value: number | undefined,
  lead: number | undefined,
): Pick<Outlook, 'winrate' | 'lead'> => ({
  ...(value === undefined ? {} : { winrate: round((1 + signOf(game) * value) / 2, PROBABILITY_DIGITS) }),
  ...(lead === undefined ? {} : { lead: round(signOf(game) * lead, LEAD_DIGITS) }),
});

const signOf = ({ toPlay }: Game): number => (toPlay === BLACK ? 1 : -1);

/** Adding 0 makes 0 of -0, which JSON does not know. */
const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits + 0;
