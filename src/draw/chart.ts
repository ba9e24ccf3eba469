/**
 * Line charts as SVG: training curves, figures by move number. A chart is drawn on its own light ground, so that it can be read
 * on light and dark pages, and the same numbers give the same text. Bars are in chartBars.ts, calibration in
 * chartCalibration.ts, scales in chartScale.ts.
 */
import { Frame, SERIES_COLORS, px, type Chart, type FrameOptions } from './chartFrame.ts';
import { linearScale, logScale, type Scale } from './chartScale.ts';

export { arrangeCharts, makeChartSvg, type Chart } from './chartFrame.ts';

export interface ChartPoint {
  readonly x: number;
  /** No number (NaN) leaves a gap. */
  readonly y: number;
  /** Bounds of the interval around y; drawn as a band. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface Series {
  readonly name: string;
  /** In order of x. */
  readonly points: readonly ChartPoint[];
  readonly isDashed?: boolean;
}

/** A level to compare with, across the whole chart. */
export interface ReferenceLine {
  readonly name: string;
  readonly y: number;
}

export interface LineChartOptions extends FrameOptions {
  readonly isLogX?: boolean;
  /** What the vertical axis has to hold besides the points. */
  readonly yRange?: readonly [number, number];
  readonly references?: readonly ReferenceLine[];
}

/** With more points than this a line has no dots. */
const MOST_DOTS = 40;
/** Room for the name of a reference line, in pixels. */
const REFERENCE_TEXT = 16;

/** Series beyond the palette begin it again. A chart without any point says so. */
export const drawLineChart = (series: readonly Series[], options: LineChartOptions = {}): Chart => {
  const { isLogX = false, yRange = [], references = [] } = options;
  const frame = new Frame(options, series.length > 1 ? series : []);
  const shown = series.map(({ points }) =>
    points.filter(({ x }) => Number.isFinite(x) && (!isLogX || x > 0)),
  );
  const all = shown.flat().filter(({ y }) => Number.isFinite(y));
  if (all.length === 0) return frame.empty();
  const xs = all.map(({ x }) => x);
  const ys = [
    ...all.flatMap(({ y, low = y, high = y }) => [y, low, high]),
    ...references.map(({ y }) => y),
    ...yRange,
  ].filter(Number.isFinite);
  const x = isLogX ? logScale(least(xs), most(xs)) : linearScale(least(xs), most(xs));
  const y = linearScale(least(ys), most(ys));
  frame.drawAxes(x, y);
  for (const [i, points] of shown.entries()) drawBand(frame, points, x, y, colorOf(i));
  for (const [i, points] of shown.entries())
    drawSeries(frame, points, x, y, colorOf(i), series[i].isDashed ?? false);
  drawReferences(frame, references, y);
  return frame.finish();
};

const colorOf = (i: number): string => SERIES_COLORS[i % SERIES_COLORS.length];

const drawSeries = (
  frame: Frame,
  points: readonly ChartPoint[],
  x: Scale,
  y: Scale,
  color: string,
  isDashed: boolean,
): void => {
  const path: string[] = [];
  let isPenDown = false;
  for (const point of thin(points, x, frame.plotWidth)) {
    if (!Number.isFinite(point.y)) {
      isPenDown = false;
      continue;
    }
    path.push(`${isPenDown ? 'L' : 'M'}${px(frame.x(x.at(point.x)))} ${px(frame.y(y.at(point.y)))}`);
    isPenDown = true;
  }
  const dash = isDashed ? ' stroke-dasharray="6 4"' : '';
  frame.add(
    `<path d="${path.join('')}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"${dash}/>`,
  );
  if (points.length > MOST_DOTS) return;
  for (const point of points)
    if (Number.isFinite(point.y))
      frame.add(
        `<circle cx="${px(frame.x(x.at(point.x)))}" cy="${px(frame.y(y.at(point.y)))}" r="3" fill="${color}"/>`,
      );
};

/** The interval of each stretch of points that have one. */
const drawBand = (frame: Frame, points: readonly ChartPoint[], x: Scale, y: Scale, color: string): void => {
  let upper: string[] = [];
  let lower: string[] = [];
  const flush = (): void => {
    if (upper.length > 1)
      frame.add(
        `<polygon points="${[...upper, ...lower.toReversed()].join(' ')}" fill="${color}" fill-opacity="0.15"/>`,
      );
    upper = [];
    lower = [];
  };
  for (const point of points) {
    if (point.low === undefined || point.high === undefined || !Number.isFinite(point.y)) {
      flush();
      continue;
    }
    const at = px(frame.x(x.at(point.x)));
    upper.push(`${at},${px(frame.y(y.at(point.high)))}`);
    lower.push(`${at},${px(frame.y(y.at(point.low)))}`);
  }
  flush();
};

/** Each name stands above its line, or below where the line above is too near. */
const drawReferences = (frame: Frame, references: readonly ReferenceLine[], y: Scale): void => {
  let before = -Infinity;
  for (const { name, y: level } of references.toSorted((a, b) => b.y - a.y)) {
    const at = frame.y(y.at(level));
    frame.add(
      `<line x1="${frame.left}" x2="${frame.right}" y1="${px(at)}" y2="${px(at)}" stroke="#7a6f5f" stroke-width="1.2" stroke-dasharray="2 4"/>`,
    );
    const isBelow = at - before < REFERENCE_TEXT;
    frame.text(frame.right - 6, isBelow ? at + 12 : at - 4, name, { anchor: 'end', size: 11, hasHalo: true });
    before = at;
  }
};

/** At most four points for each pixel: the first, least, greatest and last, so that spikes stay. */
const thin = (points: readonly ChartPoint[], x: Scale, pixels: number): readonly ChartPoint[] => {
  if (points.length <= 4 * pixels) return points;
  const kept: ChartPoint[] = [];
  const columnOf = (point: ChartPoint): number => Math.floor(x.at(point.x) * pixels);
  for (let from = 0; from < points.length;) {
    let [low, high, end] = [from, from, from];
    const column = columnOf(points[from]);
    for (; end < points.length && columnOf(points[end]) === column; end++) {
      if (points[end].y < points[low].y) low = end;
      if (points[end].y > points[high].y) high = end;
    }
    const ends = new Set([from, low, high, end - 1]);
    for (const i of [...ends].toSorted((a, b) => a - b)) kept.push(points[i]);
    from = end;
  }
  return kept;
};

// Not Math.min(...values): a curve may have more points than a call takes arguments.
const least = (values: readonly number[]): number =>
  values.reduce((low, value) => Math.min(low, value), Infinity);

const most = (values: readonly number[]): number =>
  values.reduce((high, value) => Math.max(high, value), -Infinity);
