/**
 * Every game of a folder of records, replayed under strict rules, with a report of what was refused and why.
 *
 *     npm run long:kgs-replay -- [--data FOLDER] [--out report.json]
 *
 * First as a file: can it be read, is it one game of Go. Then move by move: what the board refuses ends the game there; what
 * only positional superko or the simple ko rule would refuse is counted and played. Every {@link CHECK_EVERY}th game is also
 * checked against the board's own bookkeeping after each move, and taken back by undo to the empty board.
 */
import { parseArgs } from 'node:util';
import { checkConsistency } from '../../engine/debug.ts';
import type { Game } from '../../engine/game.ts';
import type { Illegality } from '../../engine/types.ts';
import { readRecords } from '../../src/sgf/archive.ts';
import { parseSgf } from '../../src/sgf/parse.ts';
import { readRecord } from '../../src/sgf/record.ts';
import { startGame } from '../../src/sgf/replay.ts';
import { SgfError } from '../../src/sgf/sgfError.ts';
import { writeFileAtomic } from '../../src/writeFileAtomic.ts';
import { sharedPath } from '../support/shared.ts';

const CHECK_EVERY = 100;
const PROGRESS_EVERY = 2000;
const EXAMPLES = 5;

/** What went wrong, how often, and the first games where it did. */
class Tally {
  private readonly counts = new Map<string, { count: number; examples: string[] }>();

  add(what: string, where: string): void {
    const entry = this.counts.get(what) ?? { count: 0, examples: [] };
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(where);
    this.counts.set(what, entry);
  }

  toJSON(): Record<string, { count: number; examples: string[] }> {
    return Object.fromEntries([...this.counts].toSorted((a, b) => b[1].count - a[1].count));
  }
}

const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
const folder = values.data ?? sharedPath('data/kgs-6d');
if (folder === undefined) throw new Error('no records: give a folder or archive with --data');

const unreadable = new Tally();
const noted = new Tally();
const refused = new Tally();
const againstKo = new Tally();
let files = 0;
let games = 0;
let moves = 0;
let complete = 0;
let checked = 0;

/** Plays the moves; @returns the number of the move that the board refused, with the reason */
const playThrough = (
  game: Game,
  played: readonly { color: 1 | 2; point: number }[],
  where: string,
  check: boolean,
): readonly [number, Illegality] | undefined => {
  for (let i = 0; i < played.length; i++) {
    const { point, color } = played[i];
    const why = game.whyUnplayable(point, color);
    if (why) return [i + 1, why];
    const strict = game.whyIllegal(point, color);
    if (strict) againstKo.add(strict, `${where}, move ${i + 1}`);
    game.play(point, color);
    moves++;
    if (check) checkConsistency(game.board);
  }
  return undefined;
};

for await (const { name, bytes } of readRecords(folder)) {
  files++;
  if (files % PROGRESS_EVERY === 0) process.stderr.write(`\r${files} files`);
  try {
    for (const [index, root] of parseSgf(bytes).entries()) {
      const where = index === 0 ? name : `${name}, game ${index + 1}`;
      const record = readRecord(root);
      games++;
      for (const problem of record.problems) noted.add(problem.replaceAll(/\d+/g, 'N').slice(0, 80), where);
      const game = startGame(record);
      const check = games % CHECK_EVERY === 0;
      const stopped = playThrough(game, record.moves, where, check);
      if (stopped) refused.add(stopped[1], `${where}, move ${stopped[0]}`);
      else complete++;
      if (check) {
        while (game.moveCount > 0) game.undo();
        checkConsistency(game.board);
        checked++;
      }
    }
  } catch (error) {
    if (!(error instanceof SgfError)) throw error;
    unreadable.add(`${error.code}: ${error.message.replaceAll(/\d+/g, 'N').slice(0, 80)}`, name);
  }
}

const report = { files, games, complete, moves, checked, unreadable, refused, againstKo, noted };
const text = `${JSON.stringify(report, undefined, 2)}\n`;
process.stderr.write('\r');
if (values.out) await writeFileAtomic(values.out, text);
process.stdout.write(text);
