/** Figures as people read them. */
import type { FigureRow, Figures } from './accumulator.ts';
import type { Figure } from './clusteredMean.ts';
import { METRICS, metricIndex, type MetricName } from './metrics.ts';

/** What the paper's networks did on KGS games of 6 dan and above. */
export const REFERENCES = [
  { name: 'Silver et al. 2016, best', share: 0.57 },
  { name: 'Silver et al. 2016, 192 filters', share: 0.554 },
] as const;

/** Where the references are from. */
export const REFERENCE_TEXT =
  'Silver et al. 2016 (Extended Data Table 3): 57.0 % of the human moves, 55.4 % with 192 filters';

/** "50.32 %", "1.6203", "3.41". */
export const makeValue = (name: MetricName, value: number): string => {
  const { unit } = METRICS[metricIndex(name)];
  if (unit === 'share') return `${(100 * value).toFixed(2)} %`;
  return value.toFixed(unit === 'points' ? 2 : 4);
};

/** Half of the 95 % interval: "±0.41 %"; empty where there is none. */
export const makeError = (name: MetricName, { mean, high }: Figure): string =>
  high === undefined ? '' : `±${makeValue(name, high - mean)}`;

/** "+0.52 %" with its sign. */
export const makeSigned = (name: MetricName, value: number): string =>
  `${value < 0 ? '-' : '+'}${makeValue(name, Math.abs(value))}`;

/** Whether the 95 % interval of a difference leaves 0 out. */
export const isClear = ({ low, high }: Figure): boolean =>
  low !== undefined && high !== undefined && (low > 0 || high < 0);

/** What the tables by move number and by rank show, of what there is. */
const SHORT_TITLES = {
  policyTop1: 'policy top-1',
  expertTop1: 'expert top-1',
  expertTop5: 'expert top-5',
  resultSign: 'winner ahead',
  teacherTop1: 'teacher top-1',
  teacherLoss: 'teacher loss',
  teacherSign: 'teacher ahead',
  teacherLead: 'lead error',
  teacherOwnership: 'ownership error',
} as const satisfies Partial<Record<MetricName, string>>;

/** Measures of the detailed tables that any of the rows has, with their short titles. */
export const detailColumns = (rows: readonly { readonly figures: Figures }[]): [MetricName, string][] =>
  (Object.entries(SHORT_TITLES) as [MetricName, string][]).filter(([name]) =>
    rows.some(({ figures }) => figures[name] !== undefined),
  );

/** With fewer games a row is more noise than figure, and its interval too narrow. */
const LEAST_GAMES = 20;

/** Rows fit to show: some measure has enough games. */
export const shownRows = (rows: readonly FigureRow[]): FigureRow[] =>
  rows.filter(({ figures }) => Object.values(figures).some(({ games }) => games >= LEAST_GAMES));
