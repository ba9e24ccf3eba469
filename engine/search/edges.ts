/** Which moves a node gets, and their priors: what the network's policy leaves of the sensible moves, the likeliest first. */
import type { Board } from '../board.ts';
import { isTrueEye } from '../eyes.ts';
import type { Game } from '../game.ts';
import { EMPTY, PASS } from '../types.ts';

/** A game lasts about 3/4 of a move for each point (README: 299 moves on 361 points, to the last dame); its last third begins here. */
const PASS_FROM = 0.5;

/** Prior of a pass that may be tried, where the network says nothing of passing: that of a move among a few. */
const PASS_PRIOR = 0.05;

/**
 * Most moves of a node below the root: by then the policy has named nearly all it believes in, and a move beyond them would
 * need tens of thousands of visits of its parent to be tried. The root has all.
 */
export const MOST_EDGES = 40;

/** Below the root, moves less likely than this are left out, ... */
export const LEAST_PRIOR = 5e-4;

/** ... unless there are fewer than this many likelier ones. */
export const FEWEST_EDGES = 8;

/** Whether passing may be tried: in the last third of a game, after a pass. (And where nothing else is left.) */
export const mayPass = (game: Game): boolean =>
  game.moveCount >= PASS_FROM * game.board.area || (game.moveCount > 0 && game.moveAt(-1).point === PASS);

/** Marks the empty points that the player to move should not fill: its own true eyes. @param out shape [area] from `offset`: 1 or 0 */
export const markOwnEyes = ({ board, toPlay }: Game, out: Uint8Array, offset: number): void => {
  const { points, stones, area } = board;
  for (let i = 0; i < area; i++) {
    const point = points[i];
    out[offset + i] = stones[point] === EMPTY && isTrueEye(board, point, toPlay) ? 1 : 0;
  }
};

/** Moves and priors of one node at a time. */
export class EdgeList {
  /** Moves, points or PASS; the first {@link count} of them. */
  readonly points: Int16Array;
  /** Their priors, which sum to 1. */
  readonly priors: Float32Array;
  count = 0;

  constructor(area: number) {
    this.points = new Int16Array(area + 1);
    this.priors = new Float32Array(area + 1);
  }

  /**
   * Fills the list: moves with a prior that fill no own eye, the likeliest first, those equally likely in the order of their
   * policy indices, and a pass where it may be tried or nothing else is left.
   * @param policy as {@link Batch.policy}, 0 where a move is illegal
   * @param ownEyes as by {@link markOwnEyes}, from `eyesAt`
   * @param passes whether a pass may be tried
   * @param isRoot keeps every move
   */
  fill(
    board: Board,
    policy: Float32Array,
    ownEyes: Uint8Array,
    eyesAt: number,
    passes: boolean,
    { knowsPass, temperature, isRoot }: { knowsPass: boolean; temperature: number; isRoot: boolean },
  ): void {
    const { area, points } = board;
    const most = isRoot ? area : MOST_EDGES;
    this.count = 0;
    let mass = 0;
    for (let i = 0; i < area; i++) {
      if (policy[i] === 0 || ownEyes[eyesAt + i] === 1) continue;
      mass += policy[i];
      this.insert(points[i], policy[i], most);
    }
    if (!isRoot) this.dropUnlikely();
    if (passes || this.count === 0)
      this.insert(PASS, knowsPass ? policy[area] : (mass * PASS_PRIOR) / (1 - PASS_PRIOR), this.count + 1);
    this.scale(temperature);
  }

  /** Puts a move in its place; the last one falls out if there are `most` already. */
  private insert(point: number, prior: number, most: number): void {
    const { points, priors } = this;
    let at = this.count;
    if (at === most) {
      if (prior <= priors[at - 1]) return;
      at--;
    } else this.count++;
    for (; at > 0 && priors[at - 1] < prior; at--) {
      points[at] = points[at - 1];
      priors[at] = priors[at - 1];
    }
    points[at] = point;
    priors[at] = prior;
  }

  private dropUnlikely(): void {
    while (this.count > FEWEST_EDGES && this.priors[this.count - 1] < LEAST_PRIOR) this.count--;
  }

  /** Makes the priors flatter or sharper, and their sum 1. */
  private scale(temperature: number): void {
    const { priors, count } = this;
    const largest = priors[0];
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (largest === 0) priors[i] = 1;
      else if (temperature !== 1) priors[i] = (priors[i] / largest) ** (1 / temperature);
      sum += priors[i];
    }
    for (let i = 0; i < count; i++) priors[i] /= sum;
  }
}
