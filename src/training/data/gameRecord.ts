/**
 * A game as a dataset holds it, on 19x19: one record of bytes, little-endian, a multiple of four long.
 *
 * | offset | type | field |
 * |---|---|---|
 * | 0 | u32 | hash of the set-up and the moves |
 * | 4 | f32 | komi in points for White; NaN if unknown |
 * | 8 | f32 | points the game was won by; NaN if it was not counted |
 * | 12 | u16 | year; 0 if unknown |
 * | 14 | u16 | s: set-up stones |
 * | 16 | u16 | m: moves |
 * | 18 | u16 | n: bytes of the source |
 * | 20 | u8 | split, as in SPLITS |
 * | 21 | u8 | 1 if a machine played it, else 0 |
 * | 22 | u8 | who moves first, or would: 1 Black, 2 White |
 * | 23 | u8 | handicap stones; 0 in an even game |
 * | 24 | u8 | how it ended, as in RESULT_KINDS |
 * | 25 | u8 | who won: 1 Black, 2 White, 0 neither or unknown |
 * | 26 | u8 | rules, as in RULES from 1; 0 if unknown |
 * | 27 | i8, i8 | rank of Black, of White (rank.ts); 0 if unknown |
 * | 29 | 3 bytes | zero |
 * | 32 | s x u16 | set-up stones in order of points: point x + 19 y, and 32768 for White |
 * | | m x u16 | moves: the same, 361 for a pass |
 * | | n bytes | source in UTF-8, then zeros up to a multiple of four |
 */
import { pointOfPolicyIndex, policyIndexOf } from '../../../engine/coords.ts';
import type { RuleSetName } from '../../../engine/rules.ts';
import { BLACK, WHITE, type Color, type Move, type SetupStone } from '../../../engine/types.ts';
import type { Result } from '../../sgf/record.ts';
import type { Rank } from './rank.ts';
import { SPLITS, hashBytes, type Split } from './splits.ts';

export const BOARD = { width: 19, height: 19 } as const;

export const RESULT_KINDS = [
  'unknown',
  'counted',
  'resignation',
  'time',
  'forfeit',
  'won',
  'draw',
  'void',
] as const;
/** counted: won by points. won: nobody knows how. */
export type ResultKind = (typeof RESULT_KINDS)[number];

/** In the order of their codes, which stays. */
const RULES = [
  'tromp-taylor',
  'chinese',
  'chinese-ogs',
  'chinese-kgs',
  'japanese',
  'korean',
  'aga',
  'bga',
  'new-zealand',
] as const satisfies readonly RuleSetName[];

/** What is known of a game; its moves can all be played. */
export interface GameContent {
  /** Name of the archive or folder, then the path within it: `kgs-2015.tar.gz/kgs-19-2015/2015-07-17-2.sgf`. */
  readonly source: string;
  /** Whether people played it: what a machine played is no target for the expert head. */
  readonly isHuman: boolean;
  /** In points for White; undefined if unknown. */
  readonly komi: number | undefined;
  /** Handicap stones; 0 in an even game. */
  readonly handicap: number;
  readonly result: Result | undefined;
  readonly rules: RuleSetName | undefined;
  readonly blackRank: Rank | undefined;
  readonly whiteRank: Rank | undefined;
  readonly year: number | undefined;
  /** Who moves first, or would. */
  readonly toPlay: Color;
  /** Stones only, in order of points. */
  readonly setup: readonly SetupStone[];
  readonly moves: readonly Move[];
}

/** A game of a dataset. */
export interface StoredGame extends GameContent {
  /** Its number in the dataset. */
  readonly index: number;
  readonly split: Split;
  /** Of set-up and moves. */
  readonly hash: number;
}

const HEADER_BYTES = 32;
const WHITE_BIT = 0x8000;
const INDEX_BITS = 0x7fff;
/** What a u16 counts. */
const MOST = 0xffff;

