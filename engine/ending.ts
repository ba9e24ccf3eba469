/**
 * What is left to do when a player would pass: points that are nobody's yet, groups whose life is in doubt, and dead stones to
 * take off the board. Every function answers with a move that costs nothing under area scoring, or PASS when there is none.
 * Start reading at {@link chooseLastMove}.
 */
import type { Board } from './board.ts';
import { isSensible } from './eyes.ts';
import type { Game } from './game.ts';
import { JUDGE_PLAYOUTS, judge, playoutOwnership, type Judgement } from './judge.ts';
import { finalScore, findOwners } from './score.ts';
import { BLACK, EMPTY, PASS, opposite, type Color, type Point } from './types.ts';

/** How much an answer may cost; nearly all of that is playouts. */
export interface EndingCare {
  /** Playouts of each position that is judged. */
  readonly playouts: number;
  /** Moves that {@link chooseSettlingMove} compares, the likeliest ones. */
  readonly settlingCandidates: number;
}

/** Where time does not press. */
export const FULL_CARE: EndingCare = { playouts: JUDGE_PLAYOUTS, settlingCandidates: 6 };

/** On the clock: at most 250 playouts for {@link isWon} and {@link chooseLastMove} together, instead of 1800. */
export const CLOCK_CARE: EndingCare = { playouts: JUDGE_PLAYOUTS / 4, settlingCandidates: 2 };

/** Whether the game, counted as it stands with dead stones taken off, is won for the player to move. */
export const isWon = (game: Game, { playouts }: EndingCare = FULL_CARE): boolean => {
  const score = finalScore(game, judge(game, { playouts }));
  return game.toPlay === BLACK ? score > 0 : score < 0;
};

/**
 * What a player who wants to pass does: passes, unless there is something left to do that costs nothing.
 * @param policy by policy index
 * @param cleanup whether to take opposing dead stones off first
 */
export const chooseLastMove = (
  game: Game,
  policy: Float32Array,
  cleanup: boolean,
  care: EndingCare = FULL_CARE,
): Point => {
  if (game.rules.scoring !== 'area' && !cleanup) return PASS;
  const judgement = judge(game, { playouts: care.playouts });
  if (game.rules.scoring === 'area') {
    const point = chooseSettlingMove(game, policy, judgement, care);
    if (point !== PASS) return point;
    const dame = chooseDame(game, policy, judgement);
    if (dame !== PASS) return dame;
  }
  return cleanup ? chooseCleanupMove(game, policy, judgement) : PASS;
};

/**
 * The likeliest move on a point that is nobody's, beside no seki (whoever fills its liberties dies), that does not put its own
 * chain in atari.
 * @param policy by policy index
 */
export const chooseDame = (game: Game, policy: Float32Array, judgement: Judgement): Point => {
  const { board, toPlay } = game;
  const owners = findOwners(board, judgement);
  const dame = Array.from(board.points).filter(
    point => board.stones[point] === EMPTY && owners[board.indexOf[point]] === 0,
  );
  const isInSeki = (point: Point): boolean =>
    neighborsOf(board, point).some(neighbor => judgement.seki[neighbor] === 1);
  return likeliest(game, policy, dame, point => !isInSeki(point) && !isSelfAtari(board, point, toPlay));
};

/** A chain whose stones end up with one color in less than about 7 of 8 playouts is in doubt. */
const DOUBT = 0.75;

/** Points that a settling move has to gain over passing, by {@link JUDGE_PLAYOUTS}: about three times the error of that difference. */
const SETTLING_GAIN = 2;

/**
 * The move that settles a group in doubt, own or not, in favour of the player to move: the best of the likeliest ones on and
 * around the liberties of such groups, if playouts after it score better than after a pass.
 * @param policy by policy index
 */
export const chooseSettlingMove = (
  game: Game,
  policy: Float32Array,
  judgement: Judgement,
  { playouts, settlingCandidates }: EndingCare = FULL_CARE,
): Point => {
  const { board, toPlay } = game;
  const near = pointsInDoubt(board, judgement);
  if (near.size === 0) return PASS;
  const candidates = [...near]
    .filter(point => isSensible(game, point, toPlay) && !isSelfAtari(board, point, toPlay))
    .toSorted((a, b) => policy[board.indexOf[b]] - policy[board.indexOf[a]])
    .slice(0, settlingCandidates);
  let best: Point = PASS;
  const gain = SETTLING_GAIN * Math.sqrt(JUDGE_PLAYOUTS / playouts);
  let bestScore = expectedScore(board, PASS, toPlay, playouts) + gain;
  for (const point of candidates) {
    const score = expectedScore(board, point, toPlay, playouts);
    if (score <= bestScore) continue;
    best = point;
    bestScore = score;
  }
  return best;
};

