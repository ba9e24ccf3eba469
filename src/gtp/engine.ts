/**
 * The engine behind the commands: a game, who plays it, and what outlives a game. It knows no text.
 *
 * Komi and rules survive new boards and new games, since clients send them in any order (CGOS clears the board last,
 * Sabaki sends komi first).
 */
import type { Analysis, AnalysisOptions, Evaluation } from '../../engine/analysis.ts';
import type { Dimensions } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { judge, type Judgement } from '../../engine/judge.ts';
import { finalScore } from '../../engine/score.ts';
import type { Color, Point, Rules } from '../../engine/types.ts';
import { defaultSettings, type Settings } from './settings.ts';

export interface GenmoveOptions {
  /** Whether to take opposing dead stones off the board before passing. */
  readonly cleanup: boolean;
  /** What to tell about the position beside the move; by default only what choosing the move brings. */
  readonly analysis?: AnalysisOptions;
}

/** A move and what the player thought. */
export interface Decision {
  /** A legal move for the player to move, a point or PASS, or 'resign'. */
  readonly move: Point | 'resign';
  readonly analysis?: Analysis;
}

/** Who chooses the moves. No method changes the game, and each takes it as it is at the call. */
export interface Player {
  genmove(game: Game, options: GenmoveOptions): Promise<Decision>;
  /** What there is to say about a position. */
  analyze(game: Game, options: AnalysisOptions): Promise<Analysis>;
  /** What the network says, seen through one symmetry, or in the mean of all. */
  evaluate(game: Game, symmetry: number | 'mean'): Promise<Evaluation>;
  /** What players are told about the network, e.g. for `kata-get-models`. */
  describe(): Promise<{ readonly network: string; readonly maxBatch: number }>;
  /** Forgets what can be found again. */
  clearCache(): void;
}

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
    this.game_ = new Game({ width, height, komi, rules });
  }

  /** Goes on with another game, its size, komi and rules included. */
  adopt(game: Game): void {
    this.game_ = game;
  }

  setRules(rules: Rules, friendlyPass: boolean): void {
    this.game_.rules = rules;
    this.friendlyPass = friendlyPass;
  }

  /**
   * Chooses a move for `color`, whoever's turn it is: a player who moves twice in a row is no error (gtp.md b.7). The game
   * is as before afterwards.
   */
  async choose(color: Color, options: Partial<GenmoveOptions> = {}): Promise<Decision> {
    const decision = await this.asked(color, game =>
      this.player.genmove(game, { cleanup: !this.friendlyPass, ...options }),
    );
    const { move } = decision;
    const illegality = move === 'resign' ? undefined : this.game_.whyIllegal(move, color);
    if (illegality !== undefined)
      throw new Error(`the player chose an illegal move (${illegality}), point ${move}`);
    this.lastDecision = { ...decision, color };
    return decision;
  }

  /** What the player says about the position with `color` to move. */
  analyze(color: Color, options: AnalysisOptions): Promise<Analysis> {
    return this.asked(color, game => this.player.analyze(game, options));
  }

  evaluate(color: Color, symmetry: number | 'mean'): Promise<Evaluation> {
    return this.asked(color, game => this.player.evaluate(game, symmetry));
  }

  /** Asks about a copy, so that commands may change the game while the answer is on its way. */
  private asked<T>(color: Color, ask: (game: Game) => Promise<T>): Promise<T> {
    const game = this.game_.clone();
    game.toPlay = color;
    return ask(game);
  }

  /** Which stones are dead, which live in seki; undefined where the rules count every stone as alive. */
  judge(): Judgement | undefined {
    return this.friendlyPass || !this.game_.isOver ? judge(this.game_) : undefined;
  }

  /** Black's points minus White's as the game stands, komi and handicap compensation included. */
  score(): number {
    return finalScore(this.game_, this.judge());
  }
}
