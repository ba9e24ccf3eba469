/**
 * Seki: groups that live without two eyes because the opponent cannot approach without dying.
 *
 * Living chains and the territory of their color are joined to groups: stones beside their own territory, neighbouring
 * points of territory, and chains that share two liberties, which no single move can part. A group with less than two eyes'
 * worth of territory is in seki with an enemy group of that kind if a point that is nobody's lies between them. Under
 * territory scoring its eyes count nothing (Japanese rules, article 8).
 */
import type { Board } from './board.ts';
import { EMPTY, type Point } from './types.ts';

/** A region of up to this many points makes one eye, a larger one two. */
const ONE_EYE = 2;

export interface Seki {
  /** By point: 1 where a stone lives in seki. Shape [board.stones.length]. */
  readonly seki: Uint8Array;
  /** By policy index: 1 for the eyes of a group in seki, which territory scoring leaves out. Shape [area]. */
  readonly neutral: Uint8Array;
}

/**
 * @param dead by point, 1 where a dead stone stands
 * @param owners by policy index: 1 Black's, -1 White's, 0 nobody's; as of score.ts `findOwners`
 */
export const findSeki = (board: Board, dead: Uint8Array, owners: Int8Array): Seki => {
  const { stones, indexOf } = board;
  const lives = (point: Point): boolean => stones[point] !== EMPTY && dead[point] === 0;
  const ownerOf = (point: Point): number => (indexOf[point] < 0 ? 0 : owners[indexOf[point]]);
  const groups = joinGroups(board, lives, ownerOf);
  const eyes = countEyes(board, lives, ownerOf, groups);

  const inSeki = new Uint8Array(stones.length);
  for (const dame of board.points) {
    if (lives(dame) || ownerOf(dame) !== 0) continue;
    const beside = neighborsOf(board, dame).filter(
      neighbor => lives(neighbor) && eyes[groups.find(neighbor)] < 2,
    );
    if (!beside.some(neighbor => ownerOf(neighbor) > 0) || !beside.some(neighbor => ownerOf(neighbor) < 0))
      continue;
    for (const neighbor of beside) inSeki[groups.find(neighbor)] = 1;
  }

  const seki = new Uint8Array(stones.length);
  const neutral = new Uint8Array(board.area);
  for (const point of board.points) {
    if (ownerOf(point) === 0 || inSeki[groups.find(point)] === 0) continue;
    if (lives(point)) seki[point] = 1;
    else neutral[indexOf[point]] = 1;
  }
  return { seki, neutral };
};

const neighborsOf = ({ stride, indexOf }: Board, point: Point): Point[] =>
  [point - stride, point - 1, point + 1, point + stride].filter(neighbor => indexOf[neighbor] >= 0);

const joinGroups = (
  board: Board,
  lives: (point: Point) => boolean,
  ownerOf: (point: Point) => number,
): Groups => {
  const { stones, chainHead } = board;
  const groups = new Groups(stones.length);
  for (const point of board.points) {
    if (ownerOf(point) === 0) continue;
    for (const neighbor of neighborsOf(board, point))
      if (ownerOf(neighbor) === ownerOf(point)) groups.join(point, neighbor);
  }
  // Chains of one color around the same empty point; those met at two such points are joined.
  const met = new Set<number>();
  for (const point of board.points) {
    if (stones[point] !== EMPTY) continue;
    const heads = [
      ...new Set(
        neighborsOf(board, point)
          .filter(lives)
          .map(neighbor => chainHead[neighbor]),
      ),
    ];
    for (const a of heads) {
      for (const b of heads) {
        if (a >= b || stones[a] !== stones[b]) continue;
        const pair = a * stones.length + b;
        if (met.has(pair)) groups.join(a, b);
        met.add(pair);
      }
    }
  }
  return groups;
};

/** By group: one for each small region of its territory, two for each larger one. */
const countEyes = (
  board: Board,
  lives: (point: Point) => boolean,
  ownerOf: (point: Point) => number,
  groups: Groups,
): Uint16Array => {
  const eyes = new Uint16Array(board.stones.length);
  const seen = new Uint8Array(board.stones.length);
  for (const start of board.points) {
    if (lives(start) || ownerOf(start) === 0 || seen[start]) continue;
    const region: Point[] = [start];
    seen[start] = 1;
    for (let k = 0; k < region.length; k++) {
      for (const neighbor of neighborsOf(board, region[k])) {
        if (lives(neighbor) || seen[neighbor] || ownerOf(neighbor) !== ownerOf(start)) continue;
        seen[neighbor] = 1;
        region.push(neighbor);
      }
    }
    eyes[groups.find(start)] += region.length <= ONE_EYE ? 1 : 2;
  }
  return eyes;
};

/** Disjoint sets of points, with path halving. */
class Groups {
  private readonly parent: Int16Array;

  constructor(length: number) {
    this.parent = Int16Array.from({ length }, (_, i) => i);
  }

  find(point: Point): Point {
    const { parent } = this;
    let p = point;
    while (parent[p] !== p) {
      parent[p] = parent[parent[p]];
      p = parent[p];
    }
    return p;
  }

  join(a: Point, b: Point): void {
    this.parent[this.find(a)] = this.find(b);
  }
}
