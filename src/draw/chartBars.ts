/** Bar charts as SVG: a figure for each of several kinds, side by side for several series, or a histogram. */
import { Frame, SERIES_COLORS, px, type Chart, type FrameOptions } from './chartFrame.ts';
import { linearScale } from './chartScale.ts';

export interface Bar {
  /** No number (NaN) leaves the place empty. */
  readonly value: number;
  /** Bounds of the interval around it. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface BarSeries {
  readonly name: string;
  /** One for each label. */
  readonly bars: readonly Bar[];
}

export interface BarChartOptions extends FrameOptions {
  /** What the vertical axis has to hold besides the bars; it always holds 0. */
  readonly yRange?: readonly [number, number];
  /** Bars touch, as in a histogram. */
  readonly isDense?: boolean;
}

/** Share of a label's place that its bars fill. */
const FILLED = 0.72;

/** Width of a character of a label, and room between two, in pixels: where there is less, labels are left out. */
const LABEL_CHARACTER = 7.3;
const LABEL_GAP = 6;

/** @param labels under the bars, from the left */
export const drawBarChart = (
  labels: readonly string[],
  series: readonly BarSeries[],
  options: BarChartOptions = {},
): Chart => {
  const frame = new Frame(options, series.length > 1 ? series : []);
  const values = series
    .flatMap(({ bars }) => bars.flatMap(({ value, low = value, high = value }) => [value, low, high]))
    .filter(Number.isFinite);
  if (values.length === 0 || labels.length === 0) return frame.empty();
  const all = [0, ...values, ...(options.yRange ?? [])];
  const y = linearScale(Math.min(...all), Math.max(...all));
  const place = 1 / labels.length;
  frame.drawAxisY(y);
  const longest = Math.max(...labels.map(({ length }) => length));
  const every = Math.ceil((longest * LABEL_CHARACTER + LABEL_GAP) / (place * frame.plotWidth));
  const ticks = labels.map((text, i) => ({ share: (i + 0.5) * place, text }));
  frame.drawAxisX(
    ticks.filter((_, i) => i % every === 0),
    false,
  );
  const filled = options.isDense === true ? 1 : FILLED;
  const width = (place * filled) / series.length;
  for (const [k, { bars }] of series.entries()) {
    for (const [i, bar] of bars.entries()) {
      if (!Number.isFinite(bar.value)) continue;
      const left = (i + (1 - filled) / 2) * place + k * width;
      const [top, bottom] = [frame.y(y.at(Math.max(0, bar.value))), frame.y(y.at(Math.min(0, bar.value)))];
      frame.add(
        `<rect x="${px(frame.x(left))}" y="${px(top)}" width="${px(width * frame.plotWidth - 1)}" height="${px(bottom - top)}" fill="${SERIES_COLORS[k % SERIES_COLORS.length]}" fill-opacity="0.85"/>`,
      );
      drawInterval(frame, left + width / 2, bar, y.at);
    }
  }
  return frame.finish();
};

/** The interval of a bar, with feet. */
const drawInterval = (frame: Frame, share: number, { low, high }: Bar, at: (y: number) => number): void => {
  if (low === undefined || high === undefined) return;
  const [x, top, bottom] = [frame.x(share), px(frame.y(at(high))), px(frame.y(at(low)))];
  const foot = (y: string): string => `M${px(x - 4)} ${y}H${px(x + 4)}`;
  frame.add(
    `<path d="M${px(x)} ${top}V${bottom}${foot(top)}${foot(bottom)}" fill="none" stroke="#2b2722" stroke-width="1.4"/>`,
  );
};
