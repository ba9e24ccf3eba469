/**
 * Clocks of every kind: GTP's own, KGS's and KataGo's. They are checked and then forgotten: the bare policy moves in some
 * hundredths of a second on any clock.
 */
import { readColor, readInteger, readNumber } from '../arguments.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

/** The numbers that each kind of clock takes; `?` may be left out. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  absolute: ['main'],
  byoyomi: ['main', 'period', 'periods'],
  canadian: ['main', 'period', 'stones'],
  fischer: ['main', 'increment'],
  'fischer-capped': ['main', 'increment', 'most', 'mostPerMove?'],
};

const KGS_KINDS = ['none', 'absolute', 'byoyomi', 'canadian'];

const checkClock = (kinds: readonly string[], [kind, ...numbers]: readonly string[]): void => {
  if (kind === undefined) throw new GtpError('syntax error');
  if (!kinds.includes(kind))
    throw new GtpError(`unknown clock ${JSON.stringify(kind.slice(0, 40))}: one of ${kinds.join(', ')}`);
  const names = KINDS[kind];
  const needed = names.filter(name => !name.endsWith('?')).length;
  if (numbers.length < needed) throw new GtpError(`${kind} needs ${names.join(' ')}`);
  numbers.slice(0, names.length).forEach(readNumber);
};

export const clockHandlers: Record<string, Handler> = {
  time_settings: (_, [mainSeconds, periodSeconds, periodStones]) => {
    readNumber(mainSeconds);
    readNumber(periodSeconds);
    readInteger(periodStones);
  },
  /** Fractions of a second and negative times occur (LizzieYzy, lag). */
  time_left: (_, [color, seconds, stones]) => {
    readColor(color);
    readNumber(seconds);
    readInteger(stones);
  },
  'kgs-time_settings': (_, args) => checkClock(KGS_KINDS, args),
  'kata-time_settings': (_, args) => checkClock(Object.keys(KINDS), args),
  'kata-list_time_settings': () => Object.keys(KINDS).join(' '),
};
