/** The part of a laid-out tree that is in sight, and where its nodes and lines lie in pixels. */
import type { PlacedNode, TreeLayout } from './layout.ts';

/** Size of a node with its surroundings, in CSS pixels. */
export const CELL = 28;

/** Nodes beyond the edge that are drawn, so that scrolling shows no gaps. */
const SPARE = 6;

/** Columns and rows, the last ones included. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** In whole steps of {@link SPARE}, so that scrolling by a pixel changes nothing. All in CSS pixels. */
export const windowOf = (left: number, top: number, width: number, height: number): Window => {
  const first = (px: number): number => (Math.floor(px / CELL / SPARE) - 1) * SPARE;
  const last = (px: number): number => (Math.ceil(px / CELL / SPARE) + 1) * SPARE;
  return { left: first(left), top: first(top), right: last(left + width), bottom: last(top + height) };
};

/** The nodes of which something is in sight: themselves, or the line to their parent. */
export const nodesIn = ({ byColumn }: TreeLayout, { left, top, right, bottom }: Window): PlacedNode[] => {
  const nodes: PlacedNode[] = [];
  // The line to a node begins one column before.
  for (let column = Math.max(0, left); column <= Math.min(byColumn.length - 1, right + 1); column++) {
    for (const node of byColumn[column]) if (node.parentRow <= bottom && node.row >= top) nodes.push(node);
  }
  return nodes;
};

/** The middle of a node in CSS pixels. */
export const centerOf = ({ column, row }: Pick<PlacedNode, 'column' | 'row'>): { x: number; y: number } => ({
  x: (column + 0.5) * CELL,
  y: (row + 0.5) * CELL,
});

/** The line from a node's parent: along the row, or down and then aslant. */
export const edgePath = (node: PlacedNode): string => {
  const { x, y } = centerOf(node);
  const from = centerOf({ column: node.column - 1, row: node.parentRow });
  return node.parentRow === node.row
    ? `M${from.x} ${from.y}H${x}`
    : `M${from.x} ${from.y}V${y - CELL}L${x} ${y}`;
};
