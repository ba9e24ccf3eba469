/**
 * Where the nodes of a move tree stand: the main line runs along row 0, each variation along the nearest row below that is
 * free from its branch to its end. One pass over the chains, so that records of many thousand moves are laid out at once.
 */
import { ROOT } from '../../server/protocol/board.ts';
import type { MoveIndex } from '../moveIndex.ts';

export interface PlacedNode {
  readonly id: number;
  /** Moves from the start. */
  readonly column: number;
  readonly row: number;
  /** Row of the parent, one column before; the root's own. */
  readonly parentRow: number;
}

export interface TreeLayout {
  readonly columns: number;
  readonly rows: number;
  /** By column, in the order of their rows. */
  readonly byColumn: readonly (readonly PlacedNode[])[];
  readonly byId: ReadonlyMap<number, PlacedNode>;
}

export const layOutTree = ({ children }: MoveIndex): TreeLayout => {
  const byId = new Map<number, PlacedNode>();
  const byColumn: PlacedNode[][] = [];
  // By column: the first row that is free below everything placed so far.
  const free: number[] = [];
  let rows = 1;
  const chains = [{ first: ROOT, column: 0, parentRow: 0 }];
  for (let chain = chains.pop(); chain; chain = chains.pop()) {
    const ids: number[] = [];
    for (let id: number | undefined = chain.first; id !== undefined; id = children.get(id)?.[0]) ids.push(id);
    // The line to the branch takes up the column before, too.
    const from = Math.max(0, chain.column - 1);
    const end = chain.column + ids.length;
    let row = chain.first === ROOT ? 0 : chain.parentRow + 1;
    for (let column = from; column < end; column++) row = Math.max(row, free[column] ?? 0);
    for (let column = from; column < end; column++) free[column] = row + 1;
    rows = Math.max(rows, row + 1);
    for (const [i, id] of ids.entries()) {
      const column = chain.column + i;
      const placed = { id, column, row, parentRow: i === 0 ? chain.parentRow : row };
      byId.set(id, placed);
      (byColumn[column] ??= []).push(placed);
      // Taken off last first: the last branch of a chain is placed first and keeps near, and no line crosses another.
      const others = children.get(id)?.slice(1) ?? [];
      for (const first of others.toReversed()) chains.push({ first, column: column + 1, parentRow: row });
    }
  }
  return { columns: byColumn.length, rows, byColumn, byId };
};