/** The empty points beside chains in doubt and beside those points. */
const pointsInDoubt = (board: Board, { ownership, seki }: Judgement): Set<Point> => {
  const { stones, chainHead, nextInChain, indexOf } = board;
  const points = new Set<Point>();
  for (const head of board.points) {
    if (stones[head] === EMPTY || chainHead[head] !== head || seki[head] === 1) continue;
    let sum = 0;
    let size = 0;
    let stone = head;
    do {
      sum += ownership[indexOf[stone]];
      size++;
      stone = nextInChain[stone];
    } while (stone !== head);
    if (Math.abs(sum) >= DOUBT * size) continue;
    do {
      for (const near of neighborsOf(board, stone)) {
        if (stones[near] !== EMPTY) continue;
        points.add(near);
        for (const next of neighborsOf(board, near)) if (stones[next] === EMPTY) points.add(next);
      }
      stone = nextInChain[stone];
    } while (stone !== head);
  }
  return points;
};

/** Mean area score of playouts after a move, for the player who makes it. */
const expectedScore = (board: Board, point: Point, color: Color, playouts: number): number => {
  board.play(point, color);
  const ownership = playoutOwnership(board, opposite(color), { playouts });
  board.undo();
  let score = 0;
  for (const owner of ownership) score += owner;
  return color === BLACK ? score : -score;
};

/**
 * A move towards taking opposing dead stones off, as `kgs-genmove_cleanup` asks for: on a liberty of theirs, else in the
 * region around them, else even one that is taken back at first.
 * @param policy by policy index
 */
export const chooseCleanupMove = (game: Game, policy: Float32Array, judgement: Judgement): Point => {
  const { board, toPlay } = game;
  const liberties = new Set<Point>();
  const region = new Set<Point>();
  for (const start of board.points) {
    if (board.stones[start] !== opposite(toPlay) || judgement.dead[start] === 0 || region.has(start))
      continue;
    collectRegion(board, start, judgement.dead, region);
  }
  for (const point of region) {
    if (board.stones[point] !== EMPTY) continue;
    if (
      neighborsOf(board, point).some(
        neighbor => board.stones[neighbor] !== EMPTY && judgement.dead[neighbor] === 1,
      )
    )
      liberties.add(point);
  }
  const isSafe = (point: Point): boolean => !isSelfAtari(board, point, toPlay);
  for (const [points, isGood] of [
    [liberties, isSafe],
    [region, isSafe],
    [liberties, () => true],
  ] as const) {
    const move = likeliest(game, policy, points, isGood);
    if (move !== PASS) return move;
  }
  return PASS;
};

const likeliest = (
  game: Game,
  policy: Float32Array,
  points: Iterable<Point>,
  isGood: (point: Point) => boolean,
): Point => {
  let best: Point = PASS;
  let bestPrior = -1;
  for (const point of points) {
    const prior = policy[game.board.indexOf[point]];
    if (
      prior <= bestPrior ||
      game.board.stones[point] !== EMPTY ||
      !isSensible(game, point, game.toPlay) ||
      !isGood(point)
    )
      continue;
    best = point;
    bestPrior = prior;
  }
  return best;
};

/** Adds the points connected to `start` through empty points and dead stones. */
const collectRegion = (board: Board, start: Point, dead: Uint8Array, region: Set<Point>): void => {
  const open = [start];
  region.add(start);
  for (let point = open.pop(); point !== undefined; point = open.pop()) {
    for (const neighbor of neighborsOf(board, point)) {
      if (region.has(neighbor) || (board.stones[neighbor] !== EMPTY && dead[neighbor] === 0)) continue;
      region.add(neighbor);
      open.push(neighbor);
    }
  }
};

const neighborsOf = ({ stride, indexOf }: Board, point: Point): Point[] =>
  [point - stride, point - 1, point + 1, point + stride].filter(neighbor => indexOf[neighbor] >= 0);

/** Whether a legal move leaves its own chain in atari without capturing anything. */
const isSelfAtari = (board: Board, point: Point, color: Color): boolean => {
  if (board.countCaptures(point, color) > 0) return false;
  board.play(point, color);
  const inAtari = board.libertiesOf(point) === 1;
  board.undo();
  return inAtari;
};
