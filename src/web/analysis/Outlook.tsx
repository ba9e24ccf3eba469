/** What the network says of the position, in one line. */
import type { Sources } from '../board/overlay.ts';
import './analysis.css';
import { outlookOf } from './outlook.ts';

export const Outlook = (sources: Sources) => {
  const { winrate, headline, details } = outlookOf(sources);
  return (
    <div class="outlook">
      <p class="outlook-line">{headline}</p>
      {winrate !== undefined && (
        <div class="outlook-bar" aria-hidden="true">
          <span style={{ width: `${winrate * 100}%` }} />
        </div>
      )}
      <p class="outlook-details">{details.join(' · ')}</p>
    </div>
  );
};
