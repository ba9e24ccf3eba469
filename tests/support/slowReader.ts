/**
 * Reads out small fights by trying everything: whether a chain can be captured, by whoever moves first, when both sides play in
 * a few points only. For checking the answers of tactical tests.
 */
import type { Board } from '../../engine/board.ts';
import type { Game } from '../../engine/game.ts';
import { EMPTY, NO_POINT, PASS, opposite, type Color, type Point } from '../../engine/types.ts';

export interface Fight {
  /** A stone of the chain that is to be captured, or to be saved. */
  readonly target: Point;
  /** Where both sides may play. */
  readonly region: readonly Point[];
  /**
   * A chain with more liberties than this when its attacker is to move, or with as many when its owner is, has escaped: 2 for a
   * ladder, 3 for a net. Without it only life saves a chain.
   */
  readonly mostLiberties?: number | undefined;
}

/** Moves deep that a fight is read: one that goes on for longer is no capture. */
const DEEPEST = 40;

/** Positions read before it is called too large. */
const MOST_POSITIONS = 2_000_000;

/**
 * The first moves that reach the aim: capturing the target if it is the opponent's, else saving it. A ko is won by who takes it
 * first.
 */
export const readAnswers = (game: Game, fight: Fight): Point[] => {
  const owner = game.board.stones[fight.target] as Color;
  const reader = new Reader(game.clone(), fight, owner);
  return fight.region.filter(point => reader.isAnswer(point));
};

class Reader {
  private readonly game: Game;
  private readonly fight: Fight;
  private readonly owner: Color;
  private readonly known = new Map<string, boolean>();

  constructor(game: Game, fight: Fight, owner: Color) {
    this.game = game;
    this.fight = fight;
    this.owner = owner;
  }

  isAnswer(point: Point): boolean {
    const { game } = this;
    const attacks = game.toPlay !== this.owner;
    if (!game.isLegal(point)) return false;
    game.play(point);
    const isCaptured = this.isCaptured(DEEPEST);
    game.undo();
    return isCaptured === attacks;
  }

  /** Whether the target falls, whoever's turn it is. */
  private isCaptured(depth: number): boolean {
    const { game, owner } = this;
    const { target, region, mostLiberties = Infinity } = this.fight;
    const { board, toPlay } = game;
    if (board.stones[target] !== owner) return true;
    const attacks = toPlay !== owner;
    if (depth === 0 || board.libertiesOf(target) > (attacks ? mostLiberties : mostLiberties - 1))
      return false;
    const ko = board.koColor === toPlay ? board.koPoint : NO_POINT;
    const key = `${board.hashLow},${board.hashHigh},${toPlay},${ko}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    // Until it is known, a position that comes again is no capture.
    this.known.set(key, false);
    if (this.known.size > MOST_POSITIONS) throw new Error('too large a fight to be read');
    let isCaptured = !attacks;
    const near = mostLiberties === Infinity ? region : this.pointsNear();
    for (const point of attacks ? near : [...near, PASS]) {
      if (!game.isLegal(point)) continue;
      game.play(point);
      const after = this.isCaptured(depth - 1);
      game.undo();
      if (after !== attacks) continue;
      isCaptured = attacks;
      break;
    }
    this.known.set(key, isCaptured);
    return isCaptured;
  }

  /** Where a chain is caught or runs: its liberties, the points beside them, and the liberties of chains around it that are nearly taken. */
  private pointsNear(): Point[] {
    const { board } = this.game;
    const { target, region } = this.fight;
    const liberties = new Set(libertiesOf(board, target));
    const points = new Set(liberties);
    for (const liberty of liberties) for (const next of neighborsOf(board, liberty)) points.add(next);
    for (const stone of chainAt(board, target))
      for (const other of neighborsOf(board, stone))
        if (board.stones[other] === opposite(this.owner) && board.libertiesOf(other) <= 2)
          for (const liberty of libertiesOf(board, other)) points.add(liberty);
    return region.filter(point => points.has(point));
  }
}

const neighborsOf = ({ stride }: Board, point: Point): Point[] => [
  point - stride,
  point - 1,
  point + 1,
  point + stride,
];

const chainAt = ({ nextInChain }: Board, start: Point): Point[] => {
  const chain = [start];
  for (let stone = nextInChain[start]; stone !== start; stone = nextInChain[stone]) chain.push(stone);
  return chain;
};

const libertiesOf = (board: Board, start: Point): Point[] =>
  chainAt(board, start).flatMap(stone =>
    neighborsOf(board, stone).filter(point => board.stones[point] === EMPTY),
  );
