/** Who won and what is dead (GTP 2 specification, section 4.4), at any time, without a change to the game. */
import { makeVertex } from '../../../engine/coords.ts';
import { STATUSES, statusOf } from '../../../engine/judge.ts';
import { makeScore } from '../../../engine/score.ts';
import { EMPTY, type Point } from '../../../engine/types.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

export const scoreHandlers: Record<string, Handler> = {
  final_score: async ({ engine }) => makeScore(await engine.score()),
  /** One line a chain. */
  final_status_list: async ({ engine }, [status]) => {
    if (!STATUSES.some(known => known === status)) throw new GtpError('syntax error');
    const { game } = engine;
    const { stones, chainHead, points } = game.board;
    const judgement = await engine.judge();
    const chains = new Map<Point, string[]>();
    for (const point of points) {
      if (stones[point] === EMPTY || (judgement ? statusOf(judgement, point) : 'alive') !== status) continue;
      const chain = chains.get(chainHead[point]);
      if (chain) chain.push(makeVertex(point, game));
      else chains.set(chainHead[point], [makeVertex(point, game)]);
    }
    return Array.from(chains.values(), chain => chain.join(' ')).join('\n');
  },
};
