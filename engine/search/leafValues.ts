/** What a search learns of a position without the network: playouts from a leaf, and the score where the game is over. */
import type { Game } from '../game.ts';
import { judge } from '../judge.ts';
import { Playouts } from '../playouts.ts';
import type { Random } from '../random.ts';
import { finalScore } from '../score.ts';
import { BLACK } from '../types.ts';

/** Playouts that tell dead stones at the end of a line: about the time of one evaluation. */
const JUDGE_PLAYOUTS = 32;

/** Finished positions whose score is remembered. */
const MOST_REMEMBERED = 4096;

export class LeafValues {
  /** Of the last position asked about: in [-1, 1] for the player to move. */
  value = 0;
  /** Points for the player to move, komi included. */
  lead = 0;
  private readonly playouts: Playouts;
  private readonly owners: Int32Array;
  private readonly scores = new Map<number, number>();

  constructor(width: number, height: number, random: Random) {
    this.playouts = new Playouts(width, height, random);
    this.owners = new Int32Array(width * height);
  }

  /** Plays the position out once: who wins, and by how much. */
  playOut({ board, toPlay, whiteBonus }: Game): void {
    this.take(this.playouts.run(board, toPlay, this.owners) - whiteBonus, toPlay === BLACK);
  }

  /**
   * Scores a game that is over by its rules.
   * @param friendlyPass whether dead stones come off first
   * @returns whether that took long
   */
  score(game: Game, friendlyPass: boolean): boolean {
    const { board, toPlay } = game;
    if (!friendlyPass) {
      this.take(finalScore(game), toPlay === BLACK);
      return false;
    }
    const key = (board.hashHigh & 0xfffff) * 2 ** 32 + (board.hashLow >>> 0);
    // Prisoners count under territory scoring: there the same board may have another score.
    const known = game.rules.scoring === 'area' ? this.scores.get(key) : undefined;
    const score = known ?? finalScore(game, judge(game, { playouts: JUDGE_PLAYOUTS }));
    if (known === undefined && this.scores.size < MOST_REMEMBERED) this.scores.set(key, score);
    this.take(score, toPlay === BLACK);
    return known === undefined;
  }

  private take(score: number, isBlack: boolean): void {
    this.lead = isBlack ? score : -score;
    this.value = Math.sign(this.lead);
  }
}
