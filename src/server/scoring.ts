/** The score with the dead stones that people, or hane, take for dead. */
import { makeVertex, parseVertex } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import type { Judgement } from '../../engine/judge.ts';
import { OPEN_REGION, finalScore, findOwners, makeScore } from '../../engine/score.ts';
import { findSeki } from '../../engine/seki.ts';
import { EMPTY, type Point } from '../../engine/types.ts';
import type { ColorLetter, Scoring } from './protocol/board.ts';
import { RequestError } from './requestError.ts';

/** What hane takes for dead. */
export const scoreBy = (game: Game, judgement: Judgement): Scoring => ({
  dead: Array.from(game.board.points)
    .filter(point => judgement.dead[point] === 1)
    .map(point => makeVertex(point, game)),
  score: makeScore(finalScore(game, judgement)),
  territory: territoryOf(game, judgement),
});

/** What the score counts beside living stones. */
const territoryOf = (game: Game, judgement: Judgement): Scoring['territory'] => {
  const { board, rules } = game;
  const isArea = rules.scoring === 'area';
  const owners = findOwners(board, judgement, isArea ? 0 : OPEN_REGION);
  const territory: Record<ColorLetter, string[]> = { B: [], W: [] };
  for (const [i, point] of board.points.entries()) {
    const isEmpty = board.stones[point] === EMPTY;
    if (owners[i] === 0 || (!isEmpty && !judgement.dead[point])) continue;
    if (isEmpty && !isArea && judgement.neutral[i]) continue;
    territory[owners[i] > 0 ? 'B' : 'W'].push(makeVertex(point, game));
  }
  return territory;
};

/**
 * The same after somebody has said that a chain is dead, or that it lives after all. Dead stones are then as people say, and
 * what is open to both sides is nobody's: hane's opinion of it went with its own dead stones.
 * @throws RequestError `invalid` if there is no stone
 */
export const toggleDead = (game: Game, { dead }: Scoring, vertex: string): Scoring => {
  const { board } = game;
  const at = parseVertex(vertex, game);
  if (at === undefined || board.indexOf[at] < 0 || board.stones[at] === EMPTY)
    throw new RequestError('invalid', `${vertex}: there is no stone`);
  const marks = new Uint8Array(board.stones.length);
  for (const each of dead) marks[parseVertex(each, game)!] = 1;
  const status = marks[at] === 1 ? 0 : 1;
  for (const point of chainOf(game, at)) marks[point] = status;
  return scoreBy(game, settle(game, marks));
};

/** The judgement that goes with dead stones. */
const settle = (game: Game, dead: Uint8Array): Judgement => {
  const ownership = new Float32Array(game.board.area);
  return { dead, ownership, ...findSeki(game.board, dead, findOwners(game.board, { dead, ownership })) };
};

const chainOf = ({ board }: Game, start: Point): Point[] => {
  const { chainHead, nextInChain } = board;
  const head = chainHead[start];
  const chain = [head];
  for (let stone = nextInChain[head]; stone !== head; stone = nextInChain[stone]) chain.push(stone);
  return chain;
};
