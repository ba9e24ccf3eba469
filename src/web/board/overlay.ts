/** What can be laid over the board, and what of it a network gives. */
import type { Dimensions } from '../../../engine/coords.ts';
import type { AnalysisMode, ColorLetter } from '../../server/protocol/board.ts';
import type { CandidateInfo, PositionAnalysis } from '../../server/protocol/messages.ts';

export const OVERLAYS = ['none', 'policy', 'expert', 'visits', 'winrate', 'ownership'] as const;
/**
 * policy: how likely hane takes each move to be the best. expert: how likely a strong human plays it. visits: how often the
 * search looked at a move. winrate: of the player to move, after a move. ownership: whose a point becomes.
 */
export type Overlay = (typeof OVERLAYS)[number];

export const OVERLAY_NAMES: Readonly<Record<Overlay, string>> = {
  none: 'None',
  policy: 'Policy',
  expert: 'Expert',
  visits: 'Visits',
  winrate: 'Win rate',
  ownership: 'Ownership',
};

export const OVERLAY_MEANINGS: Readonly<Record<Overlay, string>> = {
  none: 'The bare board',
  policy: 'How likely hane takes each move to be the best',
  expert: 'How likely a strong human plays each move',
  visits: 'How often the search looked at each move',
  winrate: 'Win rate of the player to move, after each move',
  ownership: 'Whose each point becomes',
};

/** Whether an overlay marks moves: there a point stands for a move and what follows it. */
export const showsMoves = (overlay: Overlay): boolean => overlay !== 'none' && overlay !== 'ownership';

/** The overlays that a network can have: what it does not give is not offered. @param outputs as in {@link Sources} */
export const overlaysOf = (outputs: readonly string[]): readonly Overlay[] =>
  OVERLAYS.filter(each => (each !== 'expert' && each !== 'ownership') || outputs.includes(each));

/** What there is to show. */
export interface Sources {
  /** Of the position on the board; undefined until it is there. */
  readonly analysis: PositionAnalysis | undefined;
  readonly mode: AnalysisMode;
  /** What the network says beside the policy, as in the server's welcome. */
  readonly outputs: readonly string[];
}

/**
 * Why an overlay cannot be shown, as a sentence; undefined if it can. While an analysis is on its way what it will hold
 * counts, so that nothing flickers from move to move.
 */
export const whyAbsent = (overlay: Overlay, sources: Sources): string | undefined => {
  const { analysis, mode, outputs } = sources;
  if (overlay === 'none') return undefined;
  if (!analysis && mode === 'off') return 'Analysis is off';
  return hasSource[overlay](analysis, mode, outputs) ? undefined : ABSENCES[overlay];
};

type HasSource = (
  analysis: Sources['analysis'],
  mode: Sources['mode'],
  outputs: Sources['outputs'],
) => boolean;

const hasSource: Readonly<Record<Overlay, HasSource>> = {
  none: () => true,
  policy: () => true,
  expert: (analysis, _, outputs) => (analysis ? analysis.expert !== undefined : outputs.includes('expert')),
  ownership: (analysis, _, outputs) =>
    analysis ? analysis.ownership !== undefined : outputs.includes('ownership'),
  visits: (analysis, mode) => mode === 'search' || hasCandidate(analysis, ({ visits }) => visits > 0),
  winrate: (analysis, mode) =>
    mode === 'search' || hasCandidate(analysis, ({ winrate }) => winrate !== undefined),
};

const hasCandidate = (analysis: Sources['analysis'], has: (candidate: CandidateInfo) => boolean): boolean =>
  analysis?.candidates.some(has) ?? false;

const ABSENCES: Readonly<Partial<Record<Overlay, string>>> = {
  expert: 'This network does not say what a strong human would play',
  ownership: 'This network does not say whose a point becomes',
  visits: 'Only a search counts visits',
  winrate: 'Only a search finds the win rate of each move',
};

/** Whether an analysis is of a board of these dimensions: after a new game an old one may still be there. */
export const isOf = ({ policy }: PositionAnalysis, { width, height }: Dimensions): boolean =>
  policy.length === width * height + 1;

/** The win rate of the player to move, of Black's. */
export const ownWinrate = (winrate: number, toPlay: ColorLetter): number =>
  toPlay === 'B' ? winrate : 1 - winrate;
