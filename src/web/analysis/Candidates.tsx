/** The moves that are considered, best first. */
import type { PositionAnalysis } from '../../server/protocol/messages.ts';

export interface CandidatesProps {
  /** Undefined until it is there: room is kept for the rows. */
  readonly analysis: PositionAnalysis | undefined;
  /** Whether a click on a row plays its move. */
  readonly canPlay: boolean;
  /** The line of the row under the pointer or in focus, for the board's ghosts; empty when there is none any more. */
  readonly onPreview: (line: readonly string[]) => void;
  readonly onPlay: (vertex: string) => void;
}

export const Candidates = (_props: CandidatesProps) => <div class="candidates" />;
