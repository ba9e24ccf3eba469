/**
 * The clocks of both players: what the controller says is true (`time_left`); where it says nothing they run down by
 * themselves with each own move. Settings outlive a game, the time that is left does not.
 */
import {
  fullTime,
  planMove,
  type TimeLeft,
  type TimePlan,
  type TimeSettings,
} from '../../engine/search/clock.ts';
import { BLACK, WHITE, type Color } from '../../engine/types.ts';

type Fischer = Extract<TimeSettings, { kind: 'fischer' }>;

/** As the search has them, and what it need not know. */
export type ClockSettings =
  | Exclude<TimeSettings, Fischer>
  /** No increment brings the clock above `most` seconds; below 0 is no such limit. */
  | (Fischer & { readonly most?: number | undefined });

export class Clocks {
  /** Undefined until a controller has set them. */
  private settings: ClockSettings | undefined;
  /** By color. */
  private readonly left: TimeLeft[] = [];

  /** Changes the kind of clock, with the full time for both. */
  set(settings: ClockSettings): void {
    this.settings = settings;
    this.restart();
  }

  /** A new game: the full time for both. */
  restart(): void {
    for (const color of [BLACK, WHITE]) this.left[color] = fullTime(this.settings ?? { kind: 'none' });
  }

  /** Takes what the controller's clock says; before any settings it says what kind of clock it is, too. */
  update(color: Color, left: TimeLeft): void {
    const { seconds, stones } = left;
    if (!this.settings)
      this.set(
        stones > 0
          ? { kind: 'canadian', main: 0, period: seconds, stones }
          : { kind: 'absolute', main: seconds },
      );
    this.left[color] = left;
  }

  /**
   * Plans the next move of a player.
   * @param game how far it has come and on how many points
   * @param lagSeconds kept back for the way to the controller
   * @returns undefined where there is no limit
   */
  plan(
    color: Color,
    game: { readonly moveCount: number; readonly area: number },
    lagSeconds: number,
  ): TimePlan | undefined {
    return this.settings && planMove(this.settings, this.left[color], game, lagSeconds);
  }

  /** Takes off what a move took. */
  spend(color: Color, seconds: number): void {
    if (this.settings) this.left[color] = afterMove(this.settings, this.left[color], seconds);
  }
}

const afterMove = (settings: ClockSettings, left: TimeLeft, used: number): TimeLeft => {
  const seconds = left.seconds - used;
  switch (settings.kind) {
    case 'none':
      return left;
    case 'absolute':
      return { seconds, stones: 0 };
    case 'fischer':
      return { seconds: Math.min(seconds + settings.increment, mostOf(settings)), stones: 0 };
    default:
      if (left.stones === 0 && seconds > 0) return { seconds, stones: 0 };
      return settings.kind === 'byoyomi'
        ? afterPeriod(settings, left, used)
        : afterStone(settings, left, used);
  }
};

const mostOf = ({ most = -1 }: { readonly most?: number | undefined }): number =>
  most < 0 ? Infinity : most;

/** A move in byo-yomi, or the one that ended the main time. */
const afterPeriod = (
  { period, periods }: Extract<TimeSettings, { kind: 'byoyomi' }>,
  left: TimeLeft,
  used: number,
): TimeLeft => {
  const isMain = left.stones === 0;
  const over = isMain ? used - left.seconds : used;
  const before = isMain ? periods : left.stones;
  return { seconds: period, stones: Math.max(1, before - Math.floor(over / period)) };
};

/** A move in Canadian overtime, or the one that ended the main time. */
const afterStone = (
  { period, stones }: Extract<TimeSettings, { kind: 'canadian' }>,
  left: TimeLeft,
  used: number,
): TimeLeft => {
  const before = left.stones === 0 ? { seconds: period + left.seconds, stones } : left;
  return before.stones > 1
    ? { seconds: before.seconds - used, stones: before.stones - 1 }
    : { seconds: period, stones };
};
