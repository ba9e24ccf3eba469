/** The outlook of a position in words. */
import { leadText, percentText } from '../board/numbers.ts';
import type { Sources } from '../board/overlay.ts';

export interface OutlookTexts {
  /** Black's, for the bar; undefined if there is none to draw. */
  readonly winrate: number | undefined;
  /** "Black 56.3 %, +2.4 points". */
  readonly headline: string;
  /** "Heat map in 8 ms", "1,234 visits". */
  readonly details: readonly string[];
}

/** While an analysis is on its way the texts keep their room. Black's view. */
export const outlookOf = ({ analysis, mode, outputs }: Sources): OutlookTexts => {
  if (!analysis) {
    const isComing = mode !== 'off';
    return {
      winrate: isComing && outputs.includes('value') ? 0.5 : undefined,
      headline: isComing ? 'Looking …' : 'Analysis is off',
      details: [],
    };
  }
  const { winrate, lead, visits, evaluationMs } = analysis;
  const said: string[] = [];
  if (winrate !== undefined) said.push(percentText(winrate));
  if (lead !== undefined) said.push(`${leadText(lead)} points`);
  const details = [`Heat map in ${timeText(evaluationMs)}`];
  if (visits > 1) details.push(`${visits.toLocaleString('en')} visits`);
  return {
    winrate,
    headline: said.length > 0 ? `Black ${said.join(', ')}` : 'This network does not say who is ahead',
    details,
  };
};

/** "8 ms", "0.4 ms", "1.2 s". */
const timeText = (timeMs: number): string =>
  timeMs >= 1000
    ? `${(timeMs / 1000).toFixed(1)} s`
    : `${timeMs >= 1 ? Math.round(timeMs) : timeMs.toFixed(1)} ms`;
