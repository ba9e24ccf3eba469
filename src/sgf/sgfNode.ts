/** What both the reader and the writer of SGF speak of; the page knows only the writer. */

/** A node of a game tree. A value list is never empty; the first child is the main line. */
export interface SgfNode {
  readonly properties: Readonly<Record<string, readonly string[]>>;
  readonly children: readonly SgfNode[];
}
