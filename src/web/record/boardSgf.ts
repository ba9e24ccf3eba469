/** A board as SGF, with its variations, comments, players and result. */
import { makeSgfPoint, parseVertex } from '../../../engine/coords.ts';
import { lineTo, ROOT, startOf, type BoardState, type MoveNode } from '../../server/protocol/board.ts';
import type { SgfNode } from '../../sgf/sgfNode.ts';
import { makeSgf, rootProperties } from '../../sgf/write.ts';
import { haneName } from '../words.ts';

/**
 * SGF text of the whole tree. The first child of a node is the main line; where hane plays, the game as it was played last
 * is, since moves that were taken back stay in the tree as what came first.
 * @param date of today, "2026-11-25"
 */
export const boardSgf = (state: BoardState, date?: string): string => {
  const game = startOf(state.start);
  const black = playerOf(state, 'black');
  const white = playerOf(state, 'white');
  const root: WritableNode = {
    properties: {
      ...rootProperties(game, {
        ...(black !== undefined && { black }),
        ...(white !== undefined && { white }),
        ...(state.result !== null && { result: state.result }),
        ...(date !== undefined && { date }),
      }),
      RU: [state.start.rules],
      ...(state.start.toPlay === 'W' && { PL: ['W'] }),
      ...(state.start.comment !== undefined && { C: [state.start.comment] }),
    },
    children: [],
  };
  const played = playedLine(state);
  const written = new Map<number, WritableNode>([[ROOT, root]]);
  for (const { id, parent, color, vertex, comment } of state.nodes) {
    const properties = {
      [color]: [makeSgfPoint(parseVertex(vertex, game)!, game)],
      ...(comment !== undefined && { C: [comment] }),
    };
    const node: WritableNode = { properties, children: [] };
    written.set(id, node);
    const { children } = written.get(parent)!;
    if (played.has(id)) children.unshift(node);
    else children.push(node);
  }
  return makeSgf(root);
};

interface WritableNode extends SgfNode {
  readonly children: WritableNode[];
}

/** The nodes of the game as played: to the board's position, if the newest move leads there. Empty where hane plays nobody. */
const playedLine = (state: BoardState): ReadonlySet<number> => {
  const line = lineTo(state, state.current)!.map(({ id }: MoveNode) => id);
  const newest = state.nodes.reduce((most, { id }) => Math.max(most, id), ROOT);
  const isPlayed = (state.black !== 'human' || state.white !== 'human') && line.includes(newest);
  return new Set(isPlayed ? line : []);
};

const playerOf = (state: BoardState, color: 'black' | 'white'): string | undefined => {
  const seat = state[color];
  return seat === 'human' ? state.names[color] : haneName(seat, state.seconds);
};

/** A name for the file: "hane-2026-11-25-9x9.sgf". */
export const sgfFileName = ({ start: { width, height } }: BoardState, date: string): string =>
  `hane-${date}-${width}x${height}.sgf`;
