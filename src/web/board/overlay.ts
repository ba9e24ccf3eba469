/** What can be laid over the board, and what of it a network gives. */
import type { AnalysisMode } from '../../server/protocol/board.ts';
import type { PositionAnalysis } from '../../server/protocol/messages.ts';

export const OVERLAYS = ['none', 'policy', 'expert', 'visits', 'winrate', 'ownership'] as const;
/**
 * policy: how likely hane takes each move to be the best. expert: how likely a strong human plays it. visits: how often the
 * search looked at a move. winrate: of the player to move, after a move. ownership: whose a point becomes.
 */
export type Overlay = (typeof OVERLAYS)[number];

export const OVERLAY_NAMES: Readonly<Record<Overlay, string>> = {
  none: 'Nothing',
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
export const whyAbsent = (overlay: Overlay, { analysis, mode, outputs }: Sources): string | undefined => {
  if (overlay === 'none') return undefined;
  if (!analysis && mode === 'off') return 'Analysis is off';
  switch (overlay) {
    case 'policy':
      return undefined;
    case 'expert':
      return (analysis ? analysis.expert : outputs.includes('expert'))
        ? undefined
        : 'This network does not say what a strong human would play';
    case 'ownership':
      return (analysis ? analysis.ownership : outputs.includes('ownership'))
        ? undefined
        : 'This network does not say whose a point becomes';
    case 'visits':
      return mode === 'search' || analysis?.candidates.some(({ visits }) => visits > 0)
        ? undefined
        : 'Only a search counts visits';
    case 'winrate':
      return mode === 'search' || analysis?.candidates.some(({ winrate }) => winrate !== undefined)
        ? undefined
        : 'Only a search finds the win rate of each move';
  }
};
