/** The first few hundred games of the large collections, where there are any. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRecords } from '../../../src/sgf/archive.ts';
import { parseSgf } from '../../../src/sgf/parse.ts';
import { readRecord } from '../../../src/sgf/record.ts';
import { GameReader, type StoredGame } from '../../../src/training/data/gameRecord.ts';
import { readGames } from '../../../src/training/data/readGame.ts';
import { sharedPath } from '../../support/shared.ts';

const GAMES = 300;

/** What became of the first games of an archive. */
const readFirst = async (
  archive: string,
): Promise<{ kept: { game: StoredGame; bytes: Uint8Array }[]; reasons: string[] }> => {
  const kept: { game: StoredGame; bytes: Uint8Array }[] = [];
  const reasons: string[] = [];
  for await (const { name, bytes } of readRecords(archive)) {
    for (const outcome of readGames({ source: name, isHuman: true, bytes }, { minMoves: 30 }))
      if ('reason' in outcome) reasons.push(outcome.reason);
      else kept.push({ game: new GameReader(outcome.record).game(0, 0), bytes });
    if (kept.length + reasons.length >= GAMES) break;
  }
  return { kept, reasons };
};

const kgs = sharedPath('data/kgs-6d');
describe.skipIf(kgs === undefined)('KGS games', () => {
  test('nearly all are kept, with everything that they say', async () => {
    const { kept, reasons } = await readFirst(join(kgs!, 'kgs-2017_04.tar.gz'));
    expect(kept.length).toBeGreaterThan(0.95 * GAMES);
    expect(new Set(reasons)).toEqual(new Set(['fewer than 30 moves']));
    for (const { game, bytes } of kept) {
      const record = readRecord(parseSgf(bytes)[0]);
      expect(game.moves).toEqual(record.moves.map(({ color, point }) => ({ color, point })));
      expect(game.setup).toHaveLength(record.setup.length);
      expect(game).toMatchObject({ year: 2017, handicap: record.handicap });
      expect(Math.max(game.blackRank ?? -99, game.whiteRank ?? -99)).toBeGreaterThanOrEqual(6);
      if (Math.abs(record.komi!) < 40) expect(game.komi).toBe(record.komi);
    }
  });
});

const pro = sharedPath('data/pro/pro-fox.tar.gz');
describe.skipIf(pro === undefined)('games of professionals on Fox', () => {
  test('their ranks are understood, and komi 0 is not believed', async () => {
    const { kept } = await readFirst(pro!);
    expect(kept.length).toBeGreaterThan(0.9 * GAMES);
    const komi = new Set(kept.map(({ game }) => game.komi));
    for (const value of komi) expect([undefined, 4.5, 5.5, 6.5, 7.5]).toContain(value);
    const ranked = kept.filter(({ game }) => game.blackRank !== undefined && game.whiteRank !== undefined);
    expect(ranked.length).toBeGreaterThan(0.95 * kept.length);
    for (const { game } of kept) expect(game.handicap === 0 || game.setup.length > 0).toBe(true);
  });
});
