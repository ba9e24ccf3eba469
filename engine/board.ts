/**
 * The board: stones, chains with their liberties, simple ko, Zobrist hash, undo.
 *
 * Implementation notes. The state is one Int16Array in six sections of `length` cells (stones, chain head, next stone of
 * the chain, and for heads liberties and size, and the age of each stone), letterboxed by a wall so that no neighbour needs
 * a bounds check. Copying a board is then one memcpy. Liberties are counted exactly and kept up to date: a move takes one
 * from each neighbouring chain, a capture gives one back for each point emptied, and when chains merge only the smaller one
 * is walked. Every write goes through a journal of (cell, old value), and undo plays it backwards: exact, without a rule
 * of its own for captures or merges, and as cheap as the move was. Nothing allocates after construction except a journal
 * that doubles when it is full.
 *
 * The board knows simple ko and suicide but no rule set: game.ts does.
 */
import {
  BLACK,
  EMPTY,
  NO_POINT,
  PASS,
  WALL,
  WHITE,
  opposite,
  type Color,
  type Point,
  type SetupStone,
} from './types.ts';
import { Journal } from './journal.ts';
import { isBoardSize, type Dimensions } from './coords.ts';
import { ZOBRIST_HIGH, ZOBRIST_LOW } from './zobrist.ts';

/** `placedAt` of set-up stones: longer ago than any move. */
export const SETUP_AGE = -10000;

/** Largest move number that `placedAt` can hold; later stones share it. */
const MAX_MOVE_NUMBER = 32767;

/** What a move saves beside the journal: hash low and high, ko point and color, two capture counts. */
const SAVED_FIELDS = 5;

/** No move writes more cells than this for each point: its stone, links and head, and a liberty of each neighbour. */
const WRITES_PER_POINT = 8;

export class Board implements Dimensions {
  readonly width: number;
  readonly height: number;
  /** Distance between a point and the one below it: width + 1. */
  readonly stride: number;
  /** Number of points on the board. */
  readonly area: number;
  /** The points on the board, in policy index order. Shape [area]. */
  readonly points: Int16Array;
  /** Policy index by point, -1 in the wall. Shape [length]. */
  readonly indexOf: Int16Array;

  /** Stone by point: EMPTY, BLACK, WHITE or WALL. Shape [length], like all that follow. */
  readonly stones: Int16Array;
  /** For a stone: the point that stands for its chain. */
  readonly chainHead: Int16Array;
  /** For a stone: the next one of its chain, in a circle. */
  readonly nextInChain: Int16Array;
  /** For a chain's head: number of distinct liberties. */
  readonly chainLiberties: Int16Array;
  /** For a chain's head: number of stones. */
  readonly chainSize: Int16Array;
  /** For a stone: moves and passes played before it, or SETUP_AGE. */
  readonly placedAt: Int16Array;

  /** Where `koColor` may not play on this move; NO_POINT if nowhere. */
  koPoint: Point = NO_POINT;
  koColor: Color = BLACK;
  /** Moves and passes played since the board was cleared or set up. */
  moveNumber = 0;
  /** Zobrist hash of the stones, two int32 halves. */
  hashLow = 0;
  hashHigh = 0;
  /** Stones captured so far by each color, at [BLACK] and [WHITE]; a suicide counts for the opponent. */
  readonly captures = new Int32Array(3);

  private readonly length: number;
  private readonly data: Int16Array;
  private readonly journal: Journal;
  /** Scratch: `stamps[p] === stamp` means p was seen in the walk under way. */
  private readonly stamps: Int32Array;
  private stamp = 0;

  /** @throws RangeError unless both sides are whole numbers from 1 to 25 */
  constructor(width: number, height: number = width) {
    if (!isBoardSize(width, height))
      throw new RangeError(`board size ${width}x${height}: each side must be a whole number from 1 to 25`);
    this.width = width;
    this.height = height;
    this.stride = width + 1;
    this.area = width * height;
    this.length = this.stride * (height + 2) + 1;
    this.data = new Int16Array(this.length * 6);
    const section = (i: number): Int16Array => this.data.subarray(i * this.length, (i + 1) * this.length);
    this.stones = section(0);
    this.chainHead = section(1);
    this.nextInChain = section(2);
    this.chainLiberties = section(3);
    this.chainSize = section(4);
    this.placedAt = section(5);
    this.stamps = new Int32Array(this.length);
    this.journal = new Journal(this.data, SAVED_FIELDS);

    this.points = new Int16Array(this.area);
    this.indexOf = new Int16Array(this.length).fill(-1);
    this.stones.fill(WALL);
    for (let i = 0; i < this.area; i++) {
      const point = (i % width) + 1 + (Math.floor(i / width) + 1) * this.stride;
      this.points[i] = point;
      this.indexOf[point] = i;
      this.stones[point] = EMPTY;
    }
  }

