/** The moves of a board by id, with their children and depths: built once for each state, asked for everything else. */
import { ROOT, type BoardState, type MoveNode } from '../server/protocol/board.ts';

export interface MoveIndex {
  readonly byId: ReadonlyMap<number, MoveNode>;
  /** The children of a node, the main line's first; nodes without any are left out. */
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** Moves from the start; the root's is 0. */
  readonly depths: ReadonlyMap<number, number>;
}

/** @param nodes parents before children, as the server sends them */
export const indexMoves = (nodes: BoardState['nodes']): MoveIndex => {
  const byId = new Map<number, MoveNode>();
  const children = new Map<number, number[]>();
  const depths = new Map<number, number>([[ROOT, 0]]);
  for (const node of nodes) {
    byId.set(node.id, node);
    const siblings = children.get(node.parent);
    if (siblings) siblings.push(node.id);
    else children.set(node.parent, [node.id]);
    depths.set(node.id, depths.get(node.parent)! + 1);
  }
  return { byId, children, depths };
};

/** Where the keys lead from a node. Each is undefined where there is nothing. */
export interface Steps {
  readonly first: number | undefined;
  readonly previous: number | undefined;
  readonly next: number | undefined;
  readonly last: number | undefined;
  /** The variations of the move before and after this one. */
  readonly above: number | undefined;
  readonly below: number | undefined;
}

/**
 * @param preferred at a branch, the way forward: the child that was last on the board, by parent; else the main line
 */
export const stepsFrom = (
  { byId, children }: MoveIndex,
  node: number,
  preferred: ReadonlyMap<number, number> = new Map(),
): Steps => {
  const previous = byId.get(node)?.parent;
  const next = nextOf(children, node, preferred);
  let last = next;
  for (let at = next; at !== undefined; at = nextOf(children, at, preferred)) last = at;
  const siblings = previous === undefined ? [] : children.get(previous)!;
  const place = siblings.indexOf(node);
  return {
    first: node === ROOT ? undefined : ROOT,
    previous,
    next,
    last,
    above: siblings[place - 1],
    below: place < 0 ? undefined : siblings[place + 1],
  };
};

/** The nodes of the line through a node, from the first move to where the line ends. @param preferred as of {@link stepsFrom} */
export const lineThrough = (
  { byId, children }: MoveIndex,
  node: number,
  preferred: ReadonlyMap<number, number>,
): number[] => {
  const line: number[] = [];
  for (let at = byId.get(node); at; at = byId.get(at.parent)) line.push(at.id);
  line.reverse();
  for (let at = nextOf(children, node, preferred); at !== undefined; at = nextOf(children, at, preferred))
    line.push(at);
  return line;
};

/** How many moves follow a node, in all variations. */
export const countBelow = ({ children }: MoveIndex, node: number): number => {
  const open = [...(children.get(node) ?? [])];
  let count = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    count++;
    open.push(...(children.get(at) ?? []));
  }
  return count;
};

const nextOf = (
  children: MoveIndex['children'],
  node: number,
  preferred: ReadonlyMap<number, number>,
): number | undefined => {
  const choices = children.get(node);
  const wanted = preferred.get(node);
  return wanted !== undefined && choices?.includes(wanted) ? wanted : choices?.[0];
};
