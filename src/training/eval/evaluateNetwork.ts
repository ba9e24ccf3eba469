/**
 * Measures networks on positions: {@link evaluateNetwork} one, {@link compareNetworks} two on the same positions, seen through
 * the same symmetries. Positions are encoded while the network is busy with the batch before.
 */
import type { Batch, Evaluator } from '../../../engine/evaluator.ts';
import { Random } from '../../../engine/random.ts';
import { SYMMETRIES, symmetryMap } from '../../../features/symmetry.ts';
import { BOARD } from '../data/gameRecord.ts';
import { Accumulator, DifferenceAccumulator, type Figures, type NetworkFigures } from './accumulator.ts';
import { METRICS, scorePosition, type TeacherTarget } from './metrics.ts';
import type { EvalPosition, PositionSource } from './positions.ts';

export interface EvalOptions {
  /** Of the symmetry that each position is seen in. */
  readonly seed?: number;
  /** The board as it stands, in place of a random symmetry. */
  readonly isUpright?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What came out, for one network or two. */
export interface EvalReport {
  readonly networks: readonly NetworkFigures[];
  /** Of two networks, the first less the second on the same positions. */
  readonly difference: Figures | undefined;
  readonly positions: number;
  readonly games: number;
  /** False if it was interrupted. */
  readonly isComplete: boolean;
  readonly seconds: number;
}

/** @throws Error if the evaluator fails */
export const evaluateNetwork = (
  evaluator: Evaluator,
  source: PositionSource,
  options: EvalOptions = {},
): Promise<EvalReport> => evaluateAll([evaluator], source, options);

/** @throws Error if an evaluator fails */
export const compareNetworks = (
  first: Evaluator,
  second: Evaluator,
  source: PositionSource,
  options: EvalOptions = {},
): Promise<EvalReport> => evaluateAll([first, second], source, options);

/** Batches under way: one runs while the next is encoded. */
const IN_FLIGHT = 2;

/** What has to be kept of a position until its batch has run. */
type Kept = Omit<EvalPosition, 'game'> & {
  readonly ply: number;
  readonly toPlay: EvalPosition['game']['toPlay'];
};

interface Flight {
  readonly batches: readonly Batch[];
  readonly kept: Kept[];
  done: Promise<unknown> | undefined;
}

const evaluateAll = async (
  evaluators: readonly Evaluator[],
  source: PositionSource,
  { seed = 1, isUpright = false, signal, onProgress }: EvalOptions,
): Promise<EvalReport> => {
  const startMs = performance.now();
  const size = Math.min(...evaluators.map(({ maxBatch }) => maxBatch));
  const random = new Random(seed);
  const scorer = new Scorer(evaluators);
  const flights: Flight[] = [];
  const board = (): Flight => ({ batches: evaluators.map(one => one.begin()), kept: [], done: undefined });
  const depart = (flight: Flight): void => {
    flight.done = Promise.all(flight.batches.map(batch => batch.run()));
    // Awaited later: a failure meanwhile is none that nobody handles.
    flight.done.catch(() => {});
    flights.push(flight);
  };
  const land = async (): Promise<void> => {
    const flight = flights.shift()!;
    await flight.done;
    scorer.add(flight);
    for (const batch of flight.batches) batch.release();
    onProgress?.(scorer.positions, source.total);
  };
  let flight = board();
  for (const position of source.positions()) {
    if (signal?.aborted === true) break;
    const { game, ...rest } = position;
    const symmetry = isUpright ? 0 : random.below(SYMMETRIES);
    for (const batch of flight.batches) batch.add(game, symmetry);
    flight.kept.push({ ...rest, ply: game.moveCount, toPlay: game.toPlay });
    if (flight.kept.length < size) continue;
    depart(flight);
    if (flights.length >= IN_FLIGHT) await land();
    flight = board();
  }
  if (flight.kept.length > 0 && signal?.aborted !== true) depart(flight);
  else for (const batch of flight.batches) batch.release();
  while (flights.length > 0) await land();
  return {
    ...scorer.finish(),
    isComplete: scorer.positions === source.total,
    seconds: (performance.now() - startMs) / 1000,
  };
};

/** Scores positions whose batches have run, and adds the scores up. */
class Scorer {
  positions = 0;
  private games = 0;
  private game = -1;
  private readonly accumulators: readonly Accumulator[];
  private readonly scores: readonly Float64Array[];
  private readonly difference = new DifferenceAccumulator();
  private readonly teacherPolicy = new Float32Array(BOARD.width * BOARD.height + 1);
  private readonly teacherOwnership = new Float32Array(BOARD.width * BOARD.height);

  constructor(evaluators: readonly Evaluator[]) {
    this.accumulators = evaluators.map(({ name }) => new Accumulator(name));
    this.scores = evaluators.map(() => new Float64Array(METRICS.length));
  }

  add({ batches, kept }: Flight): void {
    for (const [slot, position] of kept.entries()) {
      const target = { ...position, teacher: this.teacherOf(position) };
      for (const [i, batch] of batches.entries()) {
        const outputs = {
          policy: batch.policy(slot),
          expert: batch.expert(slot),
          value: batch.value(slot),
          lead: batch.lead(slot),
          ownership: batch.ownership(slot),
        };
        scorePosition(outputs, target, this.scores[i]);
        this.accumulators[i].add(position, this.scores[i]);
        if (outputs.value !== undefined) this.accumulators[i].addForecast(outputs.value, target);
      }
      if (batches.length === 2) this.difference.add(position.number, this.scores[0], this.scores[1]);
      this.positions++;
      if (position.number !== this.game) this.games++;
      this.game = position.number;
    }
  }

  finish(): Pick<EvalReport, 'networks' | 'difference' | 'positions' | 'games'> {
    const { positions, games } = this;
    return {
      networks: this.accumulators.map(accumulator => accumulator.figures()),
      difference: this.accumulators.length === 2 ? this.difference.figures() : undefined,
      positions,
      games,
    };
  }

  /** The label in scratch arrays: valid until the next. */
  private teacherOf({ teacher }: Kept): TeacherTarget | undefined {
    if (!teacher) return undefined;
    const { labels, index } = teacher;
    const map = symmetryMap(0, BOARD);
    this.teacherPolicy.fill(0);
    labels.policy(index, map, this.teacherPolicy);
    labels.ownership(index, map, this.teacherOwnership);
    return {
      policy: this.teacherPolicy,
      ownership: this.teacherOwnership,
      chance: labels.chance(index),
      lead: labels.lead(index),
    };
  }
}
