/** Ownership as text, a character a point: small enough for every position of a game. */

/** From White's, the first, over nobody's, in the middle, to Black's. Also read by the page's script. */
export const OWNERSHIP_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-';

/** @param ownership from -1 White's to 1 Black's, top row first */
export const makeOwnershipText = (ownership: ArrayLike<number>): string => {
  const steps = OWNERSHIP_LETTERS.length - 1;
  return Array.from(ownership, owner => OWNERSHIP_LETTERS[Math.round(((owner + 1) / 2) * steps)]).join('');
};
