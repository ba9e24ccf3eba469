/** hane at one board: moves at a level, and analysis in small pieces, both on one tree that is kept from move to move. */
import { randomInt } from 'node:crypto';
import type { Analysis } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import { Random } from '../../engine/random.ts';
import { DEFAULT_PARAMETERS } from '../../engine/search/params.ts';
import { SearchPlayer } from '../gtp/searchPlayer.ts';
import type { Decision } from '../gtp/player.ts';
import { BYTES_PER_MB, defaultSettings, type Settings } from '../gtp/settings.ts';
import type { SearchThread } from '../search/searchThread.ts';
import type { StandingSearches } from '../search/standingSearches.ts';
import { MOST_CANDIDATES } from './opinions.ts';
import { SEARCH_LEVEL, type Level } from './protocol/board.ts';

/** Visits after which an analysis is over: it says little new then, and other boards have their turn. */
export const MOST_VISITS = 2000;

/** Most of a tree; there is one for each board that somebody looks at. */
const MAX_TREE_MB = 64;

/** Seconds of a piece of analysis, after which it reports and other boards have their turn. */
const SLICE_SECONDS = 0.22;

/** Between two reports while a move is thought about. */
const REPORT_EVERY_MS = 250;

/** Seeds of the draws by which lower levels play. */
const SEEDS = 2 ** 32 - 1;

export interface MoveOptions {
  readonly level: Level;
  /** What {@link SEARCH_LEVEL} may think. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Called with what has been found so far; not by levels that do not search. */
  readonly onReport: (analysis: Analysis) => void;
}

export class HanePlayer {
  private readonly settings: Settings = {
    ...defaultSettings(),
    search: { ...DEFAULT_PARAMETERS, maxTreeBytes: MAX_TREE_MB * BYTES_PER_MB },
  };
  private readonly random = new Random(randomInt(SEEDS));
  private readonly searches: Pick<StandingSearches, 'current'>;
  private thread: SearchThread | undefined;
  private player_: SearchPlayer | undefined;

  constructor(searches: Pick<StandingSearches, 'current'>) {
    this.searches = searches;
  }

  /** The move to play, or 'resign'; a signal makes it come early, and then it is no good. */
  genmove(game: Game, { level, seconds, signal, onReport }: MoveOptions): Promise<Decision> {
    this.settings.strength = level;
    this.settings.maxTime = seconds;
    this.settings.maxVisits = undefined;
    const view = { maxMoves: MOST_CANDIDATES, onReport, everyMs: REPORT_EVERY_MS };
    return this.player.genmove(game, {
      cleanup: false,
      signal,
      ...(level === SEARCH_LEVEL ? { view } : {}),
    });
  }

  /**
   * Goes on with the analysis of a position for a moment.
   * @param moments that it may take: one is too short for a network that is slow
   * @returns all that has been found so far
   */
  analyze(game: Game, signal: AbortSignal, moments = 1): Promise<Analysis> {
    this.settings.maxTime = moments * SLICE_SECONDS;
    this.settings.maxVisits = MOST_VISITS;
    return this.player.analyze(game, { cleanup: false, isBrief: true, maxMoves: MOST_CANDIDATES, signal });
  }

  /** Gives the tree back. */
  rest(): Promise<void> {
    return this.thread?.hasEnded ? Promise.resolve() : this.player.close();
  }

  /** Of the thread that is there now: the tree of one before is gone with it. */
  private get player(): SearchPlayer {
    const { current } = this.searches;
    if (!this.player_ || this.thread !== current) {
      // The page says by itself which boards are not the network's.
      const warn = (): void => {};
      this.player_ = new SearchPlayer(Promise.resolve(current), this.settings, this.random, warn);
      this.thread = current;
    }
    return this.player_;
  }
}
