/**
 * What an engine thinks of a position: the moves it considers, each with what it expects after it. All numbers are for the
 * player to move. {@link analyzePolicy} makes one from the bare policy, with one visit a move.
 */
import type { Evaluator } from './evaluator.ts';
import { isSensible } from './eyes.ts';
import type { Game } from './game.ts';
import { PASS, type Point } from './types.ts';

export interface Candidate {
  readonly point: Point;
  /** Evaluations of positions at and below this move. */
  readonly visits: number;
  /** Probability by the policy alone. */
  readonly prior: number;
  /** In [-1, 1]; undefined if the network has no value, or the move was never tried. */
  readonly value: number | undefined;
  /** What the value will hardly fall below, by how much its evaluations differ and how many they are; the value itself without search. */
  readonly lowerBound: number | undefined;
  /** Expected final lead in points, komi included; undefined if the network does not know. */
  readonly lead: number | undefined;
  /** Standard deviation of the leads that the search met after this move, in points; undefined without search. */
  readonly leadDeviation: number | undefined;
  /** This move and what is expected to follow; never empty. */
  readonly line: readonly Point[];
  /** Visits after each move of the line. */
  readonly lineVisits: readonly number[];
  /** In [-1, 1] by policy index. Shape [area]. */
  readonly ownership: Float32Array | undefined;
  /** Standard deviation of the ownership that the search met after this move, if it was followed. Shape [area]. */
  readonly ownershipDeviation?: Float32Array | undefined;
}

export interface Analysis {
  readonly visits: number;
  readonly value: number | undefined;
  readonly lead: number | undefined;
  /** As of {@link Candidate}. */
  readonly leadDeviation: number | undefined;
  /** In [-1, 1] by policy index. Shape [area]. */
  readonly ownership: Float32Array | undefined;
  /** As of {@link Candidate}. */
  readonly ownershipDeviation?: Float32Array | undefined;
  /** Best first; empty only if every move was excluded. */
  readonly candidates: readonly Candidate[];
}

/** What the network says about one position; {@link Analysis} is made of these. */
export interface Evaluation {
  /** Priors over the legal moves, pass last. Shape [area + 1]. */
  readonly policy: Float32Array;
  /** The same of the move a strong human would play, without pass. Shape [area]. */
  readonly expert?: Float32Array | undefined;
  readonly value: number | undefined;
  readonly lead: number | undefined;
  /** Shape [area]. */
  readonly ownership: Float32Array | undefined;
}

export interface AnalysisOptions {
  /** Most candidates; as many as one batch holds by default. */
  readonly maxMoves?: number;
  /** Candidates however unlikely they are, if there are so many moves; 1 by default. */
  readonly minMoves?: number;
  /** Whether a move may be considered; all may by default. */
  readonly isAllowed?: (point: Point) => boolean;
}

/** A move less likely than this is no candidate unless more are asked for. */
const LEAST_PRIOR = 0.005;

/** The candidates by their priors alone, each with the value of the position itself: no further evaluation. */
export const listCandidates = (
  game: Game,
  evaluation: Evaluation,
  { maxMoves = 16, minMoves = 1, isAllowed = () => true }: AnalysisOptions = {},
): Analysis => {
  const { value, lead, ownership, policy } = evaluation;
  const candidates = choosePoints(game, policy, maxMoves, minMoves, isAllowed).map(point => ({
    point,
    visits: 1,
    prior: priorOf(game, policy, point),
    value,
    lowerBound: value,
    lead,
    leadDeviation: undefined,
    line: [point],
    lineVisits: [1],
    ownership,
  }));
  return { visits: 1, value, lead, leadDeviation: undefined, ownership, candidates };
};

/**
 * Looks one move ahead: evaluates the position after each candidate, all in one batch.
 * @param evaluation of the position itself
 */
export const analyzePolicy = async (
  evaluator: Evaluator,
  game: Game,
  evaluation: Evaluation,
  { maxMoves = evaluator.maxBatch, ...options }: AnalysisOptions = {},
): Promise<Analysis> => {
  const shallow = listCandidates(game, evaluation, {
    ...options,
    maxMoves: Math.min(maxMoves, evaluator.maxBatch),
  });
  if (shallow.candidates.length === 0) return shallow;
  const ahead = game.clone();
  const batch = evaluator.begin();
  try {
    for (const { point } of shallow.candidates) {
      ahead.play(point);
      batch.add(ahead);
      ahead.undo();
    }
    await batch.run();
    const candidates = shallow.candidates.map((candidate, slot) => {
      ahead.play(candidate.point);
      const reply = choosePoints(ahead, batch.policy(slot), 1, 1, () => true)[0];
      ahead.undo();
      const value = batch.value(slot);
      const lead = batch.lead(slot);
      return {
        ...candidate,
        value: value === undefined ? candidate.value : -value,
        lowerBound: value === undefined ? candidate.lowerBound : -value,
        lead: lead === undefined ? candidate.lead : -lead,
        line: reply === undefined ? [candidate.point] : [candidate.point, reply],
        lineVisits: reply === undefined ? [1] : [1, 1],
        ownership: batch.ownership(slot)?.map(owner => -owner),
      };
    });
    return { ...shallow, visits: 1 + candidates.length, candidates };
  } finally {
    batch.release();
  }
};

const priorOf = ({ board }: Game, policy: Float32Array, point: Point): number =>
  policy[point === PASS ? board.area : board.indexOf[point]];

/** The likeliest sensible moves, the likeliest first; passing counts as one, and is all there is where nothing else is left. */
const choosePoints = (
  game: Game,
  policy: Float32Array,
  maxMoves: number,
  minMoves: number,
  isAllowed: (point: Point) => boolean,
): Point[] => {
  const { board, toPlay } = game;
  const points = Array.from(board.points).filter(
    point => policy[board.indexOf[point]] > 0 && isSensible(game, point, toPlay) && isAllowed(point),
  );
  if (isAllowed(PASS) && (points.length === 0 || policy[board.area] > 0)) points.push(PASS);
  return points
    .toSorted((a, b) => priorOf(game, policy, b) - priorOf(game, policy, a))
    .filter((point, rank) => rank < Math.max(1, minMoves) || priorOf(game, policy, point) >= LEAST_PRIOR)
    .slice(0, maxMoves);
};
