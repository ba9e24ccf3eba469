/** What all charts have: a ground, a title, axes with ticks, a legend, and a sheet to put several on. */
import { escapeXml } from './boardSvg.ts';
import { tickTexts, type Scale } from './chartScale.ts';

/** A drawing of known size in pixels; {@link makeChartSvg} makes a document of it. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

export interface FrameOptions {
  readonly title?: string | undefined;
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** In pixels: 640 x 360 by default. */
  readonly width?: number;
  readonly height?: number;
}

/** Told apart by people who see few colors, too (after Okabe and Ito), and dark enough for the ground. */
export const SERIES_COLORS = ['#0b5fa5', '#c8501e', '#2e8b57', '#8e4ba0', '#a67c00', '#4d4d4d'] as const;

const GROUND = '#fbf9f5';
const INK = '#2b2722';
const GRID = '#e2dccf';
const FONT = 'font-family="DejaVu Sans, sans-serif"';
/** Width of a character beside its size, for laying out the legend. */
const CHARACTER = 0.61;
const LEGEND_SIZE = 12;
const LEGEND_MARK = 26;
const LEGEND_ROW = 20;
const GAP = 16;

/** A whole SVG document. */
export const makeChartSvg = ({ width, height, body }: Chart): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}">\n<rect width="${px(width)}" height="${px(height)}" fill="${GROUND}"/>\n${body}</svg>\n`;

/** Several charts in rows, under a common title. @param columns charts in a row */
export const arrangeCharts = (charts: readonly Chart[], columns: number, title?: string): Chart => {
  const top = title === undefined ? 0 : 40;
  const parts: string[] = [];
  let [y, width] = [top, 0];
  for (let from = 0; from < charts.length; from += columns) {
    let x = 0;
    const row = charts.slice(from, from + columns);
    for (const chart of row) {
      parts.push(`<g transform="translate(${px(x)} ${px(y)})">\n${chart.body}</g>\n`);
      x += chart.width;
    }
    width = Math.max(width, x);
    y += Math.max(...row.map(({ height }) => height));
  }
  if (title !== undefined)
    parts.unshift(
      `<text x="${px(width / 2)}" y="28" font-size="18" text-anchor="middle" fill="${INK}" ${FONT}>${escapeXml(title)}</text>\n`,
    );
  return { width, height: y, body: parts.join('') };
};

/** A coordinate as text, to a hundredth of a pixel. */
export const px = (value: number): string => `${Math.round(value * 100) / 100}`;

interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  /** Keeps it readable over lines. */
  readonly hasHalo?: boolean;
}

