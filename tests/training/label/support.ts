/** Games to label, the engine that labels them, and what it should have said. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Game } from '../../../engine/game.ts';
import { Random } from '../../../engine/random.ts';
import { BLACK } from '../../../engine/types.ts';
import { packageRoot } from '../../../src/packageRoot.ts';
import { parseSgf } from '../../../src/sgf/parse.ts';
import { readRecord } from '../../../src/sgf/record.ts';
import { replay, startGame } from '../../../src/sgf/replay.ts';
import { gameToSgf } from '../../../src/sgf/write.ts';
import { labelGames, type LabelCounts, type LabelOptions } from '../../../src/training/label/labelGames.ts';
import { Labels } from '../../../src/training/labels.ts';
import { playRandomMoves } from '../../support/randomGames.ts';

const ENGINE = join(packageRoot, 'tests', 'training', 'label', 'badAnalysisEngine.ts');
const PLAIN = Int16Array.from({ length: 361 }, (_, i) => i);

/** Room for a test that starts engines. */
export const TIME = { timeout: 60_000 };

/** Game number 0 begins at A1; number 5 has handicap stones. */
export const makeGame = (i: number): string => {
  const game = new Game({ komi: i === 5 ? 0.5 : 6.5 });
  if (i === 5) game.placeHandicap([game.board.points[60], game.board.points[300]]);
  game.play(game.board.points[i === 0 ? 18 * 19 : 100 + i]);
  playRandomMoves(game, 60, new Random(i));
  return gameToSgf(game);
};

/** A new folder with six games, game0.sgf to game5.sgf. */
export const makeGames = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hane-'));
  for (let i = 0; i < 6; i++) await writeFile(join(folder, `game${i}.sgf`), makeGame(i));
  return folder;
};

export interface Run {
  readonly counts: LabelCounts;
  readonly labels: Labels;
  readonly warnings: readonly string[];
}

/** Labels the games of a folder: out.bin, games.csv and the engine's log are in it. @param how the engine misbehaves */
export const runLabels = async (
  folder: string,
  how: string,
  options: Partial<LabelOptions> = {},
): Promise<Run> => {
  const warnings: string[] = [];
  const out = join(folder, 'out.bin');
  const counts = await labelGames({
    paths: [folder],
    command: [process.execPath, '--import', 'tsx', ENGINE, how, join(folder, 'log')],
    out,
    list: join(folder, 'games.csv'),
    visits: 1,
    perGame: 5,
    seed: 1,
    komiVariation: 0,
    inFlight: 4,
    timeoutMs: 2000,
    startMs: 20_000,
    warn: message => warnings.push(message),
    ...options,
  });
  return { counts, labels: new Labels(await readFile(options.out ?? out)), warnings };
};

/** What the engine should have said of each label, by the records that games.csv of the folder names. */
export const expectTrueLabels = (folder: string, labels: Labels): void => {
  const names = readFileSync(join(folder, 'games.csv'), 'utf8').trim().split('\n').slice(1);
  for (let i = 0; i < labels.count; i++) {
    const member = names.find(line => line.startsWith(`${labels.game(i)},`))!.split(',')[2];
    const record = readRecord(parseSgf(readFileSync(join(folder, member), 'utf8'))[0]);
    const game = startGame(record);
    expect(replay(game, record, labels.ply(i))).toBeUndefined();
    const stones = Array.from({ length: game.moveCount }, (_, k) => game.moveAt(k)).filter(
      ({ point }) => point !== 1,
    );
    const diff = 2 * stones.filter(({ color }) => color === BLACK).length - stones.length - labels.komi(i);
    const lead = game.toPlay === BLACK ? diff : -diff;
    expect(labels.toPlay(i)).toBe(game.toPlay);
    expect(labels.lead(i)).toBeCloseTo(lead, 5);
    expect(labels.chance(i)).toBeCloseTo(1 / (1 + Math.exp(-lead / 10)), 4);
    const ownership = new Float32Array(361);
    labels.ownership(i, PLAIN, ownership);
    expect(Math.abs(ownership[7] - Math.tanh(lead / 20))).toBeLessThan(0.07);
    const policy = new Float32Array(362);
    labels.policy(i, PLAIN, policy);
    expect(Array.from(policy).filter(share => share > 0)).toHaveLength(3);
    expect(Math.max(...policy)).toBeCloseTo(0.5 / 0.999, 3);
    expect(policy[361]).toBeCloseTo(0.249 / 0.999, 3);
  }
};
