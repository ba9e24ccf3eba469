/**
 * Teacher labels: what a strong network said about positions of game records, 264 bytes a position, little-endian. Made by
 * KataGo or any engine that speaks its analysis protocol; the form is that of this project's shared labels.
 *
 * | offset | field |
 * |---|---|
 * | 0 | u32 number of the game |
 * | 4 | u16 moves played before the position, set-up stones not counted |
 * | 6 | i16 komi x 2, as the teacher was told |
 * | 8 | u16 winning chance of the player to move x 65535 |
 * | 10 | i16 lead of the player to move x 20, komi included |
 * | 12 | u8 player to move: 1 Black, 2 White |
 * | 13 | u8 entries of the policy, at most 16 |
 * | 14 | u16 probability of passing x 65535 |
 * | 16 | 16 x (u16 point x + 19 y from the upper left, u16 probability x 65535), best first |
 * | 80 | 181 bytes: ownership for the player to move, 361 nibbles, low one first: v / 7.5 - 1 |
 * | 261 | 3 bytes of zeros |
 */
import { BLACK, WHITE, type Color } from '../../engine/types.ts';

export const LABEL_BYTES = 264;

const AREA = 361;
const POLICY_AT = 16;
const OWNERSHIP_AT = 80;
const MOST_MOVES = 16;
const UNIT = 65535;

/** Bytes that are no labels; the message says where and why. */
export class LabelError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LabelError';
  }
}

/** A file of labels; nothing is copied until a field is asked for. */
export class Labels {
  readonly count: number;
  private readonly view: DataView;

  /** @throws LabelError unless the bytes are whole records */
  constructor(bytes: Uint8Array, name = 'labels') {
    if (bytes.byteLength % LABEL_BYTES !== 0)
      throw new LabelError(
        `${name}: ${bytes.byteLength} bytes are no whole number of records of ${LABEL_BYTES}`,
      );
    this.count = bytes.byteLength / LABEL_BYTES;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < this.count; i++) this.check(i, name);
  }

  game(i: number): number {
    return this.view.getUint32(i * LABEL_BYTES, true);
  }

  /** Moves played before the position. */
  ply(i: number): number {
    return this.view.getUint16(i * LABEL_BYTES + 4, true);
  }

  /** In points, for White. */
  komi(i: number): number {
    return this.view.getInt16(i * LABEL_BYTES + 6, true) / 2;
  }

  toPlay(i: number): Color {
    return this.view.getUint8(i * LABEL_BYTES + 12) as Color;
  }

  /** Winning chance of the player to move, from 0 to 1. */
  chance(i: number): number {
    return this.view.getUint16(i * LABEL_BYTES + 8, true) / UNIT;
  }

  /** Points for the player to move. */
  lead(i: number): number {
    return this.view.getInt16(i * LABEL_BYTES + 10, true) / 20;
  }

  /**
   * Writes the policy, passing last, scaled to 1: what the teacher left out was under 0.2 % a move.
   * @param map where each point goes, as of a symmetry
   * @param out shape [362] from `at`, all 0 before
   */
  policy(i: number, map: Int16Array, out: Float32Array, at = 0): void {
    const start = i * LABEL_BYTES;
    const moves = this.view.getUint8(start + 13);
    let sum = this.view.getUint16(start + 14, true);
    out[at + AREA] = sum;
    for (let k = 0; k < moves; k++) {
      const point = this.view.getUint16(start + POLICY_AT + 4 * k, true);
      const share = this.view.getUint16(start + POLICY_AT + 4 * k + 2, true);
      out[at + map[point]] = share;
      sum += share;
    }
    if (sum === 0) return;
    for (let k = 0; k < moves; k++)
      out[at + map[this.view.getUint16(start + POLICY_AT + 4 * k, true)]] /= sum;
    out[at + AREA] /= sum;
  }

  /** Writes who owns each point: 1 surely the player to move, -1 surely the opponent. @param out shape [361] from `at` */
  ownership(i: number, map: Int16Array, out: Float32Array, at = 0): void {
    const start = i * LABEL_BYTES + OWNERSHIP_AT;
    for (let point = 0; point < AREA; point++) {
      const byte = this.view.getUint8(start + (point >> 1));
      const nibble = point % 2 === 0 ? byte & 15 : byte >> 4;
      out[at + map[point]] = nibble / 7.5 - 1;
    }
  }

  /** Whether every field is in its range. */
  private check(i: number, name: string): void {
    const start = i * LABEL_BYTES;
    const fail = (what: string): never => {
      throw new LabelError(`${name}: record ${i + 1} ${what}`);
    };
    const color = this.view.getUint8(start + 12);
    if (color !== BLACK && color !== WHITE) fail(`has player ${color}, not 1 or 2`);
    const moves = this.view.getUint8(start + 13);
    if (moves > MOST_MOVES) fail(`has ${moves} moves, more than ${MOST_MOVES}`);
    for (let k = 0; k < moves; k++) {
      const point = this.view.getUint16(start + POLICY_AT + 4 * k, true);
      if (point >= AREA) fail(`has a move on point ${point} of ${AREA}`);
    }
  }
}
