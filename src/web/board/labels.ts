/** Sizes of the texts on points. */

/** Part of a vertex that the digits of a text of 1, 2, 3, 4 characters may be high. */
const HEIGHTS = [0.58, 0.56, 0.52, 0.42] as const;

/** Digits on a large board grow more slowly than its stones. */
const BASE_PX = 11;
const GROWTH = 0.12;

/** The font size of a text of up to four characters that fits on a point. */
export const labelSizePx = (label: string, vertexSize: number): number => {
  const height = HEIGHTS[Math.min(label.length, HEIGHTS.length) - 1] ?? HEIGHTS[0];
  return Math.min(height * vertexSize, BASE_PX + GROWTH * vertexSize);
};
