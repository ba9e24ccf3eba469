/**
 * Do the playouts find the dead stones? On games that ended with two passes and were counted by their players.
 *
 *     npm run long:kgs-scores -- [--games 2000] [--playouts 200] [--data FOLDER] [--json results.jsonl]
 *
 * The games are spread over the archives. Each is scored by the rules and komi it names, dead stones by playouts; the recorded
 * result is the truth. Reports how often the winner and the exact margin are the same. The exact margin of a territory score
 * also needs prisoners and set-up stones as the players had them, and dame filled or not.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { judge } from '../../engine/judge.ts';
import { finalScore } from '../../engine/score.ts';
import { BLACK, PASS } from '../../engine/types.ts';
import type { GameRecord } from '../../src/sgf/record.ts';
import { loadPosition } from '../../src/sgf/replay.ts';
import { SgfError } from '../../src/sgf/sgfError.ts';
import { readGames } from '../support/records.ts';
import { sharedPath } from '../support/shared.ts';

/** About as many games qualify in the shared archives; to spread the wanted ones over them. */
const QUALIFYING = 8000;
const CLOSE = 2;
const FEWEST_MOVES = 60;

/** Black's margin as recorded, if the game ended with two passes and was counted under known rules. */
const countedMargin = ({ moves, result, rules, komi }: GameRecord): number | undefined => {
  if (!result || rules === undefined || komi === undefined || moves.length < FEWEST_MOVES) return undefined;
  if (moves.at(-1)?.point !== PASS || moves.at(-2)?.point !== PASS) return undefined;
  if (result.winner === 'draw') return 0;
  if (!('margin' in result)) return undefined;
  return result.winner === BLACK ? result.margin : -result.margin;
};

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    games: { type: 'string', default: '2000' },
    playouts: { type: 'string', default: '200' },
    json: { type: 'string' },
  },
});
const folder = values.data ?? sharedPath('data/kgs-6d');
if (folder === undefined) throw new Error('no records: give a folder or archive with --data');
const wanted = Number(values.games);
const playouts = Number(values.playouts);
const stride = Math.max(1, Math.floor(QUALIFYING / wanted));

let qualifying = 0;
let games = 0;
let winners = 0;
let exact = 0;
let close = 0;
let refused = 0;
let cpu = 0;
for await (const { name, record } of readGames(folder)) {
  if (games === wanted) break;
  const margin = countedMargin(record);
  if (margin === undefined || qualifying++ % stride !== 0) continue;
  try {
    const game = loadPosition(record);
    const start = process.cpuUsage();
    const score = finalScore(game, judge(game, { playouts }));
    const { user } = process.cpuUsage(start);
    cpu += user;
    games++;
    if (Math.sign(score) === Math.sign(margin)) winners++;
    if (score === margin) exact++;
    if (Math.abs(score - margin) <= CLOSE) close++;
    if (values.json) appendFileSync(values.json, `${JSON.stringify({ name, margin, score })}\n`);
    if (games % 100 === 0) process.stderr.write(`\r${games} games`);
  } catch (error) {
    if (!(error instanceof SgfError)) throw error;
    refused++;
  }
}
const percent = (count: number): string => `${count} (${((100 * count) / games).toFixed(1)} %)`;
process.stdout.write(
  `\r${games} games, ${refused} left out because a move cannot be played; ${playouts} playouts, ${(cpu / games / 1000).toFixed(1)} ms of CPU time each\n` +
    `winner as recorded ${percent(winners)}, exact score ${percent(exact)}, within ${CLOSE} points ${percent(close)}\n`,
);