const SPLIT_AT = 20;
const MACHINE_AT = 21;

/**
 * The record of a game, in the split of training until {@link setSplit}.
 * @throws RangeError if it has over 65,535 moves or a source longer than that
 */
export const encodeGame = (game: GameContent): Uint8Array => {
  const source = new TextEncoder().encode(game.source);
  const setup = game.setup.map(codeOf).toSorted((a, b) => (a & INDEX_BITS) - (b & INDEX_BITS));
  const { length: moves } = game.moves;
  if (moves > MOST || source.length > MOST)
    throw new RangeError(`${moves} moves, a source of ${source.length} bytes: at most ${MOST}`);
  const end = HEADER_BYTES + 2 * (setup.length + moves);
  const bytes = new Uint8Array(Math.ceil((end + source.length) / 4) * 4);
  const view = new DataView(bytes.buffer);
  const { result } = game;
  view.setFloat32(4, game.komi ?? Number.NaN, true);
  view.setFloat32(8, result && 'margin' in result ? result.margin : Number.NaN, true);
  view.setUint16(12, game.year ?? 0, true);
  view.setUint16(14, setup.length, true);
  view.setUint16(16, moves, true);
  view.setUint16(18, source.length, true);
  bytes[MACHINE_AT] = game.isHuman ? 0 : 1;
  bytes[22] = game.toPlay;
  bytes[23] = game.handicap;
  bytes[24] = RESULT_KINDS.indexOf(kindOfResult(result));
  bytes[25] = result && typeof result.winner === 'number' ? result.winner : 0;
  bytes[26] = game.rules === undefined ? 0 : RULES.indexOf(game.rules) + 1;
  view.setInt8(27, game.blackRank ?? 0);
  view.setInt8(28, game.whiteRank ?? 0);
  for (const [i, code] of setup.entries()) view.setUint16(HEADER_BYTES + 2 * i, code, true);
  for (const [i, move] of game.moves.entries())
    view.setUint16(HEADER_BYTES + 2 * (setup.length + i), codeOf(move), true);
  bytes.set(source, end);
  view.setUint32(0, hashBytes(bytes.subarray(HEADER_BYTES, end)), true);
  return bytes;
};

/** Puts a record into a split. */
export const setSplit = (record: Uint8Array, split: Split): void => {
  record[SPLIT_AT] = SPLITS.indexOf(split);
};

export const kindOfResult = (result: Result | undefined): ResultKind => {
  if (result === undefined) return 'unknown';
  if (result.winner === 'draw' || result.winner === 'void') return result.winner;
  return 'margin' in result ? 'counted' : result.by === 'unknown' ? 'won' : result.by;
};