  /** Number of liberties of the chain at a stone. */
  libertiesOf(point: Point): number {
    return this.chainLiberties[this.chainHead[point]];
  }

  /** Number of stones of the chain at a stone. */
  sizeOf(point: Point): number {
    return this.chainSize[this.chainHead[point]];
  }

  /** Whether `color` may play on `point`: empty, not a simple ko, no suicide. False for PASS, which is always allowed. */
  isLegal(point: Point, color: Color): boolean {
    return (
      this.stones[point] === EMPTY &&
      !(point === this.koPoint && color === this.koColor) &&
      !this.isSuicide(point, color)
    );
  }

  /** Whether the new chain of a stone of `color` on the empty `point` would have no liberty. */
  isSuicide(point: Point, color: Color): boolean {
    const stride = this.stride;
    return (
      this.givesNoLiberty(point - stride, color) &&
      this.givesNoLiberty(point - 1, color) &&
      this.givesNoLiberty(point + 1, color) &&
      this.givesNoLiberty(point + stride, color)
    );
  }

  private givesNoLiberty(neighbor: Point, color: Color): boolean {
    const stone = this.stones[neighbor];
    if (stone === WALL) return true;
    if (stone === EMPTY) return false;
    const inAtari = this.chainLiberties[this.chainHead[neighbor]] === 1;
    return stone === color ? inAtari : !inAtari;
  }

  /** Plays a stone or a pass. Assumes that `point` is empty or PASS; any ko or suicide is carried out. */
  play(point: Point, color: Color): void {
    this.mark();
    const number = this.moveNumber++;
    this.koPoint = NO_POINT;
    if (point === PASS) return;

    const { stride, length } = this;
    this.journal.write(point, color);
    this.journal.write(length + point, point);
    this.journal.write(length * 2 + point, point);
    this.journal.write(length * 4 + point, 1);
    this.journal.write(length * 5 + point, number < MAX_MOVE_NUMBER ? number : MAX_MOVE_NUMBER);
    this.toggleHash(point, color);
    this.journal.write(length * 3 + point, this.countEmptyNeighbors(point));

    const enemy = opposite(color);
    let captured = this.pressChain(point - stride, point, enemy);
    captured += this.pressChain(point - 1, point, enemy);
    captured += this.pressChain(point + 1, point, enemy);
    captured += this.pressChain(point + stride, point, enemy);
    this.captures[color] += captured;

    this.joinChain(point - stride, point, color);
    this.joinChain(point - 1, point, color);
    this.joinChain(point + 1, point, color);
    this.joinChain(point + stride, point, color);

    const head = this.chainHead[point];
    const liberties = this.chainLiberties[head];
    if (liberties === 0) {
      this.captures[enemy] += this.chainSize[head];
      this.removeChain(point);
    } else if (captured === 1 && liberties === 1 && this.chainSize[head] === 1) {
      this.koPoint = this.firstEmptyNeighbor(point);
      this.koColor = enemy;
    }
  }

  /** Takes back the last `play`, exactly. Assumes that there is one since the board was cleared, set up or copied. */
  undo(): void {
    const at = this.journal.rewind();
    const saved = this.journal.saved;
    this.hashLow = saved[at];
    this.hashHigh = saved[at + 1];
    this.koPoint = saved[at + 2] >> 2;
    this.koColor = (saved[at + 2] & 3) as Color;
    this.captures[BLACK] = saved[at + 3];
    this.captures[WHITE] = saved[at + 4];
    this.moveNumber--;
  }

  /** Forgets what undo would need: the moves so far can no longer be taken back. For playouts. */
  forgetMoves(): void {
    this.journal.forget();
  }

  /** Empties the board and its counters. */
  clear(): void {
    for (let i = 0; i < this.area; i++) this.stones[this.points[i]] = EMPTY;
    this.resetCounters();
  }

  /** Puts up or clears points by hand and counts every stone as old. Forgets moves, ko and captures; chains without liberties are kept. */
  setStones(setup: readonly SetupStone[]): void {
    for (const { point, color } of setup) this.stones[point] = color;
    this.rebuildChains();
  }

  /** Puts up or clears one point; see {@link setStones}. */
  setStone(point: Point, color: SetupStone['color']): void {
    this.setStones([{ point, color }]);
  }

  /** Makes this board equal to another of the same size, without its undo history. */
  copyFrom(other: Board): void {
    this.data.set(other.data);
    this.captures.set(other.captures);
    this.koPoint = other.koPoint;
    this.koColor = other.koColor;
    this.moveNumber = other.moveNumber;
    this.hashLow = other.hashLow;
    this.hashHigh = other.hashHigh;
    this.forgetMoves();
  }

