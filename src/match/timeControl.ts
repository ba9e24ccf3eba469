/** Clocks as the runner keeps them: absolute, Fischer, byo-yomi, or none. Seconds everywhere. */
import type { Color } from '../../engine/types.ts';
import type { GtpController } from './controller.ts';
import { MatchError } from './engineSpec.ts';

export type TimeControl =
  | { readonly kind: 'none' }
  | { readonly kind: 'absolute'; readonly main: number }
  | { readonly kind: 'fischer'; readonly main: number; readonly increment: number }
  | { readonly kind: 'byoyomi'; readonly main: number; readonly period: number; readonly periods: number };

/** Reads "300", "300+5" (Fischer), "300+5x30" (5 periods of 30 s), "none". */
export const parseTimeControl = (text: string): TimeControl => {
  if (text === 'none') return { kind: 'none' };
  const match = /^(\d+(?:\.\d+)?)(?:\+(\d+(?:\.\d+)?)(?:x(\d+(?:\.\d+)?))?)?$/.exec(text);
  if (!match)
    throw new MatchError(
      `time "${text}": seconds as 300 (absolute), 300+5 (Fischer), 300+5x30 (5 byo-yomi periods of 30), or none`,
    );
  const [main, second, third] = match.slice(1).map(part => (part === undefined ? undefined : Number(part)));
  if (third !== undefined) return { kind: 'byoyomi', main: main!, periods: second!, period: third };
  if (second !== undefined) return { kind: 'fischer', main: main!, increment: second };
  return { kind: 'absolute', main: main! };
};

interface Side {
  left: number;
  periods: number;
}

export class Clock {
  private readonly control: TimeControl;
  private readonly margin: number;
  private readonly sides: Side[];

  /** @param margin seconds by which a player may overstep its time: what the pipe and a busy machine cost */
  constructor(control: TimeControl, margin: number) {
    this.control = control;
    this.margin = margin;
    const side = (): Side => ({
      left: control.kind === 'none' ? Infinity : control.main,
      periods: control.kind === 'byoyomi' ? control.periods : 0,
    });
    this.sides = [side(), side(), side()];
  }

  /** Longest that the next move may take, margin included; Infinity without a clock. */
  limit(color: Color): number {
    const { left, periods } = this.sides[color];
    const { control } = this;
    return left + (control.kind === 'byoyomi' ? periods * control.period : 0) + this.margin;
  }

  /** Takes the time of a move off. @returns false if the player has lost on time */
  spend(color: Color, seconds: number): boolean {
    const { control, margin } = this;
    if (control.kind === 'none') return true;
    const side = this.sides[color];
    if (seconds > this.limit(color)) return false;
    side.left -= Math.max(0, seconds - (seconds > side.left ? margin : 0));
    if (control.kind === 'fischer') side.left = Math.max(0, side.left) + control.increment;
    else if (control.kind === 'byoyomi') {
      // Whole periods that were used up are gone; the one the move ended in begins anew.
      while (side.left < 0 && side.periods > 0) {
        side.left += control.period;
        if (side.left >= 0) {
          side.left = 0;
          break;
        }
        side.periods--;
      }
    }
    side.left = Math.max(0, side.left);
    return true;
  }

  /** Tells an engine what is played, in the best form it knows. */
  async announce(engine: GtpController): Promise<void> {
    const { control } = this;
    if (control.kind === 'none') return;
    if (control.kind === 'fischer' && (await engine.knows('kata-time_settings')))
      await engine.send(`kata-time_settings fischer ${control.main} ${control.increment}`);
    else if (control.kind === 'byoyomi' && (await engine.knows('kgs-time_settings')))
      await engine.send(`kgs-time_settings byoyomi ${control.main} ${control.period} ${control.periods}`);
    else if (await engine.knows('time_settings')) {
      // GTP itself knows Canadian time only: one stone a period comes nearest.
      const period =
        control.kind === 'fischer' ? control.increment : control.kind === 'byoyomi' ? control.period : 0;
      await engine.send(
        `time_settings ${Math.floor(control.main)} ${Math.floor(period)} ${period > 0 ? 1 : 0}`,
      );
    }
  }

  /** Tells an engine its time before a move. */
  async remind(engine: GtpController, color: Color): Promise<void> {
    const { control } = this;
    if (control.kind === 'none' || !(await engine.knows('time_left'))) return;
    const { left, periods } = this.sides[color];
    const isByoyomi = control.kind === 'byoyomi' && left <= 0;
    const seconds = isByoyomi ? control.period : left;
    await engine.send(
      `time_left ${color === 1 ? 'b' : 'w'} ${Math.floor(seconds)} ${isByoyomi ? periods : 0}`,
    );
  }
}
