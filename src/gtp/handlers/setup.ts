/** Board size, komi and a new game (GTP 2 specification, section 6.3.2, and KataGo's extensions of it). */
import { MAX_SIZE } from '../../../engine/types.ts';
import { readInteger, readNumber } from '../arguments.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler, Session } from './handler.ts';

/** The engine core can do with less, but no client plays Go on one point. */
const MIN_SIZE = 2;

const resize = ({ engine }: Session, width: number, height: number): void => {
  if (Math.min(width, height) < MIN_SIZE || Math.max(width, height) > MAX_SIZE)
    throw new GtpError('unacceptable size');
  engine.resize({ width, height });
};

export const setupHandlers: Record<string, Handler> = {
  /** `boardsize n`, `boardsize x y` or `boardsize x:y`. */
  boardsize: (session, args) => {
    const sides = args.length === 1 ? args[0].split(':') : args;
    const width = readInteger(sides[0]);
    resize(session, width, sides[1] === undefined ? width : readInteger(sides[1]));
  },
  rectangular_boardsize: (session, [width, height]) =>
    resize(session, readInteger(width), readInteger(height)),
  clear_board: ({ engine }) => engine.clear(),
  /** Any finite number, "even if it should be ridiculous". */
  komi: ({ engine }, [komi]) => {
    engine.game.komi = readNumber(komi);
  },
  get_komi: ({ engine }) => String(engine.game.komi),
};
