/** Whether moves make a tree that can be played. */
import { parseVertex } from '../../engine/coords.ts';
import { PASS } from '../../engine/types.ts';
import { ROOT, colorOf, startOf, type MoveNode, type Start } from './protocol/board.ts';

/**
 * Plays every variation. Assumes that the start's points are on the board.
 * @param current has to be one of them, or the root
 * @param nextNode has to be larger than all ids
 */
export const isSound = (
  start: Start,
  nodes: readonly MoveNode[],
  current: number,
  nextNode: number,
): boolean => {
  const children = new Map<number, MoveNode[]>([[ROOT, []]]);
  for (const node of nodes) {
    const siblings = children.get(node.parent);
    if (!siblings || children.has(node.id) || node.id >= nextNode) return false;
    siblings.push(node);
    children.set(node.id, []);
  }
  if (!children.has(current)) return false;
  const game = startOf(start);
  if (start.setup.length > 0 && game.setupStones.length === 0) return false;
  const open = children.get(ROOT)!.map(node => ({ node, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    while (game.moveCount > depth) game.undo();
    const point = parseVertex(node.vertex, game);
    const color = colorOf(node.color);
    if (point === undefined || (point !== PASS && game.whyUnplayable(point, color))) return false;
    game.play(point, color);
    for (const child of children.get(node.id)!) open.push({ node: child, depth: depth + 1 });
  }
  return true;
};
