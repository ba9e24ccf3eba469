/** The bare policy where the searches are: what it says of a position, and the move it would play. */
import { analyzePolicy, listCandidates, type Evaluation } from '../../engine/analysis.ts';
import type { Evaluator } from '../../engine/evaluator.ts';
import type { Game } from '../../engine/game.ts';
import { playoutValue } from '../../engine/judge.ts';
import { choosePolicyMove } from '../../engine/players.ts';
import { Random } from '../../engine/random.ts';
import { Restrictions } from '../../engine/search/restrictions.ts';
import { evaluate } from '../inference/evaluate.ts';
import type { PolicyOutcome, PolicyTask } from './messages.ts';

/** Playouts that stand in for a value: about the time of some evaluations. */
const PLAYOUTS = 60;

/** Does a task of the bare policy. */
export const askPolicy = async (
  evaluator: Evaluator,
  game: Game,
  { symmetries, restrictions, looksAhead, report, choice }: PolicyTask,
): Promise<PolicyOutcome> => {
  const evaluation = await look(evaluator, game, symmetries);
  const table = restrictions.length > 0 ? new Restrictions(restrictions, game.toPlay) : undefined;
  const isAllowed = table && ((point: number): boolean => table.isAllowed(point, 0));
  const options = { ...report, ...(isAllowed ? { isAllowed } : {}) };
  const analysis = looksAhead
    ? await analyzePolicy(evaluator, game, evaluation, options)
    : listCandidates(game, evaluation, options);
  if (!choice) return { evaluation, analysis, move: undefined };
  const { seed = 1, ...rest } = choice;
  const random = new Random(seed);
  return {
    evaluation,
    analysis,
    move: choosePolicyMove(game, evaluation.policy, { ...rest, random, isAllowed }),
  };
};

/** The evaluation; where the network has no value, playouts give one. */
const look = async (evaluator: Evaluator, game: Game, symmetries: 1 | 8): Promise<Evaluation> => {
  const evaluation = await evaluate(evaluator, game, symmetries);
  return evaluation.value === undefined
    ? { ...evaluation, ...playoutValue(game, { playouts: PLAYOUTS }) }
    : evaluation;
};
