/** The scale of an overlay's colors. */
import type { PositionAnalysis } from '../../server/protocol/messages.ts';
import { WORST_LOSS, heatCss, lossColor } from '../board/marks.ts';
import { percentText, shortCount } from '../board/numbers.ts';
import type { Overlay } from '../board/overlay.ts';

export interface LegendScale {
  /** At the left end, at the right end. */
  readonly from: string;
  readonly to: string;
  /** The colors between, as CSS has it. */
  readonly background: string;
  /** What has no place on the board. */
  readonly also?: string;
}

const STEPS = 8;

const gradient = (colorAt: (part: number) => string): string => {
  const colors = Array.from({ length: STEPS + 1 }, (_, i) => colorAt(i / STEPS));
  return `linear-gradient(to right, ${colors.join(', ')})`;
};

/** Heat is the root of the share: along the bar probabilities grow evenly. */
const HEAT = gradient(part => heatCss(Math.sqrt(part)));
const LOSS = gradient(part => lossColor(part * WORST_LOSS));

type Scaled = (analysis: PositionAnalysis) => LegendScale | undefined;

const SCALES: Readonly<Record<Overlay, Scaled>> = {
  none: () => undefined,
  policy: ({ policy }) => ({
    from: '0 %',
    to: percentText(Math.max(...policy.slice(0, -1)), 0),
    background: HEAT,
    also: `Pass ${percentText(policy[policy.length - 1])}`,
  }),
  expert: ({ expert }) =>
    expert && { from: '0 %', to: percentText(Math.max(...expert), 0), background: HEAT },
  visits: ({ candidates }) => ({
    from: '0',
    to: shortCount(Math.max(0, ...candidates.map(({ visits }) => visits))),
    background: HEAT,
  }),
  winrate: () => ({
    from: 'best',
    to: `${percentText(WORST_LOSS, 0)} worse`,
    background: LOSS,
  }),
  ownership: () => ({
    from: 'White',
    to: 'Black',
    background: 'linear-gradient(to right, #fdfdfd, #cfa568, #151515)',
  }),
};

/** The scale for the analysis of a position; undefined if there is nothing to read off. */
export const legendOf = (overlay: Overlay, analysis: PositionAnalysis | undefined): LegendScale | undefined =>
  analysis && SCALES[overlay](analysis);
