/** One search and what it was asked to do, done in order. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import type { Evaluator } from '../../engine/evaluator.ts';
import { Random } from '../../engine/random.ts';
import type { SearchParameters } from '../../engine/search/params.ts';
import { Search } from '../../engine/search/search.ts';
import { chooseSearchedMove } from '../../engine/search/searchPlayer.ts';
import type { Outcome, Task } from './messages.ts';
import { gameOf, type Position } from './position.ts';

export class SearchQueue {
  readonly search: Search;
  private last: Promise<unknown> = Promise.resolve();
  private running = -1;
  private stopped = -1;

  constructor(evaluator: Evaluator) {
    this.search = new Search(evaluator, {}, { now: () => performance.now(), breathe: () => nextTurn() });
  }

  /** Does something when everything asked before is done. */
  add<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }

  /**
   * Thinks, and chooses a move if the task wants one.
   * @param id of the request, larger than those before, for {@link stop}
   * @param onReport called every {@link Task.reportEveryMs}
   */
  think(
    id: number,
    position: Position,
    task: Task,
    onReport: (analysis: Analysis, evaluation: Evaluation | undefined) => void,
  ): Promise<Outcome> {
    return this.add(async () => {
      this.running = id;
      const stopReports = startReports(this.search, task, onReport);
      try {
        const game = gameOf(position);
        const { limits, restrictions, movesOwnership, report, choice } = task;
        const thinking = this.search.think(game, limits, { restrictions, movesOwnership, report });
        if (id <= this.stopped) this.search.stop();
        const result = await thinking;
        const move = choice
          ? chooseSearchedMove(game, result, {
              ...choice,
              restrictions,
              random: new Random(choice.seed ?? id),
            })
          : undefined;
        return { ...result, move };
      } finally {
        stopReports();
        this.running = -1;
      }
    });
  }

  /** Stops the request with this id and all before it. */
  stop(id: number): void {
    this.stopped = id;
    if (this.running >= 0 && this.running <= id) this.search.stop();
  }

  configure(changes: Partial<SearchParameters>): Promise<undefined> {
    return this.add(() => {
      this.search.configure(changes);
      return undefined;
    });
  }
}

/** @returns ends the reports */
const startReports = (
  search: Search,
  { reportEveryMs, firstReportMs = reportEveryMs, report }: Task,
  onReport: (analysis: Analysis, evaluation: Evaluation | undefined) => void,
): (() => void) => {
  if (reportEveryMs === undefined) return () => {};
  const tell = (): void => {
    const analysis = search.analyze(report);
    if (analysis) onReport(analysis, search.evaluation);
  };
  let timer: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    tell();
    timer = setInterval(tell, reportEveryMs);
  }, firstReportMs);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
};
