/**
 * Answers many queries at once: a few searches run in parallel on one network, whose batches they share, and what is left waits
 * in a queue, the highest priority first, then the earlier query. Start reading at {@link AnalysisEngine.submit}.
 */
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import type { SearchLimits } from '../../engine/search/search.ts';
import type { SearchParameters } from '../../engine/search/params.ts';
import type { Outcome } from '../search/messages.ts';
import type { RemoteThinkOptions } from '../search/searchThread.ts';
import { makeAnswer, makeNoResults } from './answer.ts';
import { gameAt, type AnalysisQuery } from './query.ts';

/** What the engine needs of a search; a {@link RemoteSearch} has it. */
export interface Thinker {
  /** Changes parameters and forgets the tree. @throws RangeError for a parameter out of range */
  configure(changes: Partial<SearchParameters>): Promise<void>;
  /** Forgets the tree. */
  clear(): Promise<void>;
  think(game: Game, limits: SearchLimits, options: RemoteThinkOptions): Promise<Outcome>;
}

export interface EngineOptions {
  /** Makes a search; called once for each that runs at the same time. May have to wait for the network. */
  readonly newThinker: () => Promise<Thinker>;
  /** Positions searched at the same time. */
  readonly positions: number;
  /** Parameters where a query says nothing. */
  readonly parameters: SearchParameters;
  /** Takes an answer, to be written as one line of JSON. */
  readonly answer: (answer: object) => void;
}

/** A position to search. */
interface Task {
  readonly query: AnalysisQuery;
  readonly turn: number;
  readonly priority: number;
  readonly stop: AbortController;
}

export class AnalysisEngine {
  private readonly options: EngineOptions;
  /** In the order in which they came. */
  private waiting: Task[] = [];
  private readonly running = new Set<Task>();
  private readonly idle: Thinker[] = [];
  private finish: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.options = options;
  }

  /** Takes the positions of a query; each is answered once, whatever happens, besides reports during the search. */
  submit(query: AnalysisQuery): void {
    for (const { turn, priority } of query.turns)
      this.waiting.push({ query, turn, priority, stop: new AbortController() });
    this.startMore();
  }

  /** Ends the positions that fit: those that run answer with what they have, those that wait with nothing. */
  terminate(fits: (id: string, turn: number) => boolean): void {
    for (const { query, turn, stop } of this.running) if (fits(query.id, turn)) stop.abort();
    const ended: Task[] = [];
    const kept: Task[] = [];
    for (const task of this.waiting) (fits(task.query.id, task.turn) ? ended : kept).push(task);
    this.waiting = kept;
    for (const { query, turn } of ended) this.options.answer(makeNoResults(query.id, turn));
    this.settle();
  }

  /** Resolves when every query has been answered. */
  async drain(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>(resolve => (this.finish = resolve));
  }

  private get isIdle(): boolean {
    return this.waiting.length === 0 && this.running.size === 0;
  }

  private startMore(): void {
    for (let task = this.next(); task; task = this.next()) {
      this.waiting.splice(this.waiting.indexOf(task), 1);
      this.running.add(task);
      void this.run(task);
    }
    this.settle();
  }

  /**
   * The task to start now. One more urgent than all that run does not wait for a place as long as there are no more than
   * twice as many searches: who looks at a board should not wait for a whole game's analysis.
   */
  private next(): Task | undefined {
    const { positions } = this.options;
    if (this.waiting.length === 0 || this.running.size >= 2 * positions) return undefined;
    const best = this.waiting.reduce((a, b) => (b.priority > a.priority ? b : a));
    const isUrgent = [...this.running].every(({ priority }) => best.priority > priority);
    return this.running.size < positions || isUrgent ? best : undefined;
  }

  private async run(task: Task): Promise<void> {
    const { newThinker, answer } = this.options;
    const { query, turn } = task;
    let thinker: Thinker | undefined;
    try {
      thinker = this.idle.pop() ?? (await newThinker());
      await this.search(thinker, task);
    } catch (error) {
      answer({
        id: query.id,
        turnNumber: turn,
        error: error instanceof Error ? error.message : String(error),
      });
    }
    if (thinker) this.idle.push(thinker);
    this.running.delete(task);
    this.startMore();
    // It may be long until one that nobody took is needed again. If it cannot forget, it says why when it is used.
    if (thinker && this.idle.includes(thinker)) thinker.clear().catch(() => {});
  }

  private async search(thinker: Thinker, { query, turn, stop }: Task): Promise<void> {
    const { parameters, answer } = this.options;
    const { settings, includes, restrictions, lineLength } = query;
    const game = gameAt(query.game, turn);
    await thinker.configure({ ...parameters, ...settings.parameters });
    const reply = (analysis: Analysis, evaluation: Evaluation | undefined, isDuringSearch: boolean): void => {
      if (evaluation) answer(makeAnswer({ query, turn, game, analysis, evaluation, isDuringSearch }));
      else if (!isDuringSearch) answer(makeNoResults(query.id, turn));
    };
    const limits = { visits: settings.visits, playouts: settings.playouts, timeMs: settings.timeMs };
    const outcome = await thinker.think(game, limits, {
      restrictions,
      movesOwnership: includes.movesOwnership,
      lineLength,
      signal: stop.signal,
      ...(query.reportEveryMs === undefined
        ? {}
        : {
            reportEveryMs: query.reportEveryMs,
            firstReportMs: query.firstReportMs,
            onReport: (analysis, evaluation) => reply(analysis, evaluation, true),
          }),
    });
    reply(outcome.analysis, outcome.evaluation, false);
  }

  private settle(): void {
    if (this.isIdle) this.finish?.();
  }
}
