/** Moves that a search may not try, as the keys `avoid` and `allow` of analysis commands and JSON queries name them. */
import { opposite, type Color, type Point } from '../types.ts';

/** All moves of one color down to some depth. Plain data, so that it can go to another thread. */
export interface Restriction {
  readonly kind: 'avoid' | 'allow';
  readonly color: Color;
  /** Points, or PASS. */
  readonly points: readonly Point[];
  /** Moves from the root for which it holds: 1 is the first move only. */
  readonly plies: number;
}

/** A table of restrictions: one look-up a move. */
export class Restrictions {
  private readonly toPlay: Color;
  /** By color and point: moves from the root during which it is avoided. Shape [3][points]. */
  private readonly avoidedFor: readonly Map<Point, number>[] = [new Map(), new Map(), new Map()];
  private readonly allowed: readonly { points: Set<Point>; plies: number }[] = [0, 1, 2].map(() => ({
    points: new Set<Point>(),
    plies: 0,
  }));

  /** @param toPlay who moves at the root */
  constructor(restrictions: readonly Restriction[], toPlay: Color) {
    this.toPlay = toPlay;
    for (const { kind, color, points, plies } of restrictions) {
      if (kind === 'allow') {
        for (const point of points) this.allowed[color].points.add(point);
        this.allowed[color].plies = Math.max(this.allowed[color].plies, plies);
      } else {
        const avoided = this.avoidedFor[color];
        for (const point of points) avoided.set(point, Math.max(avoided.get(point) ?? 0, plies));
      }
    }
  }

  /** Whether the player to move at this depth (0 at the root) may try a point or PASS. */
  isAllowed(point: Point, depth: number): boolean {
    const color = depth % 2 === 0 ? this.toPlay : opposite(this.toPlay);
    const { points, plies } = this.allowed[color];
    if (depth < plies && !points.has(point)) return false;
    return depth >= (this.avoidedFor[color].get(point) ?? 0);
  }
}

/** Whether two lists restrict the same, so that a tree grown under one can be kept under the other. */
export const isSameRestriction = (a: readonly Restriction[], b: readonly Restriction[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
