/** The bare policy of a network as the engine's player. The network may still be loading: then the first answer waits. */
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import type { Judgement } from '../../engine/judge.ts';
import type { Random } from '../../engine/random.ts';
import { Resignation } from '../../engine/resign.ts';
import { FULL_STRENGTH, LEVELS } from '../../engine/strength.ts';
import { TRAINED_SIZE } from '../inference/resize.ts';
import type { PolicyOutcome, PolicyTask } from '../search/messages.ts';
import type { SearchThread } from '../search/searchThread.ts';
import type { AnalyzeOptions, Decision, Description, GenmoveOptions, Player, View } from './player.ts';
import type { Settings } from './settings.ts';

/** Candidates told about after a plain genmove. */
const TOLD = 3;

export class NetworkPlayer implements Player {
  private readonly loading: Promise<SearchThread>;
  private readonly settings: Settings;
  private readonly random: Random;
  private readonly warn: (message: string) => void;
  private readonly resignation = new Resignation();
  private hasWarned = false;

  /** @param warn called once if boards of another size than the network's are played */
  constructor(
    loading: Promise<SearchThread>,
    settings: Settings,
    random: Random,
    warn: (message: string) => void,
  ) {
    this.loading = loading;
    this.settings = settings;
    this.random = random;
    this.warn = warn;
  }

  async genmove(game: Game, { cleanup, view }: GenmoveOptions): Promise<Decision> {
    const { evaluation, analysis, move } = await this.ask(game, view ?? { maxMoves: TOLD }, {
      looksAhead: view !== undefined,
      choice: { ...this.level(), cleanup, seed: this.random.uint32() },
    });
    if (this.resignation.isDue(game, evaluation, this.settings.resignBelow))
      return { move: 'resign', analysis };
    return { move: move!, analysis };
  }

  async analyze(game: Game, options: AnalyzeOptions): Promise<Analysis> {
    const { analysis } = await this.ask(game, options, { looksAhead: true, choice: undefined });
    return analysis;
  }

  /** The bare policy has nothing to think on about. */
  async ponder(): Promise<void> {}

  async evaluate(game: Game, symmetry: number | 'mean'): Promise<Evaluation> {
    const searches = await this.loading;
    this.warnOfSize(game);
    return searches.evaluate(game, symmetry);
  }

  async judge(game: Game): Promise<Judgement> {
    return (await this.loading).judge(game);
  }

  async describe(): Promise<Description> {
    const { name, maxBatch } = await this.loading;
    return { network: name, maxBatch };
  }

  clearCache(): void {
    // A network that cannot be loaded is told of elsewhere.
    this.loading.then(
      searches => searches.clearCache(),
      () => {},
    );
  }

  /** Says, the first time, that the network did not learn on boards of this size. */
  warnOfSize({ width, height }: Game): void {
    if (this.hasWarned || (width === TRAINED_SIZE && height === TRAINED_SIZE)) return;
    this.hasWarned = true;
    this.warn(`the network learned on ${TRAINED_SIZE}x${TRAINED_SIZE}: it is weaker on ${width}x${height}`);
  }

  private async ask(
    game: Game,
    { restrictions = [], maxMoves, minMoves }: View,
    task: Pick<PolicyTask, 'looksAhead' | 'choice'>,
  ): Promise<PolicyOutcome> {
    const searches = await this.loading;
    this.warnOfSize(game);
    const report = {
      ...(maxMoves === undefined ? {} : { maxMoves }),
      ...(minMoves === undefined ? {} : { minMoves }),
    };
    return searches.askPolicy(game, { symmetries: this.settings.symmetries, restrictions, report, ...task });
  }

  private level(): { readonly temperature: number; readonly smallestShare?: number } {
    const { strength, temperature } = this.settings;
    return temperature === undefined ? LEVELS[Math.min(strength, FULL_STRENGTH) - 1] : { temperature };
  }
}
