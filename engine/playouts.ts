/**
 * Monte Carlo playouts: random but reasonable games to the end, whose final boards say who owns which point.
 *
 * A move answers the last one if it put a chain of the player in atari (it is extended when that helps) or left one of the
 * opponent's chains in atari (it is captured); otherwise it is drawn from the empty points, and any that fills a true eye
 * or puts a chain of the player's own into atari for nothing is passed over. Stopping at true eyes makes living
 * groups stay alive; refusing self-atari, nakade excepted, keeps seki standing. One board, one list of empty points: nothing allocates.
 * Source of the move rules: Gelly, Wang, Munos, Teytaud, "Modification of UCT with Patterns in Monte-Carlo Go" (2006).
 */
import { Board } from './board.ts';
import { isTrueEye } from './eyes.ts';
import { NakadeReader } from './nakade.ts';
import type { Random } from './random.ts';
import { BLACK, EMPTY, NO_POINT, PASS, WALL, WHITE, opposite, type Color, type Point } from './types.ts';

/** How often a playout answers an atari or takes a chain in atari beside the last move, of 256. */
const ANSWER_CHANCE = 230;

/** A playout ends after this many moves per point of the board, however long a ko fight goes on. */
const MOVES_PER_POINT = 3;

/** Self-atari of a chain of at least this many stones is refused unless it captures. */
const SELF_ATARI_SIZE = 2;

export class Playouts {
  private readonly board: Board;
  private readonly random: Random;
  private readonly empties: Int16Array;
  private readonly placeOf: Int16Array;
  private emptyCount = 0;
  private readonly liberties = new Int16Array(8);
  private readonly nakade = new NakadeReader();

  constructor(width: number, height: number, random: Random) {
    this.board = new Board(width, height);
    this.random = random;
    this.empties = new Int16Array(this.board.area);
    this.placeOf = new Int16Array(this.board.stones.length);
  }

  /**
   * Plays `start` to the end once and adds the owner of each point to `sums`: +1 Black's, -1 White's, 0 nobody's.
   * @param sums shape [area], by policy index
   * @returns the area score on the final board, Black's points minus White's
   */
  run(start: Board, toPlay: Color, sums: Int32Array): number {
    const board = this.board;
    board.copyFrom(start);
    this.listEmpties();
    let color = toPlay;
    let last: Point = PASS;
    let passes = 0;
    for (let moves = board.area * MOVES_PER_POINT; moves > 0 && passes < 2; moves--) {
      board.forgetMoves();
      const point = this.chooseMove(last, color);
      const captured = board.captures[color];
      board.play(point, color);
      if (point === PASS) passes++;
      else {
        passes = 0;
        if (board.captures[color] !== captured) this.listEmpties();
        else this.removeEmpty(point);
      }
      last = point;
      color = opposite(color);
    }
    return this.addOwners(sums);
  }

  private chooseMove(last: Point, color: Color): Point {
    if (last !== PASS && (this.random.uint32() & 255) < ANSWER_CHANCE) {
      const answer = this.answerTo(last, color);
      if (answer !== NO_POINT) return answer;
    }
    const { empties, emptyCount } = this;
    if (emptyCount === 0) return PASS;
    let place = this.random.below(emptyCount);
    for (let i = 0; i < emptyCount; i++) {
      const point = empties[place];
      if (this.isSensible(point, color)) return point;
      if (++place === emptyCount) place = 0;
    }
    return PASS;
  }

  /** Captures what the last move left in atari, or saves what it put in atari; NO_POINT if there is nothing to do. */
  private answerTo(last: Point, color: Color): Point {
    const { board, liberties } = this;
    const { stones, stride } = board;
    if (stones[last] === opposite(color) && board.libertiesOf(last) === 1) {
      board.collectLiberties(last, liberties, 1);
      if (board.isLegal(liberties[0], color)) return liberties[0];
    }
    for (let side = 0; side < 4; side++) {
      const neighbor = last + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      if (stones[neighbor] !== color || board.libertiesOf(neighbor) !== 1) continue;
      board.collectLiberties(neighbor, liberties, 1);
      const escape = liberties[0];
      if (board.isLegal(escape, color) && !this.isSelfAtari(escape, color, 1)) return escape;
    }
    return NO_POINT;
  }

  private isSensible(point: Point, color: Color): boolean {
    const { board } = this;
    return (
      board.isLegal(point, color) &&
      !isTrueEye(board, point, color) &&
      (!this.isSelfAtari(point, color, SELF_ATARI_SIZE) || this.nakade.isNakade(board, point, color))
    );
  }

  /** Whether a legal move leaves its own chain, of at least `size` stones, with one liberty and captures nothing. */
  private isSelfAtari(point: Point, color: Color, size: number): boolean {
    const { board } = this;
    const { stones, stride } = board;
    let empties = 0;
    let friends = 0;
    let stonesAfter = 1;
    for (let side = 0; side < 4; side++) {
      const neighbor = point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      const stone = stones[neighbor];
      if (stone === EMPTY) {
        if (++empties === 2) return false;
      } else if (stone === color) {
        if (board.libertiesOf(neighbor) > 2) return false;
        stonesAfter += board.sizeOf(neighbor);
        friends++;
      } else if (stone !== WALL && board.libertiesOf(neighbor) === 1) return false;
    }
    if (stonesAfter < size) return false;
    if (friends === 0) return empties < 2;
    return !this.hasSecondLiberty(point, color);
  }

  /** Whether the chain of a stone on `point` would have two liberties or more. Assumes no capture. */
  private hasSecondLiberty(point: Point, color: Color): boolean {
    const { board, liberties } = this;
    const { stones, stride } = board;
    let first = NO_POINT;
    for (let side = 0; side < 4; side++) {
      const neighbor = point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      if (stones[neighbor] === EMPTY) {
        if (first !== NO_POINT && first !== neighbor) return true;
        first = neighbor;
      } else if (stones[neighbor] === color) {
        const count = board.collectLiberties(neighbor, liberties, 3);
        for (let i = 0; i < count; i++) {
          if (liberties[i] === point) continue;
          if (first !== NO_POINT && first !== liberties[i]) return true;
          first = liberties[i];
        }
      }
    }
    return false;
  }

  private listEmpties(): void {
    const { board, empties, placeOf } = this;
    let count = 0;
    for (let i = 0; i < board.area; i++) {
      const point = board.points[i];
      if (board.stones[point] !== EMPTY) continue;
      placeOf[point] = count;
      empties[count++] = point;
    }
    this.emptyCount = count;
  }

  private removeEmpty(point: Point): void {
    const { empties, placeOf } = this;
    const place = placeOf[point];
    const moved = empties[--this.emptyCount];
    empties[place] = moved;
    placeOf[moved] = place;
  }

  private addOwners(sums: Int32Array): number {
    const { board } = this;
    const { stones } = board;
    let score = 0;
    for (let i = 0; i < board.area; i++) {
      const point = board.points[i];
      const color = stones[point] === EMPTY ? this.surrounder(point) : stones[point];
      if (color === BLACK) {
        sums[i]++;
        score++;
      } else if (color === WHITE) {
        sums[i]--;
        score--;
      }
    }
    return score;
  }

  /** The color of all stones beside an empty point; EMPTY if there are none or both. */
  private surrounder(point: Point): number {
    const { stones, stride } = this.board;
    let seen = 0;
    for (let side = 0; side < 4; side++) {
      const stone = stones[point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride)];
      if (stone === BLACK || stone === WHITE) seen |= stone;
    }
    return seen === BLACK || seen === WHITE ? seen : EMPTY;
  }
}
