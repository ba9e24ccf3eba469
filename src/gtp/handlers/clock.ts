/** Clocks of every kind: GTP's own (specification, section 4.2), KGS's and KataGo's. */
import { readColor, readInteger, readNumber } from '../arguments.ts';
import type { ClockSettings } from '../clocks.ts';
import { GtpError } from '../gtpError.ts';
import type { Handler } from './handler.ts';

/** The numbers that each kind of clock takes, in seconds and counts; `?` may be left out. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  absolute: ['main'],
  byoyomi: ['main', 'period', 'periods'],
  canadian: ['main', 'period', 'stones'],
  fischer: ['main', 'increment'],
  'fischer-capped': ['main', 'increment', 'most', 'mostPerMove?'],
};

const KGS_KINDS = ['none', 'absolute', 'byoyomi', 'canadian'];

const readClock = (kinds: readonly string[], [kind, ...words]: readonly string[]): ClockSettings => {
  if (kind === undefined) throw new GtpError('syntax error');
  if (!kinds.includes(kind))
    throw new GtpError(`unknown clock ${JSON.stringify(kind.slice(0, 40))}: one of ${kinds.join(', ')}`);
  const names = KINDS[kind];
  const needed = names.filter(name => !name.endsWith('?')).length;
  if (words.length < needed) throw new GtpError(`${kind} needs ${names.join(' ')}`);
  return makeSettings(kind, words.slice(0, names.length).map(readNumber));
};

const makeSettings = (kind: string, numbers: readonly number[]): ClockSettings => {
  const [main = 0, second = 0, third = 0] = numbers.map(number => Math.max(0, number));
  switch (kind) {
    case 'none':
      return { kind: 'none' };
    case 'byoyomi':
      return second > 0 && third > 0
        ? { kind, main, period: second, periods: third }
        : { kind: 'absolute', main };
    case 'canadian':
      return second > 0 ? { kind, main, period: second, stones: third } : { kind: 'absolute', main };
    case 'fischer':
      return { kind, main, increment: second };
    case 'fischer-capped':
      return { kind: 'fischer', main, increment: second, most: numbers[2], mostPerMove: numbers[3] };
    default:
      return { kind: 'absolute', main };
  }
};

export const clockHandlers: Record<string, Handler> = {
  /** Main time, then so many stones in each period; a period for no number of stones is no limit, and no period at all none. */
  time_settings: ({ engine }, [mainSeconds, periodSeconds, periodStones]) => {
    const numbers = [readNumber(mainSeconds), readNumber(periodSeconds), readInteger(periodStones)];
    engine.clocks.set(makeSettings('canadian', numbers));
  },
  /** Fractions of a second and negative times occur (LizzieYzy, lag). */
  time_left: ({ engine }, [colorText, secondsText, stonesText]) => {
    const color = readColor(colorText);
    const seconds = readNumber(secondsText);
    engine.clocks.update(color, { seconds, stones: Math.max(0, readInteger(stonesText)) });
  },
  'kgs-time_settings': ({ engine }, args) => engine.clocks.set(readClock(KGS_KINDS, args)),
  'kata-time_settings': ({ engine }, args) => engine.clocks.set(readClock(Object.keys(KINDS), args)),
  'kata-list_time_settings': () => Object.keys(KINDS).join(' '),
};
