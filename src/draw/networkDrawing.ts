/**
 * A network as SVG: its stages from top to bottom, each with a box as wide as its board is large and as deep as it has channels, what it
 * does, and what it costs. Takes a plain table, so that it knows nothing of networks. The same table gives the same text.
 */
import { escapeXml } from './boardSvg.ts';
import { SERIES_COLORS, makeChartSvg, px, type Chart } from './chartFrame.ts';

export interface DrawnStage {
  readonly name: string;
  /** [channels, height, width] or [units]. */
  readonly shape: readonly number[];
  readonly lines: readonly string[];
  readonly parameters: number;
  readonly macs: number;
  /** Drawn beside the way, not on it. */
  readonly isSide?: boolean;
  /** Whether a shortcut goes around it. */
  readonly isResidual?: boolean;
  /** Channels of the branches that it joins: drawn as slices of its box. */
  readonly branches?: readonly number[];
}

export interface NetworkDrawing {
  readonly title: string;
  readonly subtitle?: string;
  readonly input: readonly number[];
  readonly stages: readonly DrawnStage[];
}

const INK = '#2b2722';
const FAINT = '#6b655c';
const FONT = 'font-family="DejaVu Sans, sans-serif"';
const WIDTH = 820;
const TOP = 74;
const LINE = 17;
const GAP = 26;
/** Middle of the boxes, where their texts begin, where their counts end. */
const CENTRE = 120;
const TEXT = 250;
const COUNTS = WIDTH - 24;
const SIDE_SHIFT = 24;

export const drawNetwork = ({ title, subtitle = '', input, stages }: NetworkDrawing): string => {
  const parts: string[] = [
    text(24, 30, title, { size: 19 }),
    text(24, 50, subtitle, { size: 12, fill: FAINT }),
  ];
  const sizes = stages.map(({ shape }) => boxSize(shape));
  let y = TOP;
  const first = boxSize(input);
  parts.push(
    drawBox(CENTRE, y, first, '#d9d2c3'),
    text(TEXT, y + first.height / 2 + 4, `input: ${shapeText(input)}`, { size: 14 }),
  );
  y += first.height + first.depth;
  /** Where the way goes on: under the last box that is on it. */
  let way = TOP + first.height + 3;
  for (const [i, stage] of stages.entries()) {
    const size = sizes[i];
    const height = Math.max(size.height + size.depth, (stage.lines.length + 1) * LINE + 6);
    const isSide = stage.isSide === true;
    const x = isSide ? CENTRE + SIDE_SHIFT + (size.width + size.depth) / 2 : CENTRE;
    const top = y + GAP + (height - size.height - size.depth) / 2 + size.depth;
    const bottom = top + size.height;
    parts.push(
      isSide ? fork(CENTRE + SIDE_SHIFT, bottom - size.height / 2) : arrow(CENTRE, way, top - size.depth - 3),
      stage.isResidual ? bow(Math.max(way, top - size.depth - 14), size, bottom + 8) : '',
      drawBox(x, top, size, SERIES_COLORS[isSide ? 5 : kindOf(stage)]),
      drawSlices(x, top, size, stage.branches ?? []),
      drawTexts(stage, y + GAP, height),
    );
    if (!isSide) way = bottom + (stage.isResidual ? 12 : 3);
    y += GAP + height;
  }
  const chart: Chart = { width: WIDTH, height: y + 20, body: parts.filter(part => part !== '').join('') };
  return makeChartSvg(chart);
};

/** Colors tell convolutions, layers without a board, and what has no weights. */
const kindOf = ({ shape, parameters }: DrawnStage): number =>
  parameters === 0 ? 4 : shape.length === 3 ? 0 : 1;

