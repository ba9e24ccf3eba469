/** Numbers as the page writes them. */

/** "56.3 %" of a part from 0 to 1. */
export const percentText = (part: number, digits = 1): string => `${(part * 100).toFixed(digits)} %`;

/**
 * A probability for a point of the board, in percent without the sign, in three characters: "42", "3.1", "0.4".
 * @returns undefined for less than 0.1 %: nobody reads a zero
 */
export const shortPercent = (part: number): string | undefined => {
  const percent = part * 100;
  if (percent < 0.1) return undefined;
  return percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0);
};

/** A count in at most four characters: "950", "1.2k", "34k", "1.5M". */
export const shortCount = (count: number): string => {
  if (count < 1000) return `${count}`;
  const [value, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1_000_000, 'M'];
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)}${unit}`;
};

/** "+2.4", "−0.5", "0.0" of points, with a true minus sign. */
export const leadText = (lead: number): string => {
  const text = Math.abs(lead).toFixed(1);
  if (text === '0.0') return text;
  return `${lead > 0 ? '+' : '−'}${text}`;
};

/** A vertex as text: "pass" is written so, points as they are. */
export const moveText = (vertex: string): string => (vertex.toLowerCase() === 'pass' ? 'Pass' : vertex);
