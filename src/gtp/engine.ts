/**
 * The engine behind the commands: a game, who plays it, and what outlives a game. It knows no text.
 *
 * Komi and rules survive new boards and new games, since clients send them in any order (CGOS clears the board last,
 * Sabaki sends komi first).
 */
import type { Dimensions } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { judge, type Judgement } from '../../engine/judge.ts';
import { finalScore } from '../../engine/score.ts';
import type { Color, Point, Rules } from '../../engine/types.ts';

export interface GenmoveOptions {
  /** Whether to take opposing dead stones off the board before passing. */
  readonly cleanup: boolean;
}

/** Who chooses the moves. */
export interface Player {
  /** A legal move for the player to move, a point or PASS, or 'resign'. The game is not changed. */
  genmove(game: Game, options: GenmoveOptions): Promise<Point | 'resign'>;
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
  private game_ = new Game();

  constructor(player: Player, identity: Identity, options: { readonly friendlyPass?: boolean } = {}) {
    this.player = player;
    this.identity = identity;
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
  async choose(color: Color): Promise<Point | 'resign'> {
    const game = this.game_;
    const { toPlay } = game;
    game.toPlay = color;
    try {
      const move = await this.player.genmove(game, { cleanup: !this.friendlyPass });
      const illegality = move === 'resign' ? undefined : game.whyIllegal(move, color);
      if (illegality !== undefined)
        throw new Error(`the player chose an illegal move (${illegality}), point ${move}`);
      return move;
    } finally {
      game.toPlay = toPlay;
    }
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
