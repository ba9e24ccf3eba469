/**
 * A game: a board, the rules, and everything that happened, so that superko can be judged and moves taken back.
 *
 * Two notions of "may be played", as GUIs need them (KataGo's isLegal and isLegalTolerant): `whyIllegal` is strict and by
 * the rules, for moves the engine chooses; `whyUnplayable` refuses only what no board can hold, for moves a controller
 * sends.
 */
import { Board } from './board.ts';
import type { Dimensions } from './coords.ts';
import { DEFAULT_RULES, handicapCompensation } from './rules.ts';
import { PositionHistory } from './superko.ts';
import {
  BLACK,
  EMPTY,
  PASS,
  WHITE,
  opposite,
  type Color,
  type Illegality,
  type Move,
  type Point,
  type Rules,
  type SetupStone,
} from './types.ts';

export const DEFAULT_KOMI = 7.5;

export interface GameOptions {
  /** 1 to 25; 19 by default. */
  readonly width?: number;
  /** 1 to 25; the width by default. */
  readonly height?: number;
  /** Points White gets; {@link DEFAULT_KOMI} by default. */
  readonly komi?: number;
  readonly rules?: Rules;
}

export class Game implements Dimensions {
  readonly board: Board;
  rules: Rules;
  /** Points White gets, handicap compensation not included. */
  komi: number;
  toPlay: Color = BLACK;

  private setup_: readonly SetupStone[] = [];
  private firstToPlay: Color = BLACK;
  private declaredHandicap = 0;
  private count = 0;
  private movePoints = new Int16Array(512);
  private moveColors = new Uint8Array(512);

  private readonly history = new PositionHistory();

  /** @throws RangeError unless both sides are whole numbers from 1 to 25 */
  constructor({ width = 19, height = width, komi = DEFAULT_KOMI, rules = DEFAULT_RULES }: GameOptions = {}) {
    this.board = new Board(width, height);
    this.komi = komi;
    this.rules = rules;
    this.history.push(this.board, this.toPlay);
  }

  get width(): number {
    return this.board.width;
  }

  get height(): number {
    return this.board.height;
  }

  /** Moves and passes played. */
  get moveCount(): number {
    return this.count;
  }

  /** The move or pass number `i`, 0-based; negative counts from the end, -1 is the last. Assumes that it exists. */
  moveAt(i: number): Move {
    const index = i < 0 ? this.count + i : i;
    return { color: this.moveColors[index] as Color, point: this.movePoints[index] };
  }

  /** Stones put up before the first move. */
  get setupStones(): readonly SetupStone[] {
    return this.setup_;
  }

  /** Who moved first, or would. */
  get firstPlayer(): Color {
    return this.firstToPlay;
  }

  /**
   * Handicap stones: as declared by {@link setup}, else the Black moves before White's first if there are two or more, as
   * clients that know no handicap commands replay them (KataGo's assumeMultipleStartingBlackMovesAreHandicap).
   */
  get handicap(): number {
    if (this.declaredHandicap > 0 || this.setup_.length > 0) return this.declaredHandicap;
    let blacks = 0;
    while (blacks < this.count && this.moveColors[blacks] === BLACK && this.movePoints[blacks] !== PASS)
      blacks++;
    return blacks >= 2 ? blacks : 0;
  }

  /** Komi and what the rules give White for handicap stones: what is added to White's count on the board. */
  get whiteBonus(): number {
    return this.komi + handicapCompensation(this.rules, this.handicap);
  }

  /** Passes at the end of the game so far. */
  get consecutivePasses(): number {
    let passes = 0;
    while (passes < this.count && this.movePoints[this.count - 1 - passes] === PASS) passes++;
    return passes;
  }

  /** Whether the last two moves were passes. */
  get isOver(): boolean {
    return this.consecutivePasses >= 2;
  }

  /** Plays a stone or a pass; then it is the opponent's turn. Assumes that the point is empty or PASS; either color may play. */
  play(point: Point, color: Color = this.toPlay): void {
    if (this.count === this.movePoints.length) this.grow();
    this.movePoints[this.count] = point;
    this.moveColors[this.count] = color;
    this.board.play(point, color);
    this.count++;
    this.toPlay = opposite(color);
    this.history.push(this.board, this.toPlay);
  }

