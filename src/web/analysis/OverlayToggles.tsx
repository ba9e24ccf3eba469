/** Chooses what is laid over the board, and says what its colors mean. */
import { useId } from 'preact/hooks';
import {
  OVERLAYS,
  OVERLAY_MEANINGS,
  OVERLAY_NAMES,
  whyAbsent,
  type Overlay,
  type Sources,
} from '../board/overlay.ts';
import './analysis.css';
import { Legend } from './Legend.tsx';

export interface OverlayTogglesProps extends Sources {
  readonly overlay: Overlay;
  readonly showNumbers: boolean;
  readonly onOverlay: (overlay: Overlay) => void;
  readonly onShowNumbers: (showNumbers: boolean) => void;
}

/** Overlays that have numbers on demand; the others always have theirs. */
const WITH_NUMBERS: readonly Overlay[] = ['policy', 'expert', 'ownership'];

export const OverlayToggles = (props: OverlayTogglesProps) => {
  const { overlay, showNumbers, analysis, onOverlay, onShowNumbers } = props;
  const name = useId();
  return (
    <div class="overlays">
      <fieldset class="overlay-toggles">
        <legend>Show on the board</legend>
        {OVERLAYS.map(each => {
          const absence = whyAbsent(each, props);
          return (
            <label key={each} title={absence ?? OVERLAY_MEANINGS[each]}>
              <input
                type="radio"
                name={name}
                value={each}
                checked={each === overlay}
                disabled={absence !== undefined}
                onChange={() => onOverlay(each)}
                // The page's own keys step through the game.
                onKeyDown={event => event.stopPropagation()}
              />
              <span>{OVERLAY_NAMES[each]}</span>
            </label>
          );
        })}
      </fieldset>
      <div class="overlay-explained">
        <Legend overlay={overlay} analysis={analysis} absence={whyAbsent(overlay, props)} />
        <label class="overlay-numbers">
          <input
            type="checkbox"
            checked={showNumbers}
            disabled={!WITH_NUMBERS.includes(overlay)}
            onChange={event => onShowNumbers(event.currentTarget.checked)}
          />
          Numbers
        </label>
      </div>
    </div>
  );
};
