/** What several commands share: options, a position out of an SGF file, its evaluation, and writing what they drew. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { makeVertex } from '../../engine/coords.ts';
import type { Evaluation } from '../../engine/analysis.ts';
import type { Game } from '../../engine/game.ts';
import { BLACK, PASS } from '../../engine/types.ts';
import { svgToPng } from '../draw/png.ts';
import type { SymmetryCount } from '../inference/evaluate.ts';
import { parseSgf } from '../sgf/parse.ts';
import { readRecord, type GameRecord } from '../sgf/record.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import { UserError } from './errors.ts';

/** The likeliest moves, best first. */
export const topMoves = (
  game: Game,
  policy: Float32Array,
  count: number,
): { index: number; vertex: string; probability: number }[] =>
  Array.from(policy, (probability, index) => ({ index, probability }))
    .filter(({ probability }) => probability > 0)
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, count)
    .map(({ index, probability }) => ({
      index,
      probability,
      vertex: makeVertex(index === game.board.area ? PASS : game.board.points[index], game),
    }));

/** "Black wins 63.1 %, leads by 4.2" as far as the network knows. */
export const describeChances = (
  game: Game,
  { value, lead }: Pick<Evaluation, 'value' | 'lead'>,
): string | undefined => {
  const sign = game.toPlay === BLACK ? 1 : -1;
  const parts: string[] = [];
  if (value !== undefined) parts.push(`Black wins ${(50 * (1 + sign * value)).toFixed(1)} %`);
  if (lead !== undefined)
    parts.push(`${sign * lead >= 0 ? 'Black' : 'White'} leads by ${Math.abs(lead).toFixed(1)}`);
  return parts.length > 0 ? parts.join(', ') : undefined;
};

/** Reads one game of an SGF file. @param index 0-based @throws UserError if the file or the game cannot be read */
export const readGameFile = async (path: string, index = 0): Promise<GameRecord> => {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new UserError(`cannot read ${path}: ${error.message}`, { cause: error });
  });
  const games = parseSgf(bytes);
  if (index >= games.length)
    throw new UserError(
      `${path} has ${games.length} ${games.length === 1 ? 'game' : 'games'}: --game takes 1 to ${games.length}`,
    );
  return readRecord(games[index]);
};

/** Writes a picture as SVG or PNG by the ending of the path. @throws UserError for another ending or if it cannot be written */
export const writePicture = async (path: string, svg: string, width?: number): Promise<void> => {
  const ending = extname(path).toLowerCase();
  if (ending !== '.svg' && ending !== '.png')
    throw new UserError(`${path}: the file has to end in .svg or .png`);
  await writeOutput(path, ending === '.svg' ? svg : await svgToPng(svg, width));
};

/** @throws UserError if the file cannot be written */
export const writeOutput = async (path: string, content: string | Uint8Array): Promise<void> => {
  await writeFileAtomic(path, content).catch((error: Error) => {
    throw new UserError(`cannot write ${path}: ${error.message}`, { cause: error });
  });
};

/** Whether to color what goes to the terminal (https://no-color.org, https://force-color.org). */
export const usesColor = (): boolean => {
  if (process.env['NO_COLOR']) return false;
  return process.env['FORCE_COLOR'] ? process.env['FORCE_COLOR'] !== '0' : process.stdout.isTTY;
};

/** Reads a whole number of an option. */
export const wholeNumber =
  (smallest: number, largest = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < smallest || value > largest) {
      throw new InvalidArgumentError(
        `must be a whole number ${largest === Number.MAX_SAFE_INTEGER ? `from ${smallest}` : `from ${smallest} to ${largest}`}`,
      );
    }
    return value;
  };

/** Reads a finite number of an option. */
export const finiteNumber = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number');
  return value;
};

/** Reads `--symmetries`. */
export const symmetriesOption = (text: string): SymmetryCount => {
  if (text !== '1' && text !== '8') throw new InvalidArgumentError('must be 1 or 8');
  return text === '1' ? 1 : 8;
};
