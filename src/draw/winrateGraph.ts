/** A game's course as a picture: Black's win rate, Black's lead under it, and the moves that lost most. */
import { Frame, arrangeCharts, makeChartSvg, px, type Chart } from './chartFrame.ts';
import { linearScale, type Scale } from './chartScale.ts';

/** After so many moves, what is known: the win rate of Black from 0 to 1, Black's lead in points. */
export interface GraphPosition {
  readonly winrate?: number | undefined;
  readonly lead?: number | undefined;
}

/** A move to mark: its number from 1. */
export interface GraphMark {
  readonly number: number;
  readonly color: 'B' | 'W';
}

export interface GraphOptions {
  readonly title?: string;
  readonly marks?: readonly GraphMark[];
}

const WIDTH = 900;
const CURVE = '#0b5fa5';
const BLACK_AREA = '#3d3a36';
const WHITE_AREA = '#cfc8ba';
const MARK = '#c8301e';

/** @param positions from the start, one more than moves @returns a whole SVG document */
export const drawWinrateGraph = (
  positions: readonly GraphPosition[],
  { title, marks = [] }: GraphOptions = {},
): string => {
  const leads = positions.map(({ lead }) => lead);
  const charts = [
    drawCourse(
      positions.map(({ winrate }) => (winrate === undefined ? undefined : 100 * winrate)),
      { yLabel: 'Black wins, %', middle: 50, scale: linearScale(0, 100, 4), marks, height: 280 },
    ),
    ...(leads.some(lead => lead !== undefined)
      ? [
          drawCourse(leads, {
            yLabel: 'Black leads, points',
            xLabel: marks.length > 0 ? 'moves; the dots lost most' : 'moves',
            middle: 0,
            scale: leadScale(leads),
            marks,
            height: 260,
          }),
        ]
      : []),
  ];
  return makeChartSvg(arrangeCharts(charts, 1, title));
};

/** As far as the lead goes, and the same for both sides. */
const leadScale = (leads: readonly (number | undefined)[]): Scale => {
  const most = Math.max(5, ...leads.map(lead => Math.abs(lead ?? 0)));
  return linearScale(-most, most, 4);
};

interface CourseOptions {
  readonly yLabel: string;
  readonly xLabel?: string;
  /** Where neither side is ahead. */
  readonly middle: number;
  readonly scale: Scale;
  readonly marks: readonly GraphMark[];
  readonly height: number;
}

const drawCourse = (values: readonly (number | undefined)[], options: CourseOptions): Chart => {
  const { yLabel, xLabel, middle, scale, marks, height } = options;
  const frame = new Frame({ width: WIDTH, height, yLabel, ...(xLabel === undefined ? {} : { xLabel }) }, []);
  const last = Math.max(1, values.length - 1);
  const x = linearScale(0, last, 10);
  const at = (i: number): number => frame.x(i / last);
  // The axis ends with the game, not with its last tick.
  const ticks = x.ticks.filter(tick => tick <= last && Number.isInteger(tick));
  const middleY = px(frame.y(scale.at(middle)));
  const points = values.flatMap((value, i) =>
    value === undefined ? [] : [`${px(at(i))} ${px(frame.y(scale.at(value)))}`],
  );
  const known = values.flatMap((value, i) => (value === undefined ? [] : [i]));
  if (known.length > 0) {
    const area = `M${px(at(known[0]))} ${middleY}L${points.join('L')}L${px(at(known.at(-1)!))} ${middleY}Z`;
    const id = middle === 0 ? 'lead' : 'winrate';
    for (const [side, color, top, bottom] of [
      ['black', BLACK_AREA, frame.top, frame.y(scale.at(middle))],
      ['white', WHITE_AREA, frame.y(scale.at(middle)), frame.bottom],
    ] as const)
      frame.add(
        `<clipPath id="${id}-${side}"><rect x="${frame.left}" y="${px(top)}" width="${frame.plotWidth}" height="${px(bottom - top)}"/></clipPath><path d="${area}" fill="${color}" fill-opacity="0.55" clip-path="url(#${id}-${side})"/>`,
      );
  }
  frame.drawAxisX(ticks.map(tick => ({ share: tick / last, text: `${tick}` })));
  frame.drawAxisY(scale);
  frame.add(
    `<line x1="${frame.left}" x2="${frame.right}" y1="${middleY}" y2="${middleY}" stroke="#2b2722" stroke-width="1"/>`,
  );
  frame.add(
    `<path d="M${points.join('L')}" fill="none" stroke="${CURVE}" stroke-width="2" stroke-linejoin="round"/>`,
  );
  for (const { number, color } of marks) {
    const value = values[number];
    if (value === undefined) continue;
    frame.add(
      `<circle cx="${px(at(number))}" cy="${px(frame.y(scale.at(value)))}" r="4.5" fill="${color === 'B' ? '#111' : '#fff'}" stroke="${MARK}" stroke-width="2"/>`,
    );
  }
  return frame.finish();
};
