/**
 * Scores of a position: area (Tromp-Taylor, Chinese) and territory (Japanese), with komi and handicap compensation.
 *
 * Both start from who owns each point. Without a judgement that is Tromp-Taylor's definition: every stone on the board
 * lives, and an empty region belongs to a color if it touches only that color. With a judgement (judge.ts) dead stones are
 * taken off first, and what is open to both sides goes to whom the playouts give it, if they are sure.
 */
import type { Board } from './board.ts';
import type { Game } from './game.ts';
import type { Judgement } from './judge.ts';
import { BLACK, EMPTY, WALL, WHITE, type Point } from './types.ts';

/** A point of a region that touches both colors is somebody's only if its ownership is at least this far from 0. */
const SURE_OWNERSHIP = 0.8;

/** ... and, under territory scoring, the region is at least this large: smaller ones are dame that nobody has filled. */
export const OPEN_REGION = 8;

/** What {@link findOwners} takes off the board first; a {@link Judgement} is one. */
export interface Settlement {
  /** By point: 1 where a dead stone stands. Shape [board.stones.length]. */
  readonly dead: Uint8Array;
  /** By policy index, from -1 White's to 1 Black's. Shape [area]. */
  readonly ownership: Float32Array;
}

/**
 * Who owns each point: 1 Black, -1 White, 0 nobody, by policy index.
 * @param settlement dead stones and ownership; without it all stones live
 * @param smallestOpen regions open to both sides with fewer points than this are nobody's
 * @returns shape [area]
 */
export const findOwners = (board: Board, settlement?: Settlement, smallestOpen = 0): Int8Array => {
  const { stones, stride, indexOf } = board;
  const owners = new Int8Array(board.area);
  const seen = new Uint8Array(stones.length);
  const region: Point[] = [];
  const lives = (point: Point): boolean =>
    stones[point] !== EMPTY && !(settlement && settlement.dead[point] === 1);
  for (let i = 0; i < board.area; i++) {
    const start = board.points[i];
    if (lives(start)) {
      owners[i] = stones[start] === BLACK ? 1 : -1;
      continue;
    }
    if (seen[start]) continue;
    region.length = 0;
    region.push(start);
    seen[start] = 1;
    let touched = 0;
    for (let k = 0; k < region.length; k++) {
      for (const neighbor of [region[k] - stride, region[k] - 1, region[k] + 1, region[k] + stride]) {
        if (stones[neighbor] === WALL) continue;
        if (lives(neighbor)) touched |= stones[neighbor];
        else if (!seen[neighbor]) {
          seen[neighbor] = 1;
          region.push(neighbor);
        }
      }
    }
    const ownership =
      touched === (BLACK | WHITE) && region.length >= smallestOpen ? settlement?.ownership : undefined;
    for (const point of region) {
      const index = indexOf[point];
      if (touched === BLACK) owners[index] = 1;
      else if (touched === WHITE) owners[index] = -1;
      else if (ownership && Math.abs(ownership[index]) >= SURE_OWNERSHIP)
        owners[index] = Math.sign(ownership[index]);
    }
  }
  return owners;
};

/** Black's stones and surrounded points minus White's, without komi. */
export const areaScore = (board: Board, settlement?: Settlement): number => {
  let score = 0;
  for (const owner of findOwners(board, settlement)) score += owner;
  return score;
};

/** Black's surrounded points and prisoners minus White's, without komi. Points of groups in seki count for nobody. */
export const territoryScore = (board: Board, judgement?: Judgement): number => {
  const owners = findOwners(board, judgement, OPEN_REGION);
  let score = board.captures[BLACK] - board.captures[WHITE];
  for (let i = 0; i < board.area; i++) {
    const point = board.points[i];
    const stone = board.stones[point];
    if (stone === EMPTY) score += judgement?.neutral[i] ? 0 : owners[i];
    else if (judgement?.dead[point]) score += (stone === WHITE ? 1 : -1) + owners[i];
  }
  return score;
};

/**
 * The score of the game as it stands by its rules: Black's points minus White's, komi and handicap compensation included.
 * @param judgement dead stones and seki; without it all stones live (Tromp-Taylor)
 */
export const finalScore = (game: Game, judgement?: Judgement): number =>
  (game.rules.scoring === 'area' ? areaScore(game.board, judgement) : territoryScore(game.board, judgement)) -
  game.whiteBonus;

/** A score as GTP and SGF write it: "B+3.5", "W+12", "0" for a draw. */
export const makeScore = (score: number): string =>
  score === 0 ? '0' : `${score > 0 ? 'B' : 'W'}+${Math.abs(score)}`;
