/**
 * Self-play of the bare policy: do games end by themselves, and is their score that of playing on?
 *
 *     npm run long:self-play -- [games] [seed]
 *
 * Each game draws its first moves from the priors, so that all differ, and plays the best move from there. It ends by two
 * passes. Then it is played on: both play as before, but take opposing dead stones off before they pass, until both
 * pass again. That board is scored by Tromp-Taylor: every stone counts.
 */
import { areaScore, finalScore } from '../../engine/score.ts';
import { Game } from '../../engine/game.ts';
import { judge } from '../../engine/judge.ts';
import { choosePolicyMove } from '../../engine/players.ts';
import { Random } from '../../engine/random.ts';
import { PASS } from '../../engine/types.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import type { Evaluator } from '../../engine/evaluator.ts';

const DRAWN_MOVES = 30;
const MAX_MOVES = 1000;
const MAX_CLEANUP = 600;

interface Played {
  readonly moves: number;
  readonly over: boolean;
  readonly score: number;
  readonly playedOn: number;
  readonly cleanup: number;
}

const evaluate = async (evaluator: Evaluator, game: Game): Promise<Float32Array> => {
  const batch = evaluator.begin();
  const slot = batch.add(game);
  await batch.run();
  const policy = batch.policy(slot).slice();
  batch.release();
  return policy;
};

const playGame = async (evaluator: Evaluator, random: Random): Promise<Played> => {
  const game = new Game();
  while (!game.isOver && game.moveCount < MAX_MOVES) {
    const policy = await evaluate(evaluator, game);
    game.play(choosePolicyMove(game, policy, game.moveCount < DRAWN_MOVES ? { temperature: 1, random } : {}));
  }
  const moves = game.moveCount;
  const over = game.isOver;
  const score = finalScore(game, judge(game));
  let passes = 0;
  while (passes < 2 && game.moveCount < moves + MAX_CLEANUP) {
    const policy = await evaluate(evaluator, game);
    const point = choosePolicyMove(game, policy, { cleanup: true });
    passes = point === PASS ? passes + 1 : 0;
    game.play(point);
  }
  return {
    moves,
    over,
    score,
    playedOn: areaScore(game.board) - game.whiteBonus,
    cleanup: game.moveCount - moves,
  };
};

const games = Number(process.argv[2] ?? 200);
const seed = Number(process.argv[3] ?? 1);
const evaluator = await openEvaluator({ threads: 1 });
const played: Played[] = [];
for (let i = 0; i < games; i++) {
  const result = await playGame(evaluator, new Random(seed * 1000 + i));
  played.push(result);
  process.stdout.write(
    `game ${i + 1}: ${result.moves} moves, ${result.score} ${result.playedOn === result.score ? '' : `played on ${result.playedOn}`}\n`,
  );
}
await evaluator.close();
const mean = played.reduce((sum, { moves }) => sum + moves, 0) / games;
const same = played.filter(({ score, playedOn }) => score === playedOn).length;
const winner = played.filter(({ score, playedOn }) => Math.sign(score) === Math.sign(playedOn)).length;
process.stdout.write(
  `${games} games: ${played.filter(({ over }) => over).length} ended by two passes, mean ${mean.toFixed(1)} moves, ` +
    `longest ${Math.max(...played.map(({ moves }) => moves))}; the score is that of playing on in ${same} (${((100 * same) / games).toFixed(1)} %), ` +
    `the winner in ${winner}; mean of ${(played.reduce((sum, { cleanup }) => sum + cleanup, 0) / games).toFixed(1)} moves to clean up; ` +
    `Black won ${played.filter(({ score }) => score > 0).length}\n`,
);
