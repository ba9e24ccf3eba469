/** Links to a board, `#<board>`, and to one of its positions, `#<board>.<node>`. */

export interface Link {
  readonly board: string;
  /** The node to look at; left out for whatever is on the board. */
  readonly node?: number;
}

/** Reads the part of an address from its "#" on; undefined if it is no link to a board. */
export const parseLink = (hash: string): Link | undefined => {
  const match = /^#?([\w-]{1,64})(?:\.(\d{1,9}))?$/.exec(hash);
  if (!match) return undefined;
  const [, board, node] = match;
  return node === undefined ? { board } : { board, node: Number(node) };
};

/** The part of an address from its "#" on. */
export const makeLink = ({ board, node }: Link): string =>
  node === undefined ? `#${board}` : `#${board}.${node}`;
