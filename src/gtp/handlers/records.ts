/** Game records: `loadsgf` (GTP 2 specification, section 6.3.4) and `printsgf` as in GNU Go. */
import { readFile } from 'node:fs/promises';
import { makeScore } from '../../../engine/score.ts';
import { parseSgf } from '../../sgf/parse.ts';
import { readRecord, type GameRecord } from '../../sgf/record.ts';
import { loadPosition } from '../../sgf/replay.ts';
import { SgfError } from '../../sgf/sgfError.ts';
import { gameToSgf } from '../../sgf/write.ts';
import { writeFileAtomic } from '../../writeFileAtomic.ts';
import type { GtpEngine } from '../engine.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

/** Whether the error is the file's or the file system's fault, not the program's. */
const isFileError = (error: unknown): error is Error =>
  error instanceof SgfError || (error instanceof Error && 'code' in error);

/** The game as SGF, with its result if it is over. */
const makeRecord = async (engine: GtpEngine): Promise<string> =>
  gameToSgf(engine.game, engine.game.isOver ? { result: makeScore(await engine.score()) } : {});

/**
 * The position before that move of the first game's main line, 1 being the first; at the end if there are not so many.
 * Komi and rules are the record's where it names them, else as they were.
 */
const openRecord = (record: GameRecord, moveNumber: number, engine: GtpEngine): void => {
  const { komi, rules } = engine.game;
  const game = loadPosition(record, Math.min(record.moves.length, Math.max(0, moveNumber - 1)));
  game.komi = record.komi ?? komi;
  game.rules = record.rules ?? rules;
  engine.adopt(game);
};

export const recordHandlers: Record<string, Handler> = {
  /** `loadsgf FILE [MOVE]`; the file name may hold blanks. */
  loadsgf: async ({ engine, warn }, args) => {
    if (args.length === 0) throw new GtpError('syntax error');
    const hasNumber = args.length > 1 && /^\d+$/.test(args[args.length - 1]);
    const path = (hasNumber ? args.slice(0, -1) : args).join(' ');
    try {
      const record = readRecord(parseSgf(await readFile(path))[0]);
      openRecord(record, hasNumber ? Number(args.at(-1)) : Infinity, engine);
    } catch (error) {
      if (!isFileError(error)) throw error;
      warn(`cannot load ${path}: ${error.message}`);
      throw new GtpError('cannot load file');
    }
  },
  /** `printsgf [FILE]`; the file name may hold blanks. */
  printsgf: async ({ engine, warn }, args) => {
    const text = await makeRecord(engine);
    if (args.length === 0) return text;
    const path = args.join(' ');
    try {
      await writeFileAtomic(path, text);
    } catch (error) {
      if (!isFileError(error)) throw error;
      warn(`cannot write ${path}: ${error.message}`);
      throw new GtpError('cannot write file');
    }
    return undefined;
  },
};
