/** Openings: the first moves of games, each played twice with colors swapped. */
import { readFile } from 'node:fs/promises';
import { makeVertex, parseVertex, type Dimensions } from '../../engine/coords.ts';
import type { Evaluator } from '../../engine/evaluator.ts';
import { Game } from '../../engine/game.ts';
import { choosePolicyMove } from '../../engine/players.ts';
import { Random } from '../../engine/random.ts';
import { BLACK, WHITE, type Move } from '../../engine/types.ts';
import { evaluate } from '../inference/evaluate.ts';
import { readRecords } from '../sgf/archive.ts';
import { parseSgf } from '../sgf/parse.ts';
import { readRecord } from '../sgf/record.ts';
import { SgfError } from '../sgf/sgfError.ts';
import { MatchError } from './engineSpec.ts';

export interface Opening {
  /** Where it comes from, for people. */
  readonly source: string;
  readonly moves: readonly Move[];
}

/** Records between two that give an opening: neighbours in an archive are often by the same players. */
const STRIDE = 7;

/** Moves by turns, Black first, as long as they can be played. */
const movesOf = (moves: readonly Move[], length: number, board: Dimensions): Move[] | undefined => {
  const game = new Game({ width: board.width, height: board.height });
  for (const [i, { color, point }] of moves.slice(0, length).entries()) {
    if (color !== (i % 2 === 0 ? BLACK : WHITE) || game.whyIllegal(point, color)) return undefined;
    game.play(point, color);
  }
  return game.moveCount === length
    ? moves.slice(0, length).map(({ color, point }) => ({ color, point }))
    : undefined;
};

const keyOf = (moves: readonly Move[]): string => moves.map(({ point }) => point).join();

/**
 * The first moves of even games in a folder, archive or SGF file, no two alike.
 * @throws MatchError if there are too few
 */
export const openingsFromRecords = async (
  path: string,
  length: number,
  count: number,
  size: number,
): Promise<Opening[]> => {
  const openings = new Map<string, Opening>();
  let usable = 0;
  for await (const { name, bytes } of readRecords(path)) {
    if (openings.size >= count) break;
    let roots;
    try {
      roots = parseSgf(bytes);
    } catch (error) {
      if (error instanceof SgfError) continue;
      throw error;
    }
    for (const root of roots) {
      const record = tryRecord(root);
      if (!record || record.width !== size || record.height !== size || record.setup.length > 0) continue;
      const moves = movesOf(record.moves, length, record);
      if (!moves || usable++ % STRIDE !== 0) continue;
      if (!openings.has(keyOf(moves)) && openings.size < count)
        openings.set(keyOf(moves), { source: name, moves });
    }
  }
  return enough([...openings.values()], count, path);
};

const tryRecord = (root: Parameters<typeof readRecord>[0]): ReturnType<typeof readRecord> | undefined => {
  try {
    return readRecord(root);
  } catch (error) {
    if (error instanceof SgfError) return undefined;
    throw error;
  }
};

/** One opening a line, vertices with blanks between, `#` begins a comment. */
export const openingsFromList = async (path: string, count: number, size: number): Promise<Opening[]> => {
  const board = { width: size, height: size };
  const lines = (await readFile(path, 'utf8')).split('\n').map(line => line.replace(/#.*/, '').trim());
  const openings: Opening[] = [];
  for (const [number, line] of lines.entries()) {
    if (line === '') continue;
    const vertices = line.split(/\s+/);
    const points = vertices.map(vertex => parseVertex(vertex, board));
    const bad = points.indexOf(undefined);
    if (bad >= 0) throw new MatchError(`${path}, line ${number + 1}: "${vertices[bad]}" is no vertex`);
    const moves: Move[] = points.map((point, i) => ({ point: point!, color: i % 2 === 0 ? BLACK : WHITE }));
    if (!movesOf(moves, moves.length, board))
      throw new MatchError(`${path}, line ${number + 1}: not all of its moves can be played`);
    openings.push({ source: `${path}:${number + 1}`, moves });
  }
  return enough(openings, Math.min(count, openings.length || 1), path);
};

/** Value beyond which an opening is not balanced. */
const MOST_UNBALANCED = 0.35;

/** Moves drawn from a network's policy, the same for the same seed; unbalanced ones are left out. */
export const openingsFromPolicy = async (
  evaluator: Evaluator,
  length: number,
  count: number,
  { size, komi, seed }: { readonly size: number; readonly komi: number; readonly seed: number },
): Promise<Opening[]> => {
  const openings = new Map<string, Opening>();
  for (let attempt = 0; openings.size < count && attempt < 20 * count + 100; attempt++) {
    const random = new Random(seed * 1_000_003 + attempt);
    const game = new Game({ width: size, height: size, komi });
    while (game.moveCount < length) {
      const { policy } = await evaluate(evaluator, game);
      game.play(choosePolicyMove(game, policy, { temperature: 1, random }));
    }
    const { value } = await evaluate(evaluator, game);
    if (value !== undefined && Math.abs(value) > MOST_UNBALANCED) continue;
    const moves = Array.from({ length }, (_, i) => game.moveAt(i));
    openings.set(keyOf(moves), { source: `policy, seed ${seed}, ${attempt}`, moves });
  }
  return enough([...openings.values()], count, 'the policy');
};

const enough = (openings: Opening[], count: number, source: string): Opening[] => {
  if (openings.length < count)
    throw new MatchError(
      `only ${openings.length} of ${count} different openings in ${source}: use fewer pairs, longer openings, or more records`,
    );
  return openings;
};

/** An opening as vertices. */
export const openingText = ({ moves }: Opening, size: number): string =>
  moves.map(({ point }) => makeVertex(point, { width: size, height: size })).join(' ');
