/**
 * Tactical positions: what the bare policy plays, and what a search plays.
 *
 *     npm run long:tactics -- [visits]
 */
import { makeVertex } from '../../engine/coords.ts';
import { PolicyPlayer } from '../../engine/players.ts';
import { Search } from '../../engine/search/search.ts';
import { openEvaluator } from '../../src/inference/evaluator.ts';
import { TACTICS, setUp } from '../engine/search/tactics.ts';

const visits = Number(process.argv[2] ?? 400);
const evaluator = await openEvaluator();
const player = new PolicyPlayer(evaluator);
let failed = 0;
let solved = 0;
let rescued = 0;
for (const tactic of TACTICS) {
  const { game, answers } = setUp(tactic);
  const bare = await player.genmove(game);
  const { best } = await new Search(evaluator).think(game, { visits });
  const [bareIsRight, searchIsRight] = [answers.includes(bare), best !== undefined && answers.includes(best)];
  if (!bareIsRight) failed++;
  if (searchIsRight) solved++;
  if (searchIsRight && !bareIsRight) rescued++;
  const tell = (move: number | undefined, isRight: boolean): string =>
    `${move === undefined ? 'none' : makeVertex(move, game)} ${isRight ? 'right' : 'wrong'}`.padEnd(12);
  process.stdout.write(
    `${tactic.kind.padEnd(16)}${tactic.name.padEnd(28)}policy ${tell(bare, bareIsRight)}search ${tell(best, searchIsRight)}answer ${answers.map(point => makeVertex(point, game)).join(' ')}\n`,
  );
}
await evaluator.close();
process.stdout.write(
  `${TACTICS.length} positions: the bare policy fails ${failed}; a search of ${visits} visits solves ${solved}, ${rescued} of those that the policy fails\n`,
);
if (solved < 2 * failed) process.exitCode = 1;
