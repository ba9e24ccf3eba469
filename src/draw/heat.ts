/** Colors of a heat map: from clear over yellow and orange to red. */

/** Probabilities span orders of magnitude; the root lets a move of one percent still be seen beside one of fifty. */
export const heatOf = (probability: number, largest: number): number =>
  largest > 0 ? Math.sqrt(probability / largest) : 0;

/** Below this a point keeps the color of the board. */
export const LEAST_HEAT = 0.08;

const STOPS = [
  [255, 236, 130],
  [255, 170, 60],
  [222, 45, 38],
] as const;

/** The color of a heat from 0 to 1 as red, green, blue from 0 to 255. */
export const heatColor = (heat: number): readonly [number, number, number] => {
  const at = Math.min(1, Math.max(0, heat)) * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(at));
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(STOPS[i][channel] + (STOPS[i + 1][channel] - STOPS[i][channel]) * (at - i));
  return [mix(0), mix(1), mix(2)];
};