/** Reads game records that lie one after another; each method takes the offset of a record. Allocates only where it says. */
export class GameReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes of the record; undefined if what lies there is none. */
  sizeAt(at: number): number | undefined {
    const left = this.bytes.length - at;
    if (left < HEADER_BYTES) return undefined;
    const end =
      HEADER_BYTES + 2 * (this.setupCount(at) + this.moveCount(at)) + this.view.getUint16(at + 18, true);
    const size = Math.ceil(end / 4) * 4;
    const color = this.bytes[at + 22];
    const isSane =
      this.bytes[at + SPLIT_AT] < SPLITS.length &&
      this.bytes[at + MACHINE_AT] <= 1 &&
      (color === BLACK || color === WHITE) &&
      this.bytes[at + 24] < RESULT_KINDS.length &&
      this.bytes[at + 25] <= WHITE &&
      this.bytes[at + 26] <= RULES.length;
    return isSane && size <= left ? size : undefined;
  }

  hash(at: number): number {
    return this.view.getUint32(at, true);
  }

  split(at: number): Split {
    return SPLITS[this.bytes[at + SPLIT_AT]];
  }

  isHuman(at: number): boolean {
    return this.bytes[at + MACHINE_AT] === 0;
  }

  komi(at: number): number | undefined {
    const komi = this.view.getFloat32(at + 4, true);
    return Number.isNaN(komi) ? undefined : komi;
  }

  handicap(at: number): number {
    return this.bytes[at + 23];
  }

  /** Undefined if nobody won or nobody knows. */
  winner(at: number): Color | undefined {
    const winner = this.bytes[at + 25];
    return winner === 0 ? undefined : (winner as Color);
  }

  resultKind(at: number): ResultKind {
    return RESULT_KINDS[this.bytes[at + 24]];
  }

  toPlay(at: number): Color {
    return this.bytes[at + 22] as Color;
  }

  year(at: number): number | undefined {
    return this.view.getUint16(at + 12, true) || undefined;
  }

  setupCount(at: number): number {
    return this.view.getUint16(at + 14, true);
  }

  moveCount(at: number): number {
    return this.view.getUint16(at + 16, true);
  }

  /** Policy index of move `ply`, from 0; 361 for a pass. */
  moveIndex(at: number, ply: number): number {
    return this.moveCode(at, ply) & INDEX_BITS;
  }

  moveColor(at: number, ply: number): Color {
    return this.moveCode(at, ply) & WHITE_BIT ? WHITE : BLACK;
  }

  /** Set-up stones, in a new array. */
  setup(at: number): SetupStone[] {
    return Array.from({ length: this.setupCount(at) }, (_, i) =>
      stoneOf(this.view.getUint16(at + HEADER_BYTES + 2 * i, true)),
    );
  }

  /** The bytes of set-up and moves: two records hold the same game if these and their set-up counts are equal. */
  content(at: number): Uint8Array {
    return this.bytes.subarray(at + HEADER_BYTES, this.sourceAt(at));
  }

  /** A new string. */
  source(at: number): string {
    const start = this.sourceAt(at);
    // A copy: TextDecoder takes no shared memory.
    return new TextDecoder().decode(this.bytes.slice(start, start + this.view.getUint16(at + 18, true)));
  }

  /** The whole game as new objects. */
  game(at: number, index: number): StoredGame {
    const rules = this.bytes[at + 26];
    return {
      index,
      split: this.split(at),
      hash: this.hash(at),
      source: this.source(at),
      isHuman: this.isHuman(at),
      komi: this.komi(at),
      handicap: this.handicap(at),
      result: this.result(at),
      rules: rules === 0 ? undefined : RULES[rules - 1],
      blackRank: this.view.getInt8(at + 27) || undefined,
      whiteRank: this.view.getInt8(at + 28) || undefined,
      year: this.year(at),
      toPlay: this.toPlay(at),
      setup: this.setup(at),
      moves: Array.from({ length: this.moveCount(at) }, (_, ply) => stoneOf(this.moveCode(at, ply))),
    };
  }

  private result(at: number): Result | undefined {
    const kind = this.resultKind(at);
    if (kind === 'unknown') return undefined;
    if (kind === 'draw' || kind === 'void') return { winner: kind };
    const winner = this.bytes[at + 25] as Color;
    if (kind === 'counted') return { winner, margin: this.view.getFloat32(at + 8, true) };
    return { winner, by: kind === 'won' ? 'unknown' : kind };
  }

  private moveCode(at: number, ply: number): number {
    return this.view.getUint16(at + HEADER_BYTES + 2 * (this.setupCount(at) + ply), true);
  }

  private sourceAt(at: number): number {
    return at + HEADER_BYTES + 2 * (this.setupCount(at) + this.moveCount(at));
  }
}

const codeOf = ({ color, point }: Move | SetupStone): number =>
  policyIndexOf(point, BOARD) | (color === WHITE ? WHITE_BIT : 0);

const stoneOf = (code: number): Move => ({
  color: code & WHITE_BIT ? WHITE : BLACK,
  point: pointOfPolicyIndex(code & INDEX_BITS, BOARD),
});
