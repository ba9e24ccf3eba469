/**
 * Are the levels of `--strength` steps? Each plays the next lower one, colors swapped from game to game.
 *
 *     npm run long:strength -- [--games 50] [--levels 6,5] [--seed 1]
 *
 * A game ends by two passes and is scored with dead stones by playouts. Prints wins with a 95 % interval for each pair.
 */
import { parseArgs } from 'node:util';
import { Game } from '../../engine/game.ts';
import { judge } from '../../engine/judge.ts';
import { choosePolicyMove } from '../../engine/players.ts';
import { Random } from '../../engine/random.ts';
import { finalScore } from '../../engine/score.ts';
import { FULL_STRENGTH, LEVELS } from '../../engine/strength.ts';
import { BLACK } from '../../engine/types.ts';
import { evaluate } from '../../src/inference/evaluate.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { wilson } from '../support/statistics.ts';

const MAX_MOVES = 600;

const { values } = parseArgs({
  options: {
    games: { type: 'string', default: '50' },
    levels: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const games = Number(values.games);
const seed = Number(values.seed);
const levels = values.levels
  ? values.levels.split(',').map(Number)
  : Array.from({ length: FULL_STRENGTH }, (_, i) => FULL_STRENGTH - i);
const evaluator = await openEvaluator({ threads: 1 });

/** @returns Black's score */
const playGame = async (black: number, white: number, random: Random): Promise<number> => {
  const game = new Game();
  while (!game.isOver && game.moveCount < MAX_MOVES) {
    const level = LEVELS[(game.toPlay === BLACK ? black : white) - 1];
    const { policy } = await evaluate(evaluator, game);
    game.play(choosePolicyMove(game, policy, { ...level, random }));
  }
  return finalScore(game, judge(game));
};

for (let i = 0; i + 1 < levels.length; i++) {
  const [higher, lower] = [levels[i], levels[i + 1]];
  let wins = 0;
  for (let number = 0; number < games; number++) {
    const random = new Random(seed * 10_000 + higher * 1000 + number);
    const score =
      number % 2 === 0 ? await playGame(higher, lower, random) : -(await playGame(lower, higher, random));
    if (score > 0) wins++;
    process.stderr.write(`\rlevel ${higher} against ${lower}: ${wins} of ${number + 1}`);
  }
  const [low, high] = wilson(wins / games, games).map(share => (100 * share).toFixed(0));
  process.stdout.write(
    `\rlevel ${higher} against ${lower}: ${wins} of ${games}, ${((100 * wins) / games).toFixed(0)} % (95 %: ${low} to ${high})\n`,
  );
}
await evaluator.close();
