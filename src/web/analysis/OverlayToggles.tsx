/** Chooses what is laid over the board, and says what its colors mean. */
import { useId } from 'preact/hooks';
import {
  OVERLAY_MEANINGS,
  OVERLAY_NAMES,
  overlaysOf,
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
        <legend class="visually-hidden">Show on the board</legend>
        {overlaysOf(props.outputs).map(each => {
          const absence = whyAbsent(each, props);
          return (
            <label key={each} title={absence ?? OVERLAY_MEANINGS[each]}>
              <input
                type="radio"
                class="unseen-input"
                name={name}
                value={each}
                checked={each === overlay}
                disabled={absence !== undefined}
                onChange={() => onOverlay(each)}
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
