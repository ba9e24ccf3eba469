/** Sessions of the analysis protocol without a process: queries in, answers out. */
import { ScriptedEvaluator, type Evaluator } from '../../engine/evaluator.ts';
import { DEFAULT_PARAMETERS } from '../../engine/search/params.ts';
import { BLACK } from '../../engine/types.ts';
import { AnalysisEngine } from '../../src/analysis/engine.ts';
import { AnalysisSession } from '../../src/analysis/session.ts';
import type { QuerySettings } from '../../src/analysis/settings.ts';
import { chancyOpinion } from '../engine/search/support.ts';
import { connectSearches } from '../support/localSearches.ts';

/** One line of the engine's, as far as tests look at it. */
export interface AnswerLine {
  readonly id?: string;
  readonly turnNumber?: number;
  readonly isDuringSearch?: boolean;
  readonly noResults?: boolean;
  readonly error?: string;
  readonly warning?: string;
  readonly field?: string;
  readonly action?: string;
  readonly moveInfos?: readonly {
    readonly move: string;
    readonly order: number;
    readonly visits: number;
    readonly winrate: number;
    readonly lcb: number;
    readonly scoreLead: number;
    readonly prior: number;
    readonly pv: readonly string[];
    readonly pvVisits?: readonly number[];
    readonly ownership?: readonly number[];
  }[];
  readonly rootInfo?: Readonly<Record<string, number | string>>;
  readonly ownership?: readonly number[];
  readonly policy?: readonly number[];
  readonly [field: string]: unknown;
}

/** Opinions by chance; Black is to own everything by half. */
export const opinionated = (): Evaluator =>
  new ScriptedEvaluator(
    game => ({
      ...chancyOpinion(game),
      ownership: new Float32Array(game.board.area).fill(game.toPlay === BLACK ? 0.5 : -0.5),
    }),
    ['policy', 'pass', 'value', 'lead', 'ownership'],
  );

export const DEFAULTS: QuerySettings = {
  visits: 20,
  playouts: undefined,
  timeMs: undefined,
  view: 'BLACK',
  parameters: {},
};

export class TestSession {
  readonly answers: AnswerLine[] = [];
  readonly session: AnalysisSession;
  cachesCleared = 0;
  /** How often a search has let go of its tree. */
  treesCleared = 0;
  private waiting: (() => void)[] = [];

  constructor(positions = 2, evaluator: Evaluator = opinionated()) {
    const thread = connectSearches(evaluator);
    const answer = (line: object): void => {
      this.answers.push(JSON.parse(JSON.stringify(line)) as AnswerLine);
      for (const wake of this.waiting.splice(0)) wake();
    };
    const engine = new AnalysisEngine({
      newThinker: async () => {
        const search = await thread.newSearch();
        return {
          configure: changes => search.configure(changes),
          clear: () => {
            this.treesCleared++;
            return search.clear();
          },
          think: (game, limits, options) => search.think(game, limits, options),
        };
      },
      positions,
      parameters: DEFAULT_PARAMETERS,
      answer,
    });
    this.session = new AnalysisSession({
      engine,
      defaults: DEFAULTS,
      version: '1.2.3',
      describeModel: async () => ({ name: 'net' }),
      clearCache: () => this.cachesCleared++,
      answer,
    });
  }

  send(query: object): void {
    this.session.receive(JSON.stringify(query));
  }

  /** The first answer that fits, now or later. */
  async next(fits: (line: AnswerLine) => boolean): Promise<AnswerLine> {
    for (;;) {
      const found = this.answers.find(fits);
      if (found) return found;
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
  }

  /** The last answer to a query of one position. */
  final(id: string): Promise<AnswerLine> {
    return this.next(line => line.id === id && line.isDuringSearch === false);
  }
}

/** A query of a 9x9 board; what is given counts. */
export const query = (id: string, fields: object = {}): object => ({
  id,
  rules: 'chinese',
  komi: 7,
  boardXSize: 9,
  boardYSize: 9,
  moves: [],
  ...fields,
});
