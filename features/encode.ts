/**
 * Fills the 48 planes. Start reading at {@link encode}; planes.ts says what each plane means.
 *
 * Implementation notes. Counts after a move are found without playing it wherever that is safe: a move beside no friend and
 * no capture has its empty neighbours as liberties, and one that joins friends has the union of their liberties, walked
 * only until eight are found. Captures, which are rare, are played and taken back. Ladders are read once per chain with one
 * or two liberties, not once per point.
 */
import type { Board } from '../engine/board.ts';
import { isTrueEye } from '../engine/eyes.ts';
import type { Game } from '../engine/game.ts';
import { LadderReader } from '../engine/ladder.ts';
import { BLACK, EMPTY, type Color, type Point } from '../engine/types.ts';
import * as planes from './planes.ts';
import { symmetryMap } from './symmetry.ts';

const { COUNTS, PADDING, PLANES } = planes;

/** Points of one padded plane of a board: (width + 4) * (height + 4). */
export const planeSize = (width: number, height: number): number =>
  (width + 2 * PADDING) * (height + 2 * PADDING);

/**
 * Fills the 48 input planes of `game`, seen from the player to move. The board is used for reading ladders and left as it was.
 * Source: Silver et al. 2016, Extended Data Table 2.
 * @param out shape [48, height + 4, width + 4] from `offset`, zero-padded by 2; values 0 or 1
 * @param symmetry 0 to 7, applied while writing; 0 to 3 on rectangular boards
 */
export const encode = (game: Game, out: Float32Array, offset = 0, symmetry = 0): void =>
  encoderFor(game.board).encode(game.board, game.toPlay, out, offset, symmetry);

/** Fills plane 48 of a value network: ones on the board if Black is to move. @param out shape [height + 4, width + 4] from `offset` */
export const encodeColor = (game: Game, out: Float32Array, offset = 0): void => {
  const { width, height } = game;
  out.fill(0, offset, offset + planeSize(width, height));
  if (game.toPlay !== BLACK) return;
  for (let y = 0; y < height; y++) {
    const row = offset + (y + PADDING) * (width + 2 * PADDING) + PADDING;
    out.fill(1, row, row + width);
  }
};

const encoders = new Map<number, Encoder>();

const encoderFor = (board: Board): Encoder => {
  const key = board.width * 32 + board.height;
  let encoder = encoders.get(key);
  if (!encoder) encoders.set(key, (encoder = new Encoder(board.width, board.height)));
  return encoder;
};

