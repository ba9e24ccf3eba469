/** The list of considered moves as texts. */
import type { PositionAnalysis } from '../../server/protocol/messages.ts';
import { leadText, moveText, percentText, shortCount } from '../board/numbers.ts';
import { ownWinrate } from '../board/overlay.ts';

/** Most rows of the list. */
export const MOST_ROWS = 10;

/** Moves of a line that are written; more are seen on the board. */
const MOST_MOVES = 10;

export interface CandidateRow {
  readonly vertex: string;
  readonly move: string;
  /** 0 to 1. */
  readonly prior: number;
  readonly priorText: string;
  /** For the player to move; undefined if not known. */
  readonly visits: string | undefined;
  readonly winrate: string | undefined;
  readonly lead: string | undefined;
  /** What follows the move, as text. */
  readonly answer: string;
}

/** The best moves of an analysis, win rates and leads for the player to move. */
export const candidateRows = ({ candidates, toPlay }: PositionAnalysis): CandidateRow[] =>
  candidates.slice(0, MOST_ROWS).map(({ vertex, prior, visits, winrate, lead, line }) => ({
    vertex,
    move: moveText(vertex),
    prior,
    priorText: percentText(prior),
    visits: visits > 0 ? shortCount(visits) : undefined,
    winrate: winrate === undefined ? undefined : percentText(ownWinrate(winrate, toPlay)),
    lead: lead === undefined ? undefined : leadText(toPlay === 'B' ? lead : -lead),
    answer: line.slice(1, MOST_MOVES).map(moveText).join(' '),
  }));

/** Rows in an order of before; those that were not in it come behind, as they are. */
export const inOrderOf = (rows: readonly CandidateRow[], order: readonly string[]): CandidateRow[] => {
  const placeOf = ({ vertex }: CandidateRow): number => {
    const place = order.indexOf(vertex);
    return place < 0 ? order.length : place;
  };
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
};
