/** Chooses what is laid over the board. */
import type { Overlay, Sources } from '../board/overlay.ts';

export interface OverlayTogglesProps extends Sources {
  readonly overlay: Overlay;
  readonly showNumbers: boolean;
  readonly onOverlay: (overlay: Overlay) => void;
  readonly onShowNumbers: (showNumbers: boolean) => void;
}

export const OverlayToggles = (_props: OverlayTogglesProps) => <div class="overlay-toggles" />;
