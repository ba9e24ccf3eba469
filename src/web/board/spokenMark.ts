/** Overlays in words, for screen readers. */
import { parseVertex, policyIndexOf } from '../../../engine/coords.ts';
import type { Game } from '../../../engine/game.ts';
import type { CandidateInfo, PositionAnalysis } from '../../server/protocol/messages.ts';
import { isOf, ownWinrate, type Overlay } from './overlay.ts';

/** What an overlay says of a point: "31.4 percent", "120 visits"; undefined if nothing. */
export const spokenMark = (
  overlay: Overlay,
  analysis: PositionAnalysis | undefined,
  game: Game,
  vertex: string,
): string | undefined => {
  const point = parseVertex(vertex, game);
  if (!analysis || point === undefined || !isOf(analysis, game)) return undefined;
  const candidate = analysis.candidates.find(each => each.vertex === vertex);
  return SPOKEN[overlay](analysis, policyIndexOf(point, game), candidate);
};

/** Zero is left out: stones are no moves. */
const percent = (part: number | undefined): string | undefined =>
  part === undefined || part === 0 ? undefined : `${(part * 100).toFixed(1)} percent`;

/** @param index the point's policy index; @param candidate the move there, if it is considered */
type Speak = (
  analysis: PositionAnalysis,
  index: number,
  candidate: CandidateInfo | undefined,
) => string | undefined;

const SPOKEN: Readonly<Record<Overlay, Speak>> = {
  none: () => undefined,
  policy: ({ policy }, index) => percent(policy[index]),
  expert: ({ expert }, index) => percent(expert?.[index]),
  visits: (_, __, candidate) =>
    candidate && candidate.visits > 0 ? `${candidate.visits} visits` : undefined,
  winrate: ({ toPlay }, _, candidate) =>
    candidate?.winrate === undefined ? undefined : percent(ownWinrate(candidate.winrate, toPlay)),
  ownership: ({ ownership }, index) => {
    const value = ownership?.[index];
    return value === undefined
      ? undefined
      : `${(Math.abs(value) * 100).toFixed(0)} percent ${value > 0 ? "Black's" : "White's"}`;
  },
};
