/** Checks for tests. */
import type { Board } from './board.ts';
import { EMPTY, NO_POINT, WALL, type Color, type Point } from './types.ts';

/** Compares all that a board keeps up to date with what its stones alone give. @throws Error naming the first point that differs */
export const checkConsistency = (board: Board): void => {
  const fresh = board.clone();
  fresh.setStones(Array.from(board.points, point => ({ point, color: board.stones[point] as Color })));
  const assertSame = (what: string, point: Point, kept: number, counted: number): void => {
    if (kept !== counted) throw new Error(`${what} at point ${point}: ${kept}, counted ${counted}`);
  };
  assertSame('low half of the hash', NO_POINT, board.hashLow, fresh.hashLow);
  assertSame('high half of the hash', NO_POINT, board.hashHigh, fresh.hashHigh);
  for (let point = 0; point < board.stones.length; point++) {
    if (board.indexOf[point] < 0) assertSame('wall', point, board.stones[point], WALL);
    if (board.indexOf[point] < 0 || board.stones[point] === EMPTY) continue;
    assertSame('liberties', point, board.libertiesOf(point), fresh.libertiesOf(point));
    assertSame('chain size', point, board.sizeOf(point), fresh.sizeOf(point));
    assertSame(
      'chain of the next stone',
      point,
      fresh.chainHead[board.nextInChain[point]],
      fresh.chainHead[point],
    );
    assertSame(
      'head of the next stone',
      point,
      board.chainHead[board.nextInChain[point]],
      board.chainHead[point],
    );
    let links = 1;
    for (
      let stone = board.nextInChain[point];
      stone !== point && links <= board.area;
      stone = board.nextInChain[stone]
    )
      links++;
    assertSame('links of the chain', point, links, fresh.sizeOf(point));
  }
};
