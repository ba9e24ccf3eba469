/**
 * Nakade: stones given up inside an enemy eye space, because the space they leave when captured makes only one eye.
 *
 * Such a space is one that its attacker kills by playing its vital point: up to three points, the square and the pyramid of
 * four, the cross and the bulky five, the rabbity six.
 */
import type { Board } from './board.ts';
import { NO_POINT, opposite, type Color, type Point } from './types.ts';

const LARGEST = 6;

/** Finds nakade on any board; holds scratch only. */
export class NakadeReader {
  private readonly shape = new Int16Array(LARGEST + 1);

  /**
   * Whether a move that leaves its own chain in atari is a sacrifice that kills: all enemies around the chain are one chain,
   * the move puts that chain in atari as well, and what it captures has a killing shape.
   * @param point an empty point where `color` may play without capturing
   */
  isNakade(board: Board, point: Point, color: Color): boolean {
    const size = this.collectShape(board, point, color);
    if (size > LARGEST) return false;
    const prey = this.findOnlyEnemy(board, size, color);
    return prey !== NO_POINT && board.libertiesOf(prey) <= 2 && this.kills(board.stride, size);
  }

  /** The chain that a stone on `point` would join, that stone first. @returns its size, more than LARGEST if too large */
  private collectShape(board: Board, point: Point, color: Color): number {
    const { shape } = this;
    const { stones, stride } = board;
    shape[0] = point;
    let size = 1;
    for (let k = 0; k < size; k++) {
      for (let side = 0; side < 4; side++) {
        const neighbor = besides(shape[k], side, stride);
        if (stones[neighbor] !== color || this.includes(neighbor, size)) continue;
        if (size === LARGEST) return LARGEST + 1;
        shape[size++] = neighbor;
      }
    }
    return size;
  }

  private includes(point: Point, size: number): boolean {
    for (let k = 0; k < size; k++) if (this.shape[k] === point) return true;
    return false;
  }

  /** A stone of the one enemy chain beside the shape; NO_POINT if there are more, or none. */
  private findOnlyEnemy(board: Board, size: number, color: Color): Point {
    const { stones, chainHead, stride } = board;
    const enemy = opposite(color);
    let only = NO_POINT;
    for (let k = 0; k < size; k++) {
      for (let side = 0; side < 4; side++) {
        const neighbor = besides(this.shape[k], side, stride);
        if (stones[neighbor] !== enemy || chainHead[neighbor] === only) continue;
        if (only !== NO_POINT) return NO_POINT;
        only = chainHead[neighbor];
      }
    }
    return only;
  }

  /** By the number of neighbours within the shape: of its best connected point, and of all together. */
  private kills(stride: number, size: number): boolean {
    if (size <= 3) return true;
    let most = 0;
    let all = 0;
    for (let k = 0; k < size; k++) {
      let count = 0;
      for (let side = 0; side < 4; side++)
        if (this.includes(besides(this.shape[k], side, stride), size)) count++;
      most = Math.max(most, count);
      all += count;
    }
    if (size === 4) return most === 3 || all === 8;
    if (size === 5) return most === 4 || all === 10;
    return most === 4 && all === 12;
  }
}

const besides = (point: Point, side: number, stride: number): Point =>
  point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
