/**
 * Ladders, read as planes 44 and 45 need them (features/planes.ts; Silver et al. 2016, Extended Data Table 2).
 *
 * The attacker keeps a chain, the prey, in atari; the prey runs, or captures attackers in atari beside it. With the attacker
 * to move, three liberties are an escape, one is a capture, and two are a capture if filling one of them leads to one. With
 * the prey to move, two liberties are an escape; in atari it is captured only if its extension and every capture of a
 * neighbour fail. Simple ko is respected. Reading is bounded: a ladder of more than MAX_PLIES moves, or that takes more than
 * MAX_NODES positions, counts as not captured. The board is played on and restored by undo; nothing allocates.
 */
import type { Board } from './board.ts';
import { opposite, type Color, type Point } from './types.ts';

const MAX_PLIES = 90;
const MAX_NODES = 400;

/** Most answers of the prey that are tried in one position: its extension and captures. */
const MAX_ANSWERS = 32;

/** Reads on any board, plays on it, and leaves it as it was. Holds scratch only. */
export class LadderReader {
  private nodes = 0;
  /** Scratch by ply: the points to try. Shape [MAX_PLIES + 1, MAX_ANSWERS]. */
  private readonly answers = new Int16Array((MAX_PLIES + 2) * MAX_ANSWERS);
  private readonly liberties = new Int16Array(3);

  /**
   * Whether the legal move `point` of `color` puts `prey`, an opponent's stone beside it whose chain has two liberties of
   * which `point` is one, in atari and captures it in a ladder.
   */
  captures(board: Board, point: Point, color: Color, prey: Point): boolean {
    this.nodes = 0;
    board.play(point, color);
    const captured = this.isCapturedOnDefence(board, prey, opposite(color), 1);
    board.undo();
    return captured && this.nodes <= MAX_NODES;
  }

  /** Whether after the legal move `point` of `color` its chain at `prey`, in atari before, cannot be captured in a ladder any more. */
  saves(board: Board, point: Point, color: Color, prey: Point): boolean {
    this.nodes = 0;
    board.play(point, color);
    const captured = this.isCapturedOnAttack(board, prey, opposite(color), 1);
    board.undo();
    return !captured || this.nodes > MAX_NODES;
  }

  /**
   * Writes the moves that might save the chain at `prey`, of `color` and in atari: its last liberty and the captures of
   * neighbours in atari; not yet tested for legality.
   * @param out room for `MAX_ANSWERS` points from `offset`
   * @returns how many
   */
  collectAnswers(board: Board, prey: Point, color: Color, out: Int16Array, offset = 0): number {
    const { stones, nextInChain, chainHead, chainLiberties, stride } = board;
    const enemy = opposite(color);
    board.collectLiberties(prey, this.liberties, 1);
    out[offset] = this.liberties[0];
    let count = 1;
    let stone = prey;
    do {
      for (let side = 0; side < 4; side++) {
        const neighbor = stone + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
        if (stones[neighbor] !== enemy || chainLiberties[chainHead[neighbor]] !== 1) continue;
        board.collectLiberties(neighbor, this.liberties, 1);
        const capture = this.liberties[0];
        let known = count === MAX_ANSWERS;
        for (let i = 0; i < count; i++) if (out[offset + i] === capture) known = true;
        if (!known) out[offset + count++] = capture;
      }
      stone = nextInChain[stone];
    } while (stone !== prey);
    return count;
  }

  /** The attacker, `color`, is to move. */
  private isCapturedOnAttack(board: Board, prey: Point, color: Color, ply: number): boolean {
    const count = board.libertiesOf(prey);
    if (count > 2) return false;
    if (count === 1) return true;
    if (++this.nodes > MAX_NODES || ply > MAX_PLIES) return false;
    board.collectLiberties(prey, this.liberties, 2);
    const first = this.liberties[0];
    const second = this.liberties[1];
    return (
      this.isCapturedBy(board, first, prey, color, ply) || this.isCapturedBy(board, second, prey, color, ply)
    );
  }

  private isCapturedBy(board: Board, point: Point, prey: Point, color: Color, ply: number): boolean {
    if (!board.isLegal(point, color)) return false;
    board.play(point, color);
    const captured = this.isCapturedOnDefence(board, prey, opposite(color), ply + 1);
    board.undo();
    return captured;
  }

  /** The prey, of `color`, is to move. */
  private isCapturedOnDefence(board: Board, prey: Point, color: Color, ply: number): boolean {
    const { answers } = this;
    if (board.libertiesOf(prey) > 1) return false;
    if (++this.nodes > MAX_NODES || ply > MAX_PLIES) return false;
    const offset = ply * MAX_ANSWERS;
    const count = this.collectAnswers(board, prey, color, answers, offset);
    for (let i = 0; i < count; i++) {
      const point = answers[offset + i];
      if (!board.isLegal(point, color)) continue;
      board.play(point, color);
      const captured = this.isCapturedOnAttack(board, prey, opposite(color), ply + 1);
      board.undo();
      if (!captured) return false;
    }
    return true;
  }
}
