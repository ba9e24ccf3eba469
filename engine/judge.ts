/**
 * Which stones of a position are dead, which live in seki: by ownership, from playouts or from a network.
 *
 * A chain is dead if its points end up the opponent's on average. seki.ts looks for seki among what lives.
 */
import type { Board } from './board.ts';
import type { Game } from './game.ts';
import { Playouts } from './playouts.ts';
import { Random } from './random.ts';
import { findOwners, type Settlement } from './score.ts';
import { findSeki, type Seki } from './seki.ts';
import { BLACK, EMPTY, opposite, type Color, type Point } from './types.ts';

/** Playouts that {@link judge} runs by default: enough that the same position gets the same answer from any seed. */
export const JUDGE_PLAYOUTS = 200;

const JUDGE_SEED = 1;

export const STATUSES = ['alive', 'dead', 'seki'] as const;
export type Status = (typeof STATUSES)[number];

/** What became of every stone and point. */
export interface Judgement extends Settlement, Seki {}

export interface JudgeOptions {
  /** Number of playouts, half of them begun by each side; {@link JUDGE_PLAYOUTS} by default. */
  readonly playouts?: number;
  /** Seed of the playouts; fixed by default, so that the same position is always judged the same. */
  readonly seed?: number;
}

/** Plays the position out many times and judges by who owned what at the end. */
export const judge = (game: Game, options: JudgeOptions = {}): Judgement =>
  judgeByOwnership(game.board, playoutOwnership(game.board, game.toPlay, options));

/** Mean owner of each point over playouts: from -1 White's to 1 Black's. @returns shape [area], by policy index */
export const playoutOwnership = (
  board: Board,
  toPlay: Color,
  { playouts = JUDGE_PLAYOUTS, seed = JUDGE_SEED }: JudgeOptions = {},
): Float32Array => {
  const sums = new Int32Array(board.area);
  const runner = new Playouts(board.width, board.height, new Random(seed));
  for (let i = 0; i < playouts; i++) runner.run(board, i % 2 === 0 ? toPlay : opposite(toPlay), sums);
  return Float32Array.from(sums, sum => sum / playouts);
};

/** Who wins by how much in playouts, for the player to move: `value` in [-1, 1], `lead` in points with komi. */
export const playoutValue = (
  { board, toPlay, whiteBonus }: Game,
  { playouts = JUDGE_PLAYOUTS, seed = JUDGE_SEED }: JudgeOptions = {},
): { readonly value: number; readonly lead: number } => {
  const runner = new Playouts(board.width, board.height, new Random(seed));
  const owners = new Int32Array(board.area);
  const sign = toPlay === BLACK ? 1 : -1;
  let wins = 0;
  let points = 0;
  for (let i = 0; i < playouts; i++) {
    const score = sign * (runner.run(board, toPlay, owners) - whiteBonus);
    wins += Math.sign(score);
    points += score;
  }
  return { value: wins / playouts, lead: points / playouts };
};

/** @param ownership from -1 White's to 1 Black's, by policy index; shape [area] */
export const judgeByOwnership = (board: Board, ownership: Float32Array): Judgement => {
  const dead = findDead(board, ownership);
  return { ownership, dead, ...findSeki(board, dead, findOwners(board, { dead, ownership })) };
};

/** The status of the stone at `point`. */
export const statusOf = ({ dead, seki }: Judgement, point: Point): Status =>
  dead[point] ? 'dead' : seki[point] ? 'seki' : 'alive';

const findDead = (board: Board, ownership: Float32Array): Uint8Array => {
  const { stones, chainHead, nextInChain, indexOf } = board;
  const dead = new Uint8Array(stones.length);
  for (const head of board.points) {
    if (stones[head] === EMPTY || chainHead[head] !== head) continue;
    let sum = 0;
    let stone: Point = head;
    do {
      sum += ownership[indexOf[stone]];
      stone = nextInChain[stone];
    } while (stone !== head);
    if ((stones[head] === BLACK ? sum : -sum) >= 0) continue;
    do {
      dead[stone] = 1;
      stone = nextInChain[stone];
    } while (stone !== head);
  }
  return dead;
};