/** Scratch and tables for one board size. */
class Encoder {
  private readonly size: number;
  /** For each symmetry: by policy index, where the point lies in a padded plane. */
  private readonly targets: (Int32Array | undefined)[] = [];
  private readonly width: number;
  private readonly height: number;
  private readonly scratch: Int16Array;
  private readonly stamps: Int32Array;
  private stamp = 0;
  private readonly reader = new LadderReader();

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.size = planeSize(width, height);
    this.scratch = new Int16Array(width * height + 64);
    this.stamps = new Int32Array((width + 1) * (height + 2) + 1);
  }

  encode(board: Board, color: Color, out: Float32Array, offset: number, symmetry: number): void {
    const { size } = this;
    const { stones, points, chainHead, chainLiberties, placedAt, area, moveNumber } = board;
    const target = (this.targets[symmetry] ??= this.targetsOf(symmetry));
    out.fill(0, offset, offset + PLANES * size);
    for (let i = 0; i < area; i++) {
      const point = points[i];
      const at = offset + target[i];
      out[at + planes.ONES * size] = 1;
      const stone = stones[point];
      if (stone !== EMPTY) {
        out[at + (stone === color ? planes.OWN : planes.OPPONENT) * size] = 1;
        const turns = moveNumber - placedAt[point];
        out[at + (planes.TURNS_SINCE - 1 + (turns < COUNTS ? turns : COUNTS)) * size] = 1;
        const liberties = chainLiberties[chainHead[point]];
        out[at + (planes.LIBERTIES - 1 + (liberties < COUNTS ? liberties : COUNTS)) * size] = 1;
        if (chainHead[point] === point && liberties <= 2)
          this.encodeLadders(board, point, color, out, offset, target);
        continue;
      }
      out[at + planes.VACANT * size] = 1;
      if (board.isLegal(point, color)) this.encodeMove(board, point, color, out, at);
    }
  }

  /** Fills planes 20 to 43 and 46 for a legal move. @param at where its point lies in plane 0 */
  private encodeMove(board: Board, point: Point, color: Color, out: Float32Array, at: number): void {
    const { size } = this;
    const captured = board.countCaptures(point, color);
    out[at + (planes.CAPTURE_SIZE + (captured < COUNTS ? captured : COUNTS - 1)) * size] = 1;
    let liberties: number;
    let stones = 0;
    if (captured === 0) {
      liberties = this.countLibertiesAfter(board, point, color);
      if (liberties === 1) stones = this.countStonesAfter(board, point, color);
    } else {
      board.play(point, color);
      liberties = board.libertiesOf(point);
      stones = board.sizeOf(point);
      board.undo();
    }
    out[at + (planes.LIBERTIES_AFTER - 1 + (liberties < COUNTS ? liberties : COUNTS)) * size] = 1;
    if (liberties === 1)
      out[at + (planes.SELF_ATARI_SIZE - 1 + (stones < COUNTS ? stones : COUNTS)) * size] = 1;
    if (!isTrueEye(board, point, color)) out[at + planes.SENSIBLENESS * size] = 1;
  }

  /** Liberties of the new chain of a legal move that captures nothing; exact below 8, else at least 8. */
  private countLibertiesAfter(board: Board, point: Point, color: Color): number {
    const { stones, stride, nextInChain, chainHead, chainLiberties } = board;
    const { stamps } = this;
    const stamp = this.newStamp();
    stamps[point] = stamp;
    let count = 0;
    for (let side = 0; side < 4; side++) {
      const neighbor = point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      if (stones[neighbor] === EMPTY) {
        stamps[neighbor] = stamp;
        count++;
      } else if (stones[neighbor] === color && chainLiberties[chainHead[neighbor]] > COUNTS) return COUNTS;
    }
    for (let side = 0; side < 4; side++) {
      const neighbor = point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      if (stones[neighbor] !== color) continue;
      const head = chainHead[neighbor];
      if (stamps[head] === stamp) continue;
      stamps[head] = stamp;
      let left = chainLiberties[head] - 1;
      let stone = head;
      do {
        for (let k = 0; k < 4; k++) {
          const liberty = stone + (k === 0 ? -stride : k === 1 ? -1 : k === 2 ? 1 : stride);
          if (stones[liberty] !== EMPTY || stamps[liberty] === stamp) continue;
          stamps[liberty] = stamp;
          left--;
          if (++count === COUNTS) return COUNTS;
        }
        stone = nextInChain[stone];
      } while (stone !== head && left > 0);
    }
    return count;
  }

  /** Stones of the new chain of a move that captures nothing. */
  private countStonesAfter(board: Board, point: Point, color: Color): number {
    const { stones, stride, chainHead, chainSize } = board;
    const { stamps } = this;
    const stamp = this.newStamp();
    let count = 1;
    for (let side = 0; side < 4; side++) {
      const neighbor = point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      if (stones[neighbor] !== color || stamps[chainHead[neighbor]] === stamp) continue;
      stamps[chainHead[neighbor]] = stamp;
      count += chainSize[chainHead[neighbor]];
    }
    return count;
  }

  /** Marks the moves of `color` that capture (an opponent's) or save (an own) the chain at `head` in a ladder. */
  private encodeLadders(
    board: Board,
    head: Point,
    color: Color,
    out: Float32Array,
    offset: number,
    target: Int32Array,
  ): void {
    const { size, scratch, reader } = this;
    const own = board.stones[head] === color;
    const liberties = board.libertiesOf(head);
    if (own !== (liberties === 1)) return;
    const count = own
      ? reader.collectAnswers(board, head, color, scratch)
      : board.collectLiberties(head, scratch, 2);
    const plane = offset + (own ? planes.LADDER_ESCAPE : planes.LADDER_CAPTURE) * size;
    for (let i = 0; i < count; i++) {
      const point = scratch[i];
      const at = plane + target[board.indexOf[point]];
      if (out[at] === 1 || !board.isLegal(point, color)) continue;
      if (own ? reader.saves(board, point, color, head) : reader.captures(board, point, color, head))
        out[at] = 1;
    }
  }

  private targetsOf(symmetry: number): Int32Array {
    const { width, height } = this;
    const padded = width + 2 * PADDING;
    return Int32Array.from(
      symmetryMap(symmetry, { width, height }),
      index => (Math.floor(index / width) + PADDING) * padded + (index % width) + PADDING,
    );
  }

  private newStamp(): number {
    this.stamp = (this.stamp + 1) | 0;
    if (this.stamp === 0) {
      this.stamps.fill(0);
      this.stamp = 1;
    }
    return this.stamp;
  }
}
