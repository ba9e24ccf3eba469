/** What each request does, for one who has said hello. */
import type { Boards } from './boards.ts';
import type { BoardRoom, Viewer } from './boardRoom.ts';
import { makeFrame } from './frame.ts';
import { COSTS, MOVES_A_MESSAGE, NODES_A_MESSAGE } from './limits.ts';
import * as moves from './moves.ts';
import { lineTo } from './protocol/board.ts';
import type { ClientRequest } from './protocol/messages.ts';
import { describeProblems } from './readSgf.ts';
import type { RecordReader } from './recordReader.ts';
import { RequestError } from './requestError.ts';

/** A viewer as its requests see it. */
export interface Requester extends Viewer {
  /** Its own name, for its place in the queue. */
  readonly name: string;
  readonly address: string;
  readonly canWrite: boolean;
  /** The board that it looks at. */
  room: BoardRoom | undefined;
  /** Stops the look that is under way. */
  looking: AbortController | undefined;
}

/** What requests need of the server. */
export interface Desk {
  readonly boards: Boards;
  readonly records: RecordReader;
}

type Handled = Exclude<ClientRequest, { type: 'hello' }>;

/** Requests that change nothing for others. */
const READING: readonly Handled['type'][] = ['open', 'leave', 'look'];

/** Requests that lead to another position, or ask about one. */
const MOVING: readonly ClientRequest['type'][] = ['play', 'goto', 'undo', 'remove', 'look'];

/** As how many messages a request counts. */
export const costOf = ({ room }: Requester, request: ClientRequest): number => {
  const { type } = request;
  let cost = COSTS[type] ?? 1;
  if (!room || type === 'hello') return cost;
  const { nodes, current } = room.state;
  if (type !== 'create' && !READING.includes(type)) cost += Math.floor(nodes.length / NODES_A_MESSAGE);
  if (MOVING.includes(type) && nodes.length >= MOVES_A_MESSAGE) {
    const node = 'node' in request ? request.node : current;
    cost += Math.floor((lineTo(room.state, node)?.length ?? 0) / MOVES_A_MESSAGE);
  }
  return cost;
};

/**
 * Does what is asked.
 * @returns what to say beside `done`, if anything
 * @throws RequestError if it cannot be granted
 */
export const handleRequest = async (
  requester: Requester,
  request: Handled,
  desk: Desk,
): Promise<string | undefined> => {
  if (!requester.canWrite && !READING.includes(request.type))
    throw new RequestError('forbidden', `${request.type}: only those with the token may change boards`);
  switch (request.type) {
    case 'create':
      enter(requester, desk.boards.create(request.game, requester.address));
      return undefined;
    case 'open':
      enter(requester, await desk.boards.open(request.board));
      return undefined;
    case 'leave':
      leave(requester);
      return undefined;
    default:
      return handleOnBoard(requester, roomOf(requester), request, desk);
  }
};

/** Stops looking at the board. */
export const leave = (requester: Requester): void => {
  requester.looking?.abort();
  requester.looking = undefined;
  requester.room?.leave(requester);
  requester.room = undefined;
};

const enter = (requester: Requester, room: BoardRoom): void => {
  leave(requester);
  requester.room = room;
  room.join(requester);
};

const roomOf = ({ room }: Requester): BoardRoom => {
  if (!room) throw new RequestError('noBoard', 'no board is open: create or open one first');
  return room;
};

const handleOnBoard = async (
  requester: Requester,
  room: BoardRoom,
  request: Exclude<Handled, { type: 'create' | 'open' | 'leave' }>,
  { records }: Desk,
): Promise<string | undefined> => {
  const { state } = room;
  switch (request.type) {
    case 'play':
      room.play(request);
      break;
    case 'goto':
      room.commit(moves.goTo(state, request.node));
      break;
    case 'undo':
      room.commit(moves.undo(state));
      break;
    case 'remove':
      room.commit(moves.remove(state, request.node));
      break;
    case 'genmove':
      room.genmove();
      break;
    case 'setPlaying':
      room.setPlaying(request.isPlaying);
      break;
    case 'setPlayers': {
      const { black, white, seconds } = request;
      room.commit({ black, white, seconds });
      break;
    }
    case 'setAnalysis':
      room.commit({ analysis: request.mode });
      break;
    case 'resign':
      room.commit(moves.resign(state, request.color));
      break;
    case 'score':
      await room.score();
      break;
    case 'toggleDead':
      room.toggleDead(request.vertex);
      break;
    case 'acceptScore':
      room.commit(moves.acceptScore(state));
      break;
    case 'cancelScore':
      room.commit(moves.cancelScore(state));
      break;
    case 'load': {
      const game = await records.read(Buffer.from(request.sgf, 'base64'));
      room.load(game);
      return describeProblems(game.problems);
    }
    case 'look':
      look(requester, room, request.node);
  }
  return undefined;
};

/** The answer comes when the network has it; meanwhile the viewer may ask on. */
const look = (requester: Requester, room: BoardRoom, node: number): void => {
  requester.looking?.abort();
  const looking = new AbortController();
  requester.looking = looking;
  const { board } = room.state;
  const asking = room.look(node, requester.name, looking.signal);
  const answer = async (): Promise<void> => {
    const analysis = await asking;
    if (analysis && !looking.signal.aborted) requester.send(makeFrame({ type: 'analysis', board, analysis }));
  };
  answer().catch((error: unknown) => room.tellProblem(error));
};
