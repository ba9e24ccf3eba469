/**
 * Games of the shared KGS archives (each a .tar.gz of .sgf files) for tests and benches. Reads just what those records hold,
 * one game a file, so that the features are checked without the SGF reader of src/sgf, and on what golden-planes.json names.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseSgfPoint } from '../../engine/coords.ts';
import { Game } from '../../engine/game.ts';
import { BLACK, PASS, WHITE, type Color, type Move, type SetupStone } from '../../engine/types.ts';

export interface KgsRecord {
  /** Path inside the archive. */
  readonly name: string;
  readonly sgf: string;
}

const BLOCK_BYTES = 512;

/** Every record of an archive, in its order. */
export function* readArchive(path: string): Generator<KgsRecord> {
  const bytes = gunzipSync(readFileSync(path));
  const textAt = (start: number, length: number): string =>
    bytes.toString('latin1', start, start + length).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK_BYTES <= bytes.length && bytes[at] !== 0;) {
    const name = textAt(at, 100);
    const size = Number.parseInt(textAt(at + 124, 12), 8);
    at += BLOCK_BYTES;
    if (name.endsWith('.sgf')) yield { name, sgf: bytes.toString('utf8', at, at + size) };
    at += Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

/** The archives of a folder, as full paths in alphabetical order. */
export const listArchives = (folder: string): string[] =>
  readdirSync(folder)
    .filter(file => file.endsWith('.tar.gz'))
    .toSorted()
    .map(file => join(folder, file));

interface Replay {
  readonly setup: readonly SetupStone[];
  readonly moves: readonly Move[];
}

/** Set-up stones and moves of a plain 19x19 record; undefined if it is something else. */
const parseRecord = (sgf: string): Replay | undefined => {
  const size = /\bSZ\[(\d+)\]/.exec(sgf)?.[1] ?? '19';
  if (size !== '19' || /\(\s*;/.test(sgf.slice(1))) return undefined;
  const dims = { width: 19, height: 19 };
  const setup: SetupStone[] = [];
  const moves: Move[] = [];
  for (const [, property, values] of sgf.matchAll(/(?<![A-Za-z])(AB|AW|B|W)((?:\s*\[[a-z]{0,2}\])+)/g)) {
    const color: Color = property.endsWith('B') ? BLACK : WHITE;
    for (const [, text] of values.matchAll(/\[([a-z]*)\]/g)) {
      const point = parseSgfPoint(text, dims) ?? PASS;
      if (property.length === 1) moves.push({ color, point });
      else if (moves.length === 0) setup.push({ color, point });
      else return undefined;
    }
  }
  return { setup, moves };
};

/** Moves of a plain record; 0 for anything else. */
export const countMoves = (record: KgsRecord): number => parseRecord(record.sgf)?.moves.length ?? 0;

/**
 * The position after `count` moves of a plain record, with the player of the next move to move.
 * @returns undefined if the record is no plain game, or a move cannot be played
 */
export const replay = (record: KgsRecord, count: number): Game | undefined => {
  const parsed = parseRecord(record.sgf);
  if (!parsed || parsed.moves.length < count) return undefined;
  const { setup, moves } = parsed;
  const game = new Game();
  game.setup(setup, moves[0]?.color ?? (setup.length > 0 ? WHITE : BLACK));
  for (let i = 0; i < count; i++) {
    const { point, color } = moves[i];
    if (game.whyUnplayable(point, color)) return undefined;
    game.play(point, color);
  }
  const next = moves[count];
  if (next) game.toPlay = next.color;
  return game;
};