/** The chart under construction: collects what is drawn, and knows where the plot lies. */
export class Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  private readonly parts: string[] = [];
  private readonly options: FrameOptions;

  /** @param legend names of the series; none, no legend */
  constructor(
    options: FrameOptions,
    legend: readonly { readonly name: string; readonly isDashed?: boolean }[],
  ) {
    const { width = 640, height = 360, title, xLabel, yLabel } = options;
    this.options = options;
    this.width = width;
    this.height = height;
    this.left = yLabel === undefined ? 56 : 74;
    this.right = width - 20;
    this.bottom = height - (xLabel === undefined ? 34 : 52);
    const y = title === undefined ? 14 : 40;
    const rows = legend.length === 0 ? 0 : this.drawLegend(legend, y);
    this.top = y + rows * LEGEND_ROW + (rows > 0 ? 6 : 0);
    if (title !== undefined) this.text(width / 2, 25, title, { anchor: 'middle', size: 15 });
  }

  get plotWidth(): number {
    return this.right - this.left;
  }

  /** Pixel of a share of the horizontal axis. */
  x(share: number): number {
    return this.left + share * (this.right - this.left);
  }

  /** Pixel of a share of the vertical axis, which points up. */
  y(share: number): number {
    return this.bottom - share * (this.bottom - this.top);
  }

  add(element: string): void {
    this.parts.push(element);
  }

  text(
    x: number,
    y: number,
    content: string,
    { anchor = 'start', size = 12, hasHalo = false }: TextOptions = {},
  ): void {
    const halo = hasHalo ? ` stroke="${GROUND}" stroke-width="3" paint-order="stroke"` : '';
    this.add(
      `<text x="${px(x)}" y="${px(y)}" font-size="${size}" text-anchor="${anchor}" fill="${INK}"${halo} ${FONT}>${escapeXml(content)}</text>`,
    );
  }

  /** Grid, ticks and their numbers, names of the axes. */
  drawAxes(x: Scale, y: Scale): void {
    const texts = tickTexts(x.ticks);
    this.drawAxisX(x.ticks.map((tick, i) => ({ share: x.at(tick), text: texts[i] })));
    this.drawAxisY(y);
  }

  /** A horizontal axis with texts of one's own. @param ticks share of the axis and text */
  drawAxisX(ticks: readonly { readonly share: number; readonly text: string }[], hasGrid = true): void {
    for (const { share, text } of ticks) {
      const at = px(this.x(share));
      if (hasGrid)
        this.add(`<line x1="${at}" x2="${at}" y1="${this.top}" y2="${this.bottom}" stroke="${GRID}"/>`);
      this.text(this.x(share), this.bottom + 17, text, { anchor: 'middle' });
    }
    const { xLabel } = this.options;
    if (xLabel !== undefined)
      this.text((this.left + this.right) / 2, this.height - 12, xLabel, { anchor: 'middle' });
  }

  drawAxisY(y: Scale): void {
    const texts = tickTexts(y.ticks);
    for (const [i, tick] of y.ticks.entries()) {
      const at = this.y(y.at(tick));
      this.add(`<line x1="${this.left}" x2="${this.right}" y1="${px(at)}" y2="${px(at)}" stroke="${GRID}"/>`);
      this.text(this.left - 8, at + 4, texts[i], { anchor: 'end' });
    }
    this.add(
      `<path d="M${this.left} ${this.top}V${this.bottom}H${this.right}" fill="none" stroke="${INK}" stroke-width="1.2"/>`,
    );
    const { yLabel } = this.options;
    if (yLabel === undefined) return;
    const middle = px((this.top + this.bottom) / 2);
    this.add(
      `<text transform="translate(18 ${middle}) rotate(-90)" font-size="12" text-anchor="middle" fill="${INK}" ${FONT}>${escapeXml(yLabel)}</text>`,
    );
  }

  finish(): Chart {
    return { width: this.width, height: this.height, body: `${this.parts.join('\n')}\n` };
  }

  /** A chart of nothing. */
  empty(): Chart {
    this.text(this.width / 2, (this.top + this.bottom) / 2, 'no data', { anchor: 'middle', size: 14 });
    return this.finish();
  }

  /** Names in columns as wide as the longest. @returns rows it took */
  private drawLegend(
    legend: readonly { readonly name: string; readonly isDashed?: boolean }[],
    y: number,
  ): number {
    const longest = Math.max(...legend.map(({ name }) => name.length));
    const column = LEGEND_MARK + longest * LEGEND_SIZE * CHARACTER + GAP;
    const columns = Math.max(1, Math.floor((this.right - this.left + GAP) / column));
    for (const [i, { name, isDashed = false }] of legend.entries()) {
      const x = this.left + (i % columns) * column;
      const at = y + Math.floor(i / columns) * LEGEND_ROW + 8;
      const color = SERIES_COLORS[i % SERIES_COLORS.length];
      const dash = isDashed ? ' stroke-dasharray="6 4"' : '';
      this.add(
        `<line x1="${px(x)}" x2="${px(x + 20)}" y1="${px(at)}" y2="${px(at)}" stroke="${color}" stroke-width="3"${dash}/>`,
      );
      this.text(x + LEGEND_MARK, at + 4, name, { size: LEGEND_SIZE });
    }
    return Math.ceil(legend.length / columns);
  }
}
