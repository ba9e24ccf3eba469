/**
 * The search as the engine's player. Its tree is kept from move to move, from analysis to move and while pondering, as long as
 * the game goes on from where it was. Levels of strength below the highest are left to the bare policy.
 */
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import type { Judgement } from '../../engine/judge.ts';
import type { Random } from '../../engine/random.ts';
import { Resignation } from '../../engine/resign.ts';
import type { TimePlan } from '../../engine/search/clock.ts';
import type { SearchLimits } from '../../engine/search/search.ts';
import type { RemoteSearch, RemoteThinkOptions, SearchThread } from '../search/searchThread.ts';
import { NetworkPlayer } from './networkPlayer.ts';
import type { AnalyzeOptions, Decision, Description, GenmoveOptions, Player, View } from './player.ts';
import { usesSearch, type Settings } from './settings.ts';

/**
 * Thinking time where neither a clock nor an option limits it: a GUI's user, who sees the move come, waits a second gladly and
 * five not.
 */
const DEFAULT_TIME_MS = 1000;

/** Pondering ends after this long without input, lest a forgotten window keeps a machine busy. */
const LONGEST_PONDER_MS = 10 * 60 * 1000;

export class SearchPlayer implements Player {
  private readonly loading: Promise<SearchThread>;
  private readonly settings: Settings;
  private readonly bare: NetworkPlayer;
  private readonly resignation = new Resignation();
  private search: Promise<RemoteSearch> | undefined;
  /** The parameters that the search has, as JSON. */
  private configured = '';

  /** @param warn called once if boards of another size than the network's are played */
  constructor(
    loading: Promise<SearchThread>,
    settings: Settings,
    random: Random,
    warn: (message: string) => void,
  ) {
    this.loading = loading;
    this.settings = settings;
    this.bare = new NetworkPlayer(loading, settings, random, warn);
  }

  async genmove(game: Game, options: GenmoveOptions): Promise<Decision> {
    if (!usesSearch(this.settings)) return this.bare.genmove(game, options);
    const askedMs = performance.now();
    const { cleanup, plan, view = {}, signal } = options;
    const search = await this.prepare(game, cleanup);
    const told = { ...toldBy(view), cleanup };
    const limits = this.limits(plan, performance.now() - askedMs);
    let outcome = await search.genmove(game, limits, { ...told, ...(signal ? { signal } : {}) });
    // Interrupted before it knew a thing: it plays what the network alone says.
    if (!outcome.evaluation) outcome = await search.genmove(game, { visits: 1 }, told);
    const { move, analysis, evaluation, playouts, nodes, elapsedMs } = outcome;
    const decision = { analysis, effort: { playouts, nodes, elapsedMs } };
    const value = analysis.candidates[0]?.value ?? analysis.value;
    if (this.resignation.isDue(game, { ...evaluation!, value }, this.settings.resignBelow))
      return { move: 'resign', ...decision };
    return { move, ...decision };
  }

  async analyze(game: Game, options: AnalyzeOptions): Promise<Analysis> {
    if (this.settings.policyOnly) return this.bare.analyze(game, options);
    const { cleanup, plan, signal, isBrief = false } = options;
    const search = await this.prepare(game, cleanup);
    const limits = isBrief ? this.limits(plan, 0) : {};
    const told = { ...toldBy(options), ...(signal ? { signal } : {}) };
    return (await search.think(game, limits, told)).analysis;
  }

  async ponder(
    game: Game,
    { cleanup, signal }: { readonly cleanup: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    if (!usesSearch(this.settings)) return;
    const search = await this.prepare(game, cleanup);
    if (!signal.aborted) await search.think(game, { timeMs: LONGEST_PONDER_MS }, { signal });
  }

  evaluate(game: Game, symmetry: number | 'mean'): Promise<Evaluation> {
    return this.bare.evaluate(game, symmetry);
  }

  judge(game: Game): Promise<Judgement> {
    return this.bare.judge(game);
  }

  describe(): Promise<Description> {
    return this.bare.describe();
  }

  clearCache(): void {
    this.bare.clearCache();
    void this.search?.then(search => search.clear());
  }

  /** Stops the search and gives back its tree; the next move or analysis begins another. */
  async close(): Promise<void> {
    const { search } = this;
    this.search = undefined;
    await (await search)?.close();
  }

  /** The search with the parameters as they are now; its tree is lost only if they have changed. */
  private async prepare(game: Game, cleanup: boolean): Promise<RemoteSearch> {
    const searches = await this.loading;
    this.bare.warnOfSize(game);
    const parameters = { ...this.settings.search, friendlyPass: !cleanup };
    const wanted = JSON.stringify(parameters);
    const isNew = this.search === undefined;
    this.search ??= searches.newSearch(parameters);
    const search = await this.search;
    if (!isNew && wanted !== this.configured) await search.configure(parameters);
    this.configured = wanted;
    return search;
  }

  /** @param waitedMs that have passed on the clock before the search began: the network was being loaded */
  private limits(plan: TimePlan | undefined, waitedMs: number): SearchLimits {
    const { maxVisits: visits, maxPlayouts: playouts, maxTime } = this.settings;
    const isFree = !plan && visits === undefined && playouts === undefined;
    const defaultMs = isFree ? DEFAULT_TIME_MS : undefined;
    return {
      visits,
      playouts,
      timeMs: maxTime === undefined ? defaultMs : 1000 * maxTime,
      plan: plan && {
        targetMs: Math.max(0, plan.targetMs - waitedMs),
        mostMs: Math.max(0, plan.mostMs - waitedMs),
      },
    };
  }
}

const toldBy = ({
  restrictions,
  maxMoves,
  minMoves,
  movesOwnership,
  onReport,
  everyMs,
}: View): RemoteThinkOptions => ({
  ...(restrictions ? { restrictions } : {}),
  ...(maxMoves === undefined ? {} : { maxMoves }),
  ...(minMoves === undefined ? {} : { minMoves }),
  ...(movesOwnership === undefined ? {} : { movesOwnership }),
  ...(onReport && everyMs !== undefined ? { onReport, reportEveryMs: everyMs } : {}),
});
