/**
 * Komi out of game records, and what is told instead where there is none. Servers write it in points, in hundredths (650 is 6.5), or, counting as in China, in stones, of which
 * each is two points (3.75 and 375 are 7.5); Fox writes 0 where it knows none. What is not certain stays unknown: a wrong komi
 * teaches a wrong value.
 */

/** What a network or a teacher is told where the record has no komi, or one that no rules know. */
const USUAL_KOMI = 7.5;
/** Points either way beyond which komi is of no rules. */
export const LARGEST_KOMI = 15;

/** A larger number is written otherwise, or a joke. */
const MOST = 40;

const OTHER_FORMS: ReadonlyMap<number, number> = new Map([
  [450, 4.5],
  [550, 5.5],
  [650, 6.5],
  [750, 7.5],
  [275, 5.5],
  [325, 6.5],
  [375, 7.5],
  [2.75, 5.5],
  [3.25, 6.5],
  [3.75, 7.5],
]);

/** Who writes 0 only where komi is 0. */
const MEANS_ZERO = /cgoban|kgs|kiseido|online-go|ogs|katago|sabaki|gogui|hane/i;

/**
 * Komi in points for White; undefined if there is none or it is not certain.
 * @param komi KM as a number
 * @param origin what the record says of its origin: application (AP) and place (PC)
 */
export const normalizeKomi = (komi: number | undefined, origin: string): number | undefined => {
  if (komi === undefined) return undefined;
  if (komi === 0) return MEANS_ZERO.test(origin) ? 0 : undefined;
  const other = OTHER_FORMS.get(komi);
  if (other !== undefined) return other;
  return Number.isInteger(2 * komi) && Math.abs(komi) <= MOST ? komi : undefined;
};

/**
 * Komi to tell a network or a teacher, in points for White: that of the record, or the usual 7.5 where it has none or more than 15
 * either way.
 */
export const komiToTell = (komi: number | undefined): number =>
  komi === undefined || Math.abs(komi) > LARGEST_KOMI ? USUAL_KOMI : komi;
