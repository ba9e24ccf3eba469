/**
 * What requests do to a board: each makes the change, or says why there is none. Pure: the board is as it was, and boardRoom.ts
 * makes the change come true.
 */
import { makeVertex, parseVertex } from '../../engine/coords.ts';
import type { Game } from '../../engine/game.ts';
import { opposite, type Illegality, type Point } from '../../engine/types.ts';
import {
  ROOT,
  childrenOf,
  colorOf,
  letterOf,
  lineTo,
  type BoardChange,
  type BoardState,
  type ColorLetter,
  type MoveNode,
  type Seat,
} from './protocol/board.ts';
import { MOST_NODES } from './protocol/messages.ts';
import { RequestError } from './requestError.ts';

const REASONS: Readonly<Record<Illegality, string>> = {
  occupied: 'there is a stone',
  suicide: 'suicide is not allowed',
  ko: 'the ko may not be retaken at once',
  superko: 'the board has been like that before',
};

/** Who plays a color. */
export const seatOf = ({ black, white }: BoardState, color: ColorLetter): Seat =>
  color === 'B' ? black : white;

/** Whether hane has a seat. */
export const hasHane = ({ black, white }: BoardState): boolean => black !== 'human' || white !== 'human';

/** Whether hane moves by itself, now, at this position. */
export const isHanesTurn = (state: BoardState, game: Game): boolean =>
  state.isPlaying &&
  state.result === null &&
  state.scoring === null &&
  seatOf(state, letterOf(game.toPlay)) !== 'human';

/**
 * A move of a human's.
 * @param game the current position
 * @param node where the move was meant to be played
 * @param id of the new node, if it becomes one
 * @throws RequestError `stale` if the board has gone on, `illegal`, `invalid` while it is hane's turn, `full`
 */
export const playMove = (
  state: BoardState,
  game: Game,
  { node, vertex }: { readonly node: number; readonly vertex: string },
  id: number,
): BoardChange => {
  if (node !== state.current)
    throw new RequestError('stale', `node ${node}: the board has gone on to node ${state.current}`);
  if (isHanesTurn(state, game)) throw new RequestError('invalid', "it is hane's turn: pause it first");
  const point = parseVertex(vertex, game);
  if (point === undefined)
    throw new RequestError('illegal', `${vertex}: not on a board of ${game.width}x${game.height}`);
  const reason = game.whyIllegal(point);
  if (reason) throw new RequestError('illegal', `${makeVertex(point, game)}: ${REASONS[reason]}`);
  return { ...addMove(state, game, point, id), isPlaying: true };
};

/**
 * A move at the current position: a new node, or the one that has the move already. Assumes that it is legal.
 * @throws RequestError `full` if the board has as many nodes as it may have
 */
export const addMove = (state: BoardState, game: Game, point: Point, id: number): BoardChange => {
  const vertex = makeVertex(point, game);
  const color = letterOf(game.toPlay);
  const children = childrenOf(state, state.current);
  const known = children.find(child => child.vertex === vertex && child.color === color);
  if (!known && state.nodes.length >= MOST_NODES)
    throw new RequestError('full', `a board has at most ${MOST_NODES} moves: begin another`);
  return {
    ...(known ? {} : { nodes: [{ id, parent: state.current, color, vertex }] }),
    current: known?.id ?? id,
    scoring: null,
    ...(keepsResult(state) ? {} : { result: null }),
  };
};

/** Whether a move leaves the result: in a variation of a game between people that is over. */
const keepsResult = (state: BoardState): boolean => state.current !== state.resultNode && !hasHane(state);

/** The change with the place of its result: the position at which it comes out. */
export const placeResult = (change: BoardChange, { current }: BoardState): BoardChange =>
  change.result === undefined
    ? change
    : { ...change, resultNode: change.result === null ? null : (change.current ?? current) };

/** hane resigns, or somebody does. @throws RequestError `invalid` if the game is over */
export const resign = ({ result }: BoardState, color: ColorLetter): BoardChange => {
  if (result !== null) throw new RequestError('invalid', `the game is over: ${result}`);
  return { result: `${letterOf(opposite(colorOf(color)))}+R`, isPlaying: false, scoring: null };
};

/** Another position. @throws RequestError `notFound` */
export const goTo = (state: BoardState, node: number): BoardChange => {
  assertNode(state, node);
  return { current: node, isPlaying: false, scoring: null };
};

/** Back to before the last human move; where nobody is human, by one move. @throws RequestError `invalid` at the start */
export const undo = (state: BoardState): BoardChange => {
  const line = lineTo(state, state.current) ?? [];
  const last = line.at(-1);
  if (!last) throw new RequestError('invalid', 'there is no move to take back');
  const human = line.findLast(({ color }) => seatOf(state, color) === 'human');
  return {
    current: (human ?? last).parent,
    scoring: null,
    ...(keepsResult(state) ? {} : { result: null }),
    ...(human ? {} : { isPlaying: false }),
  };
};

/** Takes a node away, with all below. @throws RequestError `notFound`, `invalid` for the root */
export const remove = (state: BoardState, node: number): BoardChange => {
  if (node === ROOT) throw new RequestError('invalid', 'the start cannot be removed');
  const removed = assertNode(state, node)!;
  const isBelow = (at: number): boolean => lineTo(state, at)!.some(({ id }) => id === node);
  const { current, resultNode } = state;
  return {
    removed: [node],
    ...(resultNode !== null && isBelow(resultNode) ? { result: null } : {}),
    ...(isBelow(current) ? { current: removed.parent, isPlaying: false, scoring: null } : {}),
  };
};

/** Whether hane moves by itself. A game that is over goes on. */
export const setPlaying = (state: BoardState, isPlaying: boolean): BoardChange => ({
  isPlaying,
  ...(isPlaying && state.result !== null ? { result: null } : {}),
});

/** Ends the game with the score that has been agreed on. @throws RequestError `invalid` if there is none */
export const acceptScore = ({ scoring }: BoardState): BoardChange => {
  if (!scoring) throw noScoring();
  return { result: scoring.score, scoring: null, isPlaying: false };
};

/** Back to playing; hane waits. @throws RequestError `invalid` if no score is being agreed on */
export const cancelScore = ({ scoring }: BoardState): BoardChange => {
  if (!scoring) throw noScoring();
  return { scoring: null, isPlaying: false };
};

/** What to say where a score is needed. */
export const noScoring = (): RequestError =>
  new RequestError('invalid', 'no score is being agreed on: ask for it first');

/** @returns the node; undefined for the root @throws RequestError `notFound` */
const assertNode = ({ nodes }: BoardState, node: number): MoveNode | undefined => {
  if (node === ROOT) return undefined;
  const found = nodes.find(({ id }) => id === node);
  if (!found) throw new RequestError('notFound', `node ${node}: there is no such move on this board`);
  return found;
};
