/** Time (GTP 2 specification, section 4.2). Checked and then forgotten: the bare policy moves at once on any clock. */
import { readColor, readInteger, readNumber } from '../arguments.ts';
import type { Handler } from './handler.ts';

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
};
