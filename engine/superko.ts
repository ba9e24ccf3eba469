/**
 * The positions a game has been in, for superko: 64-bit hashes in an open-addressing hash set. Positions leave in the reverse
 * order of their coming (undo), so linear probing needs no tombstones. One that comes again, as after each pass, is in the set once:
 * else thousands of passes would be searched through at each move.
 */
import type { Board } from './board.ts';
import { EMPTY, WALL, opposite, type Color, type Point } from './types.ts';
import { ZOBRIST_HIGH, ZOBRIST_LOW } from './zobrist.ts';

/** In {@link PositionHistory.slotOf}: the position was in the set before. */
const NO_SLOT = -1;

export class PositionHistory {
  /** Number of positions. */
  size = 0;
  /** Hash halves, low and high, of each position. */
  private hashes = new Int32Array(1024);
  /** Who was to move in each position. */
  private toPlay = new Uint8Array(512);
  /** The set: number of a position + 1, or 0 where free. Its length is a power of two, four times the room for positions. */
  private slots = new Int32Array(2048);
  /** The slot of each position, or NO_SLOT. */
  private slotOf = new Int32Array(512);
  private readonly after = new Int32Array(2);

  /** Adds the position on the board, with `toPlay` to move. */
  push(board: Board, toPlay: Color): void {
    if (this.size === this.slotOf.length) this.grow();
    this.hashes[this.size * 2] = board.hashLow;
    this.hashes[this.size * 2 + 1] = board.hashHigh;
    this.toPlay[this.size] = toPlay;
    this.insert(this.size++);
  }

  /** Removes the last position. Assumes that there is one. */
  pop(): void {
    const slot = this.slotOf[--this.size];
    if (slot !== NO_SLOT) this.slots[slot] = 0;
  }

  clear(): void {
    this.slots.fill(0);
    this.size = 0;
  }

  /**
   * Whether a move of `color` on the empty `point` would lead to a position of the history.
   * @param situational whether the player to move has to be the same too
   */
  isRepeatedBy(board: Board, point: Point, color: Color, situational: boolean): boolean {
    const { after, hashes, slots, toPlay } = this;
    hashAfter(board, point, color, after);
    const next = opposite(color);
    const mask = slots.length - 1;
    for (let slot = after[0] & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const position = slots[slot] - 1;
      if (hashes[position * 2] !== after[0] || hashes[position * 2 + 1] !== after[1]) continue;
      if (!situational || toPlay[position] === next) return true;
    }
    return false;
  }

  private insert(position: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = this.hashes[position * 2] & mask;
    while (slots[slot] !== 0) {
      if (this.isSame(slots[slot] - 1, position)) {
        this.slotOf[position] = NO_SLOT;
        return;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = position + 1;
    this.slotOf[position] = slot;
  }

  private isSame(a: number, b: number): boolean {
    const { hashes, toPlay } = this;
    return (
      hashes[a * 2] === hashes[b * 2] && hashes[a * 2 + 1] === hashes[b * 2 + 1] && toPlay[a] === toPlay[b]
    );
  }

  /** Doubles the room, and puts the positions in again in their order. */
  private grow(): void {
    const { hashes, toPlay } = this;
    this.hashes = new Int32Array(hashes.length * 2);
    this.hashes.set(hashes);
    this.toPlay = new Uint8Array(toPlay.length * 2);
    this.toPlay.set(toPlay);
    this.slotOf = new Int32Array(this.slotOf.length * 2);
    this.slots = new Int32Array(this.slots.length * 2);
    for (let i = 0; i < this.size; i++) this.insert(i);
  }
}

/** Writes the hash halves of the position after a move of `color` on the empty `point` to out[0] (low) and out[1] (high). */
export const hashAfter = (board: Board, point: Point, color: Color, out: Int32Array): void => {
  const { stones, chainHead, chainLiberties, stride } = board;
  const suicide = board.isSuicide(point, color);
  out[0] = board.hashLow;
  out[1] = board.hashHigh;
  if (!suicide) {
    out[0] ^= ZOBRIST_LOW[point * 3 + color];
    out[1] ^= ZOBRIST_HIGH[point * 3 + color];
  }
  const removed = suicide ? color : opposite(color);
  for (let side = 0; side < 4; side++) {
    const neighbor = point + (side === 0 ? -stride : side === 1 ? -1 : side === 2 ? 1 : stride);
    if (stones[neighbor] !== removed || chainLiberties[chainHead[neighbor]] !== 1) continue;
    if (!touchesEarlierSide(board, point, side, chainHead[neighbor]))
      takeOff(board, chainHead[neighbor], out);
  }
};

/** Whether the chain `head` also has a stone at a side of `point` before number `side`. */
const touchesEarlierSide = (board: Board, point: Point, side: number, head: Point): boolean => {
  const { stones, chainHead, stride } = board;
  for (let earlier = 0; earlier < side; earlier++) {
    const neighbor = point + (earlier === 0 ? -stride : earlier === 1 ? -1 : 1);
    if (stones[neighbor] !== EMPTY && stones[neighbor] !== WALL && chainHead[neighbor] === head) return true;
  }
  return false;
};

const takeOff = ({ stones, nextInChain }: Board, head: Point, out: Int32Array): void => {
  const color = stones[head];
  let stone = head;
  do {
    out[0] ^= ZOBRIST_LOW[stone * 3 + color];
    out[1] ^= ZOBRIST_HIGH[stone * 3 + color];
    stone = nextInChain[stone];
  } while (stone !== head);
};
