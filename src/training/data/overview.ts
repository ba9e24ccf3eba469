/** A picture of a dataset: how long its games are, of which years, how they ended, how strong the players are. */
import { drawBarChart } from '../../draw/chartBars.ts';
import { arrangeCharts, makeChartSvg, type Chart } from '../../draw/chart.ts';
import type { Dataset } from './dataset.ts';
import { RESULT_KINDS } from './gameRecord.ts';
import { makeRank } from './rank.ts';

const LENGTH_STEP = 20;
/** Longer games share the last bar. */
const LONGEST = 400;

/** @returns an SVG document */
export const drawOverview = (dataset: Dataset, title: string): string => {
  const games = Array.from({ length: dataset.games }, (_, game) => dataset.game(game));
  const lengths = games.map(({ moves }) =>
    Math.min(LONGEST, Math.floor(moves.length / LENGTH_STEP) * LENGTH_STEP),
  );
  const years = games.flatMap(({ year }) => (year === undefined ? [] : [year]));
  const ranks = games.flatMap(({ blackRank, whiteRank }) =>
    [blackRank, whiteRank].filter(rank => rank !== undefined),
  );
  const results = games.map(({ index }) => RESULT_KINDS.indexOf(dataset.resultKind(index)));
  return makeChartSvg(
    arrangeCharts(
      [
        histogram('moves', 'games', lengths, LENGTH_STEP, value =>
          value === LONGEST ? `${value}+` : `${value}`,
        ),
        histogram('year', 'games', years, 1, value => `${value}`),
        tally('how it ended', 'games', results, kind => RESULT_KINDS[kind]),
        tally('rank', 'players', ranks, makeRank),
      ],
      2,
      title,
    ),
  );
};

/** Bars for every step from the least value to the greatest. */
const histogram = (
  title: string,
  yLabel: string,
  values: readonly number[],
  step: number,
  name: (value: number) => string,
): Chart => {
  const counts = countOf(values);
  const keys = [...counts.keys()];
  const first = keys.length === 0 ? 0 : Math.min(...keys);
  const bars = keys.length === 0 ? 0 : (Math.max(...keys) - first) / step + 1;
  const all = Array.from({ length: bars }, (_, i) => first + i * step);
  return bar(title, yLabel, all, counts, name, true);
};

/** Bars for the values that there are, in their order. */
const tally = (
  title: string,
  yLabel: string,
  values: readonly number[],
  name: (value: number) => string,
): Chart => {
  const counts = countOf(values);
  return bar(
    title,
    yLabel,
    [...counts.keys()].toSorted((a, b) => a - b),
    counts,
    name,
    false,
  );
};

const bar = (
  title: string,
  yLabel: string,
  values: readonly number[],
  counts: ReadonlyMap<number, number>,
  name: (value: number) => string,
  isDense: boolean,
): Chart =>
  drawBarChart(
    values.map(name),
    [{ name: title, bars: values.map(value => ({ value: counts.get(value) ?? 0 })) }],
    { title, yLabel, isDense },
  );

const countOf = (values: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
