/** What the colors of an overlay mean. */
import type { PositionAnalysis } from '../../server/protocol/messages.ts';
import { OVERLAY_MEANINGS, type Overlay } from '../board/overlay.ts';
import { legendOf } from './legend.ts';

export interface LegendProps {
  readonly overlay: Overlay;
  readonly analysis: PositionAnalysis | undefined;
  /** Why there is nothing to see, if so. */
  readonly absence: string | undefined;
}

export const Legend = ({ overlay, analysis, absence }: LegendProps) => {
  const scale = absence === undefined ? legendOf(overlay, analysis) : undefined;
  return (
    <div class="legend">
      <p>{absence ?? OVERLAY_MEANINGS[overlay]}</p>
      <div class="legend-scale">
        {scale && (
          <>
            <span>{scale.from}</span>
            <span class="legend-bar" style={{ background: scale.background }} />
            <span>{scale.to}</span>
            {scale.also !== undefined && <span class="legend-also">{scale.also}</span>}
          </>
        )}
      </div>
    </div>
  );
};