  /** Takes back the last move or pass. @returns false if there is none */
  undo(): boolean {
    if (this.count === 0) return false;
    this.history.pop();
    this.count--;
    this.board.undo();
    this.toPlay = this.moveColors[this.count] as Color;
    return true;
  }

  /** Why the rules forbid this move of `color`; undefined if they allow it. Passing is always allowed. */
  whyIllegal(point: Point, color: Color = this.toPlay): Illegality | undefined {
    if (point === PASS) return undefined;
    const { board, rules } = this;
    if (board.stones[point] !== EMPTY) return 'occupied';
    if (board.isSuicide(point, color) && (!rules.suicide || this.isSingleStone(point, color)))
      return 'suicide';
    if (point === board.koPoint && color === board.koColor) return 'ko';
    return rules.ko !== 'simple' && this.history.isRepeatedBy(board, point, color, rules.ko === 'situational')
      ? 'superko'
      : undefined;
  }

  /** Whether the rules allow this move of `color`. */
  isLegal(point: Point, color: Color = this.toPlay): boolean {
    return this.whyIllegal(point, color) === undefined;
  }

  /** Why no board could hold this move, whatever the rules: 'occupied', or the suicide of a single stone. */
  whyUnplayable(point: Point, color: Color = this.toPlay): Illegality | undefined {
    if (point === PASS) return undefined;
    if (this.board.stones[point] !== EMPTY) return 'occupied';
    return this.board.isSuicide(point, color) && this.isSingleStone(point, color) ? 'suicide' : undefined;
  }

  /** Starts anew on the empty board. Rules and komi stay. */
  clear(): void {
    this.setup([], BLACK, 0);
  }

  /**
   * Starts anew from a position set up by hand. Rules and komi stay.
   * @param handicap number of the stones that count as handicap; none by default
   * @returns false, with the game as it was, if some chain would have no liberty
   */
  setup(stones: readonly SetupStone[], toPlay: Color = BLACK, handicap = 0): boolean {
    const board = new Board(this.width, this.height);
    board.setStones(stones);
    if (board.hasChainWithoutLiberties()) return false;
    this.board.copyFrom(board);
    this.setup_ = stones.map(({ color, point }) => ({ color, point }));
    this.declaredHandicap = handicap;
    this.firstToPlay = toPlay;
    this.toPlay = toPlay;
    this.count = 0;
    this.history.clear();
    this.history.push(this.board, toPlay);
    return true;
  }

  /** Puts handicap stones on the empty board; then it is White's turn. */
  placeHandicap(points: readonly Point[]): void {
    this.setup(
      points.map(point => ({ color: BLACK, point })),
      WHITE,
      points.length,
    );
  }

  /** Makes this game equal to another of the same size, with its history; moves can be taken back as there. */
  copyFrom(other: Game): void {
    this.rules = other.rules;
    this.komi = other.komi;
    this.setup(other.setup_, other.firstToPlay, other.declaredHandicap);
    for (let i = 0; i < other.count; i++) this.play(other.movePoints[i], other.moveColors[i] as Color);
    this.toPlay = other.toPlay;
  }

  /** A copy with its own history. */
  clone(): Game {
    const copy = new Game({ width: this.width, height: this.height });
    copy.copyFrom(this);
    return copy;
  }

  /** Whether a suicide on `point` would remove one stone only. Assumes that it is suicide: then no friend is beside it. */
  private isSingleStone(point: Point, color: Color): boolean {
    const { stones, stride } = this.board;
    return (
      stones[point - stride] !== color &&
      stones[point - 1] !== color &&
      stones[point + 1] !== color &&
      stones[point + stride] !== color
    );
  }

  /** Doubles the room for moves. */
  private grow(): void {
    const { movePoints, moveColors } = this;
    this.movePoints = new Int16Array(movePoints.length * 2);
    this.movePoints.set(movePoints);
    this.moveColors = new Uint8Array(moveColors.length * 2);
    this.moveColors.set(moveColors);
  }
}
