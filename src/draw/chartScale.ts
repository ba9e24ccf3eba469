/** From numbers to pixels: scales with round ticks, linear and logarithmic. */

/** An axis: where a value lies, and which values get a tick. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  /** Share of the axis, 0 at `low`, 1 at `high`; beyond for values outside. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Steps between ticks, times a power of ten. */
const STEPS = [1, 2, 2.5, 5, 10] as const;

/** Differences below this are none, as a share of the numbers or by themselves. */
const LEAST = 1e-9;

/** Ticks of a logarithmic axis within a decade; all of them where it spans less than this many decades. */
const FEW_DECADES = 2.5;

/**
 * A linear axis whose ends are ticks.
 * @param low @param high what it has to hold; ends that are as good as equal are moved apart
 * @param count ticks wanted, roughly
 */
export const linearScale = (low: number, high: number, count = 6): Scale => {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const apart = size > LEAST ? size / 2 : 0.5;
  const [from, to] = high - low > size * LEAST + LEAST ? [low, high] : [low - apart, high + apart];
  const step = roundStep((to - from) / count);
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => roundOff((first + i) * step));
  return { low: ticks[0], high: ticks.at(-1)!, at: shareOf(ticks[0], ticks.at(-1)!), ticks };
};

/** A logarithmic axis over exactly [low, high]. @throws RangeError unless both are above 0 */
export const logScale = (low: number, high: number): Scale => {
  if (!(low > 0 && high > 0))
    throw new RangeError(`a logarithmic axis from ${low} to ${high}: must be above 0`);
  const [from, to] = low < high ? [low, high] : [low / 2, low * 2];
  const factors = Math.log10(to / from) < FEW_DECADES ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    for (const factor of factors) {
      const tick = roundOff(factor * 10 ** power);
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) ticks.push(tick);
    }
  }
  const share = shareOf(Math.log10(from), Math.log10(to));
  return { low: from, high: to, at: value => share(Math.log10(value)), ticks };
};

/** Texts of ticks: "0.25", "40", "20k", "1.5M". On a linear axis all have the unit and the decimals that the finest needs. */
export const tickTexts = (ticks: readonly number[]): string[] => {
  const largest = Math.max(...ticks.map(Math.abs));
  if (!isEvenlySpaced(ticks)) return ticks.map(tick => withUnit(tick, unitOf(Math.abs(tick))));
  const unit = unitOf(largest);
  const decimals = Math.max(...ticks.map(tick => decimalsOf(tick / unit.size)));
  return ticks.map(tick => withUnit(tick, unit, decimals));
};

interface Unit {
  readonly size: number;
  readonly suffix: string;
}

const unitOf = (size: number): Unit =>
  size >= 1e6
    ? { size: 1e6, suffix: 'M' }
    : size >= 1e4
      ? { size: 1e3, suffix: 'k' }
      : { size: 1, suffix: '' };

const withUnit = (value: number, { size, suffix }: Unit, decimals = decimalsOf(value / size)): string =>
  value === 0 ? '0' : `${(value / size).toFixed(decimals)}${suffix}`.replace('-', '−');

const decimalsOf = (value: number): number => (`${roundOff(value)}`.split('.')[1] ?? '').length;

const isEvenlySpaced = (ticks: readonly number[]): boolean =>
  ticks.length < 3 ||
  Math.abs(ticks[1] - ticks[0] - (ticks.at(-1)! - ticks.at(-2)!)) < 1e-9 * (ticks[1] - ticks[0]);

const roundStep = (step: number): number => {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * STEPS.find(candidate => candidate * power >= step * (1 - 1e-9))!;
};

const shareOf =
  (low: number, high: number) =>
  (value: number): number =>
    (value - low) / (high - low);

/** Takes off what sums of floating-point numbers leave at their end. */
const roundOff = (value: number): number => Number(value.toPrecision(12));
