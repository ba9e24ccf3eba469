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

type OnReport = (analysis: Analysis, evaluation: Evaluation | undefined) => void;

export class SearchQueue {
  readonly search: Search;
  private last: Promise<unknown> = Promise.resolve();
  private running = -1;
  private stopped = -1;
  /** Whether the last report has not been taken. */
  private isReportOut = false;

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
   * @param onReport called every {@link Task.reportEveryMs}, unless the report before has not been {@link taken}: a reader who
   *   is slow gets fewer reports, not old ones
   */
  think(id: number, position: Position, task: Task, onReport: OnReport): Promise<Outcome> {
    return this.add(async () => {
      this.running = id;
      this.isReportOut = false;
      const stopReports = startReports(task, () => this.report(task, onReport));
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
    this.stopped = Math.max(this.stopped, id);
    if (this.running >= 0 && this.running <= id) this.search.stop();
  }

  /** Notes that the last report of the request with this id has been taken. */
  taken(id: number): void {
    if (id === this.running) this.isReportOut = false;
  }

  private report({ report }: Task, onReport: OnReport): void {
    const analysis = this.isReportOut ? undefined : this.search.analyze(report);
    if (!analysis) return;
    this.isReportOut = true;
    onReport(analysis, this.search.evaluation);
  }

  configure(changes: Partial<SearchParameters>): Promise<undefined> {
    return this.add(() => {
      this.search.configure(changes);
      return undefined;
    });
  }

  /** Forgets the tree. */
  clear(): Promise<undefined> {
    return this.add(() => {
      this.search.clear();
      return undefined;
    });
  }
}

/** @returns ends the reports */
const startReports = (
  { reportEveryMs, firstReportMs = reportEveryMs }: Task,
  tell: () => void,
): (() => void) => {
  if (reportEveryMs === undefined) return () => {};
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
