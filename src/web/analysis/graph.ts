/** The graph of a game: what the network says after each move of the line shown. Black's view. */
import { ROOT, type MoveNode, type Outlook } from '../../server/protocol/board.ts';
import { moveText } from '../board/numbers.ts';

/** One position of the line. */
export interface GraphPoint {
  readonly node: number;
  /** What led to it: "Start", "Black D4". */
  readonly move: string;
  readonly winrate?: number | undefined;
  readonly lead?: number | undefined;
}

/**
 * The positions of a line, the start first.
 * @param line moves from the start, as lineTo gives them; may go on beyond the position on the board
 */
export const graphPoints = (line: readonly MoveNode[], outlooks: readonly Outlook[]): GraphPoint[] => {
  const byNode = new Map(outlooks.map(outlook => [outlook.node, outlook]));
  const point = (node: number, move: string): GraphPoint => {
    const outlook = byNode.get(node);
    return { node, move, winrate: outlook?.winrate, lead: outlook?.lead };
  };
  return [
    point(ROOT, 'Start'),
    ...line.map(({ id, color, vertex }) =>
      point(id, `${color === 'B' ? 'Black' : 'White'} ${moveText(vertex)}`),
    ),
  ];
};
