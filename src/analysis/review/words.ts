/** Numbers of a review as people read them. */
import type { ReviewMove, ReviewPosition } from './review.ts';

/** "54.3 %", a share of 1. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** "B+3.5", "W+0.2": who leads. */
export const leadText = (blackLead: number): string =>
  `${blackLead >= 0 ? 'B' : 'W'}+${Math.abs(blackLead).toFixed(1)}`;

/** "Black 54.3 %, B+3.5", as far as is known. */
export const chancesText = ({ winrate, lead }: Pick<ReviewPosition, 'winrate' | 'lead'>): string =>
  [
    ...(winrate === undefined ? [] : [`Black ${percent(winrate)}`]),
    ...(lead === undefined ? [] : [leadText(lead)]),
  ].join(', ');

/** "lost 3.2 points and 8.1 %"; undefined if it lost nothing worth a word. */
export const lossText = ({ pointsLost = 0, winrateLost = 0 }: ReviewMove): string | undefined => {
  const parts = [
    ...(pointsLost >= LEAST_POINTS ? [`${pointsLost.toFixed(1)} points`] : []),
    ...(winrateLost >= LEAST_WINRATE ? [percent(winrateLost)] : []),
  ];
  return parts.length > 0 ? `lost ${parts.join(' and ')}` : undefined;
};

/** Less is noise of a search. */
const LEAST_POINTS = 0.5;
const LEAST_WINRATE = 0.01;

/** "best move", "2nd choice", "11th choice". */
export const rankText = (rank: number): string => (rank === 1 ? 'best move' : `${ordinal(rank)} choice`);

const ordinal = (n: number): string => {
  const isTeen = Math.floor((n % 100) / 10) === 1;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
};

export const colorName = (color: 'B' | 'W'): string => (color === 'B' ? 'Black' : 'White');
