/** Reliability diagrams as SVG: how often what was forecast came true, beside how often each forecast was made. */
import { Frame, SERIES_COLORS, px, type Chart, type FrameOptions } from './chartFrame.ts';
import { linearScale } from './chartScale.ts';

export interface CalibrationBin {
  /** Mean of the forecasts in it, from 0 to 1. */
  readonly forecast: number;
  /** How often it came true, from 0 to 1. */
  readonly outcome: number;
  readonly count: number;
}

export interface CalibrationSeries {
  readonly name: string;
  readonly bins: readonly CalibrationBin[];
}

/** The largest bin's part of the height, for the counts at the bottom. */
const COUNT_HEIGHT = 0.2;

/** A perfect forecaster lies on the diagonal; the bars at the bottom say how many forecasts each point stands for. */
export const drawCalibration = (series: readonly CalibrationSeries[], options: FrameOptions = {}): Chart => {
  const { xLabel = 'forecast', yLabel = 'came true', width = 420, height = 420, ...rest } = options;
  const frame = new Frame({ ...rest, xLabel, yLabel, width, height }, series.length > 1 ? series : []);
  const full = series.map(({ bins }) => bins.filter(({ count }) => count > 0));
  if (full.every(bins => bins.length === 0)) return frame.empty();
  const scale = linearScale(0, 1, 5);
  frame.drawAxes(scale, scale);
  frame.add(
    `<line x1="${frame.left}" y1="${frame.bottom}" x2="${frame.right}" y2="${frame.top}" stroke="#7a6f5f" stroke-width="1.2" stroke-dasharray="2 4"/>`,
  );
  for (const [k, bins] of full.entries()) {
    const color = SERIES_COLORS[k % SERIES_COLORS.length];
    const most = Math.max(...bins.map(({ count }) => count));
    const barWidth = frame.plotWidth / 30;
    for (const { forecast, count } of bins) {
      const barHeight = (count / most) * COUNT_HEIGHT * (frame.bottom - frame.top);
      const middle = frame.x(forecast) - (barWidth * series.length) / 2 + k * barWidth;
      const left = Math.min(frame.right - barWidth, Math.max(frame.left, middle));
      frame.add(
        `<rect x="${px(left)}" y="${px(frame.bottom - barHeight)}" width="${px(barWidth)}" height="${px(barHeight)}" fill="${color}" fill-opacity="0.25"/>`,
      );
    }
    const points = bins.map(
      ({ forecast, outcome }) => [px(frame.x(forecast)), px(frame.y(outcome))] as const,
    );
    frame.add(
      `<polyline points="${points.map(point => point.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`,
    );
    for (const [x, y] of points) frame.add(`<circle cx="${x}" cy="${y}" r="4" fill="${color}"/>`);
  }
  return frame.finish();
};
