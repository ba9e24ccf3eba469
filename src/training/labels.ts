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
/** Moves less likely than this are left out. */
const LEAST_SHARE = 0.002;
const LEAD_UNIT = 20;
const OWNERSHIP_UNIT = 7.5;

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
    return this.view.getInt16(i * LABEL_BYTES + 10, true) / LEAD_UNIT;
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
      out[at + map[point]] = nibble / OWNERSHIP_UNIT - 1;
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

/** What a teacher said about one position of 19x19, all for the player to move. */
export interface Label {
  /** Number in the list of games. */
  readonly game: number;
  readonly ply: number;
  /** In points, for White, as the teacher was told. */
  readonly komi: number;
  readonly toPlay: Color;
  /** Winning chance, from 0 to 1. */
  readonly chance: number;
  /** In points, komi included. */
  readonly lead: number;
  /** Probabilities by policy index, passing last; below 0 where a move is illegal. Shape [362]. */
  readonly policy: ArrayLike<number>;
  /** 1 surely the player to move, -1 surely the opponent. Shape [361]. */
  readonly ownership: ArrayLike<number>;
}

/**
 * Writes a label as {@link Labels} reads it, rounded to the form's units: the likeliest moves of at least 0.2 %, at most 16.
 * @returns {@link LABEL_BYTES} bytes
 * @throws LabelError if a number does not fit its field
 */
export const encodeLabel = (label: Label): Uint8Array => {
  const { game, ply, komi, toPlay, chance, lead, policy, ownership } = label;
  const within = (what: string, value: number, low: number, high: number): number => {
    if (!(value >= low && value <= high))
      throw new LabelError(`${what} ${value} of a label: must be from ${low} to ${high}`);
    return value;
  };
  if (policy.length !== AREA + 1 || ownership.length !== AREA)
    throw new LabelError(
      `a label with ${policy.length} moves and ${ownership.length} owners: must be ${AREA + 1} and ${AREA}`,
    );
  const bytes = new Uint8Array(LABEL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, within('game', game, 0, 2 ** 32 - 1), true);
  view.setUint16(4, within('ply', ply, 0, 2 ** 16 - 1), true);
  view.setInt16(6, Math.round(2 * within('komi', komi, -(2 ** 14), 2 ** 14 - 1)), true);
  view.setUint16(8, Math.round(UNIT * within('winning chance', chance, 0, 1)), true);
  view.setInt16(10, Math.round(LEAD_UNIT * within('lead', lead, -1638, 1638)), true);
  view.setUint8(12, toPlay);
  view.setUint16(
    14,
    Math.round(UNIT * within('probability of passing', Math.max(0, policy[AREA]), 0, 1)),
    true,
  );
  const moves = likeliest(policy);
  view.setUint8(13, moves.length);
  for (const [k, point] of moves.entries()) {
    view.setUint16(POLICY_AT + 4 * k, point, true);
    view.setUint16(
      POLICY_AT + 4 * k + 2,
      Math.round(UNIT * within('probability', policy[point], 0, 1)),
      true,
    );
  }
  for (let point = 0; point < AREA; point++) {
    const nibble = Math.round((within('ownership', ownership[point], -1, 1) + 1) * OWNERSHIP_UNIT);
    bytes[OWNERSHIP_AT + (point >> 1)] |= point % 2 === 0 ? nibble : nibble << 4;
  }
  return bytes;
};

/** Points worth keeping, best first, the lower index first among equals. */
const likeliest = (policy: ArrayLike<number>): number[] => {
  const points: number[] = [];
  for (let point = 0; point < AREA; point++) if (policy[point] >= LEAST_SHARE) points.push(point);
  return points.toSorted((a, b) => policy[b] - policy[a] || a - b).slice(0, MOST_MOVES);
};
