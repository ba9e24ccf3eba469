import { expect, test, vi } from 'vitest';
import { ScriptedEvaluator } from '../../../engine/evaluator.ts';
import { Game } from '../../../engine/game.ts';
import { Playouts } from '../../../engine/playouts.ts';
import { Random } from '../../../engine/random.ts';
import { finalScore } from '../../../engine/score.ts';
import type { TimePlan } from '../../../engine/search/clock.ts';
import { Search } from '../../../engine/search/search.ts';
import { SearchPlayer, chooseSearchedMove } from '../../../engine/search/searchPlayer.ts';
import { BLACK, PASS, WHITE } from '../../../engine/types.ts';
import { diagram, markedPoint, playMoves } from '../../support/diagram.ts';
import { scripted } from './support.ts';

const LIMITS = { visits: 60 };

const FINISHED = `
  . X . X O . O
  X X X X O O O
  . X X X O . O
  X X X X O O O
  . X X X O . O
  X X X X O O O
  . X . X O O .`;

test('an opponent who passes when the game is won for us gets a pass', async () => {
  for (const [komi, toPlay] of [
    [0.5, BLACK],
    [13.5, WHITE],
  ] as const) {
    const game = diagram(FINISHED, { toPlay: toPlay === BLACK ? WHITE : BLACK, komi });
    game.play(PASS);
    const { move } = await new SearchPlayer(new Search(scripted())).genmove(game, LIMITS);
    expect(move).toBe(PASS);
  }
});

test('with nothing left that is sensible it passes', async () => {
  const game = diagram(FINISHED, { komi: 0.5 });
  const { move, result } = await new SearchPlayer(new Search(scripted())).genmove(game, LIMITS);
  expect([move, result.best]).toEqual([PASS, PASS]);
});

test('dame are taken before it passes', async () => {
  const text = `
    . X X a O O .
    X . X X O . O
    X X X O O O O
    . X X X O . O
    X X X X O O O
    . X X X O . O
    X X . X O O O`;
  const game = diagram(text, { toPlay: WHITE, komi: 7.5 });
  const loving = scripted(given => {
    const policy = new Float32Array(given.board.area + 1).fill(1e-3);
    policy[given.board.area] = 1;
    return { policy, value: 0 };
  });
  playMoves(game, 'pass');
  const { move } = await new SearchPlayer(new Search(loving)).genmove(game, LIMITS);
  expect(move).toBe(markedPoint(text, 'a'));
});

test('on the clock the ending is judged with a few playouts, and a group in doubt is settled all the same', async () => {
  // Whoever plays `a` first decides over the corner: two eyes or one.
  const text = `
    . a . X O . O
    X X X X O O O
    O O O O O . O
    . O . O O O O
    O O O O O O O`;
  const passing = scripted(({ board }) => ({
    policy: Float32Array.from({ length: board.area + 1 }, (_, i) => (i === board.area ? 1 : 1e-3)),
    value: 0,
  }));
  const playouts = vi.spyOn(Playouts.prototype, 'run');
  const countOf = async (plan?: TimePlan): Promise<number> => {
    const game = diagram(text, { toPlay: WHITE, komi: -40.5 });
    game.play(PASS);
    const result = await new Search(passing).think(game, { playouts: 40, plan });
    playouts.mockClear();
    expect(chooseSearchedMove(game, { ...result, best: PASS })).toBe(markedPoint(text, 'a'));
    return playouts.mock.calls.length;
  };
  try {
    expect(await countOf()).toBeGreaterThan(600);
    expect(await countOf({ targetMs: 1000, mostMs: 1000 })).toBeLessThanOrEqual(250);
  } finally {
    playouts.mockRestore();
  }
});

test('a temperature draws moves by their visits, the same ones for a seed', async () => {
  const drawn = async (seed: number): Promise<number[]> => {
    const player = new SearchPlayer(new Search(scripted()), { temperature: 1, random: new Random(seed) });
    const moves = [];
    for (let i = 0; i < 10; i++) moves.push((await player.genmove(new Game({ width: 7 }), LIMITS)).move);
    return moves;
  };
  const first = await drawn(1);
  expect(new Set(first).size).toBeGreaterThan(3);
  expect(await drawn(1)).toEqual(first);
});

test('a forbidden move is not played, not even at the end', async () => {
  const game = diagram(FINISHED, { komi: 0.5 });
  const restrictions = [{ kind: 'avoid', color: BLACK, points: [PASS], plies: 1 }] as const;
  const { result, move } = await new SearchPlayer(new Search(scripted())).genmove(game, LIMITS, {
    restrictions,
  });
  expect([result.reason, move]).toEqual(['nothing', PASS]);
});

test('two players who search end their games, and the winner is who was ahead', async () => {
  const evaluator = new ScriptedEvaluator(
    game => ({
      policy: new Float32Array(game.board.area + 1).fill(1),
      value: Math.tanh(((game.toPlay === BLACK ? 1 : -1) * finalScore(game)) / 10),
      lead: (game.toPlay === BLACK ? 1 : -1) * finalScore(game),
    }),
    ['policy', 'value', 'lead'],
  );
  const player = new SearchPlayer(new Search(evaluator, { friendlyPass: false }), { cleanup: true });
  const game = new Game({ width: 5, komi: 0.5 });
  while (!game.isOver && game.moveCount < 120) {
    const { move } = await player.genmove(game, LIMITS);
    expect(game.isLegal(move)).toBe(true);
    game.play(move);
  }
  expect(game.isOver).toBe(true);
});
