/**
 * Ranks of players on one scale: kyu below zero (30 kyu is -30, 1 kyu -1), dan above (1 dan is 1), professionals from 101
 * (9 professional dan is 109). A higher number is a higher rank; 0 is none.
 */

/** -30 to -1, 1 to 10, or 101 to 109. */
export type Rank = number;

const PROFESSIONAL = 100;
const HIGHEST = { kyu: 30, dan: 10, professional: 9 } as const;

/** 段 and 级, as they are and as UTF-8 that was read as Latin-1, which files end as that are broken elsewhere. */
const DAN = '段|æ®µ';
const KYU = '级|級|çº§';

const RANK = new RegExp(
  `^(p?)\\s*(\\d{1,2})\\s*(?:(dan|d|${DAN})|(kyu|k|${KYU})|(pro|p))\\s*(pro(?:fessional)?)?\\s*[?*+-]?$`,
  'i',
);

/** Reads "6d", "3 kyu", "1p", "9 dan pro", KGS's "6d?", Fox's "9段", "P9段", "18级"; undefined if it is none of these. */
export const parseRank = (text: string | undefined): Rank | undefined => {
  const match = RANK.exec(text?.trim() ?? '');
  if (!match) return undefined;
  const number = Number(match[2]);
  const isKyu = match[4] !== undefined;
  const isProfessional = match[1] !== '' || match[5] !== undefined || match[6] !== undefined;
  if (isKyu && isProfessional) return undefined;
  if (isProfessional) return isWithin(number, HIGHEST.professional) ? PROFESSIONAL + number : undefined;
  if (isKyu) return isWithin(number, HIGHEST.kyu) ? -number : undefined;
  return isWithin(number, HIGHEST.dan) ? number : undefined;
};

/** "6d", "3k", "9p". */
export const makeRank = (rank: Rank): string =>
  rank > PROFESSIONAL ? `${rank - PROFESSIONAL}p` : rank > 0 ? `${rank}d` : `${-rank}k`;

const isWithin = (number: number, highest: number): boolean => number >= 1 && number <= highest;