  /** A copy without undo history. */
  clone(): Board {
    const copy = new Board(this.width, this.height);
    copy.copyFrom(this);
    return copy;
  }

  /** Writes distinct liberties of the chain at `point` to `out`, at most `max`. @returns how many */
  collectLiberties(point: Point, out: Int16Array, max: number): number {
    const { stones, nextInChain, stamps, stride } = this;
    const stamp = this.newStamp();
    let count = 0;
    let stone = point;
    do {
      for (let side = 0; side < 4; side++) {
        const neighbor = stone + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
        if (stones[neighbor] === EMPTY && stamps[neighbor] !== stamp) {
          if (count === max) return count;
          stamps[neighbor] = stamp;
          out[count++] = neighbor;
        }
      }
      stone = nextInChain[stone];
    } while (stone !== point);
    return count;
  }

  /** Number of opponent stones that a move of `color` on the empty `point` would capture. */
  countCaptures(point: Point, color: Color): number {
    const { stones, chainHead, chainLiberties, chainSize, stride } = this;
    const enemy = opposite(color);
    let count = 0;
    let seen1 = NO_POINT;
    let seen2 = NO_POINT;
    let seen3 = NO_POINT;
    for (let side = 0; side < 4; side++) {
      const neighbor = point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      if (stones[neighbor] !== enemy) continue;
      const head = chainHead[neighbor];
      if (chainLiberties[head] !== 1 || head === seen1 || head === seen2 || head === seen3) continue;
      count += chainSize[head];
      seen3 = seen2;
      seen2 = seen1;
      seen1 = head;
    }
    return count;
  }

  /** Whether some chain has no liberty, as only a set-up can leave it. */
  hasChainWithoutLiberties(): boolean {
    for (let i = 0; i < this.area; i++) {
      const point = this.points[i];
      if (this.stones[point] !== EMPTY && this.libertiesOf(point) === 0) return true;
    }
    return false;
  }

  private resetCounters(): void {
    this.koPoint = NO_POINT;
    this.moveNumber = 0;
    this.captures.fill(0);
    this.hashLow = 0;
    this.hashHigh = 0;
    this.forgetMoves();
    for (let i = 0; i < this.area; i++) {
      const point = this.points[i];
      if (this.stones[point] !== EMPTY) this.toggleHash(point, this.stones[point] as Color);
    }
  }

  /** Builds chains and their counts from the stones, which all become old, and the hash. */
  private rebuildChains(): void {
    const { stones, chainHead, nextInChain, chainLiberties, chainSize, stride } = this;
    const seen = new Uint8Array(this.length);
    const liberties = new Int16Array(this.area);
    this.resetCounters();
    for (let i = 0; i < this.area; i++) {
      const head = this.points[i];
      if (stones[head] === EMPTY || seen[head]) continue;
      const chain = [head];
      seen[head] = 1;
      for (let k = 0; k < chain.length; k++) {
        for (const neighbor of [chain[k] - stride, chain[k] - 1, chain[k] + 1, chain[k] + stride]) {
          if (stones[neighbor] !== stones[head] || seen[neighbor]) continue;
          seen[neighbor] = 1;
          chain.push(neighbor);
        }
      }
      chain.forEach((stone, k) => {
        chainHead[stone] = head;
        nextInChain[stone] = chain[(k + 1) % chain.length];
        this.placedAt[stone] = SETUP_AGE;
      });
      chainSize[head] = chain.length;
      chainLiberties[head] = this.collectLiberties(head, liberties, this.area);
    }
  }

  /** Saves what undo needs beside the journal. */
  private mark(): void {
    const at = this.journal.mark(this.length * WRITES_PER_POINT);
    const saved = this.journal.saved;
    saved[at] = this.hashLow;
    saved[at + 1] = this.hashHigh;
    saved[at + 2] = (this.koPoint << 2) | this.koColor;
    saved[at + 3] = this.captures[BLACK];
    saved[at + 4] = this.captures[WHITE];
  }

  private toggleHash(point: Point, color: Color): void {
    this.hashLow ^= ZOBRIST_LOW[point * 3 + color];
    this.hashHigh ^= ZOBRIST_HIGH[point * 3 + color];
  }

  private countEmptyNeighbors(point: Point): number {
    const { stones, stride } = this;
    return (
      (stones[point - stride] === EMPTY ? 1 : 0) +
      (stones[point - 1] === EMPTY ? 1 : 0) +
      (stones[point + 1] === EMPTY ? 1 : 0) +
      (stones[point + stride] === EMPTY ? 1 : 0)
    );
  }

