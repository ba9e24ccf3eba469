/**
 * The engine behind the commands: a game, who plays it, and what outlives a game. It knows no text.
 *
 * Komi, rules and the kind of clock survive new boards and new games, since clients send them in any order (CGOS clears the
 * board last, Sabaki sends komi first).
 */
import type { Analysis, Evaluation } from '../../engine/analysis.ts';
import type { Dimensions } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import type { Judgement } from '../../engine/judge.ts';
import { finalScore } from '../../engine/score.ts';
import type { TimePlan } from '../../engine/search/clock.ts';
import type { Color, Rules } from '../../engine/types.ts';
import { Clocks } from './clocks.ts';
import type { AnalyzeOptions, Decision, GenmoveOptions, Player } from './player.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** What `name` and `version` answer. */
export interface Identity {
  readonly name: string;
  readonly version: string;
}

export class GtpEngine {
  readonly identity: Identity;
  readonly player: Player;
  /**
   * Whether a player may pass and leave dead stones on the board, as between people (KataGo's friendlyPassOk). If not, the
   * engine takes them off before it passes, and once both have passed every stone counts as alive.
   */
  friendlyPass: boolean;
  readonly settings: Settings;
  readonly clocks = new Clocks();
  /** What the last `genmove` thought, and in which color. */
  lastDecision: (Decision & { readonly color: Color }) | undefined;
  private game_ = new Game();

  constructor(
    player: Player,
    identity: Identity,
    options: { readonly friendlyPass?: boolean; readonly settings?: Settings } = {},
  ) {
    this.player = player;
    this.identity = identity;
    this.settings = options.settings ?? defaultSettings();
    this.friendlyPass = options.friendlyPass ?? true;
  }

  /** The game as it stands. Another object after {@link resize} and {@link adopt}. */
  get game(): Game {
    return this.game_;
  }

  /** Starts anew on an empty board of this size. @throws RangeError unless both sides are whole numbers from 1 to 25 */
  resize({ width, height }: Dimensions): void {
    const { komi, rules } = this.game_;
    this.adopt(new Game({ width, height, komi, rules }));
  }

  /** Goes on with another game, its size, komi and rules included. */
  adopt(game: Game): void {
    this.game_ = game;
    this.clocks.restart();
  }

  /** Starts anew on this board. */
  clear(): void {
    this.game_.clear();
    this.clocks.restart();
  }

  setRules(rules: Rules, friendlyPass: boolean): void {
    this.game_.rules = rules;
    this.friendlyPass = friendlyPass;
  }

  /** Moves for `color`, on its clock. A resignation changes nothing on the board. */
  async genmove(color: Color, options: Partial<GenmoveOptions> = {}): Promise<Decision> {
    const startMs = performance.now();
    const decision = await this.choose(color, options);
    this.clocks.spend(color, (performance.now() - startMs) / 1000);
    if (decision.move !== 'resign') this.game_.play(decision.move, color);
    return decision;
  }

  /**
   * Chooses a move for `color`, whoever's turn it is: a player who moves twice in a row is no error (gtp.md b.7). The game
   * is as before afterwards.
   */
  async choose(color: Color, options: Partial<GenmoveOptions> = {}): Promise<Decision> {
    const decision = await this.asked(color, game =>
      this.player.genmove(game, { cleanup: !this.friendlyPass, plan: this.plan(color), ...options }),
    );
    const { move } = decision;
    const illegality = move === 'resign' ? undefined : this.game_.whyIllegal(move, color);
    if (illegality !== undefined)
      throw new Error(`the player chose an illegal move (${illegality}), point ${move}`);
    this.lastDecision = { ...decision, color };
    return decision;
  }

  /** What the player says about the position with `color` to move. */
  analyze(color: Color, options: Partial<AnalyzeOptions>): Promise<Analysis> {
    return this.asked(color, game =>
      this.player.analyze(game, { cleanup: !this.friendlyPass, plan: this.plan(color), ...options }),
    );
  }

  /** Thinks on while the opponent does, until the signal, if it is to. */
  async ponder(signal: AbortSignal): Promise<void> {
    const { game_: game, settings } = this;
    if (!settings.pondering || game.isOver || signal.aborted) return;
    await this.player.ponder(game.clone(), { cleanup: !this.friendlyPass, signal });
  }

  evaluate(color: Color, symmetry: number | 'mean'): Promise<Evaluation> {
    return this.asked(color, game => this.player.evaluate(game, symmetry));
  }

  /** Which stones are dead, which live in seki; undefined where the rules count every stone as alive. */
  async judge(): Promise<Judgement | undefined> {
    return this.friendlyPass || !this.game_.isOver ? this.player.judge(this.game_) : undefined;
  }

  /** Black's points minus White's as the game stands, komi and handicap compensation included. */
  async score(): Promise<number> {
    const game = this.game_;
    return finalScore(game, await this.judge());
  }

  private plan(color: Color): TimePlan | undefined {
    const { moveCount, board } = this.game_;
    return this.clocks.plan(color, { moveCount, area: board.area }, this.settings.lagBuffer);
  }

  /** Asks about a copy, so that commands may change the game while the answer is on its way. */
  private asked<T>(color: Color, ask: (game: Game) => Promise<T>): Promise<T> {
    const game = this.game_.clone();
    game.toPlay = color;
    return ask(game);
  }
}