interface BoxSize {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** Sides by the root of what they stand for, so that 224 and 7, 2048 and 3 fit on one sheet. */
const boxSize = (shape: readonly number[]): BoxSize => {
  const board = shape.length === 3;
  const [channels, rows, columns] = board ? shape : [shape[0], 1, 1];
  const along = (size: number): number => 5 + 4.6 * Math.sqrt(size);
  if (!board) return { width: Math.min(190, 12 + 3 * Math.sqrt(channels)), height: 10, depth: 4 };
  return {
    width: Math.min(along(columns), 90),
    height: Math.min(along(rows), 90),
    depth: Math.min(3 + 0.8 * Math.sqrt(channels), 40),
  };
};

/** A cuboid whose front has its upper edge at `y` and its middle at `x`. */
const drawBox = (x: number, y: number, { width, height, depth }: BoxSize, fill: string): string => {
  const left = x - (width + depth) / 2;
  const right = left + width;
  const points = (...corners: readonly (readonly [number, number])[]): string =>
    corners.map(([a, b]) => `${px(a)},${px(b)}`).join(' ');
  const stroke = `stroke="${INK}" stroke-width="0.8" stroke-linejoin="round"`;
  const up = points([left, y], [left + depth, y - depth], [right + depth, y - depth], [right, y]);
  const side = points(
    [right, y],
    [right + depth, y - depth],
    [right + depth, y + height - depth],
    [right, y + height],
  );
  return (
    `<rect x="${px(left)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${fill}" fill-opacity="0.55" ${stroke}/>\n` +
    `<polygon points="${up}" fill="${fill}" fill-opacity="0.3" ${stroke}/>\n` +
    `<polygon points="${side}" fill="${fill}" fill-opacity="0.75" ${stroke}/>\n`
  );
};

/** The slices of a box, by their shares of its depth: lines over its top and its side. */
const drawSlices = (
  x: number,
  y: number,
  { width, height, depth }: BoxSize,
  channels: readonly number[],
): string => {
  const all = channels.reduce((sum, count) => sum + count, 0);
  const left = x - (width + depth) / 2;
  let before = 0;
  return channels
    .slice(0, -1)
    .map(count => {
      before += count;
      const at = (depth * before) / all;
      return `<path d="M${px(left + at)} ${px(y - at)}h${px(width)}v${px(height)}" fill="none" stroke="${INK}" stroke-width="0.6"/>\n`;
    })
    .join('');
};

/** A shortcut around a box, from the way above it to a plus under it. */
const bow = (from: number, { width, depth }: BoxSize, to: number): string => {
  const left = CENTRE - (width + depth) / 2 - 16;
  const round = 6;
  const path = `M${px(CENTRE)} ${px(from)}H${px(left + round)}q${-round} 0 ${-round} ${round}V${px(to - round)}q0 ${round} ${round} ${round}H${px(CENTRE - 4)}`;
  return (
    `<path d="${path}" fill="none" stroke="${FAINT}" stroke-width="1.2"/>\n` +
    `<circle cx="${px(CENTRE)}" cy="${px(to)}" r="4" fill="none" stroke="${FAINT}" stroke-width="1.2"/>\n` +
    `<path d="M${px(CENTRE - 2.5)} ${px(to)}h5m-2.5 -2.5v5" stroke="${FAINT}" stroke-width="1.2"/>\n`
  );
};

/** From the way to the left edge of what hangs beside it. */
const fork = (left: number, y: number): string =>
  `<path d="M${px(CENTRE)} ${px(y)}H${px(left - 3)}m-5 -3.5l5 3.5l-5 3.5" fill="none" stroke="${FAINT}" stroke-width="1.2"/>\n`;

const arrow = (x: number, from: number, to: number): string =>
  `<path d="M${px(x)} ${px(from)}V${px(to)}m-3.5 -5l3.5 5l3.5 -5" fill="none" stroke="${FAINT}" stroke-width="1.2"/>\n`;

const drawTexts = (
  { name, shape, lines, parameters, macs, isSide }: DrawnStage,
  y: number,
  height: number,
): string => {
  const x = TEXT + (isSide === true ? SIDE_SHIFT : 0);
  const top = y + (height - (lines.length + 1) * LINE) / 2 + 12;
  const counts = [
    ...(parameters > 0 ? [`${shortCount(parameters)} parameters`] : []),
    ...(macs > 0 ? [`${shortCount(macs)} MACs`] : []),
  ];
  return [
    text(x, top, [name, shapeText(shape)].filter(Boolean).join(': '), { size: 14 }),
    ...lines.map((line, i) => text(x, top + (i + 1) * LINE, line, { size: 12, fill: FAINT })),
    ...counts.map((count, i) =>
      text(COUNTS, top + i * LINE, count, { size: 11, fill: FAINT, anchor: 'end' }),
    ),
  ].join('');
};

/** "64 x 56 x 56" */
const shapeText = (shape: readonly number[]): string => shape.join(' x ');

/** "25.6 M" */
export const shortCount = (count: number): string => {
  const units = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  for (const [size, unit] of units) if (count >= size) return `${(count / size).toPrecision(3)} ${unit}`;
  return `${count}`;
};

interface TextStyle {
  readonly size: number;
  readonly fill?: string;
  readonly anchor?: 'end';
}

const text = (x: number, y: number, content: string, { size, fill = INK, anchor }: TextStyle): string =>
  content === ''
    ? ''
    : `<text x="${px(x)}" y="${px(y)}" font-size="${size}"${anchor ? ` text-anchor="${anchor}"` : ''} fill="${fill}" ${FONT}>${escapeXml(content)}</text>\n`;