  private firstEmptyNeighbor(point: Point): Point {
    const { stones, stride } = this;
    if (stones[point - stride] === EMPTY) return point - stride;
    if (stones[point - 1] === EMPTY) return point - 1;
    return stones[point + 1] === EMPTY ? point + 1 : point + stride;
  }

  /**
   * Takes the liberty `filled` from the enemy chain at `neighbor`, once however many of its stones touch it, and removes
   * the chain if that was the last one. The sides come in a fixed order, so a chain is served at its first side.
   * @returns the number of stones captured
   */
  private pressChain(neighbor: Point, filled: Point, enemy: Color): number {
    if (this.stones[neighbor] !== enemy) return 0;
    const head = this.chainHead[neighbor];
    if (this.isServedAtEarlierSide(neighbor, filled, enemy, head)) return 0;
    const cell = this.length * 3 + head;
    const liberties = this.data[cell] - 1;
    this.journal.write(cell, liberties);
    if (liberties > 0) return 0;
    const size = this.chainSize[head];
    this.removeChain(neighbor);
    return size;
  }

  private isServedAtEarlierSide(neighbor: Point, filled: Point, color: Color, head: Point): boolean {
    const { stones, chainHead, stride } = this;
    for (let side = 0; side < 4; side++) {
      const earlier = filled + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
      if (earlier === neighbor) return false;
      if (stones[earlier] === color && chainHead[earlier] === head) return true;
    }
    return false;
  }

  /** Empties the points of a chain; each becomes a liberty of the chains around it, which are all of the other color. */
  private removeChain(start: Point): void {
    const { stones, nextInChain, stride } = this;
    const color = stones[start] as Color;
    let stone = start;
    do {
      this.journal.write(stone, EMPTY);
      this.toggleHash(stone, color);
      stone = nextInChain[stone];
    } while (stone !== start);
    const other = opposite(color);
    do {
      this.addLiberty(stone - stride, stone, other);
      this.addLiberty(stone - 1, stone, other);
      this.addLiberty(stone + 1, stone, other);
      this.addLiberty(stone + stride, stone, other);
      stone = nextInChain[stone];
    } while (stone !== start);
  }

  private addLiberty(neighbor: Point, emptied: Point, color: Color): void {
    if (this.stones[neighbor] !== color) return;
    const head = this.chainHead[neighbor];
    if (this.isServedAtEarlierSide(neighbor, emptied, color, head)) return;
    const cell = this.length * 3 + head;
    this.journal.write(cell, this.data[cell] + 1);
  }

  /** Merges the chain at `neighbor`, if it is of `color` and another one, with that of the stone just put on `point`. */
  private joinChain(neighbor: Point, point: Point, color: Color): void {
    if (this.stones[neighbor] !== color) return;
    const { chainHead, chainSize, chainLiberties, nextInChain, length } = this;
    const head = chainHead[neighbor];
    const ownHead = chainHead[point];
    if (head === ownHead) return;
    this.journal.write(length * 3 + head, chainLiberties[head] - 1);
    const into = chainSize[head] >= chainSize[ownHead] ? head : ownHead;
    const from = into === head ? ownHead : head;
    this.journal.write(length * 3 + into, chainLiberties[into] + this.countNewLiberties(from, into));
    this.journal.write(length * 4 + into, chainSize[into] + chainSize[from]);
    let stone = from;
    do {
      this.journal.write(length + stone, into);
      stone = nextInChain[stone];
    } while (stone !== from);
    const next = nextInChain[into];
    this.journal.write(length * 2 + into, nextInChain[from]);
    this.journal.write(length * 2 + from, next);
  }

  /** Number of liberties of the chain `from` that the chain `into` does not have. Both are heads. */
  private countNewLiberties(from: Point, into: Point): number {
    const { stones, nextInChain, stamps, stride } = this;
    const stamp = this.newStamp();
    let count = 0;
    let stone = from;
    do {
      for (let side = 0; side < 4; side++) {
        const neighbor = stone + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
        if (stones[neighbor] !== EMPTY || stamps[neighbor] === stamp) continue;
        stamps[neighbor] = stamp;
        if (!this.touchesChain(neighbor, into)) count++;
      }
      stone = nextInChain[stone];
    } while (stone !== from);
    return count;
  }

  private touchesChain(point: Point, head: Point): boolean {
    const { stones, chainHead, stride } = this;
    const color = stones[head];
    return (
      (stones[point - stride] === color && chainHead[point - stride] === head) ||
      (stones[point - 1] === color && chainHead[point - 1] === head) ||
      (stones[point + 1] === color && chainHead[point + 1] === head) ||
      (stones[point + stride] === color && chainHead[point + stride] === head)
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
